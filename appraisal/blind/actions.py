"""The draw, who looks, the blind grade, and what follows: all of it in one transaction."""

from appraisal.appraisers import lot
from appraisal.appraisers.queries import find_file
from appraisal.appraisers.settings import settings
from appraisal.blind import queries, rules
from appraisal.blind.models import BlindCheck, BlindDraw
from appraisal.blind.states import BLIND
from appraisal.grades import actions as appraising
from appraisal.grades import reports
from appraisal.grades import rules as grading
from appraisal.grades.models import Appraisal
from appraisal.grades.queries import graders
from appraisal.grades.shape import grade_data, inputs_data
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Standard
from core import ids
from core.db import get_locked
from core.draw_rules import is_drawn, ranked, ticket
from core.each import each
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import find_holder
from core.goods.models import Item
from core.i18n import N_
from core.people.notices import notify
from core.queue import actions as queue
from core.states import walk
from core.work import Work

VERDICTS = {"uphold": "upheld", "overturn": "overturned"}


def draw_due(w: Work) -> None:
    """Sweep: every report that a signed checkpoint of the log covers gets its draw, once; the best grades on dear things go
    without a lot; what nobody could be found for is tried again."""
    for made, root in queries.to_draw(w.session):
        _draw(w, made, root)
    known = settings()
    for made, root in queries.precious(w.session, known.blind_top, known.blind_value):
        _open(w, made, root, "value")
    each(w, [one for one in queries.open_checks(w.session) if one.second_id is None], lambda one: assign(w, one))


