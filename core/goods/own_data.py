"""What the register of things holds about a person, for their own export, and how long it is kept."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets
from core.db import stamp
from core.goods.custody import is_with_staff
from core.goods.describe import model_name
from core.goods.models import CustodyLine, Item
from core.i18n import N_
from core.ports import Hold, RetentionRow


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """Own things with their numbers in the clear, and what was handed to this person."""
    owned = session.scalars(select(Item).where(Item.owner_id == account_id).order_by(Item.id))
    held = select(CustodyLine).where(CustodyLine.holder_kind == "person", CustodyLine.holder_id == account_id)
    return {
        "things": [_thing(item) for item in owned],
        "custody": [
            {"thing": line.item_id, "place": line.place, "why": line.why, "since": stamp(line.since)}
            for line in session.scalars(held.order_by(CustodyLine.since, CustodyLine.id))
        ],
    }


def _thing(item: Item) -> dict[str, Any]:
    return {
        "id": item.id, "category": item.category, "brand": item.brand, "model": item.model,
        "attributes": item.attributes, "disclosures": item.disclosures, "registered": stamp(item.created_at),
        "numbers": [
            {"kind": one.kind, "number": secrets.decrypt(one.value, "identifier")} for one in item.identifiers
        ],
        "storage": [{"kind": one.kind, "serial": secrets.decrypt(one.serial, "medium")} for one in item.media],
        "photos": [{"view": one.view, "added": stamp(one.added_at)} for one in item.photos if one.removed_at is None],
    }  # fmt: skip


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    """Own things that a shop, bench or appraiser still has: they are fetched first."""
    handed = select(CustodyLine.item_id).where(CustodyLine.holder_kind == "org")
    query = select(Item).where(Item.owner_id == account_id, Item.id.in_(handed)).order_by(Item.id)
    for item in session.scalars(query):
        if is_with_staff(session, item.id):
            name = model_name(item) or item.category
            yield Hold(
                code="in_custody", sentence=N_("%(thing)s is still at a point. Fetch it first."), values={"thing": name},
                link=f"/items/{item.id}", way=N_("See where it is"),
            )  # fmt: skip


def retention() -> Iterable[RetentionRow]:
    return RETENTION


_LAST = N_("the thing was sold or taken back for good")
RETENTION = (
    RetentionRow(
        N_("Things, their numbers and storage media"), 36, _LAST,
        N_("E-commerce Law, article 31: at least three years"),
        N_("numbers are deleted; ids and states stay"),
    ),
    RetentionRow(
        N_("Photos of things"), 36, _LAST, N_("E-commerce Law, article 31: at least three years"), N_("delete"),
    ),
    RetentionRow(
        N_("Custody lines"), 36, _LAST,
        N_("GB 46864-2025 (at least three years; known from the press, its wording not read)"),
        N_("holders are unnamed; the line stays"),
    ),
    RetentionRow(
        N_("Audit log"), 120, N_("the line was written"), N_("own choice: the log outlives its subjects"),
        N_("kept; it holds ids and codes only"),
    ),
)  # fmt: skip
