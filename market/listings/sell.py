"""Selling in three screens: photos and kind, what it is, price and place. Between them a draft only the seller sees."""

import json
from dataclasses import dataclass

from flask import Blueprint, g, redirect, url_for
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core import clock, ids, secrets
from core.access import needs, visitor
from core.errors import Busy, Invalid, NotFound, Refused
from core.forms import Form
from core.goods import rules
from core.goods.card import Card
from core.goods.cards import all_cards, find_card, get_card
from core.goods.cards import text as words
from core.goods.intake import take_in
from core.goods.pictures import MOST, keep_photo, store, store_photo
from core.i18n import N_
from core.money import parse_yuan
from core.once import find_done, keep_done
from core.page import Page
from core.people.sellers import seller_kind
from core.work import Work, work
from market.listings import actions
from market.listings.actions import Offer
from market.listings.models import SellDraft
from market.listings.sell_form import PHOTO_MISSING, PriceForm, WhatForm, check_details, details_form, intake, media_rows
from privacy.clearance.permit import NotNeeded

blueprint = Blueprint("sell", __name__, url_prefix="/sell")


@dataclass(frozen=True, kw_only=True)
class WhatPage(Page):
    template = "market/sell_what.html"
    form: WhatForm
    draft_id: str
    icons: dict[str, str]
    photos: list[str]
    code: str
    drafts: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class DetailsPage(Page):
    template = "market/sell_details.html"
    form: Form
    draft_id: str
    category: str
    card: Card
    media_rows: int
    prompts: list[str]


@dataclass(frozen=True, kw_only=True)
class PricePage(Page):
    template = "market/sell_price.html"
    form: PriceForm
    draft_id: str
    category: str
    needs_wipe: bool
    route: str


def own_draft(session: Session, draft_id: str) -> SellDraft:
    draft = session.get(SellDraft, draft_id)
    if draft is None or draft.owner_id != visitor().account_id:
        raise NotFound()
    return draft


def answers_of(draft: SellDraft) -> dict[str, str]:
    return dict(json.loads(secrets.decrypt(draft.answers, "sell_draft"))) if draft.answers else {}


def _keep(draft: SellDraft, w: Work, answers: dict[str, str]) -> None:
    draft.answers, draft.changed_at = secrets.encrypt(json.dumps(answers), "sell_draft"), w.now


def _what_page(form: WhatForm, draft: SellDraft | None, status: int = 200) -> object:
    account = visitor().account_id
    waiting = g.db.scalars(
        select(SellDraft).where(SellDraft.owner_id == account).order_by(SellDraft.changed_at.desc()).limit(5)
    )
    return WhatPage(
        form=form, draft_id=draft.id if draft else "", icons={card.code: card.icon for card in all_cards()},
        photos=[f"/sell/{draft.id}/photos/{n}.jpg" for n in range(len(draft.photos))] if draft else [],
        code=draft.code if draft else "",
        drafts=[(words(get_card(one.category).names, g.language), url_for("sell.details", draft_id=one.id))
                for one in waiting if draft is None],
    ).answer(status)  # fmt: skip


@blueprint.get("")
@needs("market:listing:create")
def what() -> object:
    return _what_page(WhatForm(), None)


@blueprint.post("")
@needs("market:listing:create")
def begin() -> object:
    return _save_what(WhatForm(), None)


@blueprint.get("/<draft_id>/what")
@needs("market:draft:edit", on=own_draft)
def what_again(draft: SellDraft) -> object:
    return _what_page(WhatForm(data={"category": draft.category}), draft)


@blueprint.post("/<draft_id>/what")
@needs("market:draft:edit", on=own_draft)
def change_what(draft: SellDraft) -> object:
    return _save_what(WhatForm(), draft)


def _save_what(form: WhatForm, draft: SellDraft | None) -> object:
    try:
        photos = list(draft.photos) if draft else []
        photos += [_read(upload) for upload in form.photos.data or [] if _sent(upload)]
        if not photos:
            raise Invalid("photos_missing", PHOTO_MISSING, field="photos")
        if len(photos) > MOST:
            raise Invalid("photos_many", N_("Twelve photos are enough. Remove one first."), field="photos")
        card = find_card(form.category.data or "")
        if card is None:
            raise Invalid("category_missing", N_("Choose what kind of thing it is."), field="category")
    except Refused as no:
        form.blame(no)
        return _what_page(form, draft, 422)
    return redirect(url_for("sell.details", draft_id=_keep_what(draft, card, photos)), 303)


def _keep_what(draft: SellDraft | None, card: Card, photos: list[object]) -> str:
    draft_id = draft.id if draft else None
    with work(g.db, visitor().actor, clock.now()) as w:
        if draft_id is None:
            kept = SellDraft(
                id=ids.new_id(), owner_id=w.actor.id, category=card.code, code=ids.new_code(5), photos=photos,
                changed_at=w.now,
            )  # fmt: skip
            w.session.add(kept)
        else:
            kept = w.session.get_one(SellDraft, draft_id)
            kept.category, kept.photos, kept.changed_at = card.code, photos, w.now
        return kept.id


def _sent(upload: FileStorage | str) -> bool:
    return isinstance(upload, FileStorage) and bool(upload.filename)


def _read(upload: FileStorage) -> object:
    try:
        return store_photo(upload.stream.read())
    except Refused as no:
        no.field = "photos"
        raise


