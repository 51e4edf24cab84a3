"""A shop's things online: one at a time from its page in the stock, or many from one list."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from core import ids
from core.access import needs
from core.doing import doing, done
from core.errors import NotFound, Refused
from core.forms import OnceForm
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.money import CNY, Money, format_money
from core.page import Page
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter, sentence
from market.channels.consignment.actions import STAFF
from market.channels.consignment.goods import online, queries
from market.channels.consignment.goods.access import load_shop, load_stock
from market.channels.consignment.goods.models import StockItem
from market.listings.models import Listing
from market.listings.states import LISTING, OPEN

blueprint = Blueprint("consignment_online", __name__)

MOST = 100
AT_ONCE = N_("Choose up to 100 things at once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineShown:
    """How a thing of the stock stands online. `href`: its listing, "" while it never had one; `state`: (words, tone) of it;
    `hint`: what it waits for; `can`: online | offline | "" for neither."""

    stock_id: str
    href: str
    state: tuple[str, str] | None
    hint: str
    can: str


def online_shown(session: Session, stock: StockItem) -> OnlineShown:
    """For its page in the stock (templates/market/_stock_online.html shows it)."""
    listing = session.get(Listing, stock.listing_id) if stock.listing_id is not None else None
    state = LISTING[listing.state] if listing is not None else None
    return OnlineShown(
        stock_id=stock.id, href=f"/listings/{listing.id}" if listing is not None else "",
        state=(str(_(state.label)), state.tone) if state is not None else None, hint=_hint(stock, listing),
        can=_can(stock, listing),
    )  # fmt: skip


def _can(stock: StockItem, listing: Listing | None) -> str:
    if listing is not None and listing.state == "published":
        return "offline"
    goes = listing is None or listing.state not in OPEN or (LISTING.can(listing.state, "publish") or listing.state == "paused")
    return "online" if stock.state == "on_sale" and goes else ""


def _hint(stock: StockItem, listing: Listing | None) -> str:
    if listing is not None and listing.state == "published":
        return str(_("Everybody finds it online, at the price on its tag. Whoever reserves it there holds it here, too."))
    if stock.state != "on_sale":
        return "" if stock.state in ("held", "sold") else str(_(online.NOT_ON_FLOOR))
    if not online.has_photos(stock.item):
        return str(_(online.FEW_PHOTOS))
    return str(_("Online it is sold in the shop's name, at the price on its tag, and only once."))


@blueprint.post("/stock/<stock_id>/online")
@limiter.limit("240 per minute")
@needs("market:stock:sell_online", on=load_stock)
def put_online(stock: StockItem) -> object:
    stock_id = stock.id
    with doing() as w:
        listing = online.put_online(w, w.session.get_one(StockItem, stock_id))
        state, listing_id = listing.state, listing.id
    if state == "published":
        return done(_("It is online now, in the shop's name and at the price on its tag."), f"/stock/{stock_id}")
    waits = not online.has_photos(load_stock(g.db, stock_id).item)
    said = _(online.FEW_PHOTOS) if waits else _("A reviewer looks at it first; the shop is told when it can go online.")
    return done(said, f"/listings/{listing_id}/edit#shots", "info")


@blueprint.post("/stock/<stock_id>/offline")
@limiter.limit("240 per minute")
@needs("market:stock:sell_online", on=load_stock)
def take_offline(stock: StockItem) -> object:
    stock_id = stock.id
    with doing() as w:
        online.take_offline(w, w.session.get_one(StockItem, stock_id))
    return done(_("It is off the market online; it still stands in the shop."), f"/stock/{stock_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing on the floor that isn't online. `photos`: has it what it needs?"""

    id: str
    number: str
    title: str
    price: str
    photo: str | None
    photos: bool


@dataclass(frozen=True, kw_only=True)
class OnlinePage(Page):
    """`on`: (title, listing, price, photo, state) of what is online; `more`: are there more than one page shows?"""

    template = "market/stock_online.html"
    org_id: str
    name: str
    form: OnceForm
    choices: Sequence[Choice]
    on: Sequence[tuple[str, str, str, str | None, tuple[str, str]]]
    more: bool


def _page(org: Organisation, status: int = 200, form: OnceForm | None = None) -> object:
    off, on = queries.not_online(g.db, org.id, MOST + 1), queries.online_now(g.db, org.id, MOST)
    photos = first_pictures(g.db, [one.item_id for one in (*off, *on)])
    thumbs = {item_id: photo.thumb for item_id, photo in photos.items()}
    return OnlinePage(
        org_id=org.id, name=shown_org(org, g.language), form=form or OnceForm(formdata=None), more=len(off) > MOST,
        choices=[
            Choice(id=one.id, number=one.number, title=one.title, price=_yuan(one), photo=thumbs.get(one.item_id),
                   photos=online.has_photos(one.item))
            for one in off[:MOST]
        ],
        on=[(one.title, f"/stock/{one.id}", _yuan(one), thumbs.get(one.item_id), _state(one)) for one in on],
    ).answer(status)  # fmt: skip


def _yuan(one: StockItem) -> str:
    return format_money(Money(one.asking_minor or 0, CNY), g.language)


def _state(one: StockItem) -> tuple[str, str]:
    listing = g.db.get_one(Listing, one.listing_id)
    return str(_(LISTING[listing.state].label)), LISTING[listing.state].tone


@blueprint.get("/consignment/online")
@needs("market:consignment_shops:list")
def choose_shop() -> object:
    return choose_place(STAFF, ("shop",), "/consignment/{}/online".format, Words(
        title=_("Stock online"), lead=_("Choose the shop at whose counter you work now."),
        none=_("No shop of yours sells online"), text=_("Only second-hand and consignment shops sell what they took in."),
    ))  # fmt: skip


@blueprint.get("/consignment/<org_id>/online")
@needs("market:stock:list", on=load_shop)
def show_online(org: Organisation) -> object:
    return _page(org)


@blueprint.post("/consignment/<org_id>/online")
@limiter.limit("30 per minute")
@needs("market:stock:sell_many", on=load_shop)
def put_many(org: Organisation) -> object:
    """Each for itself: one that can't go online keeps no other from it. Sent twice, each is online once."""
    form, org_id, chosen = OnceForm(), org.id, list(dict.fromkeys(filter(ids.is_id, request.form.getlist("stock"))))
    if not form.validate() or not 1 <= len(chosen) <= MOST:
        form.problems.append(_("Choose at least one thing.") if not chosen else _(AT_ONCE))
        return _page(org, 422, form)
    went, no = 0, []
    for stock_id in chosen:
        try:
            stock = queries.get_stock_of(g.db, org_id, stock_id)
            number, few = stock.number, not online.has_photos(stock.item)
        except NotFound:
            continue  # no thing of this shop
        try:
            with doing() as w:
                went += online.put_online(w, w.session.get_one(StockItem, stock_id)).state == "published"
            no += [f"{number}: {_(online.FEW_PHOTOS)}"] if few else []
        except Refused as refused:
            no.append(f"{number}: {sentence(refused)}")
    if went:
        flash(ngettext("%(num)s thing is online now.", "%(num)s things are online now.", went), "good")
    for one in no[:5]:
        flash(one, "warn")
    return redirect(f"/consignment/{org_id}/online", 303)
