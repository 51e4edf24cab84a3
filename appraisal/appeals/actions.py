"""Appealing, taking it back, asking for a panel, giving a look back, and what the platform does where nobody can be found."""

from collections.abc import Sequence
from datetime import datetime

from appraisal.appeals import deciding, queries, seating, standing
from appraisal.appeals.models import Appeal
from appraisal.appeals.states import APPEAL, OPEN
from appraisal.appeals.telling import tell
from appraisal.grades import reports
from appraisal.grades.models import Appraisal
from appraisal.standards.queries import standard_of
from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.queue import actions as queue
from core.states import walk
from core.work import Work

MOST = 2000


def appeal(w: Work, made: Appraisal, words: str, checks: Sequence[str]) -> str:
    """Appeal against a signed report, with reasons and the contested checks. Returns the appeal's id.

    Raises as `standing.demand`, and Invalid at `words` or `checks`."""
    side, owner_id = standing.demand(w.session, made, w.actor.id, w.now)
    known = {one.code for one in standard_of(w.session, made).checks}
    if not words.strip():
        raise Invalid("words_missing", N_("Say what is wrong with the grade."), field="words")
    if not checks or set(checks) - known:
        raise Invalid("checks_missing", N_("Choose the checks that you contest."), field="checks")
    one = Appeal(
        id=ids.new_id(), appraisal_id=made.id, item_id=made.item_id, first_id=made.appraiser_id, org_id=made.org_id,
        owner_id=owner_id, by_id=w.actor.id, side=side, words=words.strip()[:MOST], checks=sorted(set(checks)), opened_at=w.now,
        due_at=None, ended_at=None,
    )  # fmt: skip
    w.session.add(one)
    w.session.flush()
    w.record("appraisal:appeal:made", one.id, appraisal=made.id, side=side)
    tell(w, one, N_("There is an appeal against the appraisal %(number)s. An uninvolved appraiser grades it anew."))
    seating.fill(w, one)
    return one.id


def withdraw(w: Work, one: Appeal) -> None:
    """Who appealed takes it back, as long as nobody has come to a grade. Raises Forbidden for others, Refused later."""
    if w.actor.id != one.by_id:
        raise Forbidden("not_yours", N_("Only who appealed takes it back."))
    if one.first_outcome:
        raise Refused("reviewed_already", N_("A grade was given already: it is decided by it."))
    queue.lapse(w, seating.KIND, one.id)
    seating.vacate_all(w, one)
    walk(w, APPEAL, one, "withdraw", ended_at=w.now, due_at=None)
    w.record("appraisal:appeal:withdrawn", one.id)
    tell(w, one, N_("The appeal against %(number)s was taken back."))


def ask_panel(w: Work, one: Appeal, words: str) -> str:
    """A side doesn't accept the reviewer's outcome. Raises Forbidden for who is no side, Refused when there is no outcome yet, a
    panel is called for already, or it is too late, Invalid at `words`."""
    if w.actor.id not in queries.sides(w.session, one):
        raise Forbidden("no_side", N_("Only who appealed, who graded first, or who answers for the agency can ask for a panel."))
    _demand_time_for_panel(one, w.now)
    if not words.strip():
        raise Invalid("words_missing", N_("Say why a panel is to look at it."), field="words")
    one.stage, one.panel_by_id, one.panel_words = "panel", w.actor.id, words.strip()[:MOST]
    w.session.flush()
    w.record("appraisal:appeal:panel_asked", one.id)
    tell(w, one, N_("Appeal against %(number)s: a panel of three was asked for."))
    seating.fill(w, one)
    return one.id


def _demand_time_for_panel(one: Appeal, now: datetime) -> None:
    """Once, between the reviewer's outcome and its end. The table alone doesn't say it: a split goes to a panel unasked."""
    if one.state in OPEN and one.stage == "panel":
        raise Refused("panel_asked", N_("A panel of three is called for already: there is no need to ask again."))
    if one.state in OPEN and not one.first_outcome:
        raise Refused("not_reviewed", N_("A panel can be asked for when the reviewer has given a grade."))
    APPEAL.next(one.state, "convene")
    if one.due_at is None or now >= one.due_at:
        raise Refused("panel_late", N_("The time to ask for a panel is over."))


def give_back(w: Work, made: Appraisal, words: str) -> None:
    """Who was drawn can't or may not look, and says why; the lot falls on somebody else. Raises Invalid without a reason."""
    seat = queries.seat_on(w.session, made.id)
    if seat is None or seat.account_id != w.actor.id:
        raise Forbidden("not_assigned", N_("The lot fell on somebody else."))
    if seat.ended_at is not None:
        raise Refused("graded_already", N_("This was graded already."))
    if not words.strip():
        raise Invalid("reason_missing", N_("Say why."), field="reason")
    one = queries.locked(w.session, seat.appeal_id)
    seating.vacate(w, seat, "returned", words.strip()[:400])
    seating.fill(w, one)


def leave(w: Work, one: Appeal, reason: str) -> None:
    """The platform ends an appeal for which too few could be found: the reviewer's outcome is final, where there is one.
    Otherwise nothing was found out; a report whose very salability two differ about is taken back then, for unknown is no pass.

    Raises Forbidden for whose matter it is, Invalid without a reason."""
    if w.actor.id in queries.ask(w.session, one).barred:
        raise Forbidden("own_matter", N_("Nobody decides on their own matter."))
    APPEAL.next(one.state, "leave")
    queue.settle(w, seating.KIND, one.id, "left", reason)
    one.reason = reason.strip()[:MOST]
    w.record("appraisal:appeal:left", one.id, stage=one.stage)
    seating.vacate_all(w, one)
    if one.first_outcome in ("same", "other"):
        deciding.close(w, one)
        return
    made = deciding.current(w, one)
    walk(w, APPEAL, one, "leave", ended_at=w.now, due_at=None)
    tell(w, one, N_("The appeal against %(number)s could not be heard. %(reason)s"), reason=one.reason)
    if one.froze and made.state == "frozen":
        reports.revoke(w, made, "undecided")
