"""What can't be listed for now, counted: models whose maker has declared nothing, and kinds of things that have no route yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.goods.cards import all_cards
from core.goods.models import Item
from privacy.clearance.checklist_rules import PARSERS
from privacy.clearance.models import Clearance
from privacy.wipes.models import Judgement, WipeJob

WAITING = ("no_declaration", "declared_other_system")


@dataclass(frozen=True, slots=True)
class ModelWaiting:
    """`why` is a code of WAITING: of the last list of each device."""

    brand: str
    model: str
    why: str
    devices: int


def models_waiting(session: Session) -> list[ModelWaiting]:
    """Devices whose last check-list ended for want of a declaration and that aren't cleared since, by model; most first."""
    cleared = select(Clearance.item_id).where(Clearance.state == "valid")
    last = (
        select(func.max(Judgement.id))
        .join(WipeJob, WipeJob.id == Judgement.job_id)
        .where(Judgement.parser_version.startswith(PARSERS))
        .group_by(WipeJob.item_id)
    )
    query = (
        select(Item, Judgement.reasons)
        .join(WipeJob, WipeJob.item_id == Item.id)
        .join(Judgement, Judgement.job_id == WipeJob.id)
        .where(Judgement.id.in_(last), Item.id.not_in(cleared), Item.state == "active")
    )
    counts: dict[tuple[str, str, str], int] = {}
    for item, reasons in session.execute(query).all():
        why = next((code for code in WAITING if code in reasons), "")
        if why:
            key = (item.brand, item.model, why)
            counts[key] = counts.get(key, 0) + 1
    found = [ModelWaiting(*key, number) for key, number in counts.items()]
    return sorted(found, key=lambda one: (-one.devices, one.brand, one.model))


@dataclass(frozen=True, slots=True)
class KindWaiting:
    category: str
    things: int


def kinds_waiting(session: Session) -> Sequence[KindWaiting]:
    """Things that may hold data, of categories without a route: taken in and kept as waiting."""
    codes = [card.code for card in all_cards() if card.wipe_route == "waiting"]
    query = (
        select(Item.category, func.count())
        .where(Item.category.in_(codes), Item.data_bearing.is_(True), Item.state == "active")
        .group_by(Item.category)
        .order_by(func.count().desc(), Item.category)
    )
    return [KindWaiting(category, number) for category, number in session.execute(query).all()]
