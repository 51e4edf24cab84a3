"""A case ends: what was granted goes back, what became of a parcel is done; and the clocks end what nobody ends."""

from sqlalchemy import and_, or_, select

from core.each import each
from core.goods import custody
from core.i18n import N_
from core.money import Money
from core.ports import happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.aftersales import case_rules as rules
from market.aftersales import halves, handing, parcels, undelivered_rules
from market.aftersales.closing import settle
from market.aftersales.models import Case
from market.aftersales.saying import left_of, note_passed_on, order_of, passed_on, say, sides, tell
from market.aftersales.states import CASE, OPEN
from market.aftersales.words import sided
from market.orders import paying
from market.orders.both_halves import at_hand
from market.orders.events import ThingBack
from market.orders.replacing import thing_of, to_seller


def carry_out(w: Work, case: Case) -> None:
    """Send back what was granted, and close. Nothing granted closes it without money; of a parcel sent in exchange it says that
    the thing came, and it is given."""
    if case.outcome == "return_first" and case.state in ("decided", "appealed"):
        _wait_for_the_thing(w, case)
        return
    order, granted = order_of(w, case), case.granted_minor or 0
    if not granted and handing.given_by_decision(w, case):
        return
    parcels.end(w, case, order)
    if granted:
        paying.refund(w, order, Money(granted, case.currency), f"case/{case.id}", "after_sales")
    settle(w, case, "")


SEND_IT_BACK = (
    N_("Case %(number)s: send it back within seven days and say so."),
    N_("Case %(number)s: send it back within seven days and say so; then the money goes back."),
)
HALF_OWED = N_(
    "Case %(number)s: the half of the swap wasn't given back in time and is still owed. Whoever has it gives it back and says so "
    "here. Somebody who doesn't can be reported at their listing."
)
HALF_GONE = N_(
    "Case %(number)s: the half of the swap belongs to somebody else by now and can't come back. Agree on what makes up for it, "
    "or ask for mediation."
)


def _wait_for_the_thing(w: Work, case: Case) -> None:
    """Decided: money against the thing. Nothing moves until it is back."""
    walk(w, CASE, case, "send_back")
    case.due_at = w.now + rules.SEND_BACK
    paid = not order_of(w, case).is_free
    tell(w, case, case.buyer_id, SEND_IT_BACK[paid])
    tell(w, case, case.seller_id, N_("Case %(number)s: the buyer sends it back within seven days. Say so when you have it."))


def taken_back(w: Work, case: Case) -> None:
    """The seller has the thing again: in the register, and what the case says follows. Whatever could hold data has lost its
    clearance with it."""
    walk(w, CASE, case, "take_back")
    order = order_of(w, case)
    item, for_good = custody.locked(w, thing_of(w.session, order)), case.kind == "return" or case.outcome == "return_first"
    if item.owner_id == order.buyer_id:
        why = "returned" if for_good or case.kind == "exchange" else "repaired"
        to_seller(w, item, order.seller_id, why)
        if for_good:
            item.owner_id = order.seller_id
            halves.given_back(w, order)
            happened(w, ThingBack(item.id, order.seller_id, order.id))
    case.due_at = w.now + rules.REFUND
    say(w, case, "back", "")
    w.record("market:case:back", case.id, item=item.id)
    tell(w, case, case.buyer_id, N_("Case %(number)s: the thing is back with the seller."))
    if for_good:
        carry_out(w, case)
        halves.restore(w, order)


def _not_brought(w: Work, case: Case) -> None:
    """Seven days have passed. Where the buyer has shown that it was sent, and the seller neither confirmed it nor asked for
    mediation, it counts as back; where nothing was shown, it stays with the buyer and the money with the seller. A half of a
    swap that its giver is owed stays owed."""
    if any(one.what == "sent_back" for one in case.lines):
        for person in sides(case):
            tell(w, case, person, N_("Case %(number)s: it was sent back and nobody said otherwise, so it counts as back."))
        taken_back(w, case)
        return
    if case.by_giver:
        note_passed_on(w, case)
        for person in sides(case):
            tell(w, case, person, HALF_GONE if passed_on(w.session, case) else HALF_OWED)
        return
    case.granted_minor = 0
    for person in sides(case):
        tell(w, case, person, N_("Case %(number)s: it wasn't sent back in time, so no money goes back."))
    settle(w, case, "")


def end_parcel(w: Work, case: Case, outcome: undelivered_rules.Outcome, *, said: bool = False) -> None:
    """It is clear what became of the parcel: nothing waits for a mediator any more, and what follows is done. `said`: the line
    that says so is written already."""
    CASE.next(case.state, "settle")
    for kind in ("mediation", "appeal"):
        queue.lapse(w, kind, case.id)
    parcels.found_out(case, outcome, left_of(order_of(w, case)))
    if not said:
        say(w, case, outcome, "")
    carry_out(w, case)


def run_out(w: Work) -> None:
    """Clocks: an appeal that nobody made in time lets the decision be carried out; a refusal that nobody took to a mediator
    stands; overdue answers are told to both once."""
    due = or_(Case.due_at <= w.now, and_(Case.state == "refused", Case.due_at.is_(None)))
    late = select(Case).where(due, Case.state.in_(OPEN)).order_by(Case.id).with_for_update(skip_locked=True).limit(200)
    each(w, w.session.scalars(late), lambda case: _overdue(w, case))


def _overdue(w: Work, case: Case) -> None:
    if not at_hand(w, case.order_id):
        return  # somebody is at its order: the next time, then
    if case.due_at is None:  # refused before refusals had a date
        case.due_at = w.now + rules.REFUSED
        return
    case.due_at = None
    if case.state == "decided":
        carry_out(w, case)
    elif case.kind == "undelivered" and (outcome := undelivered_rules.when_overdue(case.state)):
        for person in sides(case):
            tell(w, case, person, parcels.OVERDUE[outcome])
        end_parcel(w, case, outcome)
    elif case.state == "accepted" and (case.outcome == "return_first" or case.by_giver):
        _not_brought(w, case)
    elif handing.counts_as_received(w, case):
        return
    elif case.state == "refused":
        for person in sides(case):
            tell(w, case, person, N_("Nobody asked for mediation in case %(number)s in time: it stays refused and is closed."))
        settle(w, case, "")
    elif case.state == "opened":
        tell(w, case, case.asked_by, sided(case, "unanswered"))
        tell(w, case, case.answers_id, sided(case, "late_answer"))
    else:
        for person in sides(case):
            tell(w, case, person, N_("A date of case %(number)s has passed. Go on with it, or ask for mediation."))
