"""What was on offer, frozen: words, facts, defects, papers and photos by digest, as they stood when the contract was made."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from appraisal.grades.models import Appraisal
from core import canonical
from core.db import stamp
from core.goods.cards import find_card
from core.goods.describe import disclosed_rows, properties
from core.goods.models import Item
from core.goods.rules import told_defects
from core.people.models import Account, Organisation
from core.people.names import shown_name
from core.people.sellers import find_seller_file
from core.work import Work
from market.listings.condition_rules import WRONG, condition_shown
from market.listings.models import Listing
from market.listings.proof import certificate_number_of
from market.orders.models import Order


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that is wrong with it, told before the contract. `code` names it within the order."""

    code: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


def defects(session: Session, item: Item, appraisal_id: str | None, condition: str = "") -> list[Defect]:
    """Every stated defect, one by one: what the seller disclosed with a bad answer or in words, the seller's own word of
    condition where it says that something is wrong, then what the appraisal tells."""
    card = find_card(item.category)
    rows = {language: {row.code: row for row in disclosed_rows(item, language)} for language in ("zh", "en")}
    found = []
    for code in told_defects(card, item.disclosures) if card else ():
        zh, en = rows["zh"][code], rows["en"][code]
        found.append(Defect(f"told_{code}", f"{zh.question} {zh.answer}", f"{en.question} {en.answer}"))
    if condition in WRONG:
        found.append(Defect("told_condition", condition_shown(condition, "zh"), condition_shown(condition, "en")))
    made = session.get(Appraisal, appraisal_id) if appraisal_id else None
    told = [one for one in (made.result or {}).get("reasons", []) if one["kind"] == "told"] if made else []
    found += [Defect(f"graded_{place}", one["text"]["zh"], one["text"]["en"]) for place, one in enumerate(told)]
    return found


def take(w: Work, listing: Listing, order: Order) -> tuple[dict[str, Any], str]:
    """(snapshot, its SHA-256): canonical JSON of texts and whole numbers, so that anybody can make the digest anew."""
    item = w.session.get_one(Item, listing.item_id)
    told = defects(w.session, item, listing.appraisal_id, listing.condition)
    body = {
        "version": 1, "listing": listing.id, "item": item.id, "at": stamp(w.now), "title": listing.title,
        "description": listing.description, "category": listing.category, "price_minor": order.price_minor,
        "currency": order.currency, "district": listing.district, "grade": listing.grade or "",
        "condition": listing.condition,
        "facts": {language: [list(row) for row in properties(item, language)] for language in ("zh", "en")},
        "defects": [
            {"code": one.code, "zh": one.zh, "en": one.en, "acknowledged": one.code in order.acknowledged} for one in told
        ],
        "numbers": [[one.kind, one.masked] for one in item.identifiers if one.live],
        "photos": [one.digest for one in item.photos if one.removed_at is None],
        "appraisal": listing.appraisal_id or "", "certificate": _certificate(w.session, listing),
        "seller": _seller(w.session, listing), "order": order.number, "payment": order.payment, "fulfilment": order.fulfilment,
        "returns": {"policy": listing.return_policy, "ground": listing.return_ground, "warranty_months": listing.warranty_months},
        "fee_policy": [order.fee_policy, order.fee_version],
    }  # fmt: skip
    return body, canonical.digest(body)


def _certificate(session: Session, listing: Listing) -> str:
    return certificate_number_of(session, listing.clearance_id) if listing.clearance_id else ""


def _seller(session: Session, listing: Listing) -> dict[str, str]:
    place = session.get(Organisation, listing.org_id) if listing.org_id else None
    file = find_seller_file(session, listing.seller_id, listing.org_id)
    name = place.name if place else shown_name(session.get_one(Account, listing.seller_id))
    licence = (file.licence_no if file else "") or (place.licence_no if place else "")
    english = {"name_en": place.name_en} if place and place.name_en else {}
    return {"name": name, "kind": listing.seller_kind, "licence": licence, "org": listing.org_id or "", **english}


def seller_name(told: dict[str, Any], language: str) -> str:
    """As it was frozen, in the reader's language where it was kept in that."""
    seller = told.get("seller", {})
    return str((seller.get("name_en") if language == "en" else "") or seller.get("name", ""))
