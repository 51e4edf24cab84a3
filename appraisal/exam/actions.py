"""Entering reference items, and taking an exam: begun, answered item by item, measured at the end."""

import secrets as random
from dataclasses import dataclass

from appraisal.agreement import rules as agreement
from appraisal.agreement.pairs import order_of
from appraisal.appraisers.queries import find_file
from appraisal.appraisers.settings import settings
from appraisal.appraisers.states import APPRAISER
from appraisal.exam import queries, rules
from appraisal.exam.models import Exam, ExamAnswer, ReferenceItem
from appraisal.exam.states import EXAM, REFERENCE
from appraisal.grades import rules as grading
from appraisal.grades.shape import inputs_data
from appraisal.standards.queries import get_in_force, get_standard
from core import ids
from core.clock import local
from core.errors import Invalid, Refused
from core.i18n import N_
from core.numbers import next_number
from core.people.notices import notify
from core.states import walk
from core.work import Work

TAKERS = ("exam", "probation", "active")
NO_GRADE = N_("A needed check isn't answered, so there is no grade.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What was typed about a reference item."""

    standard: str
    name: str
    told: str
    agreed: str


def enter(w: Work, given: Reference, answers: grading.Inputs) -> ReferenceItem:
    """A reference item with its agreed answers. Raises Invalid when they come to no grade."""
    standard = get_in_force(w.session, given.standard, w.now)
    result = grading.grade(standard, answers)
    if result.grade == standard.undetermined.code:
        raise Invalid("no_grade", NO_GRADE)
    item = ReferenceItem(
        id=ids.new_id(), number=next_number(w, "RF"), standard=standard.id, version=standard.version, name=given.name.strip(),
        told=given.told.strip(), agreed=given.agreed.strip(), answers=inputs_data(answers), grade=result.grade, state="active",
        made_by=w.actor.id, made_at=w.now,
    )  # fmt: skip
    w.session.add(item)
    w.session.flush()
    w.record("appraisal:reference:entered", item.id, standard=standard.id, grade=item.grade)
    return item


def retire(w: Work, item: ReferenceItem) -> None:
    walk(w, REFERENCE, item, "retire")
    w.record("appraisal:reference:retired", item.id)


def begin(w: Work, standard_id: str) -> Exam:
    """Begin an exam by a standard; an open one comes back.

    Raises Refused for who has no file that may be examined, too soon after a failed one, or without enough reference items."""
    file, mine = find_file(w.session, w.actor.id), queries.exams_of(w.session, w.actor.id)
    if file is None or file.state not in TAKERS:
        raise Refused("not_to_exam", N_("Exams are for appraisers, and for those whom the platform has sent there."))
    open_one = next((one for one in mine if one.state == "open"), None)
    if open_one is not None:
        return open_one
    last = next((one.done_at for one in mine if one.state == "failed"), None)
    until = rules.wait_until(last, settings().exam_again, w.now)
    if until is not None:
        day = local(until).strftime("%Y-%m-%d")
        raise Refused("exam_again_later", N_("The next try is possible from %(day)s on."), values={"day": day})
    if standard_id not in queries.examinable(w.session):
        raise Refused("too_few_references", N_("There are too few reference items of this kind for an exam."))
    items = [one.id for one in queries.references(w.session, standard_id)]
    random.SystemRandom().shuffle(items)
    standard = get_in_force(w.session, standard_id, w.now)
    exam = Exam(
        id=ids.new_id(), account_id=w.actor.id, standard=standard.id, version=standard.version, items=items, state="open",
        began_at=w.now, done_at=None,
    )  # fmt: skip
    w.session.add(exam)
    w.session.flush()
    w.record("appraisal:exam:begun", exam.id, standard=standard.id, items=len(items))
    return exam


def give(w: Work, exam: Exam, reference: ReferenceItem, answers: grading.Inputs) -> str:
    """Grade one reference item, once; with the last one the exam is measured. Returns the exam's state."""
    if exam.state != "open" or exam.account_id != w.actor.id or reference.id not in exam.items:
        raise Refused("exam_over", N_("This exam is over, or it isn't yours."))
    if reference.id in queries.answers_of(w.session, exam.id):
        raise Refused("answered_already", N_("You graded this one already."))
    standard = get_standard(w.session, reference.standard, reference.version)
    result = grading.grade(standard, answers)
    if result.grade == standard.undetermined.code:
        raise Invalid("no_grade", NO_GRADE)
    w.session.add(
        ExamAnswer(
            id=ids.new_id(), exam_id=exam.id, reference_id=reference.id, answers=inputs_data(answers), grade=result.grade,
            at=w.now,
        )
    )  # fmt: skip
    w.session.flush()
    given = queries.answers_of(w.session, exam.id)
    if len(given) == len(exam.items):
        _measure(w, exam, given)
    return exam.state


def _measure(w: Work, exam: Exam, given: dict[str, ExamAnswer]) -> None:
    """Quadratic-weighted kappa of the given grades against the agreed ones."""
    items = {one: queries.get_reference(w.session, one) for one in exam.items}
    order = order_of(get_standard(w.session, exam.standard, exam.version))
    pairs = [(order.index(items[one].grade), order.index(given[one].grade)) for one in exam.items]
    kappa = agreement.quadratic_kappa(agreement.table_of(pairs, len(order)))
    passed = rules.is_passed(kappa, settings().exam_kappa)
    walk(w, EXAM, exam, "pass" if passed else "fail", kappa=agreement.hundredths(kappa), done_at=w.now)
    w.record("appraisal:exam:done", exam.id, state=exam.state, items=len(pairs))
    if not passed:
        notify(w, exam.account_id, N_("The exam wasn't passed this time."), "/exam", kind="roles")
        return
    notify(w, exam.account_id, N_("You passed the exam."), "/exam", kind="roles")
    file = find_file(w.session, exam.account_id)
    if file is not None and file.state == "exam":
        file.probation_left = settings().probation
        walk(w, APPRAISER, file, "pass")
        w.record("appraisal:appraiser:admitted", file.id)
