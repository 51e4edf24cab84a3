"""A parcel that is missed: its buyer says so, its seller shows that it came, agrees that it is lost, or has it back."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_
from core.states import walk
from core.work import Work
from market.aftersales import actions, repeats
from market.aftersales import case_rules as clocks
from market.aftersales import undelivered_rules as rules
from market.aftersales.models import Case
from market.aftersales.states import CASE
from market.orders import transport
from market.orders.models import Order
from market.orders.queries import is_in_transit

FAULTS = {
    "not_sent": N_("It hasn't been sent. Call the order off if you don't want to wait any longer."),
    "came_already": N_("It isn't on its way any more. If something is wrong with what came, say that."),
    "said_twice": N_("You have said so twice and then waited on. After the date on the order you can say what is wrong."),
    "too_early": N_("Give the carrier a few days: the order says from when on you can say so."),
}
MISSED = N_(
    "Case %(number)s: the parcel with “%(title)s” hasn't come. Show within seven days that it was delivered, or agree that it is "
    "lost; without an answer the whole price goes back."
)
SHOWN = N_(
    "Case %(number)s: the seller shows that it was delivered. Say that you have it, or ask for mediation within fourteen days; "
    "after that it counts as received."
)
CAME_BACK = N_("The parcel of case %(number)s came back to its seller. The whole price goes back to you.")
MISSED_FREE = N_(
    "Case %(number)s: the parcel with “%(title)s” hasn't come. Show within seven days that it was delivered, or agree that it is "
    "lost; without an answer it counts as lost."
)
CAME_BACK_FREE = N_("The parcel of case %(number)s came back to who sent it.")


def fault_of(session: Session, order: Order, now: datetime, days: int) -> str:
    """Why its buyer can't say now that it hasn't come: a code of FAULTS, "" when they can."""
    said = select(func.count()).where(Case.order_id == order.id, Case.ground == "not_arrived")
    return rules.fault(
        shipped=order.shipped_at, received=order.received_at, on_its_way=is_in_transit(order), before=session.scalar(said) or 0,
        now=now, days=days,
    )  # fmt: skip


def miss(w: Work, order: Order, words: str, photos: list[str] | None = None, *, days: int) -> Case:
    """The buyer says that it hasn't come: from now on its clock stands still. Said again, it is the same case.

    `days` after it was sent this can be said (the operator's setting). Raises Invalid at the field, Refused."""
    if w.actor.id != order.buyer_id:
        raise Refused("buyer_asks", N_("The buyer opens a case."))
    if (same := repeats.find_open_same(w, order.id, kind="undelivered", ground="not_arrived", words=words, amount=0)) is not None:
        return same
    if actions.open_case_of(w.session, order.id) is not None:
        raise Refused("case_open", N_("There is an open case of this order already."))
    if fault := fault_of(w.session, order, w.now, days):
        raise Refused(fault, FAULTS[fault])
    if not words.strip():
        raise Invalid("words_missing", N_("Say what the carrier's tracking shows, so that the seller can ask."), field="words")
    transport.miss(w, order)
    case = actions.put_down(w, order, "undelivered", "not_arrived", 0, rules.PROVE)
    actions.say(w, case, "asked", words, photos)
    actions.tell(w, case, case.seller_id, MISSED_FREE if order.is_free else MISSED, title=order.listing.title)
    return case


def answer(w: Work, case: Case, lost: bool, words: str, photos: list[str] | None = None) -> None:
    """The seller agrees that it is lost, or shows that it was delivered: what the carrier says in words or as a photo.

    Raises Invalid at the field where nothing is shown, Refused for anybody else and in another state."""
    actions.only(w, case, case.seller_id)
    _about_a_parcel(case)
    if not lost and not words.strip() and not photos:
        raise Invalid("proof_missing", N_("Show what the carrier says: its tracking, who signed and when."), field="words")
    CASE.next(case.state, "accept" if lost else "refuse")
    actions.say(w, case, "accepted" if lost else "proof", words, photos)
    w.record("market:case:answered", case.id, accepted=lost)
    if lost:
        actions.end_parcel(w, case, "lost", said=True)
        return
    walk(w, CASE, case, "refuse")
    case.due_at = w.now + clocks.REFUSED
    actions.tell(w, case, case.buyer_id, SHOWN)


def arrived(w: Work, case: Case) -> None:
    """The buyer has it after all: from now on the order goes its usual way."""
    actions.only(w, case, case.buyer_id)
    _about_a_parcel(case)
    actions.end_parcel(w, case, "arrived")


def come_back(w: Work, order: Order, words: str) -> Case:
    """The seller has it back from the carrier, whether or not the buyer has missed it: the price goes back. Said again, nothing
    changes. Raises Refused for anybody else, and for what isn't on its way."""
    actions.only(w, order, order.seller_id)
    case = actions.open_case_of(w.session, order.id)
    if case is None and order.ended_why == "came_back":
        return w.session.scalars(select(Case).where(Case.order_id == order.id, Case.outcome == "came_back")).one()
    if not is_in_transit(order):
        raise Refused("came_already", N_("It isn't on its way, so it can't have come back undelivered."))
    if case is None:
        transport.miss(w, order)
        case = actions.put_down(w, order, "undelivered", "came_back", 0, rules.PROVE)
    actions.say(w, case, "asked" if case.ground == "came_back" else "said", words)
    actions.tell(w, case, case.buyer_id, CAME_BACK_FREE if order.is_free else CAME_BACK)
    actions.end_parcel(w, case, "came_back")
    return case


def decide(w: Work, case: Case, outcome: str, words: str) -> None:
    """A mediator says what became of it, with reasons: all of the price goes back, or none. Raises as actions.decide does."""
    _about_a_parcel(case)
    if outcome not in rules.OUTCOMES:
        raise Invalid("outcome_missing", N_("Say what became of the parcel."), field="outcome")
    granted = rules.goes_back(outcome, actions.left_of(case.order))
    actions.decide(w, case, granted, words, outcome=outcome)


def _about_a_parcel(case: Case) -> None:
    if case.kind != "undelivered":
        raise Refused("no_parcel", N_("This case isn't about a parcel that is missed."))
