"""The appraiser's desk, the guided check-list, and the report with its reasons."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from wtforms import Field, RadioField, StringField
from wtforms.validators import Length

from appraisal.grades import actions, queries, report_rules, rules
from appraisal.grades.models import Appraisal
from appraisal.grades.report_show import report_page, thing_name
from appraisal.grades.states import APPRAISAL
from appraisal.standards.loader import get_standard
from appraisal.standards.standard import Check, Standard
from core import clock
from core.access import needs, public, visitor
from core.data_files import text as words
from core.errors import Invalid, NotFound, Refused
from core.forms import Form
from core.goods.describe import category_name
from core.goods.models import Item
from core.i18n import N_
from core.page import Page
from core.work import work

blueprint = Blueprint("appraisals", __name__)
NOT_TESTED = ""


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "appraisal/desk.html"
    waiting: list[tuple[str, str, str]]
    mine: "list[Made]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An appraisal in the appraiser's own list. `grade`: code, or empty while it is being made."""

    number: str
    href: str
    thing: str
    at: datetime
    state: tuple[str, str]
    grade: str
    grade_name: str


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    template = "appraisal/checklist.html"
    form: Form
    made_id: str
    number: str
    thing: str
    numbers: list[str]
    standard: str
    areas: list[tuple[str, list[Check]]]
    done: int
    total: int


Rows = tuple[list[str], list[list[str]]]  # headers, and the cells of each row


@dataclass(frozen=True, kw_only=True)
class StandardPage(Page):
    template = "appraisal/standard.html"
    name: str
    version: int
    effective_from: str
    digest: str
    scale: Rows
    unknown: str
    sources: list[str]
    areas: list[tuple[str, Rows]]


def _numbers(item: Item) -> list[str]:
    return [one.masked for one in item.identifiers if one.live]


@blueprint.get("/appraisals")
@needs("appraisal:desk:read")
def desk() -> object:
    orgs = visitor().orgs_as("appraiser")
    mine = queries.appraisals_by(g.db, str(visitor().account_id))
    return DeskPage(
        waiting=[(item.id, thing_name(item), " · ".join([category_name(item.category, g.language), *_numbers(item)]))
                 for item in queries.to_appraise(g.db, orgs)],
        mine=[_made(one) for one in mine],
    ).answer()  # fmt: skip


def _made(one: Appraisal) -> Made:
    shown = report_rules.shown_state(one.state, one.signed_at, clock.now())
    state, grade = APPRAISAL[shown], get_standard(one.standard, one.version).find_grade(one.grade)
    return Made(
        number=one.number, href=f"/appraisals/{one.id}", thing=thing_name(g.db.get_one(Item, one.item_id)),
        at=one.signed_at or one.started_at, state=(_(state.label), state.tone), grade=one.grade,
        grade_name=words(grade.name, g.language) if grade else "",
    )  # fmt: skip


def get_item(session: Any, item_id: str) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound()
    return item  # type: ignore[no-any-return]


@blueprint.post("/items/<item_id>/appraise")
@needs("appraisal:appraisal:make", on=get_item)
def begin(item: Item) -> object:
    item_id, org_id = item.id, sorted(visitor().orgs_as("appraiser"))[0]
    with work(g.db, visitor().actor, clock.now()) as w:
        made_id = actions.begin(w, item_id, org_id).id
    return redirect(f"/appraisals/{made_id}", 303)


def checklist_form(standard: Standard, answers: dict[str, Any] | None = None) -> Form:
    """A form with one field a check; "not tested" is an answer of its own."""
    fields: dict[str, Field] = {}
    for check in standard.checks:
        label, hint = words(check.question, g.language), words(check.help, g.language)
        if check.kind == "measure":
            fields[check.code] = StringField(label, description=hint, validators=[Length(max=12)])
            continue
        choices = [(value.code, words(value.name, g.language)) for value in check.values]
        choices.append((NOT_TESTED, _("Not tested")))
        fields[check.code] = RadioField(label, choices=choices, description=hint, validate_choice=False, default=NOT_TESTED)
    data = {code: str(value) for code, value in (answers or {}).items() if value is not None}
    return type("ChecklistForm", (Form,), fields)(data=data)  # type: ignore[no-any-return]


