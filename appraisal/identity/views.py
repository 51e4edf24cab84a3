"""Staff pages: the lists that are loaded, a look-up that is recorded, and a thing that was found on one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _

from appraisal.identity import list_rules, lists, queries
from appraisal.identity.forms import HitForm, LoadForm, LookUpForm
from appraisal.identity.list_rules import KINDS, STATES
from appraisal.identity.models import NumberHit
from appraisal.identity.show import ListShown, list_shown, lists_shown
from appraisal.identity.states import HIT
from core import clock
from core.access import may, needs, visitor
from core.csv_files import BadFile
from core.errors import Forbidden, Invalid, Refused
from core.goods.describe import category_name, masked_numbers, thing_name
from core.goods.digests import digests_of_number
from core.goods.models import Item
from core.goods.reasons import REASONS
from core.goods.rules import number_problem
from core.i18n import N_
from core.offer_ports import offer_page
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.queue.deciding import chosen, decided
from core.web import limiter
from core.work import work

blueprint = Blueprint("number_lists", __name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What the lists say of the number that was asked for. `things`: (name, address) of things here that bear it."""

    state: tuple[str, str]
    lists: Sequence[ListShown]
    things: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ListsPage(Page):
    template = "appraisal/number_lists.html"
    lists: Sequence[ListShown]
    missing: Sequence[str]
    fresh_days: int
    look_up: LookUpForm
    load: LoadForm | None
    found: Found | None


@dataclass(frozen=True, kw_only=True)
class HitPage(Page):
    template = "appraisal/listed_number.html"
    hit_id: str
    thing: str
    href: str
    offered: str
    owner: tuple[str, str]
    category: str
    numbers: Sequence[tuple[str, str]]
    state: tuple[str, str]
    help: str
    list: ListShown
    decided: Sequence[tuple[str, str]]
    open: bool
    own: bool
    form: HitForm


def _page(look_up: LookUpForm | None = None, load: LoadForm | None = None, found: Found | None = None) -> ListsPage:
    rows = queries.newest_lists(g.db)
    shown = lists_shown(rows, clock.now())
    missing = [str(_(name)) for kind, name in KINDS.items() if kind not in {one.kind for one in rows}]
    keeps = may(visitor(), "appraisal:numbers:keep")
    return ListsPage(
        lists=shown, missing=missing, fresh_days=list_rules.FRESH_DAYS, look_up=look_up or LookUpForm(formdata=None),
        load=(load or LoadForm(formdata=None)) if keeps else None, found=found,
    )  # fmt: skip


@blueprint.get("/number-lists")
@needs("appraisal:numbers:look_up")
def show() -> object:
    return _page().answer()


@blueprint.post("/number-lists/look-up")
@needs("appraisal:numbers:look_up")
@limiter.limit("60 per minute")
def look_up() -> object:
    """By post, so that no address holds a number. The log keeps that it was asked and what came of it."""
    form = LookUpForm()
    typed = str(form.number.data or "")
    problem, digests = number_problem(typed), digests_of_number(typed)
    if not form.validate() or problem not in (None, "imei_checksum"):
        return _no_number(form, problem)
    with work(g.db, visitor().actor, clock.now()) as w:
        told, items = queries.asked(w.session, digests, w.now), queries.things_with(w.session, digests)
        if problem and not items and told.state != "listed":
            return _no_number(form, problem)
        subject = items[0].id if len(items) == 1 else "several" if items else "nothing"
        w.record("core:lookup:made", subject, kind="number_list", state=told.state, found=len(items))
        names = {item.id: f"{thing_name(item, g.language)} · {category_name(item.category, g.language)}" for item in items}
    label, tone = STATES[told.state]
    things = [(name, f"/items/{item_id}") for item_id, name in names.items()]
    found = Found((str(_(label)), tone), [list_shown(one) for one in told.lists], things)
    return _page(LookUpForm(formdata=None), found=found).answer()


def _no_number(form: LookUpForm, problem: str | None) -> object:
    """What is no number stands on no list, and "not on it" would be taken for a pass."""
    if problem and not form.number.errors:
        form.number.errors = [_(REASONS[problem])]
    return _page(form).answer(422)


@blueprint.post("/number-lists")
@needs("appraisal:numbers:keep")
@limiter.limit("20 per minute")
def load() -> object:
    form = LoadForm()
    if not form.validate():
        return _page(load=form).answer(422)
    raw = form.file.data.stream.read(list_rules.MOST_BYTES + 1) if form.file.data else b""
    try:
        if not raw:
            raise Invalid("file_missing", N_("Choose the list's file."), field="file")
        with work(g.db, visitor().actor, clock.now()) as w:
            done = lists.load(w, raw, kind=str(form.kind.data), source=str(form.source.data), day=str(form.day.data))
    except BadFile as no:
        form.file.errors = [*form.file.errors, _("The list wasn't loaded: %(why)s", why=_(no.sentence, **no.values))]
        return _page(load=form).answer(422)
    except Invalid as no:
        form.blame(no)
        return _page(load=form).answer(no.status)
    if done.new:
        flash(_("Numbers loaded: %(lines)s, version %(version)s. Found on things here: %(hits)s.", lines=done.lines,
                version=done.version, hits=done.hits), "warn" if done.hits else "good")  # fmt: skip
    else:
        flash(_("This very file was loaded before; nothing changed."), "info")
    return redirect("/number-lists", 303)


def _hit_page(hit: NumberHit, form: HitForm | None = None) -> HitPage:
    item, state = g.db.get_one(Item, hit.item_id), HIT[hit.state]
    kept = queries.list_of(g.db, hit)
    return HitPage(
        hit_id=hit.id, thing=thing_name(item, g.language), href=f"/items/{item.id}", offered=offer_page(g.db, item.id),
        owner=_owner(item), category=category_name(item.category, g.language),
        numbers=masked_numbers(item, g.language),
        state=(_(state.label), state.tone), help=_(state.help), list=list_shown(queries.names_it(kept)), decided=decided(hit),
        open=hit.state != "cleared", own=visitor().account_id == item.owner_id, form=form or HitForm(formdata=None),
    )  # fmt: skip


def _owner(item: Item) -> tuple[str, str]:
    """(name, address): the person's own page only for who may look people up."""
    way = f"/admin/people/{item.owner_id}" if may(visitor(), "core:person:look_up") else ""
    return shown_name(g.db.get_one(Account, item.owner_id)), way


@blueprint.get("/listed-numbers/<hit_id>")
@needs("appraisal:numbers:decide", on=queries.get_hit)
def hit(one: NumberHit) -> object:
    return _hit_page(one).answer()


@blueprint.post("/listed-numbers/<hit_id>")
@needs("appraisal:numbers:decide", on=queries.get_hit)
def decide(one: NumberHit) -> object:
    form, hit_id = HitForm(), one.id
    try:
        confirmed = chosen(form, ("confirmed", "cleared")) == "confirmed"
        with work(g.db, visitor().actor, clock.now()) as w:
            row = w.session.get_one(NumberHit, hit_id, with_for_update=True)
            lists.decide(w, row, confirmed, str(form.reason.data or ""))
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _hit_page(queries.get_hit(g.db, hit_id), form).answer(no.status)
    flash(_("The decision is written down."), "good")
    return redirect(f"/listed-numbers/{hit_id}", 303)
