"""The appraiser's desk, the guided check-list, and the report with its reasons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _

from appraisal.blind.queries import demand_seeing
from appraisal.grades import actions, queries, report_rules
from appraisal.grades.checklist_show import checklist_form, list_page, numbers_of, read_inputs
from appraisal.grades.models import Appraisal
from appraisal.grades.report_show import report_page, thing_name
from appraisal.grades.standard_show import standard_page
from appraisal.grades.states import APPRAISAL
from appraisal.standards.queries import get_standard, standard_of
from core import clock
from core.access import needs, public, visitor
from core.data_files import text as words
from core.errors import NotFound, Refused
from core.goods.cards import get_card
from core.goods.describe import category_name
from core.goods.models import Item
from core.page import Page
from core.work import work

blueprint = Blueprint("appraisals", __name__)


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "appraisal/desk.html"
    waiting: list[tuple[str, str, str, str]]
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
    orgs = visitor().orgs_as("appraiser")
    mine = queries.appraisals_by(g.db, str(visitor().account_id))
    return DeskPage(
        waiting=[(item.id, thing_name(item), " · ".join([category_name(item.category, g.language), *numbers_of(item)]),
                  get_card(item.category).icon)
                 for item in queries.to_appraise(g.db, orgs)],
        mine=[_made(one) for one in mine],
    ).answer()  # fmt: skip


def _made(one: Appraisal) -> Made:
    shown = report_rules.shown_state(one.state, one.signed_at, clock.now())
    state, grade = APPRAISAL[shown], standard_of(g.db, one).find_grade(one.grade)
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
    item_id, org_id = item.id, queries.signing_org(g.db, item.id, visitor().orgs_as("appraiser"))
    with work(g.db, visitor().actor, clock.now()) as w:
        made_id = actions.begin(w, item_id, org_id).id
    return redirect(f"/appraisals/{made_id}", 303)


@blueprint.get("/appraisals/<appraisal_id>")
@public
def show(appraisal_id: str) -> object:
    made = queries.get_appraisal(g.db, appraisal_id)
    demand_seeing(g.db, made.id, visitor().account_id)
    if made.state == "draft":
        return list_page(made, checklist_form(standard_of(g.db, made), made.answers))
    if made.state == "dropped":
        return redirect("/appraisals", 303)
    return report_page(made).answer()


@blueprint.post("/appraisals/<appraisal_id>")
@needs("appraisal:appraisal:sign", on=queries.get_appraisal)
def send(made: Appraisal) -> object:
    standard, made_id = standard_of(g.db, made), made.id
    form = checklist_form(standard)
    try:
        if not form.validate():
            return list_page(made, form, 422)
        inputs = read_inputs(standard, form)
        with work(g.db, visitor().actor, clock.now()) as w:
            mine = w.session.get_one(Appraisal, made_id, with_for_update=True)
            signs = request.form.get("what") == "sign"
            (actions.sign if signs else actions.save)(w, mine, inputs)
    except Refused as no:
        form.blame(no)
        return list_page(queries.get_appraisal(g.db, made_id), form, no.status)
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
    return standard_page(get_standard(g.db, standard_id, version)).answer()
