"""An exchange on the phone: the seller chooses what is given instead, the buyer reads what is told of it, says how
they get it, and takes it."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import BooleanField, RadioField

from core import clock
from core.access import needs, visitor
from core.errors import NotFound, Refused
from core.forms import OnceForm, text
from core.once import done_once
from core.page import Page
from core.web import limiter
from core.work import Work, work
from market.aftersales import exchanging, handing
from market.aftersales.models import Case
from market.aftersales.saying import get_case, locked
from market.listings.mine import Row, rows_of
from market.listings.models import Listing
from market.orders import replacement_ways, replacing
from market.orders.snapshot import Defect

blueprint = Blueprint("exchanges", __name__)


class ChooseForm(OnceForm):
    replacement = RadioField(text("What does the buyer get instead?"), validate_choice=False)


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    template = "market/case_choose.html"
    form: ChooseForm
    case_id: str
    number: str
    title: str
    chosen: str
    device: bool


@dataclass(frozen=True, kw_only=True)
class TakePage(Page):
    template = "market/case_take.html"
    form: OnceForm
    case_id: str
    number: str
    title: str
    row: Row
    told: list[tuple[str, str]]
    sent: bool


def _choose_page(case: Case, form: ChooseForm, status: int = 200) -> object:
    chosen = exchanging.instead(g.db, case)
    form.replacement.choices = [(one.id, one.title) for one in exchanging.choices(g.db, case)]
    return ChoosePage(
        form=form, case_id=case.id, number=case.number, title=case.order.listing.title, chosen=chosen.title if chosen else "",
        device=case.order.listing.data_bearing,
    ).answer(status)  # fmt: skip


@blueprint.get("/cases/<case_id>/replacement")
@needs("market:exchange:choose", on=get_case)
def ask(case: Case) -> object:
    if case.kind != "exchange" or case.state not in exchanging.CHOOSING:
        return redirect(f"/cases/{case.id}", 303)
    return _choose_page(case, ChooseForm(formdata=None))


@blueprint.post("/cases/<case_id>/replacement")
@limiter.limit("20 per minute")
@needs("market:exchange:choose", on=get_case)
def choose(case: Case) -> object:
    form, case_id = ChooseForm(), case.id
    try:
        if not form.validate():
            return _choose_page(case, form, 422)
        chosen, key = str(form.replacement.data or ""), form.key()
        with work(g.db, visitor().actor, clock.now()) as w:
            done_once(w, "exchange", key, lambda: _chosen(w, case_id, chosen), case_id, chosen)
    except Refused as no:
        form.blame(no)
        return _choose_page(get_case(g.db, case_id), form, no.status)
    return redirect(f"/cases/{case_id}", 303)


def _chosen(w: Work, case_id: str, listing_id: str) -> str:
    exchanging.choose(w, locked(w, case_id), listing_id)
    return case_id


@blueprint.post("/cases/<case_id>/replacement/free")
@limiter.limit("20 per minute")
@needs("market:exchange:choose", on=get_case)
def free(case: Case) -> object:
    """The seller doesn't give it any more."""
    case_id = case.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            exchanging.let_go(w, locked(w, case_id))
    except Refused as no:
        form = ChooseForm(formdata=None)
        form.blame(no)
        return _choose_page(get_case(g.db, case_id), form, no.status)
    return redirect(f"/cases/{case_id}", 303)


def _told(case: Case) -> tuple[Listing, list[Defect]]:
    """What was chosen and what is told of it. Raises NotFound before anything was."""
    listing = exchanging.instead(g.db, case)
    if listing is None:
        raise NotFound()
    return listing, replacing.told_of(g.db, listing)


def _take_form(case: Case, listing: Listing, told: list[Defect], **given: object) -> OnceForm:
    """How they get it, and one box for each stated defect, as at a sale."""
    ways = [(code, _(replacement_ways.WAYS[code])) for code in replacement_ways.ways_to_get(case.order, listing)]
    fields = {one.code: BooleanField(one.text(g.language)) for one in told}
    way = RadioField(text("How do you get it?"), choices=ways, validate_choice=False)
    return type("TakeForm", (OnceForm,), {**fields, "way": way})(**given)  # type: ignore[no-any-return]


def _take_page(case: Case, form: OnceForm, status: int = 200) -> object:
    listing, told = _told(case)
    return TakePage(
        form=form, case_id=case.id, number=case.number, title=case.order.listing.title, row=rows_of([listing])[0],
        told=[(one.code, one.text(g.language)) for one in told], sent=replacement_ways.is_sent(g.db, case.id),
    ).answer(status)  # fmt: skip


@blueprint.get("/cases/<case_id>/exchange")
@needs("market:exchange:take", on=get_case)
def look(case: Case) -> object:
    if case.state not in exchanging.CHOOSING or case.replacement_id is None:
        return redirect(f"/cases/{case.id}", 303)
    before = replacement_ways.find_way(g.db, case.id)
    said = {"way": before.way, **dict.fromkeys(before.ticked, True)} if before else {}
    return _take_page(case, _take_form(case, *_told(case), formdata=None, data=said))


@blueprint.post("/cases/<case_id>/exchange")
@limiter.limit("20 per minute")
@needs("market:exchange:take", on=get_case)
def take(case: Case) -> object:
    case_id = case.id
    if case.replacement_id is None:
        return redirect(f"/cases/{case_id}", 303)
    listing, told = _told(case)
    form = _take_form(case, listing, told)
    try:
        if not form.validate():
            return _take_page(case, form, 422)
        ticked, way = [one.code for one in told if form[one.code].data], str(form["way"].data or "")
        with work(g.db, visitor().actor, clock.now()) as w:
            handing.agree(w, locked(w, case_id), ticked, way)
    except Refused as no:
        if get_case(g.db, case_id).replacement_id is None:
            return redirect(f"/cases/{case_id}", 303)
        form.blame(no)
        return _take_page(get_case(g.db, case_id), form, no.status)
    return redirect(f"/cases/{case_id}/exchange/address" if way == "parcel" else f"/cases/{case_id}#exchange", 303)