def read_inputs(standard: Standard, form: Form) -> rules.Inputs:
    """The answers as the rules take them; None: not tested. Raises Invalid naming the field."""
    inputs: dict[str, rules.Given | None] = {}
    for check in standard.checks:
        typed = str(form[check.code].data or "").strip()
        inputs[check.code] = _measured(check, typed) if check.kind == "measure" and typed else typed or None
    return inputs


def _measured(check: Check, typed: str) -> Decimal:
    try:
        number = Decimal(typed.rstrip("% "))
    except InvalidOperation as odd:
        raise Invalid("not_a_number", N_("Please enter a plain number."), field=check.code) from odd
    if not number.is_finite() or not check.least <= number <= check.most:
        raise Invalid(
            "out_of_range", N_("A number from %(least)s to %(most)s is possible here."), field=check.code,
            values={"least": str(check.least), "most": str(check.most)},
        )  # fmt: skip
    return number


def _list_page(made: Appraisal, form: Form, status: int = 200) -> object:
    standard, item = get_standard(made.standard, made.version), g.db.get_one(Item, made.item_id)
    done = sum(1 for check in standard.checks if form[check.code].data)
    return ListPage(
        form=form, made_id=made.id, number=made.number, thing=thing_name(item),
        numbers=_numbers(item),
        standard=f"{words(standard.names, g.language)} · v{standard.version}", done=done, total=len(standard.checks),
        areas=[(words(area.name, g.language), list(standard.checks_of(area.code))) for area in standard.areas],
    ).answer(status)  # fmt: skip


@blueprint.get("/appraisals/<appraisal_id>")
@public
def show(appraisal_id: str) -> object:
    made = queries.get_appraisal(g.db, appraisal_id)
    if made.state == "draft":
        return _list_page(made, checklist_form(get_standard(made.standard, made.version), made.answers))
    if made.state == "dropped":
        return redirect("/appraisals", 303)
    return report_page(made).answer()


@blueprint.post("/appraisals/<appraisal_id>")
@needs("appraisal:appraisal:sign", on=queries.get_appraisal)
def send(made: Appraisal) -> object:
    standard, made_id = get_standard(made.standard, made.version), made.id
    form = checklist_form(standard)
    try:
        if not form.validate():
            return _list_page(made, form, 422)
        inputs = read_inputs(standard, form)
        with work(g.db, visitor().actor, clock.now()) as w:
            mine = w.session.get_one(Appraisal, made_id, with_for_update=True)
            signs = request.form.get("what") == "sign"
            (actions.sign if signs else actions.save)(w, mine, inputs)
    except Refused as no:
        form.blame(no)
        return _list_page(queries.get_appraisal(g.db, made_id), form, no.status)
    flash(_("Signed. The owner was told the grade.") if signs else _("Kept. Go on whenever you like."), "good")
    return redirect(f"/appraisals/{made_id}", 303)


@blueprint.post("/appraisals/<appraisal_id>/drop")
@needs("appraisal:appraisal:sign", on=queries.get_appraisal)
def drop(made: Appraisal) -> object:
    made_id = made.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.drop(w, w.session.get_one(Appraisal, made_id))
    return redirect("/appraisals", 303)


@blueprint.get("/standards/<standard_id>/<int:version>")
@public
def standard(standard_id: str, version: int) -> object:
    found = get_standard(standard_id, version)
    grades = () if found.unknown else (*found.scale, found.undetermined, found.refused)
    return StandardPage(
        name=words(found.names, g.language), version=found.version, effective_from=found.effective_from,
        digest=found.digest,
        scale=_rows(
            [_("Grade"), _("Name"), _("Meaning of the grade")],
            [["—" if one.code == found.refused.code else one.code, words(one.name, g.language), words(one.meaning, g.language)]
             for one in grades],
        ),
        unknown=words(found.unknown, g.language) if found.unknown else "",
        sources=[words(source, g.language) for source in found.sources],
        areas=[(words(area.name, g.language), _rows(
            [_("Check"), _("Question"), _("How it is done")],
            [[words(text, g.language) for text in (one.name, one.question, one.help)] for one in found.checks_of(area.code)],
        )) for area in found.areas],
    ).answer()  # fmt: skip


def _rows(headers: list[str], rows: list[list[str]]) -> Rows:
    """Without a column that says in every row what the one before it says: published schemes often give one short phrase."""
    told = [at for at in range(len(headers)) if not at or any(row[at] != row[at - 1] for row in rows)]
    return [headers[at] for at in told], [[row[at] for at in told] for row in rows]