def _draw(w: Work, made: Appraisal, root: str) -> None:
    file, known = find_file(w.session, made.appraiser_id), settings()
    share = rules.share(file is not None and file.state == "probation", known.blind, known.blind_probation)
    number = ticket(rules.DOMAIN, root, made.number)
    row = BlindDraw(
        appraisal_id=made.id, number=made.number, root=root, ticket=f"{number:016x}", share=share,
        drawn=is_drawn(number, share), at=w.now,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("appraisal:blind:drawn", made.id, drawn=row.drawn, share=share)
    if row.drawn:
        _open(w, made, root, "drawn")


def _open(w: Work, made: Appraisal, root: str, why: str) -> BlindCheck:
    check = BlindCheck(
        id=ids.new_id(), appraisal_id=made.id, item_id=made.item_id, first_id=made.appraiser_id, second_id=None, returned=[],
        owner_id=w.session.get_one(Item, made.item_id).owner_id,
        why=why, root=root, answers={}, result=None, opened_at=w.now, due_at=w.now + settings().blind_within, graded_at=None,
    )  # fmt: skip
    w.session.add(check)
    w.session.flush()
    w.record("appraisal:blind:opened", check.id, appraisal=made.id, why=why)
    assign(w, check)
    return check


def look_first(w: Work, made: Appraisal, found: Appraisal, root: str) -> BlindCheck:
    """A report in force, and beside it what one of a panel found: that it must not be sold. It is frozen until the platform has
    looked at both, as after a blind look."""
    check = BlindCheck(
        id=ids.new_id(), appraisal_id=made.id, item_id=made.item_id, first_id=made.appraiser_id, second_id=found.appraiser_id,
        owner_id=w.session.get_one(Item, made.item_id).owner_id, returned=[], why="panel", root=root, answers=found.answers,
        result=found.result, grade=found.grade, opened_at=w.now, due_at=w.now + settings().blind_within, graded_at=w.now,
    )  # fmt: skip
    w.session.add(check)
    w.session.flush()
    w.record("appraisal:blind:opened", check.id, appraisal=made.id, why="panel")
    queue.ask(w, "blind_check", queries.ask(check, made.number))
    walk(w, BLIND, check, "differ")
    reports.freeze(w, made)
    return check


def assign(w: Work, check: BlindCheck) -> None:
    """At random among the eligible: those where the thing is, if there are any. Nobody eligible: it waits. Nobody looks who
    grades it themselves, for a report or in an appeal: one pair of eyes, one grade."""
    item, check = custody.locked(w, check.item_id), get_locked(w.session, BlindCheck, check.id)
    if check.state != "open" or check.second_id is not None:
        return
    barred = {*check.returned, *graders(w.session, w.session.get_one(Appraisal, check.appraisal_id))}
    names = [one for one in lot.candidates(w, item.category, barred) if lot.unbiased(w, item, one)]
    line = find_holder(w.session, item.id)
    here = [one for one in names if line is not None and line.holder_id in lot.signs_for(w.session, one)]
    order = ranked(rules.PEOPLE + check.id.encode() + b"\n", check.root, here or names)
    if not order:
        return
    check.second_id = order[0]
    w.session.flush()
    w.record("appraisal:blind:assigned", check.id, second=check.second_id, among=len(order))
    notify(w, check.second_id, N_("A thing waits for your blind look."), f"/blind/{check.id}", kind="roles")


def save(w: Work, check: BlindCheck, answers: grading.Inputs) -> None:
    """Keep the answers so far."""
    made = _mine(w, check)
    grading.read_answers(standard_of(w.session, made), answers)
    check.answers = inputs_data(answers)


def sign(w: Work, check: BlindCheck, answers: grading.Inputs) -> str:
    """Give the blind grade. Agreement confirms; two steps or more freeze the report and wait for the platform. Returns the state.

    Raises Forbidden for anybody but who was assigned, Invalid without a grade: unknown is no second grade."""
    save(w, check, answers)
    made = w.session.get_one(Appraisal, check.appraisal_id, with_for_update=True)
    standard = standard_of(w.session, made)
    result = grading.grade(standard, answers)
    if result.grade == standard.undetermined.code:
        raise Invalid("no_grade", N_("A needed check isn't answered, so there is no grade. Answer it, or give it back."))
    check.result, check.grade, check.graded_at = grade_data(standard, result), result.grade, w.now
    w.record("appraisal:blind:graded", check.id, appraisal=made.id, grade=result.grade, steps=_steps(standard, made, check))
    if rules.agrees(standard.order(), made.grade, result.grade, settings().freeze_steps):
        return walk(w, BLIND, check, "agree")
    w.session.flush()
    queue.ask(w, "blind_check", queries.ask(check, made.number))
    walk(w, BLIND, check, "differ")
    reports.freeze(w, made)
    return check.state


def _steps(standard: Standard, made: Appraisal, check: BlindCheck) -> int:
    return rules.steps_apart(standard.order(), made.grade, check.grade)


def give_back(w: Work, check: BlindCheck, reason: str) -> None:
    """Who was assigned can't or may not look at it, and says why; the lot falls on somebody else."""
    _mine(w, check)
    if not reason.strip():
        raise Invalid("reason_missing", N_("Say why."), field="reason")
    check.returned, check.second_id, check.answers = [*check.returned, w.actor.id], None, {}
    w.session.flush()
    w.record("appraisal:blind:returned", check.id)
    assign(w, check)


def set_aside(w: Work, item_id: str, account_id: str) -> None:
    """Somebody was drawn to grade this thing in an appeal: they look there only, and the blind look is drawn anew."""
    for check in queries.waiting_for(w.session, item_id, account_id):
        check.second_id, check.answers = None, {}
        w.session.flush()
        w.record("appraisal:blind:set_aside", check.id)
        assign(w, check)


def decide(w: Work, check: BlindCheck, verb: str, reason: str) -> None:
    """The platform, which was no part of it, looks at both: the report stands again, or is taken back."""
    if w.actor.id in (check.first_id, check.second_id):
        raise Forbidden("own_grade", N_("You gave one of the two grades: somebody else decides."))
    if verb not in VERDICTS:
        raise Invalid("verdict_missing", N_("Choose what came of it."), field="verb")
    made = w.session.get_one(Appraisal, check.appraisal_id, with_for_update=True)
    queue.settle(w, "blind_check", check.id, VERDICTS[verb], reason)
    walk(w, BLIND, check, verb)
    w.record("appraisal:blind:decided", check.id, verdict=VERDICTS[verb])
    if verb == "uphold":
        appraising.unfreeze(w, made)
    else:
        reports.revoke(w, made, "wrong_finding")


def lapse(w: Work, event: reports.ReportOver) -> None:
    """The report ended: nothing is left to compare, or to decide."""
    for check in queries.of_appraisal(w.session, event.appraisal_id):
        if BLIND.can(check.state, "lapse"):
            queue.lapse(w, "blind_check", check.id)
            walk(w, BLIND, check, "lapse")


def _mine(w: Work, check: BlindCheck) -> Appraisal:
    if check.second_id != w.actor.id:
        raise Forbidden("not_assigned", N_("The lot fell on somebody else."))
    if check.state != "open":
        raise Refused("graded_already", N_("This was graded already."))
    return w.session.get_one(Appraisal, check.appraisal_id)
