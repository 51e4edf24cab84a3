"""Brings the stand-in's reports to the door: signed, at least once, again after a refusal; doubled, late, backwards or never
on demand."""

import hashlib
import hmac
import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

from market.payments.standin.app import Standin
from market.payments.standin.store import now

log = logging.getLogger("xunshi.standin")
Post = Callable[[bytes, str], int]
MOST_TRIES = 40


def sign(raw: bytes, secret: str, at: int) -> str:
    """The header `Stripe-Signature`: HMAC-SHA256 over the time, a dot and the very bytes."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def deliver(standin: Standin, post: Post) -> int:
    """Bring what is due, oldest first; says how many were taken."""
    with standin.store.open() as shelf:
        if shelf.switch("never"):
            return 0
        twice, backwards = bool(shelf.switch("twice")), bool(shelf.switch("backwards"))
        query = "SELECT id, body, tries FROM reports WHERE sent = 0 AND due <= ? AND tries < ? ORDER BY seq"
        rows = shelf.sql.execute(query, (now(), MOST_TRIES)).fetchall()
    taken = 0
    for event_id, body, tries in reversed(rows) if backwards else rows:
        raw = json.dumps(json.loads(body), indent=2).encode()
        good = [post(raw, sign(raw, standin.secret, now())) for _ in range(2 if twice else 1)][-1] == 200
        taken += good
        pause = 0 if good else min(2**tries, 60)
        with standin.store.open() as shelf:
            shelf.sql.execute(
                "UPDATE reports SET sent = ?, tries = tries + 1, due = ? WHERE id = ?", (int(good), now() + pause, event_id)
            )
    return taken


def post_to(door: str) -> Post:
    """Over loopback HTTP; no answer counts as a refusal."""

    def post(raw: bytes, signature: str) -> int:
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        try:
            with urllib.request.urlopen(urllib.request.Request(door, raw, headers), timeout=20) as answer:  # noqa: S310 - loopback
                return int(answer.status)
        except urllib.error.HTTPError as no:
            return no.code
        except OSError:
            return 0

    return post


def start(standin: Standin) -> threading.Event:
    """Deliver in a thread of its own until the returned event is set."""
    stop, post = threading.Event(), post_to(standin.door)

    def wheel() -> None:
        while not stop.wait(1 if standin.door else 60):
            try:
                deliver(standin, post)
            except Exception:  # a report that can't be brought must not stop the others
                log.exception("a report could not be brought")

    threading.Thread(target=wheel, name="standin-reports", daemon=True).start()
    return stop
