"""What time, or the end of a report, does to an appeal."""

from appraisal.appeals import deciding, queries, seating
from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.appeals.states import APPEAL
from appraisal.appeals.telling import tell
from appraisal.grades.reports import ReportOver
from core.each import each
from core.errors import Refused
from core.i18n import N_
from core.people.notices import notify
from core.ports import CustodyRaised
from core.queue import actions as queue
from core.states import walk
from core.work import Work

UNDER = N_("There is an open appeal against the report that stands: a new one can be signed when it is decided.")


def due(w: Work) -> None:
    """Sweep: who didn't look in time is replaced, what nobody took to a panel is final, and whoever is missing is drawn."""
    each(w, queries.overdue(w.session, w.now), lambda seat: late(w, seat))
    each(w, queries.to_close(w.session, w.now), lambda one: _close(w, one))
    each(w, queries.to_fill(w.session), lambda one: _fill(w, one))


def late(w: Work, seat: AppealSeat) -> None:
    appeal = queries.locked(w.session, seat.appeal_id)
    w.session.refresh(seat)
    if seat.ended_at is None:
        seating.vacate(w, seat, "late")
        sentence = N_("You didn't grade it in time: the lot falls on somebody else.")
        notify(w, seat.account_id, sentence, "/appeals", kind="roles")
        seating.fill(w, appeal)


def _close(w: Work, one: Appeal) -> None:
    appeal = queries.locked(w.session, one.id)
    if appeal.state in ("upheld", "overturned") and appeal.due_at is not None and appeal.due_at <= w.now:
        deciding.close(w, appeal)


def _fill(w: Work, one: Appeal) -> None:
    if not seating.free_places(w, one):
        return  # most of the time: nothing is locked for it
    appeal = queries.locked(w.session, one.id)
    if appeal.state in ("review", "panel", "short"):
        seating.fill(w, appeal)


def report_over(w: Work, event: ReportOver) -> None:
    """A report ended. Time alone takes no appeal away; no new appraisal comes in between, so that nobody signs an appeal away.

    Raises Refused when a report under appeal would be superseded by anybody but the appeal itself."""
    found = queries.open_appeal(w.session, event.appraisal_id)
    if found is None or event.why == "expired":
        return
    if event.why == "superseded":
        raise Refused("under_appeal", UNDER)
    lapse(w, queries.locked(w.session, found.id))


def custody_raised(w: Work, event: CustodyRaised) -> None:
    """The thing was in other hands: what is found now says nothing of what was graded."""
    for one in queries.of_item(w.session, event.item_id):
        lapse(w, queries.locked(w.session, one.id))


def lapse(w: Work, appeal: Appeal) -> None:
    """It can't go on. What a reviewer found is final; before that, or while two differ on whether it may be sold, nothing is."""
    queue.lapse(w, seating.KIND, appeal.id)
    seating.vacate_all(w, appeal)
    if appeal.first_outcome in ("same", "other"):
        deciding.close(w, appeal)
        return
    walk(w, APPEAL, appeal, "lapse", ended_at=w.now, due_at=None)
    w.record("appraisal:appeal:lapsed", appeal.id)
    tell(w, appeal, N_("The appeal against %(number)s ended: the report is over, or the thing changed hands."))
