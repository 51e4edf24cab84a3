"""Selling a thing that is in the register already: bought here, wiped before it was listed, or withdrawn and back."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, redirect
from sqlalchemy.orm import Session
from wtforms import MultipleFileField

from appraisal.grades.queries import find_standing
from appraisal.prices.showing import HintShown
from core import clock
from core.access import needs, visitor
from core.errors import NotFound, Refused
from core.forms import text
from core.goods.cards import find_card
from core.goods.describe import category_name
from core.goods.models import Item, ItemPhoto
from core.goods.pictures import keep_photo, pictures
from core.i18n import N_
from core.page import Page
from core.work import Work, work
from market.listings import actions, drafts, price_hint, queries, shots
from market.listings.actions import Offer
from market.listings.cautioning import caution
from market.listings.proof import permit_for
from market.listings.sell_form import WORDS, offer_of
from market.listings.selling_as import SellForm, seller_of
from market.listings.views import say_new

blueprint = Blueprint("sell_again", __name__)


class AgainForm(SellForm):
    photos = MultipleFileField(text("Photos"))


@dataclass(frozen=True, kw_only=True)
class AgainPage(Page):
    template = "market/sell_again.html"
    form: AgainForm
    item_id: str
    photos: list[str]
    category: str
    needs_wipe: bool
    route: str
    hint: HintShown | None
    caution: bool


def get_item(session: Session, item_id: str) -> Item:
    item = session.get(Item, item_id)
    if item is None or item.owner_id != visitor().account_id:
        raise NotFound()
    return item


def _page(item: Item, form: AgainForm, status: int = 200, *, caution: bool = False) -> object:
    card, stands = find_card(item.category), find_standing(g.db, item.id)
    return AgainPage(
        form=form, item_id=item.id, photos=[one.thumb for one in pictures(item)],
        category=category_name(item.category, g.language), route=card.wipe_route if card else "none",
        needs_wipe=permit_for(g.db, item.id) is None, caution=caution,
        hint=price_hint.for_item(g.db, item, stands.grade if stands else None, form),
    ).answer(status)  # fmt: skip


@blueprint.get("/items/<item_id>/sell")
@needs("market:item:sell", on=get_item)
def ask(item: Item) -> object:
    there = queries.open_listing_of(g.db, item.id)
    if there is not None:
        return redirect(f"/listings/{there.id}", 303)
    name = queries.name_of(item) or category_name(item.category, g.language)
    return _page(item, AgainForm(data={"title": name[:80]}))


@blueprint.post("/items/<item_id>/sell")
@needs("market:item:sell", on=get_item)
def send(item: Item) -> object:
    form, item_id = AgainForm(), item.id
    there = queries.open_listing_of(g.db, item_id)
    if there is not None:
        return redirect(f"/listings/{there.id}", 303)
    uploads = [one for one in form.photos.data or [] if getattr(one, "filename", "")]
    good, problems = drafts.read_photos(uploads, len(pictures(item)))
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            _keep_photos(w, item_id, good)
        if problems:
            raise problems[0]
        if not form.validate():
            return _page(get_item(g.db, item_id), form, 422)
        offer = offer_of(form)
        if caution(form, WORDS):
            return _page(get_item(g.db, item_id), form, 422, caution=True)
        with work(g.db, visitor().actor, clock.now()) as w:
            listing_id = sell_again(w, item_id, offer, form.chosen)
    except Refused as no:
        form.blame(no)
        return _page(get_item(g.db, item_id), form, no.status)
    say_new(listing_id)
    return redirect(f"/listings/{listing_id}", 303)


def _keep_photos(w: Work, item_id: str, good: list[Any]) -> None:
    """New photos come first: they show the thing as it is now."""
    item = w.session.get_one(Item, item_id)
    first: list[ItemPhoto] = [one for one in item.photos if one.removed_at is None]
    lowest = min((one.position for one in first), default=0) - len(good)
    for n, stored in enumerate(good):
        keep_photo(w, item, stored, position=lowest + n)


def sell_again(w: Work, item_id: str, offer: Offer, sell_as: str = "") -> str:
    """List a thing that has no open listing. With a permit it is published, else it waits for its wipe."""
    item = w.session.get_one(Item, item_id, with_for_update=True)
    if item.state != "active":
        raise Refused("item_not_active", N_("This thing is frozen or no longer yours to sell."))
    card, photos = find_card(item.category), len(pictures(item))
    if card and (few := shots.too_few(card, photos)):
        raise few
    org_id, kind = seller_of(w.session, w.actor.id, sell_as)
    listing = actions.draft(w, item, w.actor.id, offer, seller_kind=kind, org_id=org_id)
    permit = permit_for(w.session, item.id)
    if permit is None:
        actions.wait_for_wipe(w, listing)
    else:
        actions.publish(w, listing, permit)
    return listing.id
