"""Chargebacks inside the stand-in: opened by a test card or by hand, won or lost by hand."""

from market.payments.standin import money
from market.payments.standin.store import Shelf, Thing, now

FEE = 1500
ANSWER_WITHIN = 7 * 24 * 3600


def open_dispute(shelf: Shelf, charge: Thing, amount: int) -> Thing:
    """The bank takes the amount, Stripe its fee."""
    dispute = shelf.add(
        "dp", "dispute", amount=amount, currency=charge["currency"], charge=charge["id"], payment_intent=charge["payment_intent"],
        reason="fraudulent", status="needs_response", evidence_details={"due_by": now() + ANSWER_WITHIN}, balance_transactions=[],
    )  # fmt: skip
    charge["disputed"] = True
    shelf.save(charge)
    moved = money.book(shelf, "adjustment", dispute["id"], -amount, charge["currency"], fee=FEE)
    dispute["balance_transactions"] = [moved]
    shelf.save(dispute)
    shelf.report("charge.dispute.created", dispute)
    shelf.report("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(shelf: Shelf, dispute: Thing, *, won: bool) -> None:
    dispute["status"] = "won" if won else "lost"
    if won:
        moved = money.book(shelf, "adjustment", dispute["id"], dispute["amount"], dispute["currency"])
        dispute["balance_transactions"] = [*dispute["balance_transactions"], moved]
        shelf.report("charge.dispute.funds_reinstated", dispute)
    charge = shelf.find(dispute["charge"]) or {}
    charge["disputed"] = not won
    shelf.save(charge)
    shelf.save(dispute)
    shelf.report("charge.dispute.closed", dispute)
