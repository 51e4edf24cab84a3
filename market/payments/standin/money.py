"""Money inside the stand-in: the platform's balance as a row of movements, and what each connected account has."""

from market.payments.standin.store import Shelf, Thing
from market.payments.standin.words import Refusal


def fee_of(amount: int) -> int:
    """2.9 % and 30 minor units, rounded down: made up, near what card payments cost."""
    return min(amount, amount * 29 // 1000 + 30)


def book(shelf: Shelf, kind: str, source: str, amount: int, currency: str, *, fee: int = 0) -> Thing:
    """A movement on the platform's balance."""
    return shelf.add(
        "txn", "balance_transaction", type=kind, source=source, amount=amount, fee=fee, net=amount - fee, currency=currency,
        status="available", reporting_category=kind,
    )  # fmt: skip


def balance(shelf: Shelf) -> Thing:
    sums: dict[str, int] = {}
    for one in shelf.all("balance_transaction"):
        sums[one["currency"]] = sums.get(one["currency"], 0) + one["net"]
    rows = [{"amount": total, "currency": unit, "source_types": {"card": total}} for unit, total in sorted(sums.items())]
    return {"object": "balance", "livemode": False, "available": rows, "pending": []}


def pay(shelf: Shelf, session: Thing, method: str) -> Thing:
    """The payer paid: a charge, its movement, the payment succeeded."""
    payment = shelf.find(session["payment_intent"]) or open_payment(shelf, session)
    amount, unit = payment["amount"], payment["currency"]
    charge = shelf.add(
        "ch" if method == "card" else "py", "charge", amount=amount, amount_refunded=0, currency=unit, status="succeeded",
        paid=True, payment_intent=payment["id"], refunded=False, disputed=False, transfer_group=payment["transfer_group"],
        transferred=0,
        payment_method_details={"type": method},
    )  # fmt: skip
    moved = book(shelf, "charge" if method == "card" else "payment", charge["id"], amount, unit, fee=fee_of(amount))
    charge["balance_transaction"] = moved["id"]
    shelf.save(charge)
    payment.update(status="succeeded", amount_received=amount, latest_charge=charge["id"], last_payment_error=None)
    shelf.save(payment)
    session.update(status="complete", payment_status="paid", payment_intent=payment["id"], url=None)
    shelf.save(session)
    shelf.report("payment_intent.succeeded", payment)
    shelf.report("charge.succeeded", charge)
    return charge


def open_payment(shelf: Shelf, session: Thing) -> Thing:
    payment = shelf.add(
        "pi", "payment_intent", amount=session["amount_total"], amount_received=0,
        currency=session["currency"],
        latest_charge=None, status="requires_payment_method", metadata=session["x_payment"].get("metadata") or {},
        last_payment_error=None,
        transfer_group=session["x_payment"].get("transfer_group"),
    )  # fmt: skip
    session["payment_intent"] = payment["id"]
    shelf.save(session)
    return payment


def decline(shelf: Shelf, session: Thing, code: str) -> None:
    """The card said no; the payer may try another."""
    payment = shelf.find(session["payment_intent"] or "") or open_payment(shelf, session)
    payment.update(status="requires_payment_method", last_payment_error={"type": "card_error", "code": code, "message": code})
    shelf.save(payment)
    shelf.report("payment_intent.payment_failed", payment)


def give_back(shelf: Shelf, charge: Thing, amount: int, notes: Thing) -> Thing:
    """A refund: what is left of the charge bounds it. A charge under dispute can't be refunded."""
    if charge["disputed"]:
        raise Refusal(400, "charge_disputed", "This charge has been charged back and cannot be refunded.", ran=True)
    if charge["amount_refunded"] >= charge["amount"]:
        raise Refusal(400, "charge_already_refunded", "Charge has already been refunded.", ran=True)
    if amount > charge["amount"] - charge["amount_refunded"]:
        raise Refusal(400, "amount_too_large", "Refund amount is greater than unrefunded amount on charge.", ran=True)
    way = shelf.switch("refund", use=True) or charge.get("x_refund", "")
    refund = shelf.add(
        "re", "refund", amount=amount, currency=charge["currency"], charge=charge["id"], payment_intent=charge["payment_intent"],
        metadata=notes, status="pending" if way == "pending" else "succeeded", failure_reason=None,
    )  # fmt: skip
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    shelf.save(charge)
    book(shelf, "refund", refund["id"], -amount, charge["currency"])
    shelf.report("refund.created", refund)
    at_first = dict(refund)  # a card that is closed takes it, and gives it back later
    if way == "fails":
        refund_ends(shelf, refund, "expired_or_canceled_card")
    return at_first


def refund_ends(shelf: Shelf, refund: Thing, fault: str = "") -> None:
    """A pending refund arrives, or comes back with a reason."""
    if fault:
        charge = shelf.find(refund["charge"]) or {}
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        shelf.save(charge)
        book(shelf, "refund_failure", refund["id"], refund["amount"], refund["currency"])
    refund.update(status="failed" if fault else "succeeded", failure_reason=fault or None)
    shelf.save(refund)
    shelf.report("refund.failed" if fault else "refund.updated", refund)


def of_account(shelf: Shelf, account_id: str, currency: str) -> int:
    """What a connected account has: transfers to it, less what came back and what it has paid out."""
    total = 0
    for one in shelf.all("transfer", destination=account_id, currency=currency):
        total += one["amount"] - one["amount_reversed"]
    return total - int(shelf.note(f"spent/{account_id}/{currency}") or 0)
