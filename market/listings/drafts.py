"""What a seller has told between the three screens, and how it becomes a registered thing with its listing."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core import ids, secrets
from core.access import visitor
from core.errors import Invalid, NotFound, Refused
from core.goods.card import WITH_CODE, Card
from core.goods.cards import get_card
from core.goods.cards import text as words
from core.goods.intake import take_in
from core.goods.pictures import MOST, keep_photo, store_photo
from core.i18n import N_
from core.once import DoneOnce, find_done, keep_done
from core.web import sentence
from core.work import Work
from market.listings import actions, shots
from market.listings.actions import Offer
from market.listings.models import Listing, SellDraft
from market.listings.sell_form import intake
from market.listings.selling_as import seller_of
from privacy.clearance.permit import NotNeeded

TITLE_PARTS = ("brand", "model", "title", "kind", "size")


@dataclass(frozen=True, slots=True)
class Done:
    """A draft that has become a listing: a second press and the Back button lead there."""

    owner_id: str
    listing_id: str


def sweep_old(w: Work) -> None:
    """What nobody went on with for 30 days is gone (PIPL 19: the shortest time)."""
    w.session.execute(delete(SellDraft).where(SellDraft.changed_at < w.now - timedelta(days=30)))


def own_draft(session: Session, draft_id: str) -> SellDraft:
    draft = session.get(SellDraft, draft_id)
    if draft is None or draft.owner_id != visitor().account_id:
        raise NotFound()
    return draft


def draft_or_done(session: Session, draft_id: str) -> SellDraft | Done:
    """The draft, or where it went. Raises NotFound for everybody but its owner."""
    done = session.get(DoneOnce, f"sell/{draft_id}")
    listing = session.get(Listing, done.result) if done else None
    if listing is not None and listing.seller_id == visitor().account_id:
        return Done(listing.seller_id, listing.id)
    return own_draft(session, draft_id)


def drafts_of(session: Session, account_id: str) -> list[SellDraft]:
    query = select(SellDraft).where(SellDraft.owner_id == account_id)
    return list(session.scalars(query.order_by(SellDraft.changed_at.desc()).limit(5)))


def answers_of(draft: SellDraft) -> dict[str, str]:
    return dict(json.loads(secrets.decrypt(draft.answers, "sell_draft"))) if draft.answers else {}


def keep_answers(draft: SellDraft, w: Work, told: dict[str, str], *, price: bool) -> None:
    """Keep what was typed on one screen; what the other screen was told stays."""
    others = {k: v for k, v in answers_of(draft).items() if k.startswith("p_") is not price}
    draft.answers, draft.changed_at = secrets.encrypt(json.dumps({**others, **told}), "sell_draft"), w.now


def read_photos(uploads: list[FileStorage], already: int) -> tuple[list[Any], list[Refused]]:
    """Every photo that can be used, cleaned and kept, and a refusal for each that can't; good ones are never lost."""
    good: list[Any] = []
    bad: list[Refused] = []
    for upload in uploads:
        if already + len(good) >= MOST:
            bad.append(Invalid("photos_many", N_("Twelve photos are enough. Remove one first."), field="photos"))
            break
        try:
            good.append(store_photo(upload.stream.read()))
        except Refused as no:
            values = {"name": (upload.filename or "")[:60], "why": sentence(no)}
            bad.append(Invalid(no.code, N_("“%(name)s”: %(why)s"), field="photos", values=values))
    return good, bad


def keep_what(w: Work, draft_id: str | None, category: str, photos: list[Any]) -> str:
    """Screen 1 is kept, also when something on it is still missing. Returns the draft's id."""
    if draft_id is None:
        draft = SellDraft(
            id=ids.new_id(), owner_id=w.actor.id, category=category, code=ids.new_code(5), photos=photos,
            changed_at=w.now,
        )  # fmt: skip
        w.session.add(draft)
    else:
        draft = w.session.get_one(SellDraft, draft_id)
        draft.category, draft.photos, draft.changed_at = category or draft.category, photos, w.now
    return draft.id


def keep_code_photo(draft: SellDraft, w: Work, stored: dict[str, Any]) -> None:
    """The photo beside the handwritten code; a newer one takes its place. Raises Invalid when there is no room."""
    others = [one for one in draft.photos if not shots.is_code(one)]
    if len(others) >= MOST:
        raise Invalid("photos_many", N_("Twelve photos are enough. Remove one first."))
    draft.photos, draft.changed_at = [*others, {**stored, "view": WITH_CODE}], w.now


def suggested_title(card: Card, answers: dict[str, str]) -> str:
    """Brand, model, kind and size as they were told; else the category's name."""
    named = []
    for attribute in card.attributes:
        said = answers.get(f"a_{attribute.code}", "").strip()
        if said and attribute.code in TITLE_PARTS:
            choice = attribute.find_choice(said)
            named.append(words(choice.name, g.language) if choice else said)
    return " ".join(named)[:80] or words(card.names, g.language)


def sell(w: Work, draft: SellDraft, offer: Offer, sell_as: str = "") -> str:
    """Turn a sell draft into a registered thing and its listing, in one go; a second press finds the first's. `sell_as`: the
    organisation in whose name, or "" for one's own."""
    done = find_done(w, "sell", draft.id)
    if done:
        return done
    card = get_card(draft.category)
    if few := shots.too_few(card, shots.plain(draft.photos)):
        raise few
    if card.code_photo and shots.code_place(draft.photos) is None:
        raise Invalid("code_photo_missing", shots.CODE_MISSING, field=WITH_CODE, values={"code": draft.code})
    item = take_in(w, w.actor.id, intake(card, answers_of(draft)))
    for position, stored in enumerate(draft.photos):
        kept = {name: value for name, value in stored.items() if name != "view"}
        keep_photo(w, item, kept, stored.get("view", ""), position)
    org_id, kind = seller_of(w.session, w.actor.id, sell_as)
    listing = actions.draft(w, item, w.actor.id, offer, seller_kind=kind, org_id=org_id)
    if item.data_bearing:
        actions.wait_for_wipe(w, listing)
    else:
        actions.publish(w, listing, NotNeeded(item.id))
    keep_done(w, "sell", draft.id, listing.id)
    w.session.execute(delete(SellDraft).where(SellDraft.id == draft.id))
    return listing.id
