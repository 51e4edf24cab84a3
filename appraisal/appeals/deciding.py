"""What follows from a grade that was given anew: the reviewer's outcome, the panel's, and the report that stands in the end."""

from appraisal.appeals import queries, rules, seating
from appraisal.appeals.events import GradeOverturned
from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.appeals.states import APPEAL
from appraisal.appeals.telling import tell
from appraisal.appraisers.settings import settings
from appraisal.blind import actions as blind
from appraisal.grades import actions as appraising
from appraisal.grades import giving, reports
from appraisal.grades.giving import BlindGiven
from appraisal.grades.models import Appraisal
from appraisal.grades.states import APPRAISAL
from appraisal.standards.queries import standard_of
from core.goods.models import Item
from core.i18n import N_
from core.ports import happened
from core.states import walk
from core.work import Work

HELD = N_("The appraisal %(number)s counts nowhere until an appeal against it is decided.")
SPLIT = N_("Appeal against %(number)s: the two differ about whether it may be sold at all. A panel of three decides.")
OUTCOME = "system:appraisal_appeals"  # what others found takes a report back, whoever gave the last grade or moved the thing
REVIEWED = {
    "same": ("uphold", N_("Appeal against %(number)s: the reviewer came to the same grade, %(grade)s.")),
    "other": ("overturn", N_("Appeal against %(number)s: the reviewer came to another grade, %(grade)s.")),
}
ENDED = {
    "stand": N_("Appeal against %(number)s: it is decided, the grade stands."),
    "fall": N_("Appeal against %(number)s: it is decided, the first grade was overturned. The outcome is %(grade)s."),
}


def given(w: Work, event: BlindGiven) -> None:
    """A grade was given: the appeal goes on in the same transaction, one after the other where two are given at once."""
    seat = queries.seat_on(w.session, event.appraisal_id)
    if seat is None:
        return
    appeal = queries.locked(w.session, seat.appeal_id)
    seat.why, seat.ended_at = "given", w.now
    w.session.flush()
    made = w.session.get_one(Appraisal, event.appraisal_id)
    if appeal.state == "review":
        _reviewed(w, appeal, made)
    elif appeal.state == "panel":
        _panelled(w, appeal)


def _reviewed(w: Work, appeal: Appeal, made: Appraisal) -> None:
    first = w.session.get_one(Appraisal, appeal.appraisal_id)
    refused = standard_of(w.session, first).refused.code
    appeal.first_outcome = rules.compare(refused, first.grade, made.grade)
    w.record("appraisal:appeal:reviewed", appeal.id, outcome=appeal.first_outcome)
    if appeal.first_outcome == "split":
        _hold(w, appeal, current(w, appeal))
        appeal.stage = "panel"
        tell(w, appeal, SPLIT)
        seating.fill(w, appeal)
        return
    if appeal.first_outcome == "other":
        _put_in_place(w, appeal, made)
    verb, sentence = REVIEWED[appeal.first_outcome]
    walk(w, APPEAL, appeal, verb, due_at=w.now + settings().panel_within)
    tell(w, appeal, sentence, grade=made.grade)


def _panelled(w: Work, appeal: Appeal) -> None:
    seats = [one for one in queries.seats_of(w.session, appeal, "panel") if one.why == "given"]
    if len(seats) < rules.SIZE:
        return
    made = [w.session.get_one(Appraisal, one.appraisal_id) for one in sorted(seats, key=_place)]
    first = w.session.get_one(Appraisal, appeal.appraisal_id)
    standard = standard_of(w.session, first)
    grade = rules.panel_grade(standard.order(), standard.undetermined.code, [one.grade for one in made])
    w.record("appraisal:appeal:panel_graded", appeal.id, grade=grade)
    if current(w, appeal).grade != grade:
        _put_in_place(w, appeal, next(one for one in made if one.grade == grade))
    end(w, appeal, grade)
    refused, stands = standard.refused.code, current(w, appeal)
    if rules.lone_refusal(refused, [one.grade for one in made]) and stands.state == "signed":
        blind.look_first(w, stands, next(one for one in made if one.grade == refused), appeal.root)


def _place(seat: AppealSeat) -> int:
    return seat.place


def current(w: Work, appeal: Appeal) -> Appraisal:
    """The report that stands in this matter, or stood, locked."""
    return w.session.get_one(Appraisal, queries.current_id(appeal), with_for_update=True)


def _put_in_place(w: Work, appeal: Appeal, made: Appraisal) -> None:
    """The new grade takes the place of the one that stands. Where no report can be made of it (the thing isn't certainly wiped
    any more), the old one counts nowhere until the end. What stands no more, as after a sale, is left until then, too."""
    old, item = current(w, appeal), w.session.get_one(Item, appeal.item_id)
    if old.state in ("signed", "frozen") and giving.can_issue(w, made, appraising.wipe_of(w.session, item)):
        appeal.new_id = made.id
        w.session.flush()
        giving.issue(w, made, old)
        appraising.make_known(w, made)
    else:
        _hold(w, appeal, old)


def _hold(w: Work, appeal: Appeal, made: Appraisal) -> None:
    if made.state == "signed":
        appeal.froze = True
        w.session.flush()
        reports.freeze(w, made, HELD)


def close(w: Work, appeal: Appeal) -> None:
    """The reviewer's outcome is final: nobody asked for a panel in time, or none could be found."""
    first = w.session.get_one(Appraisal, appeal.appraisal_id)
    if appeal.first_outcome == "same":
        end(w, appeal, first.grade)
        return
    seat = next(one for one in queries.seats_of(w.session, appeal, "review") if one.why == "given")
    end(w, appeal, w.session.get_one(Appraisal, seat.appraisal_id).grade)


def end(w: Work, appeal: Appeal, grade: str) -> None:
    """Decided for good. The report that stands and gives another grade, because none could be made of the outcome, is taken back;
    one that was held and gives this grade counts again."""
    first, stands = w.session.get_one(Appraisal, appeal.appraisal_id), current(w, appeal)
    verb = "stand" if grade == first.grade else "fall"
    walk(w, APPEAL, appeal, verb, ended_at=w.now, grade=grade, due_at=None)
    w.record("appraisal:appeal:ended", appeal.id, state=appeal.state, grade=grade)
    tell(w, appeal, ENDED[verb], grade=grade)
    if stands.grade == grade:
        if appeal.froze and stands.state == "frozen":
            appraising.unfreeze(w, stands)
    elif APPRAISAL.can(stands.state, "revoke"):
        reports.revoke(w, stands, "wrong_finding", by=OUTCOME)
    if verb == "fall":
        happened(w, GradeOverturned(appeal.id, first.id, appeal.item_id))
