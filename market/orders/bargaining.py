"""Offers on the phone: name a price, answer one, see what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import OnceForm, text
from core.goods.pictures import first_pictures
from core.money import Money, format_money, parse_yuan
from core.once import done_once
from core.page import Page
from core.web import limiter
from core.work import work
from market.listings.mine import ListPage, Row, icon_of, side
from market.listings.models import Listing
from market.listings.queries import get_listing
from market.orders import offering
from market.orders.offer_models import Bid
from market.orders.offering import OFFER, get_bid
from market.orders.show import name_of

blueprint = Blueprint("bargaining", __name__)


class OfferForm(OnceForm):
    amount = StringField(text("Your price"), validators=[Length(max=20)])


@dataclass(frozen=True, slots=True)
class Line:
    """One offer in the thread."""

    id: str
    who: str
    mine: bool
    amount: str
    state: str
    label: str
    tone: str
    at: datetime
    until: datetime
    order: str


@dataclass(frozen=True, kw_only=True)
class OfferPage(Page):
    template = "market/offer.html"
    form: OfferForm
    listing_id: str
    title: str
    photo: str | None
    icon: str
    price: str
    lines: list[Line]
    open_id: str
    i_answer: bool
    i_may_offer: bool
    action: str


def _written(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), g.language)


def _page(listing: Listing, buyer_id: str, form: OfferForm, status: int = 200) -> object:
    me = visitor().as_one_of(buyer_id, listing.seller_id)
    found = offering.thread(g.db, listing.id, buyer_id)
    photo = first_pictures(g.db, [listing.item_id]).get(listing.item_id)
    open_one = next((one for one in found if one.state == "open"), None)
    answers = open_one is not None and me == (open_one.seller_id if open_one.by_buyer else open_one.buyer_id)
    first = open_one is None and me == buyer_id and listing.state == "published" and listing.negotiable
    return OfferPage(
        form=form, listing_id=listing.id, title=listing.title, photo=photo.thumb if photo else None,
        icon=icon_of(listing.category),
        price=_written(listing.price_minor, listing.currency), lines=_lines(found, me), open_id=open_one.id if open_one else "",
        i_answer=answers, i_may_offer=answers or first,
        action=f"/offers/{open_one.id}/counter" if answers and open_one else f"/listings/{listing.id}/offer",
    ).answer(status)  # fmt: skip


def _lines(found: Sequence[Bid], me: str | None) -> list[Line]:
    rows = []
    for one in found:
        maker, state = one.buyer_id if one.by_buyer else one.seller_id, OFFER[one.state]
        rows.append(
            Line(one.id, _("You") if maker == me else name_of(maker), maker == me, _written(one.amount_minor, one.currency),
                 one.state, _(state.label), state.tone, one.at, one.expires_at, f"/orders/{one.order_id}" if one.order_id else "")
        )  # fmt: skip
    return rows


@blueprint.get("/listings/<listing_id>/offer")
@needs("market:offer:make", on=get_listing)
def ask(listing: Listing) -> object:
    return _page(listing, str(visitor().account_id), OfferForm(formdata=None))


@blueprint.post("/listings/<listing_id>/offer")
@limiter.limit("20 per minute")
@needs("market:offer:make", on=get_listing)
def make(listing: Listing) -> object:
    form, listing_id = OfferForm(), listing.id
    try:
        if not form.validate():
            return _page(listing, str(visitor().account_id), form, 422)
        amount, key = _amount(form), form.key()
        with work(g.db, visitor().actor, clock.now()) as w:
            listing = w.session.get_one(Listing, listing_id, with_for_update=True)
            made = done_once(w, "offer", key, lambda: offering.offer(w, listing, amount).id, listing_id, amount.minor)
    except Refused as no:
        form.blame(no)
        return _page(get_listing(g.db, listing_id), str(visitor().account_id), form, no.status)
    return redirect(f"/offers/{made}", 303)


def _amount(form: OfferForm) -> Money:
    try:
        return parse_yuan(str(form.amount.data or ""))
    except Refused as no:
        no.field = "amount"
        raise


@blueprint.get("/offers/<offer_id>")
@needs("market:offer:answer", on=get_bid)
def show(found: Bid) -> object:
    return _page(g.db.get_one(Listing, found.listing_id), found.buyer_id, OfferForm(formdata=None))


@blueprint.post("/offers/<offer_id>/counter")
@limiter.limit("20 per minute")
@needs("market:offer:answer", on=get_bid)
def counter(found: Bid) -> object:
    form, offer_id, buyer_id, listing_id = OfferForm(), found.id, found.buyer_id, found.listing_id
    try:
        if not form.validate():
            return _page(g.db.get_one(Listing, listing_id), buyer_id, form, 422)
        amount, key = _amount(form), str(form.once.data or "")  # without one the same price is the same answer
        with work(g.db, visitor().actor, clock.now()) as w:
            bid = w.session.get_one(Bid, offer_id, with_for_update=True)
            made = done_once(w, "counter", key, lambda: offering.counter(w, bid, amount).id, offer_id, amount.minor)
    except Refused as no:
        form.blame(no)
        return _page(g.db.get_one(Listing, listing_id), buyer_id, form, no.status)
    return redirect(f"/offers/{made}", 303)


@blueprint.post("/offers/<offer_id>/accept")
@needs("market:offer:answer", on=get_bid)
def accept(found: Bid) -> object:
    offer_id = found.id
    with work(g.db, visitor().actor, clock.now()) as w:
        order_id = offering.accept(w, w.session.get_one(Bid, offer_id, with_for_update=True)).id
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/offers/<offer_id>/decline")
@needs("market:offer:answer", on=get_bid)
def decline(found: Bid) -> object:
    offer_id = found.id
    with work(g.db, visitor().actor, clock.now()) as w:
        offering.decline(w, w.session.get_one(Bid, offer_id, with_for_update=True))
    return redirect(f"/offers/{offer_id}", 303)


@blueprint.post("/offers/<offer_id>/withdraw")
@needs("market:offer:answer", on=get_bid)
def withdraw(found: Bid) -> object:
    offer_id = found.id
    with work(g.db, visitor().actor, clock.now()) as w:
        offering.withdraw(w, w.session.get_one(Bid, offer_id, with_for_update=True))
    return redirect(f"/offers/{offer_id}", 303)


@blueprint.get("/me/offers")
@needs("market:mine:read")
def mine() -> object:
    me = side()
    found = offering.offers_of(g.db, me)
    photos = first_pictures(g.db, [one.listing.item_id for one in found])
    rows = []
    for one in found:
        photo, state = photos.get(one.listing.item_id), OFFER[one.state]
        rows.append(
            Row(title=one.listing.title, href=f"/offers/{one.id}", photo=photo.thumb if photo else None,
                text=_("You buy") if one.buyer_id == me else _("You sell"), price=_written(one.amount_minor, one.currency),
                state=(_(state.label), state.tone), actions=[], icon=icon_of(one.listing.category))
        )  # fmt: skip
    return ListPage(
        title=_("Offers"), lead=_("Prices that you named or that were named to you; each runs for a day."), here="/me/offers",
        rows=rows, empty_title=_("No offers yet"), empty_text=_("On things that say “negotiable” you can name your price."),
        ways=[(_("Look around"), "/search")],
    ).answer()  # fmt: skip
