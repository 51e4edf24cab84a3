"""The stand-in as a WSGI program: the API, the hosted pages, the levers. Keys are honoured as Stripe honours them: the same key
gives the first answer again, an error included; the same key with other words is refused."""

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from market.payments.standin import api, control, money, pages
from market.payments.standin.store import Shelf, Store, Thing
from market.payments.standin.words import Refusal, expand, unfold

Route = tuple[str, re.Pattern[str], Callable[..., Thing]]
ONE = r"([A-Za-z0-9_]+)"


class Standin:
    """`home`: the address it is reached at, for the links it gives out. `key`, `secret`: made at the first start and kept."""

    def __init__(self, path: Path, home: str, door: str = "") -> None:
        self.store, self.home, self.door = Store(path), home.rstrip("/"), door
        with self.store.open() as shelf:
            self.key = shelf.note("key", f"sk_test_standin{secrets.token_hex(12)}")
            self.secret = shelf.note("secret", f"whsec_{secrets.token_hex(20)}")
        self.routes = self._routes()

    def _routes(self) -> list[Route]:
        table: list[tuple[str, str, Callable[..., Thing]]] = [
            ("POST", "checkout/sessions", lambda shelf, words: api.make_session(shelf, words, self.home)),
            ("GET", f"checkout/sessions/{ONE}", api.read("checkout.session")),
            ("POST", f"checkout/sessions/{ONE}/expire", api.expire_session),
            ("GET", f"payment_intents/{ONE}", api.read("payment_intent")),
            ("GET", f"charges/{ONE}", api.read("charge")),
            ("POST", "refunds", api.make_refund),
            ("GET", "refunds", api.browse("refund", "/v1/refunds", "payment_intent")),
            ("GET", f"refunds/{ONE}", api.read("refund")),
            ("POST", "transfers", api.make_transfer),
            ("GET", "transfers", api.browse("transfer", "/v1/transfers", "transfer_group", "destination")),
            ("GET", f"transfers/{ONE}", api.read("transfer")),
            ("POST", f"transfers/{ONE}/reversals", api.make_reversal),
            ("GET", f"transfers/{ONE}/reversals", api.browse("transfer_reversal", "/v1/transfers/reversals")),
            ("POST", "accounts", api.make_account),
            ("GET", f"accounts/{ONE}", api.read("account")),
            ("POST", "account_links", lambda shelf, words: api.make_link(shelf, words, self.home)),
            ("GET", f"disputes/{ONE}", api.read("dispute")),
            ("GET", "balance", lambda shelf, words: money.balance(shelf)),
            ("GET", "balance_transactions", api.browse("balance_transaction", "/v1/balance_transactions")),
        ]
        return [(method, re.compile(f"/v1/{path}"), answer) for method, path, answer in table]

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        asks = request.path.startswith(("/v1/", "/levers/"))
        answer = self._api(request) if asks else pages.answer(self, request)
        answer.headers["Cache-Control"] = "no-store"
        return answer(environ, start)

    def _api(self, request: Request) -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given, self.key):
            return _json(401, Refusal(401, "api_key_invalid", "Invalid API Key provided.").body)
        words = unfold(request.form if request.method == "POST" else request.args)
        pause = 0
        with self.store.open() as shelf:
            status, body, replayed = self._once(shelf, request, words)
            mode = "" if replayed else shelf.switch(f"{request.method} {request.path}")
            if mode.startswith("silent_after"):
                shelf.switch(f"{request.method} {request.path}", use=True)
                pause = int(mode.partition(":")[2] or 1)
        time.sleep(pause)  # it is done and written down; the answer gets lost
        return _json(status, body, replayed=replayed)

    def _once(self, shelf: Shelf, request: Request, words: Thing) -> tuple[int, Thing, bool]:
        """The answer to a question, and whether it is an old one."""
        key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
        asked = hashlib.sha256(json.dumps([request.path, words], sort_keys=True).encode()).hexdigest()
        kept = shelf.sql.execute("SELECT asked, status, body FROM keys WHERE key = ?", (key,)).fetchone() if key else None
        if kept is not None:
            if kept[0] != asked:
                said = "Keys for idempotent requests can only be used with the same parameters they were first used with."
                return 400, Refusal(400, "idempotency_key_reused", said, kind="idempotency_error").body, True
            return kept[1], json.loads(kept[2]), True
        status, body, ran = self._run(shelf, request, words)
        if key and ran:
            shelf.sql.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (key, asked, status, json.dumps(body)))
        return status, body, False

    def _run(self, shelf: Shelf, request: Request, words: Thing) -> tuple[int, Thing, bool]:
        """Status, body, and whether it was carried out (only then the key is kept)."""
        name = f"{request.method} {request.path}"
        mode = shelf.switch(name)
        if mode == "down":
            shelf.switch(name, use=True)
            return 503, Refusal(503, "down", "The service is down.", kind="api_error").body, False
        if mode.startswith("no:"):
            shelf.switch(name, use=True)
            return 402, Refusal(402, mode[3:], "No.", kind="card_error").body, True
        try:
            with shelf.part():
                body = self._answer(shelf, request, words)
        except Refusal as no:
            if no.body["error"]["code"] == "balance_insufficient":
                shelf.switch("platform_empty", use=True)
            return no.status, no.body, no.ran
        if mode == "broken_after":
            shelf.switch(name, use=True)
            return 500, Refusal(500, "broken", "Something broke.", kind="api_error").body, True
        return 200, body, True

    def _answer(self, shelf: Shelf, request: Request, words: Thing) -> Thing:
        if request.path.startswith("/levers/"):
            lever = control.LEVERS.get(request.path.removeprefix("/levers/"))
            if lever is None or request.method != "POST":
                raise Refusal(404, "resource_missing", "There is no such lever.")
            return lever(shelf, words)
        for method, path, answer in self.routes:
            found = path.fullmatch(request.path)
            if found and method == request.method:
                paths = words.get("expand") or []
                listed = paths if isinstance(paths, list) else list(paths.values())
                return expand(shelf, answer(shelf, words, *found.groups()), listed)
        raise Refusal(404, "resource_missing", f"Unrecognized request URL ({request.method}: {request.path}).")


def _json(status: int, body: Thing, *, replayed: bool = False) -> Response:
    answer = Response(json.dumps(body), status, mimetype="application/json")
    answer.headers["Request-Id"] = f"req_{secrets.token_hex(8)}"
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer
