"""Appealing against a report, the page of an appeal for all sides, and what waits for whom."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _

from appraisal.appeals import actions, queries, standing
from appraisal.appeals.forms import AppealForm, LeaveForm, PanelForm
from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.appeals.queries import Matter
from appraisal.appeals.show import AppealPage, appeal_page, grade_words
from appraisal.appeals.states import APPEAL
from appraisal.blind.forms import ReturnForm
from appraisal.blind.queries import demand_seeing
from appraisal.grades.guide_show import board_of, overview_page
from appraisal.grades.models import Appraisal
from appraisal.grades.queries import get_appraisal, locked
from appraisal.grades.report_queries import get_signed
from appraisal.standards.queries import standard_of
from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import Form
from core.goods.describe import thing_name
from core.goods.models import Item
from core.once import done_once
from core.page import Page
from core.web import limiter
from core.when import day_words
from core.work import Work, work

blueprint = Blueprint("appeals", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealShown:
    """An appeal, or a look, in a list. `state`: (word, tone)."""

    href: str
    title: str
    text: str
    state: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "appraisal/appeals_desk.html"
    looks: list[AppealShown]
    mine: list[AppealShown]
    all: list[AppealShown]
    sees_all: bool
    appraises: bool


@blueprint.get("/appeals")
@needs("appraisal:appeal:read")
def desk() -> object:
    """What is to be graded anew, one's own appeals, and for the platform and the regulator all of them."""
    me, roles = str(visitor().account_id), visitor().roles
    sees = bool({"administrator", "regulator"} & roles)
    return DeskPage(
        looks=[_look(*one) for one in queries.to_look(g.db, me)], mine=[_shown(*one) for one in queries.mine(g.db, me)],
        all=[_shown(*one) for one in queries.recent(g.db)] if sees else [], sees_all=sees, appraises="appraiser" in roles,
    ).answer()  # fmt: skip


def _look(one: AppealSeat, made: Appraisal, item: Item) -> AppealShown:
    return AppealShown(
        href=f"/appraisals/{made.id}", title=thing_name(item, g.language), text=made.number,
        state=(_("to be done by %(day)s", day=day_words(one.due_at)), "info"),
    )  # fmt: skip


def _shown(one: Appeal, made: Appraisal, item: Item) -> AppealShown:
    state, thing = APPEAL[one.state], thing_name(item, g.language)
    return AppealShown(href=f"/appeals/{one.id}", title=made.number, text=thing, state=(_(state.label), state.tone))


@dataclass(frozen=True, kw_only=True)
class MakePage(Page):
    template = "appraisal/appeal_new.html"
    number: str
    thing: str
    grade: str
    form: Form


@blueprint.route("/reports/<number>/appeal", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
@needs("appraisal:appeal:make", on=get_signed)
def make(made: Appraisal) -> object:
    """The page shows the first grade, so only who may appeal sees it; what was sent before is answered as it was then."""
    demand_seeing(g.db, made.id, visitor().account_id)
    form, made_id = AppealForm(standard_of(g.db, made)), made.id
    if not form.validate_on_submit():
        return _form_page(made, form, 422 if form.is_submitted() else 200)
    said, checks = str(form.words.data or ""), list(form.checks.data or ())
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            made = locked(w.session, made_id)
            appeal_id = done_once(
                w, "appraisal_appeal", form.key(), lambda: actions.appeal(w, made, said, checks), made_id, said
            )
    except Refused as no:
        form.blame(no)
        return _form_page(g.db.get_one(Appraisal, made_id), form, no.status)
    flash(_("Your appeal is on record. An uninvolved appraiser is drawn by lot."), "good")
    return redirect(f"/appeals/{appeal_id}", 303)


def _form_page(made: Appraisal, form: AppealForm, status: int) -> object:
    """Raises as `standing.demand` for who has no appeal (any more)."""
    standing.demand(g.db, made, str(visitor().account_id), clock.now())
    return MakePage(
        number=made.number, thing=thing_name(g.db.get_one(Item, made.item_id), g.language),
        grade=grade_words(standard_of(g.db, made), made.grade), form=form,
    ).answer(status)  # fmt: skip


@blueprint.get("/appeals/<appeal_id>")
@needs("appraisal:appeal:see", on=queries.get_appeal)
def show(matter: Matter) -> object:
    demand_seeing(g.db, matter.of.appraisal_id, visitor().account_id)
    return appeal_page(matter).answer()


Act = Callable[[Work, Appeal], str | None]


def _done(matter: Matter, act: Act, said: str, again: Callable[[Refused], AppealPage]) -> object:
    """Do it, and show the page of the appeal; a refusal stands at its field, where it has one."""
    appeal_id = matter.of.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            act(w, queries.locked(w.session, appeal_id))
    except Refused as no:
        if not no.field:
            raise
        return again(no).answer(no.status)
    flash(said, "good")
    return redirect(f"/appeals/{appeal_id}", 303)


@blueprint.post("/appeals/<appeal_id>/withdraw")
@needs("appraisal:appeal:withdraw", on=queries.get_appeal)
def withdraw(matter: Matter) -> object:
    appeal_id = matter.of.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.withdraw(w, queries.locked(w.session, appeal_id))
    flash(_("Taken back. All sides were told."), "good")
    return redirect(f"/appeals/{appeal_id}", 303)


@blueprint.post("/appeals/<appeal_id>/panel")
@limiter.limit("20 per minute")
@needs("appraisal:appeal:panel", on=queries.get_appeal)
def panel(matter: Matter) -> object:
    form, appeal_id = PanelForm(), matter.of.id
    if not form.validate():
        return appeal_page(matter, panel=form).answer(422)

    def ask(w: Work, one: Appeal) -> str:
        key, said = form.key(), str(form.words.data or "")
        return done_once(w, "appraisal_panel", key, lambda: actions.ask_panel(w, one, said), one.id, said)

    def again(no: Refused) -> AppealPage:
        form.blame(no)
        return appeal_page(queries.get_appeal(g.db, appeal_id), panel=form)

    return _done(matter, ask, _("Three uninvolved appraisers are drawn by lot."), again)


@blueprint.post("/appeals/<appeal_id>/leave")
@needs("appraisal:appeal:decide", on=queries.get_appeal)
def leave(matter: Matter) -> object:
    form, appeal_id = LeaveForm(), matter.of.id
    if not form.validate():
        return appeal_page(matter, leave=form).answer(422)

    def again(no: Refused) -> AppealPage:
        form.blame(no)
        return appeal_page(queries.get_appeal(g.db, appeal_id), leave=form)

    said = str(form.reason.data or "")
    return _done(matter, lambda w, one: actions.leave(w, one, said), _("The decision is written down."), again)


@blueprint.post("/appraisals/<appraisal_id>/return")
@needs("appraisal:appraisal:sign", on=get_appraisal)
def give_back(made: Appraisal) -> object:
    form, made_id = ReturnForm(hearing=True), made.id
    if made.state == "blind" and not form.validate():
        return overview_page(board_of(made), form).answer(422)
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.give_back(w, locked(w.session, made_id), str(form.reason.data or ""))
    flash(_("Somebody else is drawn to grade it anew."), "good")
    return redirect("/appeals", 303)
