"""Selling in three screens: photos and kind, what it is, price and place. Between them a draft only the seller sees."""

from collections.abc import Callable

from flask import Blueprint, g, redirect, url_for
from flask.wrappers import Response
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core import clock
from core.access import needs, visitor
from core.errors import Busy, Invalid, NotFound, Refused
from core.forms import Form
from core.goods.card import WITH_CODE, Card
from core.goods.cards import find_card, get_card
from core.goods.intake import demand_free_disk, demand_unique
from core.goods.pictures import store, store_photo
from core.i18n import N_
from core.work import work
from market.listings import drafts, shots
from market.listings.cautioning import caution
from market.listings.drafts import Done, answers_of, draft_or_done, own_draft
from market.listings.models import SellDraft
from market.listings.sell_form import (
    PHOTO_MISSING,
    WORDS,
    WhatForm,
    check_details,
    details_form,
    free_words,
    media_rows,
    offer_of,
    typed_price,
)  # fmt: skip
from market.listings.sell_pages import details_page, price_page, what_page
from market.listings.selling_as import SellForm
from market.listings.views import say_new

blueprint = Blueprint("sell", __name__, url_prefix="/sell")


@blueprint.get("")
@needs("market:listing:create")
def what() -> object:
    return what_page(WhatForm(), None)


@blueprint.post("")
@needs("market:listing:create")
def begin() -> object:
    return _save_what(WhatForm(), None)


@blueprint.get("/<draft_id>")
@needs("market:draft:edit", on=draft_or_done)
def go_on(draft: SellDraft | Done) -> object:
    """Where one left off: the first screen that isn't complete."""
    if isinstance(draft, Done):
        return redirect(f"/listings/{draft.listing_id}", 303)
    told = answers_of(draft)
    screen = "what" if _ready(draft) is None else "price" if any(k[:2] != "p_" for k in told) else "details"
    return redirect(f"/sell/{draft.id}/{screen}", 303)


@blueprint.get("/<draft_id>/what")
@needs("market:draft:edit", on=own_draft)
def what_again(draft: SellDraft) -> object:
    return what_page(WhatForm(data={"category": draft.category}), draft)


@blueprint.post("/<draft_id>/what")
@needs("market:draft:edit", on=own_draft)
def change_what(draft: SellDraft) -> object:
    return _save_what(WhatForm(), draft)


def _save_what(form: WhatForm, draft: SellDraft | None) -> object:
    """Keep every good photo and the kind; what is wrong is said, and nothing that was right is lost."""
    draft_id, before = (draft.id, list(draft.photos)) if draft else (None, [])
    good, problems = drafts.read_photos([one for one in form.photos.data or [] if _sent(one)], len(before))
    photos, card = before + good, find_card(form.category.data or "")
    if not photos and not problems:
        problems.append(Invalid("photos_missing", PHOTO_MISSING, field="photos"))
    if card is None:
        problems.append(Invalid("category_missing", N_("Choose what kind of thing it is."), field="category"))
    elif photos and (few := shots.too_few(card, shots.plain(photos))):
        problems.append(few)
    if photos:
        with work(g.db, visitor().actor, clock.now()) as w:
            draft_id = drafts.keep_what(w, draft_id, card.code if card else "", photos)
    if not problems:
        return redirect(url_for("sell.details", draft_id=draft_id), 303)
    for no in problems:
        form.blame(no)
    return what_page(form, g.db.get(SellDraft, draft_id) if draft_id else None, 422)


def _sent(upload: FileStorage | str) -> bool:
    return isinstance(upload, FileStorage) and bool(upload.filename)


def _photo(session: Session, draft_id: str, number: int) -> tuple[SellDraft, int]:
    draft = own_draft(session, draft_id)
    if number >= len(draft.photos):
        raise NotFound()
    return draft, number


@blueprint.get("/<draft_id>/photos/<int:number>.jpg")
@needs("market:draft:edit", on=_photo)
def draft_photo(found: tuple[SellDraft, int]) -> object:
    draft, number = found
    return Response(store().get(draft.photos[number]["sizes"]["small"][0]), mimetype="image/jpeg")


@blueprint.post("/<draft_id>/photos/<int:number>/remove")
@needs("market:draft:edit", on=_photo)
def remove_draft_photo(found: tuple[SellDraft, int]) -> object:
    draft_id, number = found[0].id, found[1]
    with work(g.db, visitor().actor, clock.now()) as w:
        kept = w.session.get_one(SellDraft, draft_id)
        kept.photos = [photo for n, photo in enumerate(kept.photos) if n != number]
    return redirect(url_for("sell.what_again", draft_id=draft_id), 303)


def _ready(draft: SellDraft) -> Card | None:
    """The card when screen 1 is complete: its kind is known and every photo that this kind needs is there."""
    card = find_card(draft.category)
    return card if card and not shots.too_few(card, shots.plain(draft.photos)) else None


@blueprint.get("/<draft_id>/details")
@needs("market:draft:edit", on=own_draft)
def details(draft: SellDraft) -> object:
    card = _ready(draft)
    if card is None:
        return redirect(url_for("sell.what_again", draft_id=draft.id), 303)
    return details_page(draft, card, details_form(card, answers_of(draft)))


