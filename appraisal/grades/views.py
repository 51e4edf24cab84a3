"""The appraiser's desk, the guided check-list, and the report with its reasons."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _

from appraisal.blind.queries import demand_seeing
from appraisal.grades import actions, desk_queries, number_answers, number_taking, queries, report_rules, rules
from appraisal.grades.checklist_show import numbers_of, read_inputs
from appraisal.grades.forms import FindForm
from appraisal.grades.guide import AnsweredElsewhere
from appraisal.grades.guide_show import board_of, overview_page
from appraisal.grades.list_show import list_form, list_page
from appraisal.grades.models import Appraisal
from appraisal.grades.number_show import typed_places
from appraisal.grades.report_paper import said
from appraisal.grades.report_show import report_page
from appraisal.grades.signed_show import signed
from appraisal.grades.standard_show import standard_page
from appraisal.grades.states import APPRAISAL, MAKING
from appraisal.identity.actions import look_up_oneself
from appraisal.standards.queries import get_standard, standard_of
from appraisal.standards.standard import Standard
from core import clock
from core.access import needs, public, visitor
from core.data_files import text as words
from core.errors import NotFound, Refused
from core.forms import Form
from core.goods.cards import get_card
from core.goods.describe import category_name, thing_name
from core.goods.models import Item
from core.i18n import N_
from core.page import Page
from core.web import limiter
from core.when import slot_words
from core.work import Work, work

blueprint = Blueprint("appraisals", __name__)
OTHER = N_("On another device: “%(said)s”, %(at)s. Send again to keep what is chosen here.")


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "appraisal/desk.html"
    """`waiting`, `found`: (item, name, kind and numbers, icon); `found` None where nothing was asked for; `others`: items among
    them that a lot gave to somebody else."""

    waiting: list[tuple[str, str, str, str]]
    total: int
    page: int
    pages: int
    find: FindForm
    found: list[tuple[str, str, str, str]] | None
    others: Collection[str]
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


@blueprint.get("/appraisals")
@needs("appraisal:desk:read")
def desk() -> object:
    return _desk(FindForm(formdata=None)).answer()


@blueprint.post("/appraisals")
@needs("appraisal:desk:read")
@limiter.limit("60 per minute")
def find() -> object:
    """By post, so that no address holds a number."""
    form = FindForm()
    if not form.validate():
        return _desk(form).answer(422)
    return _desk(form, desk_queries.found(g.db, visitor().orgs_as("appraiser"), str(form.q.data))).answer()


def _desk(form: FindForm, found: Sequence[Item] | None = None) -> DeskPage:
    reader, orgs = str(visitor().account_id), visitor().orgs_as("appraiser")
    mine = queries.appraisals_by(g.db, reader)
    page, total = max(1, min(request.args.get("page", 1, int), 10_000)), desk_queries.count(g.db, orgs, reader)
    return DeskPage(
        waiting=[_row(item) for item in desk_queries.to_appraise(g.db, orgs, reader, page)], total=total, page=page,
        pages=-(-total // desk_queries.A_PAGE), find=form, found=None if found is None else [_row(item) for item in found],
        others=desk_queries.drawn_for_others(g.db, [one.id for one in found or ()], reader),
        mine=[_made(one) for one in mine],
    )  # fmt: skip


def _row(item: Item) -> tuple[str, str, str, str]:
    kind = " · ".join([category_name(item.category, g.language), *numbers_of(item)])
    return item.id, thing_name(item, g.language), kind, get_card(item.category).icon


def _made(one: Appraisal) -> Made:
    shown = report_rules.shown_state(one.state, one.signed_at, clock.now())
    state, grade = APPRAISAL[shown], standard_of(g.db, one).find_grade(one.grade)
    return Made(
        number=one.number, href=f"/appraisals/{one.id}", thing=thing_name(g.db.get_one(Item, one.item_id), g.language),
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
    item_id, org_id = item.id, queries.signing_org(g.db, item.id, visitor().orgs_as("appraiser"))
    with work(g.db, visitor().actor, clock.now()) as w:
        made_id = actions.begin(w, item_id, org_id).id
    return redirect(f"/appraisals/{made_id}", 303)


@blueprint.get("/appraisals/<appraisal_id>")
@public
def show(appraisal_id: str) -> object:
    made = queries.get_appraisal(g.db, appraisal_id)
    demand_seeing(g.db, made.id, visitor().account_id)
    if made.state in MAKING:
        return overview_page(board_of(made)).answer()
    if made.state in ("dropped", "given"):
        return redirect("/appraisals", 303)
    return report_page(made).answer()


@blueprint.get("/appraisals/<appraisal_id>/list")
@needs("appraisal:appraisal:sign", on=queries.get_appraisal)
def whole_list(made: Appraisal) -> object:
    """All checks on one long page, for a desk, or for a place without network."""
    if made.state not in MAKING:
        return redirect(f"/appraisals/{made.id}", 303)
    return list_page(made, list_form(standard_of(g.db, made), g.db.get_one(Item, made.item_id), made.answers))


@blueprint.post("/appraisals/<appraisal_id>")
@needs("appraisal:appraisal:sign", on=queries.get_appraisal)
def send(made: Appraisal) -> object:
    """The whole list at once: kept for later, kept on the way to the finish, or signed by who sends it complete."""
    standard, made_id, what, blind = standard_of(g.db, made), made.id, request.form.get("what"), made.state == "blind"
    form = list_form(standard, g.db.get_one(Item, made.item_id))
    try:
        if not form.validate():
            return list_page(made, form, 422)
        inputs, seen = read_inputs(standard.checks, form), request.form.get("seen")
        with work(g.db, visitor().actor, clock.now()) as w:
            mine = queries.locked(w.session, made_id)
            inputs = _with_numbers(w, mine, standard, inputs, form)
            (actions.sign if what == "sign" else actions.save)(w, mine, inputs, seen)
    except Refused as no:
        if isinstance(no, AnsweredElsewhere):
            form[no.field].errors = [*form[no.field].errors, _other_answer(standard, no)]
        else:
            _blame(form, standard, no)
        return list_page(queries.get_appraisal(g.db, made_id), form, no.status)
    if what == "finish":
        return redirect(f"/appraisals/{made_id}/finish", 303)
    return signed(made_id, blind=blind) if what == "sign" else _kept(made_id)


def _with_numbers(w: Work, mine: Appraisal, standard: Standard, inputs: rules.Inputs, form: Form) -> rules.Inputs:
    """The answers, that of the numbers by what was read. Raises Invalid at the field of a number or a look-up that is none."""
    fed = number_answers.fed_of(standard, w.session.get_one(Item, mine.item_id))
    if fed is None or mine.state not in MAKING:
        return inputs
    if form["how"].data:
        look_up_oneself(w, mine.id, str(form["how"].data), str(form["looked_on"].data or ""))
    typed, said = typed_places(fed, form), inputs[fed.check]
    answer = number_taking.answered(w, mine, standard, fed, typed, said, told=fed.check in request.form)
    return {**inputs, fed.check: answer}


def _blame(form: Form, standard: Standard, no: Refused) -> None:
    """At its field; what numbers lack at the first place where one is read, or where one says where it was looked up."""
    fed = number_answers.fed_check(standard)
    if fed is not None and no.code == "numbers_unread":
        no.field = f"{fed.places[0].code}_1"
    elif no.code == "look_unnamed":
        no.field = "how"
    form.blame(no)


def _kept(made_id: str) -> object:
    flash(_("Kept. Go on whenever you like."), "good")
    return redirect(f"/appraisals/{made_id}", 303)


def _other_answer(standard: Standard, no: AnsweredElsewhere) -> str:
    """What another device said meanwhile: sending the list again means what stands in it."""
    check = standard.find_check(no.field)
    words_ = said(check, no.other, g.language) if check else ""
    return str(_(OTHER, said=words_, at=slot_words(no.at)))


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
    return standard_page(get_standard(g.db, standard_id, version)).answer()
