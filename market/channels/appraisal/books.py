"""The fee in the ledger: the owner owes it, the agency is owed it, and what goes back is its mirror image.

The money itself goes from hand to hand or by transfer (payments write that): nobody stands in between, and the platform takes
nothing of it."""

from core.i18n import N_
from core.money import CNY, Money
from core.work import Work
from market.channels.appraisal.models import AppraisalBooking
from market.ledger.actions import Line, post
from market.ledger.unclaimed import fetch_all

ENTRIES = {
    "appraisal_fee": N_("Fee for an appraisal"),
    "appraisal_fee_back": N_("Fee for an appraisal taken back"),
}


def charged(w: Work, booking: AppraisalBooking) -> None:
    """Once, when it is paid."""
    total = Money(booking.total_minor, CNY)
    lines = [Line("buyer", booking.booked_by, -total), Line("seller_payable", booking.org_id, total)]
    post(w, "appraisal_fee", booking.id, f"appraisal_fee/{booking.id}", lines)


def taken_back(w: Work, booking: AppraisalBooking, amount: Money, key: str) -> None:
    """A part of it, or all: the agency gives it back to the owner. Once a key."""
    fetch_all(w, booking.org_id, CNY)
    lines = [Line("buyer", booking.booked_by, amount), Line("seller_payable", booking.org_id, -amount)]
    post(w, "appraisal_fee_back", booking.id, f"appraisal_fee_back/{key}", lines)