@blueprint.post("/<draft_id>/details")
@needs("market:draft:edit", on=own_draft)
def save_details(draft: SellDraft) -> object:
    card, draft_id = _ready(draft), draft.id
    if card is None:
        return redirect(url_for("sell.what_again", draft_id=draft_id), 303)
    form = details_form(card)
    good = form.validate()
    if card.code_photo:
        good = _keep_code_photo(draft_id, form) and good
    if not (check_details(card, form) and _numbers_free(card, form) and good):
        return details_page(own_draft(g.db, draft_id), card, form, 422)
    if caution(form, free_words(card)):
        return details_page(own_draft(g.db, draft_id), card, form, 422, caution=True)
    told = {name: str(value) for name, value in form.data.items() if value and name not in ("csrf_token", WITH_CODE)}
    with work(g.db, visitor().actor, clock.now()) as w:
        drafts.keep_answers(w.session.get_one(SellDraft, draft_id), w, told, price=False)
    return redirect(url_for("sell.price", draft_id=draft_id), 303)


def _numbers_free(card: Card, form: Form) -> bool:
    """No number stands on another thing: said here already, at its own field."""
    answers = {name: str(value or "") for name, value in form.data.items()}
    for row in range(2):
        for asked in card.identifiers:
            if typed := answers.get(f"i_{asked.kind}_{row}", "").strip():
                _free_or_blame(form, f"i_{asked.kind}_{row}", demand_unique, str(visitor().account_id), asked.kind, typed)
    for row in range(media_rows(card)):
        if serial := answers[f"m_serial_{row}"].strip():
            _free_or_blame(form, f"m_serial_{row}", demand_free_disk, serial)
    return not form.errors


def _free_or_blame(form: Form, field: str, demand: Callable[..., None], *asked: str) -> None:
    try:
        demand(g.db, *asked)
    except Invalid as no:
        no.field = field
        form.blame(no)


def _keep_code_photo(draft_id: str, form: Form) -> bool:
    """The photo beside the code is kept at once, whatever else is wrong; without one the reason stands at its field."""
    draft, sent = own_draft(g.db, draft_id), form[WITH_CODE].data
    try:
        if _sent(sent):
            stored = store_photo(sent.stream.read())
            with work(g.db, visitor().actor, clock.now()) as w:
                drafts.keep_code_photo(w.session.get_one(SellDraft, draft_id), w, stored)
        elif shots.code_place(draft.photos) is None:
            raise Invalid("code_photo_missing", shots.CODE_MISSING, values={"code": draft.code})
    except Refused as no:
        no.field = WITH_CODE
        form.blame(no)
        return False
    return True


@blueprint.get("/<draft_id>/price")
@needs("market:draft:edit", on=draft_or_done)
def price(draft: SellDraft | Done) -> object:
    if isinstance(draft, Done):
        return redirect(f"/listings/{draft.listing_id}", 303)
    told = answers_of(draft)
    if _ready(draft) is None or all(key.startswith("p_") for key in told):
        return redirect(url_for("sell.details", draft_id=draft.id), 303)
    typed = {key[2:]: value for key, value in told.items() if key.startswith("p_")}
    title = drafts.suggested_title(get_card(draft.category), told)
    return price_page(draft, SellForm(data={"title": title, **typed}))


@blueprint.post("/<draft_id>/price")
@needs("market:draft:edit", on=draft_or_done)
def finish(draft: SellDraft | Done) -> object:
    if isinstance(draft, Done):
        return redirect(f"/listings/{draft.listing_id}", 303)
    if _ready(draft) is None:
        return redirect(url_for("sell.details", draft_id=draft.id), 303)
    form, draft_id = SellForm(), draft.id
    with work(g.db, visitor().actor, clock.now()) as w:
        drafts.keep_answers(w.session.get_one(SellDraft, draft_id), w, typed_price(form), price=True)
    if not form.validate():
        return price_page(own_draft(g.db, draft_id), form, 422)
    try:
        offer = offer_of(form)
        if caution(form, WORDS):
            return price_page(own_draft(g.db, draft_id), form, 422, caution=True)
        with work(g.db, visitor().actor, clock.now()) as w:
            listing_id = drafts.sell(w, w.session.get_one(SellDraft, draft_id, with_for_update=True), offer, form.chosen)
    except Busy:
        return redirect(url_for("sell.price", draft_id=draft_id), 303)
    except Refused as no:
        return _refused(draft_id, form, no)
    say_new(listing_id)
    return redirect(f"/listings/{listing_id}", 303)


def _refused(draft_id: str, form: SellForm, no: Refused) -> Response:
    """Show the refusal on the screen that can put it right: a number or a disk belongs to screen 2."""
    draft = own_draft(g.db, draft_id)
    card = get_card(draft.category)
    at = {"media": "m_serial_0", WITH_CODE: WITH_CODE, **{one.kind: f"i_{one.kind}_0" for one in card.identifiers}}.get(no.field)
    if at is None:
        form.blame(no)
        return price_page(draft, form, no.status)
    no.field = at
    again = details_form(card, answers_of(draft), typed=False)
    again.blame(no)
    return details_page(draft, card, again, no.status)


@blueprint.post("/<draft_id>/discard")
@needs("market:draft:edit", on=own_draft)
def discard(draft: SellDraft) -> object:
    draft_id = draft.id
    with work(g.db, visitor().actor, clock.now()) as w:
        w.session.execute(delete(SellDraft).where(SellDraft.id == draft_id))
    return redirect("/sell", 303)
