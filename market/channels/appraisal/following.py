"""What happens elsewhere to a thing that came by a booking: it is graded, or goes into other hands."""

from sqlalchemy import select

from appraisal.grades import asking
from appraisal.grades.actions import Graded
from appraisal.grades.models import Appraisal
from appraisal.standards.queries import standard_of
from core.i18n import N_
from core.ports import CustodyRaised
from core.states import walk
from core.work import Work
from market.channels.appraisal import actions, people, rules
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.states import BOOKING, OPEN

# a custody epoch that rises for one of these: the thing is out of the agency's hands, or its owner's
GONE = ("sold", "returned", "lost", "undelivered", "released_unsealed")


def graded(w: Work, event: Graded) -> None:
    """The report of a thing that came by a booking was signed by this agency: its owner fetches it. A visited thing stayed.

    A report that says "undetermined" is no grade: nothing is earned by it, and the thing goes back ungraded."""
    row = _held(w, event.item_id)
    made = w.session.get_one(Appraisal, event.appraisal_id)
    if row is None or not _came_of_it(row, made):
        return
    if event.grade == standard_of(w.session, made).undetermined.code:
        _undetermined(w, row)
        return
    walk(w, BOOKING, row, "grade", graded_at=w.now, appraisal_id=made.id)
    w.record("market:appraisal_booking:graded", row.id, appraisal=made.id)
    if row.way == rules.VISIT:
        actions.end(w, row, "hand_back", "done")
        return
    people.tell_owner(w, row, N_("Your thing is graded and can be fetched (%(number)s). Show the new code of the booking."))


def _came_of_it(row: AppraisalBooking, made: Appraisal) -> bool:
    """Was it signed for this booking, by who was drawn and since the thing came in? A report of before that counts again after a
    hold, or one given in an appeal, is no look that was paid for here."""
    since = row.state == "checked_in" and row.checked_in_at and made.signed_at and made.signed_at >= row.checked_in_at
    return bool(since) and (made.org_id, made.appraiser_id) == (row.org_id, row.appraiser_id)


def _undetermined(w: Work, row: AppraisalBooking) -> None:
    """A visit is over with it; what was brought is handed back, unless it can be graded after all before that."""
    if row.way == rules.VISIT:
        actions.end(w, row, "give_back", "ungraded")
        asking.end(w, row.item_id, "taken_back")
        people.tell_owner(w, row, N_("Your thing couldn't be graded (%(number)s): the whole fee goes back."))
        return
    people.tell_owner(w, row, N_(
        "Your thing couldn't be graded (%(number)s). Fetch it with the new code of the booking; the whole fee goes back then."
    ))  # fmt: skip
    people.tell_desk(w, row, N_("%(number)s couldn't be graded: hand it back to its owner, and the whole fee goes back."))


def _held(w: Work, item_id: str) -> AppraisalBooking | None:
    query = select(AppraisalBooking).where(AppraisalBooking.item_id == item_id, AppraisalBooking.state.in_(OPEN))
    return w.session.scalars(query.with_for_update()).first()


def follow_custody(w: Work, event: CustodyRaised) -> None:
    """It went into other hands by another way (sold, lost): the booking ends with it."""
    row = _held(w, event.item_id) if event.why in GONE else None
    if row is None:
        return
    if row.state == "booked":
        if event.why == "released_unsealed":
            return  # it came back to its owner from somewhere else: the slot stands
        actions.end(w, row, "cancel", "moved")
    else:
        verb, why = ("give_back", "ungraded") if row.state == "checked_in" else ("hand_back", "done")
        actions.end(w, row, verb, why)
    asking.end(w, row.item_id, "moved")
    people.tell_owner(w, row, N_("The booking %(number)s ended: the thing went into other hands."))
