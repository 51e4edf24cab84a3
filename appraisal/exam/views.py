"""The exam as its taker sees it, and the reference items as the platform keeps them."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from appraisal.exam import actions, queries
from appraisal.exam.forms import BeginForm, with_words
from appraisal.exam.models import Exam, ReferenceItem
from appraisal.exam.states import EXAM, REFERENCE
from appraisal.grades.checklist_show import checklist_form, read_inputs
from appraisal.standards.queries import find_in_force, get_in_force, get_standard
from appraisal.standards.standard import Check, Standard
from core import clock
from core.access import Beside, needs, visitor
from core.data_files import text as words
from core.errors import NotFound, Refused
from core.forms import Form
from core.goods.cards import all_cards
from core.page import Page
from core.work import work

blueprint = Blueprint("exam", __name__)
Areas = list[tuple[str, list[Check]]]
ReferenceRow = tuple[str, str, str, str, str, str, tuple[str, str]]


def _areas(standard: Standard) -> Areas:
    return [(words(area.name, g.language), list(standard.checks_of(area.code))) for area in standard.areas]


def _named(standard: Standard) -> str:
    return f"{words(standard.names, g.language)} · v{standard.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamShown:
    """`left`: (address, name of the thing) of what is still to be graded."""

    standard: str
    state: tuple[str, str, str]
    kappa: str
    at: datetime
    done: int
    total: int
    left: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ExamPage(Page):
    template = "appraisal/exam.html"
    exams: list[ExamShown]
    form: BeginForm
    begins: bool


@blueprint.route("/exam", methods=["GET", "POST"])
@needs("appraisal:exam:take")
def exam() -> object:
    form = BeginForm()
    form.standard.choices = [(one, _named(get_in_force(g.db, one, clock.now()))) for one in queries.examinable(g.db)]
    if request.method == "POST":
        try:
            with work(g.db, visitor().actor, clock.now()) as w:
                actions.begin(w, str(form.standard.data or ""))
        except Refused as no:
            form.blame(no)
            return _exam_page(form).answer(no.status)
        return redirect("/exam", 303)
    return _exam_page(form).answer()


def _exam_page(form: BeginForm) -> ExamPage:
    rows = queries.exams_of(g.db, str(visitor().account_id))
    begins = bool(form.standard.choices) and not any(one.state == "open" for one in rows)
    return ExamPage(exams=[_exam_shown(one) for one in rows], form=form, begins=begins)


def _exam_shown(one: Exam) -> ExamShown:
    state, given = EXAM[one.state], queries.answers_of(g.db, one.id)
    left = [(f"/exam/{one.id}/{item}", queries.get_reference(g.db, item).name) for item in one.items if item not in given]
    return ExamShown(
        standard=_named(get_standard(g.db, one.standard, one.version)), state=(_(state.label), state.tone, _(state.help)),
        kappa=one.kappa, at=one.began_at, done=len(given), total=len(one.items), left=left if one.state == "open" else [],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class GradePage(Page):
    template = "appraisal/exam_item.html"
    form: Form
    name: str
    told: str
    standard: str
    standard_path: str
    areas: Areas


def _both(session: Session, exam_id: str, reference_id: str) -> Beside[Exam, ReferenceItem]:
    found = queries.get_exam(session, exam_id)
    if reference_id not in found.items:
        raise NotFound()
    return Beside(found, queries.get_reference(session, reference_id))


@blueprint.route("/exam/<exam_id>/<reference_id>", methods=["GET", "POST"])
@needs("appraisal:exam:answer", on=_both)
def item(both: Beside[Exam, ReferenceItem]) -> object:
    """What is told of a reference item and the check-list; neither the agreed answers nor the grade."""
    taken, one = both.of, both.part
    standard = get_standard(g.db, one.standard, one.version)
    form, exam_id, reference_id = checklist_form(standard.checks), taken.id, one.id
    if request.method == "GET":
        return _grade_page(one, standard, form).answer()
    try:
        if not form.validate():
            return _grade_page(one, standard, form).answer(422)
        inputs = read_inputs(standard.checks, form)
        with work(g.db, visitor().actor, clock.now()) as w:
            mine = w.session.get_one(Exam, exam_id, with_for_update=True)
            actions.give(w, mine, queries.get_reference(w.session, reference_id), inputs)
    except Refused as no:
        form.blame(no)
        return _grade_page(queries.get_reference(g.db, reference_id), standard, form).answer(no.status)
    flash(_("Graded. Go on with the next one."), "good")
    return redirect("/exam", 303)


def _grade_page(one: ReferenceItem, standard: Standard, form: Form) -> GradePage:
    return GradePage(
        form=form, name=one.name, told=one.told, standard=_named(standard), areas=_areas(standard),
        standard_path=f"/standards/{standard.id}/{standard.version}",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReferencesPage(Page):
    """`rows`: address of retiring ("" when retired), number, name, standard, grade, who agreed, state."""

    template = "appraisal/references.html"
    rows: list[ReferenceRow]
    standards: list[tuple[str, str]]
    enough: list[str]


@blueprint.get("/references")
@needs("appraisal:reference:keep")
def references() -> object:
    rows: list[ReferenceRow] = []
    for one in queries.references(g.db):
        state, path = REFERENCE[one.state], f"/references/{one.id}/retire" if one.state == "active" else ""
        named = _named(get_standard(g.db, one.standard, one.version))
        rows.append((path, one.number, one.name, named, one.grade, one.agreed, (_(state.label), state.tone)))
    own = sorted({card.grading_standard for card in all_cards() if card.grading_standard})
    return ReferencesPage(
        rows=rows, standards=[(one, _named(get_in_force(g.db, one, clock.now()))) for one in own],
        enough=[_named(get_in_force(g.db, one, clock.now())) for one in queries.examinable(g.db)],
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReferencePage(Page):
    template = "appraisal/reference_new.html"
    form: Form
    standard: str
    areas: Areas


@blueprint.route("/references/new/<standard_id>", methods=["GET", "POST"])
@needs("appraisal:reference:keep")
def reference_new(standard_id: str) -> object:
    standard = find_in_force(g.db, standard_id, clock.now())
    if standard is None or standard.purpose != "own":
        raise NotFound()
    form = with_words(checklist_form(standard.checks))
    page = ReferencePage(form=form, standard=_named(standard), areas=_areas(standard))
    if request.method == "GET":
        return page.answer()
    try:
        if not form.validate():
            return page.answer(422)
        given = actions.Reference(
            standard=standard.id, name=str(form["reference_name"].data), told=str(form["reference_told"].data),
            agreed=str(form["reference_agreed"].data),
        )  # fmt: skip
        inputs = read_inputs(standard.checks, form)
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.enter(w, given, inputs)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    flash(_("Entered: it is part of the next exams."), "good")
    return redirect("/references", 303)


@blueprint.post("/references/<reference_id>/retire")
@needs("appraisal:reference:keep", on=queries.get_reference)
def retire(one: ReferenceItem) -> object:
    reference_id = one.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.retire(w, w.session.get_one(ReferenceItem, reference_id, with_for_update=True))
    flash(_("Retired."), "good")
    return redirect("/references", 303)
