"""The parts of Stripe's API that we use. Each takes the open shelf and the words of the question and answers with a thing."""

from collections.abc import Callable
from typing import Any

from market.payments.standin import money
from market.payments.standin.store import Shelf, Thing, now
from market.payments.standin.words import Refusal, allowed, get, listed, needed, whole_number

Answer = Callable[..., Thing]
DAY = 24 * 3600


def make_session(shelf: Shelf, words: Thing, home: str) -> Thing:
    allowed(words, "mode", "line_items", "allowed_payment_method_types", "payment_method_options", "payment_intent_data",
            "client_reference_id", "metadata", "success_url", "cancel_url", "locale", "expires_at")  # fmt: skip
    needed(words, "mode", "line_items", "success_url")
    lines = [one["price_data"] | {"quantity": int(one.get("quantity", 1))} for one in words["line_items"]]
    total = sum(whole_number(one, "unit_amount") * one["quantity"] for one in lines)
    session = shelf.add(
        "cs_test", "checkout.session", mode=words["mode"], status="open", payment_status="unpaid", payment_intent=None,
        amount_total=total, currency=lines[0]["currency"], metadata=words.get("metadata") or {}, expires_at=now() + DAY,
        client_reference_id=words.get("client_reference_id"), success_url=words["success_url"],
        cancel_url=words.get("cancel_url"), x_title=lines[0]["product_data"]["name"],
        x_payment=words.get("payment_intent_data") or {},
        x_methods=words.get("allowed_payment_method_types") or ["card"],
    )  # fmt: skip
    session["url"] = f"{home}/pay/{session['id']}"
    shelf.save(session)
    return session


def expire_session(shelf: Shelf, words: Thing, session_id: str) -> Thing:
    session = get(shelf, session_id, "checkout.session")
    if session["status"] != "open":
        raise Refusal(400, "resource_not_open", "Only Checkout Sessions with a status of open can be expired.")
    session.update(status="expired", url=None)
    shelf.save(session)
    shelf.report("checkout.session.expired", session)
    return session


def make_refund(shelf: Shelf, words: Thing) -> Thing:
    allowed(words, "payment_intent", "amount", "metadata", "reason")
    payment = get(shelf, words.get("payment_intent", ""), "payment_intent")
    if payment["status"] != "succeeded":
        raise Refusal(400, "payment_intent_unexpected_state", "This PaymentIntent does not have a successful charge to refund.")
    charge = get(shelf, payment["latest_charge"], "charge")
    left = charge["amount"] - charge["amount_refunded"]
    amount = whole_number(words, "amount") if "amount" in words else left
    return money.give_back(shelf, charge, amount, words.get("metadata") or {})


def make_transfer(shelf: Shelf, words: Thing) -> Thing:
    allowed(words, "amount", "currency", "destination", "source_transaction", "transfer_group", "metadata")
    needed(words, "currency", "destination")
    amount, account = whole_number(words, "amount"), get(shelf, words["destination"], "account")
    if account["capabilities"]["transfers"] != "active":
        raise Refusal(400, "insufficient_capabilities_for_transfer", "The destination needs the transfers capability.", ran=True)
    charge = get(shelf, words["source_transaction"], "charge") if words.get("source_transaction") else None
    there = charge["amount"] - charge["transferred"] if charge else _available(shelf, words["currency"])
    if amount > there or shelf.switch("platform_empty"):
        raise Refusal(400, "balance_insufficient", "You have insufficient funds in your Stripe account.", ran=True)
    if charge is not None:
        charge["transferred"] += amount
        shelf.save(charge)
    transfer = shelf.add(
        "tr", "transfer", amount=amount, amount_reversed=0, currency=words["currency"], destination=account["id"], reversed=False,
        transfer_group=words.get("transfer_group"), source_transaction=words.get("source_transaction"),
        metadata=words.get("metadata") or {},
    )  # fmt: skip
    money.book(shelf, "transfer", transfer["id"], -amount, words["currency"])
    shelf.report("transfer.created", transfer)
    return transfer


def _available(shelf: Shelf, unit: str) -> int:
    return sum(one["amount"] for one in money.balance(shelf)["available"] if one["currency"] == unit)


def make_reversal(shelf: Shelf, words: Thing, transfer_id: str) -> Thing:
    allowed(words, "amount", "metadata")
    transfer = get(shelf, transfer_id, "transfer")
    amount, unit = whole_number(words, "amount"), transfer["currency"]
    if amount > transfer["amount"] - transfer["amount_reversed"]:
        raise Refusal(400, "amount_too_large", "The reversal is greater than what is left of the transfer.", ran=True)
    if amount > money.of_account(shelf, transfer["destination"], unit):
        raise Refusal(400, "balance_insufficient", "The connected account has insufficient funds.", ran=True)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    shelf.save(transfer)
    reversal = shelf.add(
        "trr", "transfer_reversal", amount=amount, currency=unit, transfer=transfer_id, metadata=words.get("metadata") or {}
    )
    money.book(shelf, "transfer_refund", reversal["id"], amount, unit)
    shelf.report("transfer.reversed", transfer)
    return reversal


def make_account(shelf: Shelf, words: Thing) -> Thing:
    allowed(words, "country", "controller", "capabilities", "metadata", "email")
    needed(words, "country")
    return shelf.add(
        "acct", "account", country=words["country"], metadata=words.get("metadata") or {}, details_submitted=False,
        capabilities={"transfers": "inactive"}, payouts_enabled=False,
        requirements={"currently_due": ["individual.verification.document"], "disabled_reason": None},
    )  # fmt: skip


def make_link(shelf: Shelf, words: Thing, home: str) -> Thing:
    allowed(words, "account", "refresh_url", "return_url", "type")
    needed(words, "account", "refresh_url", "return_url", "type")
    account = get(shelf, words["account"], "account")
    link = shelf.add("link", "x_link", account=account["id"], back=words["return_url"], again=words["refresh_url"], used=False)
    return {"object": "account_link", "created": now(), "expires_at": now() + 300, "url": f"{home}/onboard/{link['id']}"}


def read(kind: str) -> Answer:
    return lambda shelf, words, thing_id: get(shelf, thing_id, kind)


def browse(kind: str, path: str, *filters: str) -> Answer:
    def answer(shelf: Shelf, words: Thing, *inside: str) -> Thing:
        equal: dict[str, Any] = {name: words.get(name) for name in filters}
        if inside:
            equal["transfer"] = inside[0]
        return listed(path, shelf.all(kind, **equal), words)

    return answer
