"""Half a swap: one half was handed over and the other never came, or one of two went back. Each side ends with what it gave, or
with what it was to get.

The case is about the half that has to go back: its giver asks (the order's seller), who has it answers (the order's buyer)."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_
from core.states import walk
from core.work import Work
from market.aftersales import case_rules as rules
from market.aftersales import repeats
from market.aftersales.closing import overtaken
from market.aftersales.models import Case
from market.aftersales.saying import note_passed_on, open_case_of, passed_on, put_down, say, sides, tell
from market.aftersales.states import CASE
from market.orders import actions as orders
from market.orders.both_halves import has_gone, is_away, locked, other_order
from market.orders.events import HalfCame
from market.orders.models import Order
from market.orders.queries import GIVEN_BACK, NOT_DELIVERED, is_in_transit
from market.orders.states import ORDER
from market.orders.telling import tell as tell_of
from market.orders.telling import tell_both

FAULTS = {
    "no_swap": N_("This isn't a half of a swap."),
    "half_not_given": N_("It isn't handed over yet: call the swap off if you don't want to wait any longer."),
    "half_under_way": N_("It is still on its way to them. Once it is there you can say so."),
    "other_under_way": N_("The other half is on its way to you. If it doesn't come, say so at its order."),
    "half_is_back": N_("This half is back with who gave it."),
    "other_came": N_("The other half has come to you. If something is wrong with it, open a case at its order."),
    "half_early": N_("Give the other side two days after you handed yours over: after that you can say so."),
}
MISSING = N_(
    "Case %(number)s: you have “%(title)s” from a swap, and the other half never came. Hand that one over, or agree to give "
    "this one back. Answer within three days."
)
GOES_BACK_TOO = N_(
    "Case %(number)s: the other half of the swap went back, so “%(title)s” goes back to who gave it, too. It is brought or "
    "sent back within seven days."
)
PASSED_ON_TOO = N_(
    "Case %(number)s: the other half of the swap went back, but “%(title)s” belongs to somebody else by now and can't come back. "
    "Agree on what makes up for it, or ask for mediation."
)
TELL_IT = N_("Say what you agreed on and what happened, so that the other side can answer.")
NEVER_CAME = N_("The other half of the swap never came, so “%(title)s” isn't handed over any more.")
ASK_BACK = N_(
    "What you were to get for “%(title)s” never came: it was lost or came back on its way. Once they have yours, you can ask for "
    "it back at its order."
)
NOT_GIVEN = N_("The other half of the swap went back, so “%(title)s” isn't handed over any more.")


def fault_of(session: Session, order: Order, now: datetime) -> str:
    """Why the giver of this half can't ask for it back now: a code of FAULTS, "" when they can."""
    other = other_order(session, order)
    if other is None:
        return "no_swap"
    if is_in_transit(order) or is_in_transit(other):
        return "half_under_way" if is_in_transit(order) else "other_under_way"
    came, waits = other.received_at is not None and other.ended_why != GIVEN_BACK, ORDER.can(other.state, "cancel")
    back = order.ended_why == GIVEN_BACK
    return rules.half_fault(given=order.received_at, back=back, other_came=came, other_open=waits, now=now)


def miss_half(w: Work, order: Order, words: str, photos: list[str] | None = None) -> Case:
    """Who handed this half over says that the other one never came, and asks for theirs back. Said again, it is the same case.

    Raises Invalid at the field, Refused for anybody else, too early, and once the other half came."""
    order = locked(w, order.id)
    if w.actor.id != order.seller_id:
        raise Refused("giver_asks", N_("Whoever gave this half says so."))
    if (same := repeats.find_open_same(w, order.id, kind="return", ground="half_missing", words=words, amount=0)) is not None:
        return same
    if open_case_of(w.session, order.id) is not None:
        raise Refused("case_open", N_("There is an open case of this order already."))
    if fault := fault_of(w.session, order, w.now):
        raise Refused(fault, FAULTS[fault])
    if not words.strip():
        raise Invalid("words_missing", TELL_IT, field="words")
    case = _opened(w, order, "half_missing")
    say(w, case, "asked", words, photos)
    tell(w, case, case.answers_id, MISSING, title=order.listing.title)
    return case


def _opened(w: Work, order: Order, ground: str) -> Case:
    walk(w, ORDER, order, "claim")
    return put_down(w, order, "return", ground, 0, rules.ANSWER, asked_by=order.seller_id)


def given_back(w: Work, order: Order) -> None:
    """What was given for nothing, or for another thing, is its giver's again."""
    if order.is_free:
        order.ended_why = GIVEN_BACK
        w.session.flush()


def restore(w: Work, order: Order) -> None:
    """One half went back, so nobody keeps both: the other one isn't handed over any more, or is owed back as well."""
    other = other_order(w.session, order, lock=True) if order.ended_why == GIVEN_BACK else None
    if other is None:
        return
    if ORDER.can(other.state, "cancel"):
        orders.end(w, other, "cancel", "half_back")
        tell_both(w, other, NOT_GIVEN)
    elif has_gone(other):
        _owed_back(w, other)


def never_came(w: Work, order: Order) -> None:
    """A half was lost on its way, or came back to its giver. The other one isn't handed over any more where it still is with its
    own giver; where it has gone its giver asks for it back."""
    other = other_order(w.session, order, lock=True) if order.ended_why in NOT_DELIVERED else None
    if other is None:
        return
    if ORDER.can(other.state, "cancel"):
        orders.end(w, other, "cancel", "half_undelivered")
        tell_both(w, other, NEVER_CAME)
    elif is_away(other):
        tell_of(w, other, other.seller_id, ASK_BACK)


def _owed_back(w: Work, order: Order) -> None:
    """Owed by what happened, so nobody has to agree to it; who asks otherwise asks a mediator. What else was asked about this
    half is settled by its going back."""
    before = open_case_of(w.session, order.id)
    if before is not None and before.kind == "return" and before.state == "accepted":
        return
    if before is not None:
        overtaken(w, before)
    case = _opened(w, order, "half_back")
    say(w, case, "asked", "", by_itself=True)
    walk(w, CASE, case, "accept")
    case.granted_minor, case.due_at = 0, w.now + rules.SEND_BACK
    note_passed_on(w, case)
    sentence = PASSED_ON_TOO if passed_on(w.session, case) else GOES_BACK_TOO
    for person in sides(case):
        tell(w, case, person, sentence, title=order.listing.title)


def half_came(w: Work, event: HalfCame) -> None:
    """The half that somebody missed was handed over to them: then theirs stays where it is. What comes for a half that went back
    meanwhile is owed back as well."""
    order = w.session.get_one(Order, event.order_id)
    other = other_order(w.session, order, lock=True)
    case = open_case_of(w.session, other.id) if other is not None else None
    if case is not None and case.ground == "half_missing":
        overtaken(w, case)
    elif other is not None and other.ended_why == GIVEN_BACK:
        _owed_back(w, order)
