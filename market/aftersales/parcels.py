"""What a case about a parcel does to its order: the words for each end, and the step that follows from it."""

from collections.abc import Callable, Mapping
from typing import Final

from core.i18n import N_
from core.work import Work
from market.aftersales import halves
from market.aftersales.models import Case
from market.aftersales.undelivered_rules import Outcome, goes_back
from market.orders import transport
from market.orders.models import Order

ENDS: Final[Mapping[str, Callable[[Work, Order], None]]] = {
    "arrived": transport.arrive, "lost": transport.lose, "came_back": transport.come_back,
}  # fmt: skip
OVERDUE: Final[Mapping[Outcome, str]] = {
    "lost": N_("Case %(number)s: the seller didn't show in time that the parcel was delivered. It counts as lost."),
    "arrived": N_(
        "Case %(number)s: the seller showed that it was delivered, and nobody asked for mediation. It counts as received."
    ),
}


def found_out(case: Case, outcome: Outcome, left: int) -> None:
    """`left`: minor units of the price that haven't gone back."""
    case.granted_minor, case.outcome = goes_back(outcome, left), outcome


def end(w: Work, case: Case, order: Order) -> None:
    if case.kind == "undelivered":
        ENDS[case.outcome](w, order)
        w.record("market:parcel:ended", case.id, order=order.id, outcome=case.outcome)
        halves.never_came(w, order)


def wait_on(w: Work, case: Case, order: Order) -> None:
    if case.kind == "undelivered":
        transport.wait_on(w, order, case.opened_at)
