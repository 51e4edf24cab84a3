"""The blind look for who was assigned, and both grades side by side for who decides."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _

from appraisal.appraisers.forms import DecisionForm
from appraisal.appraisers.queries import appraiser_number
from appraisal.blind import actions, queries, rules
from appraisal.blind.forms import ReturnForm
from appraisal.blind.models import BlindCheck
from appraisal.blind.states import BLIND
from appraisal.grades.checklist_show import checklist_form, numbers_of, read_inputs
from appraisal.grades.models import Appraisal
from appraisal.grades.report_paper import said
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Check, Standard
from core import clock
from core.access import may, needs, visitor
from core.data_files import text as words
from core.errors import Refused
from core.forms import Form
from core.goods.describe import thing_name
from core.goods.models import Item
from core.page import Page
from core.queue.models import QueueEntry
from core.work import work

blueprint = Blueprint("blind", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckShown:
    """A second look in a list: `state`: (word, tone)."""

    href: str
    title: str
    text: str
    due: datetime
    state: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "appraisal/blind_desk.html"
    mine: list[CheckShown]
    all: list[CheckShown]
    sees_all: bool


@blueprint.get("/blind")
@needs("appraisal:blind:read")
def desk() -> object:
    """One's own blind looks; for the platform and the regulator all of them."""
    me, sees = str(visitor().account_id), bool({"administrator", "regulator"} & visitor().roles)
    mine = [_shown(one, f"/blind/{one.id}", _thing(one)) for one in queries.for_second(g.db, me)]
    every = [_shown(one, f"/blind/{one.id}/decide", _number(one)) for one in queries.recent(g.db)] if sees else []
    return DeskPage(mine=mine, all=every, sees_all=sees).answer()


def _shown(one: BlindCheck, href: str, title: str) -> CheckShown:
    state = BLIND[one.state]
    nobody = "" if one.second_id or one.state != "open" else f" · {_unassigned()}"
    text = f"{_(rules.WHY[one.why])}{nobody}"
    return CheckShown(href=href, title=title, text=text, due=one.due_at, state=(_(state.label), state.tone))


def _unassigned() -> str:
    return str(_("nobody is eligible yet"))


def _thing(one: BlindCheck) -> str:
    return thing_name(g.db.get_one(Item, one.item_id), g.language)


def _number(one: BlindCheck) -> str:
    return str(g.db.get_one(Appraisal, one.appraisal_id).number)


@dataclass(frozen=True, kw_only=True)
class BlindPage(Page):
    template = "appraisal/blind.html"
    form: Form
    handing_back: ReturnForm
    blind_id: str
    thing: str
    numbers: list[str]
    standard: str
    standard_path: str
    due: datetime
    areas: list[tuple[str, list[Check]]]


def _standard(check: BlindCheck) -> Standard:
    made = g.db.get_one(Appraisal, check.appraisal_id)
    return standard_of(g.db, made)


def _page(check: BlindCheck, form: Form, handing_back: ReturnForm | None = None) -> BlindPage:
    """`handing_back`: how it was given back, sent and shown again."""
    standard, item = _standard(check), g.db.get_one(Item, check.item_id)
    return BlindPage(
        form=form, handing_back=handing_back or ReturnForm(formdata=None), blind_id=check.id,
        thing=thing_name(item, g.language), numbers=numbers_of(item), due=check.due_at,
        standard=f"{words(standard.names, g.language)} · v{standard.version}",
        standard_path=f"/standards/{standard.id}/{standard.version}",
        areas=[(words(area.name, g.language), list(standard.checks_of(area.code))) for area in standard.areas],
    )  # fmt: skip


def _kept(check: BlindCheck) -> Form:
    """The check-list as it was kept."""
    return checklist_form(_standard(check).checks, check.answers)


