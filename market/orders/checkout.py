"""The page on which a reservation becomes a contract: what is told, one tick each; how to get it, how to pay; then one button."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import OnceForm, text
from core.goods.models import Item
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.page import Page
from core.people.sellers import KINDS
from core.web import limiter
from core.work import work
from market.listings.condition_rules import WRONG, condition_shown
from market.listings.mine import icon_of
from market.listings.models import Listing
from market.listings.return_grounds import ground_words
from market.orders import paying, placing, snapshot
from market.orders.contract import FULFILMENTS, RETURNS
from market.orders.models import Order
from market.orders.queries import get_order
from market.orders.show import price_of, seller_of
from market.orders.snapshot import Defect
from market.payments.offer import Way
from market.payments.offer import ways as ways_to_pay

blueprint = Blueprint("checkout", __name__)


@dataclass(frozen=True, kw_only=True)
class CheckoutPage(Page):
    template = "market/checkout.html"
    form: OnceForm
    order_id: str
    listing_id: str
    title: str
    photo: str | None
    icon: str
    price: str
    condition: str
    gift: bool
    swap: bool
    seller: str
    seller_kind: str
    returns: str
    warranty: int
    defects: list[tuple[str, str]]
    ways: list[Way]
    fulfilments: list[str]
    until: datetime


def checkout_form(told: list[Defect], listing: Listing, ways: list[Way]) -> OnceForm:
    """One box for each stated defect, so that none is agreed to with the others (R-CPL)."""
    fields: dict[str, object] = {one.code: BooleanField(one.text(g.language)) for one in told}
    gets = placing.ways_to_get(listing)
    fields["fulfilment"] = RadioField(
        text(N_("How do you want to get it?")), choices=[(code, text(FULFILMENTS[code])) for code in gets], default=gets[0],
        validate_choice=False,
    )  # fmt: skip
    fits = [(one.code, text(one.label)) for one in ways if not one.why_not]
    fields["payment"] = RadioField(
        text(N_("How do you want to pay?")), choices=fits, default=fits[0][0] if fits else None,
        validate_choice=False, validators=[Optional()],
    )  # fmt: skip
    fields["no_return"] = BooleanField(
        text(N_("I know that I can't return this one without a reason")), description=_ground(listing),
    )
    return type("CheckoutForm", (OnceForm,), fields)()  # type: ignore[no-any-return]


def _ground(listing: Listing) -> str:
    """Why it can't be returned without a reason, in the reader's words; "" where it can, or nothing is owed."""
    return _(ground_words(listing.return_ground)) if listing.return_ground else ""


def _told(order: Order, listing: Listing) -> list[Defect]:
    return snapshot.defects(g.db, g.db.get_one(Item, order.item_id), listing.appraisal_id, listing.condition)


def _ways(order: Order, listing: Listing) -> list[Way]:
    """As the buyer sees them before choosing how to get it; ordering looks at both choices together."""
    return ways_to_pay(placing.facts_for(g.db, order, listing, remote=False))


def _page(order: Order, form: OnceForm, told: list[Defect], ways: list[Way], status: int = 200) -> object:
    listing = g.db.get_one(Listing, order.listing_id)
    photo = first_pictures(g.db, [order.item_id]).get(order.item_id)
    returns = _(RETURNS[listing.return_policy], ground=_ground(listing))
    return CheckoutPage(
        form=form, order_id=order.id, listing_id=listing.id, title=listing.title, photo=photo.thumb if photo else None,
        icon=icon_of(listing.category), price=price_of(order),
        condition="" if listing.condition in WRONG else condition_shown(listing.condition, g.language),
        gift=order.is_free, swap=order.kind == "swap", seller=seller_of(listing),
        seller_kind=_(KINDS[listing.seller_kind]), returns=returns,
        warranty=listing.warranty_months, defects=[(one.code, one.text(g.language)) for one in told], ways=ways,
        fulfilments=list(placing.ways_to_get(listing)), until=order.reserved_until,
    ).answer(status)  # fmt: skip


@blueprint.get("/orders/<order_id>/confirm")
@needs("market:order:check", on=get_order)
def look(order: Order) -> object:
    if order.state != "created":
        return redirect(f"/orders/{order.id}", 303)
    listing = g.db.get_one(Listing, order.listing_id)
    told, ways = _told(order, listing), _ways(order, listing)
    return _page(order, checkout_form(told, listing, ways), told, ways)


@blueprint.post("/orders/<order_id>/confirm")
@limiter.limit("20 per minute")
@needs("market:order:check", on=get_order)
def confirm(order: Order) -> object:
    listing, order_id = g.db.get_one(Listing, order.listing_id), order.id
    told, ways = _told(order, listing), _ways(order, listing)
    form = checkout_form(told, listing, ways)
    try:
        if not form.validate():
            return _page(order, form, told, ways, 422)
        choice = placing.Choice(
            payment=str(form["payment"].data or ""), fulfilment=str(form["fulfilment"].data or ""),
            acknowledged=[one.code for one in told if form[one.code].data], no_return=bool(form["no_return"].data),
        )  # fmt: skip
        with work(g.db, visitor().actor, clock.now()) as w:
            placing.confirm(w, w.session.get_one(Order, order_id), choice)
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), form, told, ways, no.status)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/orders/<order_id>/pay-anew")
@limiter.limit("10 per minute")
@needs("market:order:check", on=get_order)
def pay_anew(order: Order) -> object:
    """The payment was called off or failed: once more, the way that was agreed."""
    order_id = order.id
    with work(g.db, visitor().actor, clock.now()) as w:
        payment_id = paying.begin_anew(w, w.session.get_one(Order, order_id)).id
    return redirect(f"/payments/{payment_id}", 303)
