"""At the agency's desk: the thing comes in against a receipt, is graded, and goes back to its owner."""

from dataclasses import dataclass

from appraisal.grades import actions as grading
from appraisal.grades import asking
from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.rules import is_bag_number
from core.i18n import N_
from core.once import done_once
from core.people.acting import demand_role
from core.states import walk
from core.work import Work
from market.channels.appraisal import actions, drawing, people, queries, refunds, rules
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.states import BOOKING
from market.payments import actions as payments

WRONG = N_("This isn't the code of this booking. Ask its owner to open the booking and show it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """How a thing goes back. `by`: "code", or "signature" on the receipt; `sealed`: in a numbered bag, so that wipe and grade go
    on counting; else both end, because nobody knows any more what happens to it. None: it wasn't said."""

    by: str
    code: str = ""
    sealed: bool | None = False
    seal_number: str = ""


def check_in(w: Work, row: AppraisalBooking, code: str, *, paid: bool = False, once: str = "") -> None:
    """The owner showed the code: the agency has the thing, or stands before it, and the fee. One of its appraisers is drawn.
    Pressed twice, taken in once.

    `paid`: the fee came just now, in cash or by the collection code; a transfer is confirmed on its own page before.
    Raises Invalid at field `code` or `paid`, Refused while the fee isn't there, Forbidden for the owner's own hand."""
    demand_role(w, row.org_id, *people.DESK)
    if row.booked_by == w.actor.id:
        raise Forbidden("own_thing", N_("A colleague takes in what you bring yourself."))
    done_once(w, "appraisal_check_in", once, lambda: _check_in(w, row, code, paid), row.id, code, paid)


def _check_in(w: Work, row: AppraisalBooking, code: str, paid: bool) -> str:
    BOOKING.next(row.state, "check_in")
    _demand_code(row, code)
    _take_fee(w, row, paid)
    item = custody.locked(w, row.item_id)
    if item.state != "active":
        raise Refused("not_active", N_("It can't be appraised now: it is not here any more, or frozen."))
    if item.owner_id != row.booked_by:
        raise Refused("other_owner", N_("It belongs to somebody else by now. Call the booking off."))
    if row.way == rules.DROP_OFF:
        line = custody.find_holder(w.session, item.id)
        why = "to_point" if line is not None and line.holder_kind == "org" and line.holder_id != row.org_id else "taken_in"
        custody.move(w, item, holder_kind="org", holder_id=row.org_id, place="counter", why=why)
    drawn = drawing.draw(people.eligible(w, item, row.org_id))
    walk(w, BOOKING, row, "check_in", checked_in_at=w.now, appraiser_id=drawn, code=actions.new_code())
    grading.leave_to(w, item.id, drawn)
    w.record("market:appraisal_booking:checked_in", row.id, item=item.id, way=row.way)
    taken = N_("Your thing was taken in for its appraisal (%(number)s). The booking has your receipt and a new code.")
    begun = N_("The visit for your appraisal has begun (%(number)s). The thing stays with you.")
    people.tell_owner(w, row, begun if row.way == rules.VISIT else taken)
    drawing.tell(w, row)
    return row.id


def _demand_code(row: AppraisalBooking, code: str) -> None:
    try:
        typed = ids.parse_code(code)
    except ids.BadCode as bad:
        bad.field = "code"
        raise
    if typed != queries.code_of(row):
        raise Invalid("code_wrong", WRONG, field="code")


def _take_fee(w: Work, row: AppraisalBooking, paid: bool) -> None:
    intent = refunds.find_intent(w, row)
    if intent is None or intent.state == "paid":
        return
    if intent.provider == "bank_transfer":
        missing = N_("The transfer isn't confirmed yet. Look at the account, confirm it, then take it in.")
        raise Refused("transfer_missing", missing)
    if not paid:
        raise Invalid("fee_missing", N_("Take the fee first, and say that you have it."), field="paid")
    payments.both_confirmed(w, intent)
    w.session.refresh(row)


def hand_back(w: Work, row: AppraisalBooking, back: Back, once: str = "") -> None:
    """The owner fetches it, with the code or a signature on the receipt. Without a grade the whole fee goes back. Pressed twice,
    handed back once.

    Raises Invalid at field `code`, `by` or `seal_number`, Refused in another state."""
    demand_role(w, row.org_id, *people.DESK)
    if row.booked_by == w.actor.id:
        raise Forbidden("own_thing", N_("A colleague hands out what you fetch yourself."))
    done_once(w, "appraisal_hand_back", once, lambda: _hand_back(w, row, back), row.id, back)


def _hand_back(w: Work, row: AppraisalBooking, back: Back) -> str:
    ungraded = row.state == "checked_in"
    verb = "give_back" if ungraded else "hand_back"
    BOOKING.next(row.state, verb)
    _check_back(row, back)
    row.back_by = back.by
    actions.end(w, row, verb, "ungraded" if ungraded else "done")
    asking.end(w, row.item_id, "taken_back")
    _give_out(w, row, back)
    back_, over = N_("You have your thing back (%(number)s): %(how)s."), N_("The visit is over (%(number)s): %(how)s.")
    sentence = over if row.way == rules.VISIT else back_
    how = N_("without a grade, and the fee goes back") if ungraded else N_("graded, and the booking is closed")
    people.tell_owner(w, row, sentence, how=how)
    return row.id


def _check_back(row: AppraisalBooking, back: Back) -> None:
    if back.by not in ("code", "signature"):
        raise Invalid("by_missing", actions.CHOOSE, field="by")
    if back.by == "code":
        _demand_code(row, back.code)
    if back.sealed is None and row.way == rules.DROP_OFF:
        raise Invalid("kept_missing", actions.CHOOSE, field="kept")
    if back.sealed and not back.seal_number.strip():
        raise Invalid("seal_number_missing", N_("Enter the number that is printed on the bag."), field="seal_number")
    if back.sealed and not is_bag_number(back.seal_number.strip()):
        odd = N_("The number of a bag has letters, digits, spaces and - _ . / # only.")
        raise Invalid("seal_number_odd", odd, field="seal_number")


def _give_out(w: Work, row: AppraisalBooking, back: Back) -> None:
    """Only what the register has at this agency: a visited thing never left its owner."""
    line = custody.find_holder(w.session, row.item_id)
    if line is None or line.holder_id != row.org_id:
        return
    item, seal = custody.locked(w, row.item_id), back.seal_number.strip()
    if back.sealed:
        custody.move(w, item, holder_kind="person", holder_id=row.booked_by, place="sealed_bag", why="sealed", seal_number=seal)
    else:
        custody.move(w, item, holder_kind="person", holder_id=row.booked_by, place="owner", why="released_unsealed")