@blueprint.route("/blind/<blind_id>", methods=["GET", "POST"])
@needs("appraisal:blind:grade", on=queries.get_check)
def look(check: BlindCheck) -> object:
    """The same check-list as the first appraiser's, and nothing of what came of it."""
    if check.state != "open":
        return redirect("/blind", 303)
    if request.method == "GET":
        return _page(check, _kept(check)).answer()
    blind_id, standard = check.id, _standard(check)
    form = checklist_form(standard.checks)
    try:
        if not form.validate():
            return _page(check, form).answer(422)
        inputs = read_inputs(standard.checks, form)
        with work(g.db, visitor().actor, clock.now()) as w:
            mine, signs = queries.locked(w.session, blind_id), request.form.get("what") == "sign"
            (actions.sign if signs else actions.save)(w, mine, inputs)
    except Refused as no:
        form.blame(no)
        return _page(queries.get_check(g.db, blind_id), form).answer(no.status)
    flash(_("Thank you. Your grade is on record.") if signs else _("Kept. Go on whenever you like."), "good")
    return redirect("/blind" if signs else f"/blind/{blind_id}", 303)


@blueprint.post("/blind/<blind_id>/return")
@needs("appraisal:blind:grade", on=queries.get_check)
def give_back(check: BlindCheck) -> object:
    form, blind_id = ReturnForm(), check.id
    if check.state == "open" and not form.validate():
        return _page(check, _kept(check), form).answer(422)
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.give_back(w, queries.locked(w.session, blind_id), str(form.reason.data or ""))
    flash(_("The lot falls on somebody else."), "good")
    return redirect("/blind", 303)


@dataclass(frozen=True, kw_only=True)
class DecidePage(Page):
    """`rows`: check, first answer, blind answer, and whether they differ."""

    template = "appraisal/blind_decide.html"
    blind_id: str
    number: str
    thing: str
    state: tuple[str, str, str]
    facts: list[tuple[str, str]]
    rows: list[tuple[str, str, str, bool]]
    form: DecisionForm
    decides: bool
    reason: str


@blueprint.get("/blind/<blind_id>/decide")
@needs("appraisal:blind:see", on=queries.get_check)
def show(check: BlindCheck) -> object:
    return _decide_page(check, DecisionForm(formdata=None)).answer()


@blueprint.post("/blind/<blind_id>/decide")
@needs("appraisal:blind:decide", on=queries.get_check)
def decide(check: BlindCheck) -> object:
    form, blind_id = DecisionForm(), check.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            one = queries.locked(w.session, blind_id)
            actions.decide(w, one, str(form.verb.data or ""), str(form.reason.data or ""))
    except Refused as no:
        form.blame(no)
        return _decide_page(queries.get_check(g.db, blind_id), form).answer(no.status)
    flash(_("The decision is written down."), "good")
    return redirect(f"/blind/{blind_id}/decide", 303)


def _decide_page(check: BlindCheck, form: DecisionForm) -> DecidePage:
    made, state, done = g.db.get_one(Appraisal, check.appraisal_id), BLIND[check.state], check.graded_at is not None
    standard = standard_of(g.db, made)
    names = [(standard.find_grade(code), code) for code in (made.grade, check.grade)]
    first, second = (f"{code} {words(grade.name, g.language)}" if grade else code for grade, code in names)
    facts = [
        (_("First grade"), first),
        (_("Given by"), appraiser_number(check.first_id)),
        (_("Why it was looked at"), _(rules.WHY[check.why])),
    ]
    if done:
        facts += [(_("Blind grade"), second), (_("Given by (blind)"), appraiser_number(str(check.second_id)))]
    return DecidePage(
        blind_id=check.id, number=made.number, thing=_thing(check), facts=facts,
        state=(_(state.label), state.tone, _(state.help)),
        rows=_rows(standard, made, check) if done else [], form=form,
        decides=check.state == "disagreed" and may(visitor(), "appraisal:blind:decide", check), reason=_reason(check),
    )  # fmt: skip


def _rows(standard: Standard, made: Appraisal, check: BlindCheck) -> list[tuple[str, str, str, bool]]:
    found = []
    for one in standard.checks:
        first, second = (said(one, answers.get(one.code), g.language) for answers in (made.answers, check.answers))
        found.append((words(one.name, g.language), first, second, first != second))
    return sorted(found, key=lambda row: not row[3])


def _reason(check: BlindCheck) -> str:
    entry = g.db.query(QueueEntry).filter_by(kind="blind_check", subject_id=check.id).first()
    return entry.reason if entry else ""