@blueprint.get("/<draft_id>/photos/<int:number>.jpg")
@needs("market:draft:edit", on=lambda session, draft_id, number: (own_draft(session, draft_id), number))
def draft_photo(found: tuple[SellDraft, int]) -> object:
    draft, number = found
    if number >= len(draft.photos):
        raise NotFound()
    from flask.wrappers import Response

    return Response(store().get(draft.photos[number]["sizes"]["small"][0]), mimetype="image/jpeg")


@blueprint.post("/<draft_id>/photos/<int:number>/remove")
@needs("market:draft:edit", on=lambda session, draft_id, number: (own_draft(session, draft_id), number))
def remove_draft_photo(found: tuple[SellDraft, int]) -> object:
    draft, number = found
    draft_id = draft.id
    with work(g.db, visitor().actor, clock.now()) as w:
        kept = w.session.get_one(SellDraft, draft_id)
        kept.photos = [photo for n, photo in enumerate(kept.photos) if n != number]
    return redirect(url_for("sell.what_again", draft_id=draft_id), 303)


def _details_page(draft: SellDraft, card: Card, form: Form, status: int = 200) -> object:
    return DetailsPage(
        form=form, draft_id=draft.id, category=words(card.names, g.language), card=card, media_rows=media_rows(card),
        prompts=[words(photo.prompt, g.language) for photo in card.photos if photo.required],
    ).answer(status)  # fmt: skip


@blueprint.get("/<draft_id>/details")
@needs("market:draft:edit", on=own_draft)
def details(draft: SellDraft) -> object:
    card = get_card(draft.category)
    return _details_page(draft, card, details_form(card, answers_of(draft)))


@blueprint.post("/<draft_id>/details")
@needs("market:draft:edit", on=own_draft)
def save_details(draft: SellDraft) -> object:
    card, draft_id = get_card(draft.category), draft.id
    form = details_form(card)
    good = form.validate()
    if not (check_details(card, form) and good):
        return _details_page(draft, card, form, 422)
    told = {name: str(value) for name, value in form.data.items() if value and name != "csrf_token"}
    with work(g.db, visitor().actor, clock.now()) as w:
        kept = w.session.get_one(SellDraft, draft_id)
        _keep(kept, w, {**{k: v for k, v in answers_of(kept).items() if k.startswith("p_")}, **told})
    return redirect(url_for("sell.price", draft_id=draft_id), 303)


def _price_page(draft: SellDraft, form: PriceForm, status: int = 200) -> object:
    card, answers = get_card(draft.category), answers_of(draft)
    return PricePage(
        form=form, draft_id=draft.id, category=words(card.names, g.language), route=card.wipe_route,
        needs_wipe=rules.holds_data(card, answers.get("smart")),
    ).answer(status)  # fmt: skip


def suggested_title(card: Card, answers: dict[str, str]) -> str:
    named = [answers.get(f"a_{code}", "") for code in ("brand", "model", "title")]
    return " ".join(part for part in named if part)[:80] or words(card.names, g.language)


@blueprint.get("/<draft_id>/price")
@needs("market:draft:edit", on=own_draft)
def price(draft: SellDraft) -> object:
    answers = answers_of(draft)
    if not answers:
        return redirect(url_for("sell.details", draft_id=draft.id), 303)
    return _price_page(draft, PriceForm(data={"title": suggested_title(get_card(draft.category), answers)}))


@blueprint.post("/<draft_id>/price")
@needs("market:draft:edit", on=own_draft)
def finish(draft: SellDraft) -> object:
    form, draft_id = PriceForm(), draft.id
    if not form.validate():
        return _price_page(draft, form, 422)
    try:
        offer = offer_of(form)
        with work(g.db, visitor().actor, clock.now()) as w:
            listing_id = sell(w, w.session.get_one(SellDraft, draft_id), offer, str(form.once.data or draft_id))
    except Refused as no:
        if isinstance(no, Busy):
            return redirect("/me/things", 303)
        form.blame(no)
        return _price_page(own_draft(g.db, draft_id), form, no.status)
    return redirect(f"/listings/{listing_id}", 303)


def offer_of(form: PriceForm) -> Offer:
    try:
        amount = parse_yuan(str(form.price.data or ""))
    except Invalid as no:
        no.field = "price"
        raise
    return Offer(
        title=str(form.title.data or ""), description=str(form.description.data or ""), price_minor=amount.minor,
        district=str(form.district.data), negotiable=bool(form.negotiable.data),
    )  # fmt: skip


def sell(w: Work, draft: SellDraft, offer: Offer, once: str) -> str:
    """Turn a sell draft into a registered thing and its listing, in one go; a second press finds the first's."""
    done = find_done(w, "sell", once)
    if done:
        return done
    card, answers = get_card(draft.category), answers_of(draft)
    item = take_in(w, w.actor.id, intake(card, answers))
    for position, stored in enumerate(draft.photos):
        keep_photo(w, item, stored, position=position)
    kind = seller_kind(w.session, w.actor.id, None)
    listing = actions.draft(w, item, w.actor.id, offer, seller_kind=kind)
    if item.data_bearing:
        actions.wait_for_wipe(w, listing)
    else:
        actions.publish(w, listing, NotNeeded(item.id))
    keep_done(w, "sell", once, listing.id)
    w.session.execute(delete(SellDraft).where(SellDraft.id == draft.id))
    return listing.id


@blueprint.post("/<draft_id>/discard")
@needs("market:draft:edit", on=own_draft)
def discard(draft: SellDraft) -> object:
    draft_id = draft.id
    with work(g.db, visitor().actor, clock.now()) as w:
        w.session.execute(delete(SellDraft).where(SellDraft.id == draft_id))
    return redirect("/sell", 303)


