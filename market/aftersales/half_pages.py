"""Half a swap, on the phone: who gave their half and never got the other one says so."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import MultipleFileField, TextAreaField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import OnceForm, text
from core.page import Page
from core.web import limiter
from core.work import work
from market.aftersales import halves
from market.aftersales.saying import open_case_of
from market.aftersales.views import kept_photos
from market.orders.both_halves import locked
from market.orders.models import Order
from market.orders.order_rules import missing_from_half
from market.orders.queries import get_order
from market.orders.show import name_of

blueprint = Blueprint("half_cases", __name__)


class HalfForm(OnceForm):
    words = TextAreaField(text("What you agreed on, and what happened"), validators=[Length(max=2000)])
    photos = MultipleFileField(text("Photos"))


@dataclass(frozen=True, kw_only=True)
class HalfPage(Page):
    """`why_not`: why it can't be said now; `since`: from when on it can be said."""

    template = "market/case_half.html"
    form: HalfForm
    order_id: str
    title: str
    other: str
    why_not: str
    since: datetime | None
    device: bool


def _page(order: Order, form: HalfForm, status: int = 200) -> object:
    fault = halves.fault_of(g.db, order, clock.now())
    return HalfPage(
        form=form, order_id=order.id, title=order.listing.title, other=name_of(order.buyer_id),
        why_not=_(halves.FAULTS[fault]) if fault else "",
        since=missing_from_half(order.received_at) if fault == "half_early" and order.received_at else None,
        device=order.listing.data_bearing,
    ).answer(status)  # fmt: skip


@blueprint.get("/orders/<order_id>/half")
@needs("market:half:ask", on=get_order)
def ask(order: Order) -> object:
    there = open_case_of(g.db, order.id)
    return redirect(f"/cases/{there.id}", 303) if there else _page(order, HalfForm(formdata=None))


@blueprint.post("/orders/<order_id>/half")
@limiter.limit("10 per minute")
@needs("market:half:ask", on=get_order)
def open_one(order: Order) -> object:
    form, order_id = HalfForm(), order.id
    try:
        if not form.validate():
            return _page(order, form, 422)
        photos = kept_photos(form.photos)
        with work(g.db, visitor().actor, clock.now()) as w:
            found = locked(w, order_id)
            case = halves.miss_half(w, found, str(form.words.data or ""), photos).id
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/cases/{case}", 303)
