"""A parcel that is missed, on the phone: the buyer says that it hasn't come, the seller that it came back, at once or later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from wtforms import MultipleFileField, TextAreaField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import OnceForm, text
from core.once import done_once
from core.page import Page
from core.web import config, limiter, sentence
from core.work import work
from market.aftersales import undelivered
from market.aftersales.actions import open_case_of
from market.aftersales.undelivered_rules import PROVE
from market.aftersales.views import kept_photos
from market.orders import transport
from market.orders.both_halves import locked
from market.orders.models import Order
from market.orders.order_rules import missing_from
from market.orders.queries import get_order

blueprint = Blueprint("parcel_cases", __name__)


class MissingForm(OnceForm):
    words = TextAreaField(text("What the carrier's tracking shows"), validators=[Length(max=2000)])
    photos = MultipleFileField(text("Photos"))


class CameBackForm(OnceForm):
    words = TextAreaField(text("What the carrier says, and in which state it is"), validators=[Length(max=2000)])


@dataclass(frozen=True, kw_only=True)
class ParcelCasePage(Page):
    """`step`: missing | came_back. `why_not`: why it can't be said now; `since`: from when on it can be said."""

    template = "market/parcel_case.html"
    step: str
    form: OnceForm
    order_id: str
    title: str
    why_not: str
    since: datetime | None
    answer_days: int
    device: bool
    free: bool


def _page(order: Order, step: str, form: OnceForm, status: int = 200) -> object:
    days, since, why_not = config().not_arrived_days, None, ""
    if step == "missing" and (fault := undelivered.fault_of(g.db, order, clock.now(), days)):
        why_not = _(undelivered.FAULTS[fault])
        since = missing_from(order.shipped_at, days) if fault == "too_early" and order.shipped_at else None
    return ParcelCasePage(
        step=step, form=form, order_id=order.id, title=order.listing.title, why_not=why_not, since=since,
        answer_days=PROVE // timedelta(days=1), device=order.listing.data_bearing,
        free=order.is_free,
    ).answer(status)  # fmt: skip


@blueprint.get("/orders/<order_id>/missing")
@needs("market:case:open", on=get_order)
def ask_missing(order: Order) -> object:
    there = open_case_of(g.db, order.id)
    return redirect(f"/cases/{there.id}", 303) if there else _page(order, "missing", MissingForm(formdata=None))


@blueprint.post("/orders/<order_id>/missing")
@limiter.limit("10 per minute")
@needs("market:case:open", on=get_order)
def missing(order: Order) -> object:
    form, order_id, days = MissingForm(), order.id, config().not_arrived_days
    try:
        if not form.validate():
            return _page(order, "missing", form, 422)
        photos = kept_photos(form.photos)
        with work(g.db, visitor().actor, clock.now()) as w:
            case = undelivered.miss(w, locked(w, order_id), str(form.words.data or ""), photos, days=days).id
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), "missing", form, no.status)
    return redirect(f"/cases/{case}", 303)


@blueprint.get("/orders/<order_id>/came-back")
@needs("market:parcel:back", on=get_order)
def ask_came_back(order: Order) -> object:
    return _page(order, "came_back", CameBackForm(formdata=None))


@blueprint.post("/orders/<order_id>/came-back")
@limiter.limit("10 per minute")
@needs("market:parcel:back", on=get_order)
def came_back(order: Order) -> object:
    form, order_id = CameBackForm(), order.id
    try:
        if not form.validate():
            return _page(order, "came_back", form, 422)
        words, key = str(form.words.data or ""), form.key()
        with work(g.db, visitor().actor, clock.now()) as w:
            case = done_once(w, "came_back", key, lambda: undelivered.come_back(w, locked(w, order_id), words).id, order_id)
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), "came_back", form, no.status)
    return redirect(f"/cases/{case}", 303)


@blueprint.post("/orders/<order_id>/found")
@limiter.limit("10 per minute")
@needs("market:parcel:back", on=get_order)
def found(order: Order) -> object:
    """What counted as lost has come back to its seller."""
    order_id = order.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            transport.find(w, locked(w, order_id))
        flash(_("It is on record as back with you."), "good")
    except Refused as no:
        flash(sentence(no), "bad")
    return redirect(f"/orders/{order_id}", 303)
