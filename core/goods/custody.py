"""Who holds a thing, where, since when. Every hand-over is a line; some raise the custody epoch, which ends every proof."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_locked
from core.errors import Invalid, Refused
from core.goods.models import CustodyLine, Item
from core.i18n import N_
from core.ports import CustodyRaised, happened
from core.work import Work

# a move for one of these reasons puts the thing into somebody's hands with power on: proofs of the old epoch are history
RAISING: Final = {
    "sold": N_("sold and handed over"),
    "returned": N_("returned by its buyer"),
    "repaired": N_("given away for repair"),
    "loaned": N_("lent to somebody"),
    "seal_broken": N_("its seal was broken or missing"),
    "released_unsealed": N_("handed back to its owner without a seal"),
    "lost": N_("lost on its way to its buyer"),
    "undelivered": N_("came back without having been delivered"),
    "relisted": N_("to be wiped anew after an earlier clearance ended"),
}
MOVES: Final = {
    "registered": N_("registered by its owner"),
    "taken_in": N_("taken in at the counter"),
    "to_bench": N_("taken to the wiping bench"),
    "to_shelf": N_("put on the shelf"),
    "to_appraiser": N_("taken to the appraiser"),
    "to_courier": N_("given to the courier"),
    "to_point": N_("handed to another point"),
    "sealed": N_("sealed in a numbered bag and handed to its owner"),
}
PLACES: Final = {
    "owner": N_("With its owner"),
    "counter": N_("At the counter"),
    "bench": N_("On the wiping bench"),
    "appraiser": N_("With the appraiser"),
    "shelf": N_("On the shelf"),
    "courier": N_("With the courier"),
    "sealed_bag": N_("With its owner, in a sealed bag"),
    "buyer": N_("With its buyer"),
}
STAFF_PLACES: Final = frozenset({"counter", "bench", "appraiser", "shelf", "courier"})
# a thing that was given away stays its keeper's to answer for, but stands in no place of ours until it is back
AWAY: Final = {
    "repaired": N_("Away for repair"),
    "loaned": N_("Lent out"),
    "lost": N_("Lost on its way"),
}
WORDS: Final = {
    "core:custody:moved": N_("A thing changed hands or place"),
    "core:custody:raised": N_("A thing's custody epoch rose: earlier proofs ended"),
}


def locked(w: Work, item_id: str) -> Item:
    """The item, read anew and locked until the end of this Work. Raises NotFound."""
    return get_locked(w.session, Item, item_id)


def history(session: Session, item_id: str) -> list[CustodyLine]:
    """All lines, oldest first."""
    query = select(CustodyLine).where(CustodyLine.item_id == item_id)
    return list(session.scalars(query.order_by(CustodyLine.since, CustodyLine.id)))


def find_holder(session: Session, item_id: str) -> CustodyLine | None:
    """The line that stands now."""
    query = select(CustodyLine).where(CustodyLine.item_id == item_id)
    return session.scalars(query.order_by(CustodyLine.since.desc(), CustodyLine.id.desc()).limit(1)).first()


def where(line: CustodyLine) -> str:
    """Where a line says it is (English for gettext)."""
    return AWAY.get(line.why) or PLACES[line.place]


def is_lost(session: Session, item_id: str) -> bool:
    """Was it lost on its way, and hasn't anybody had it in hand since?"""
    line = find_holder(session, item_id)
    return line is not None and line.why == "lost"


def is_with_staff(session: Session, item_id: str) -> bool:
    line = find_holder(session, item_id)
    return line is not None and line.holder_kind == "org" and line.place in STAFF_PLACES and line.why not in AWAY


def move(w: Work, item: Item, *, holder_kind: str, holder_id: str, place: str, why: str, seal_number: str = "") -> CustodyLine:
    """Record that a thing changes hands or place.

    A `why` of RAISING raises the epoch first; so does handing it from staff to a person without a seal, whatever is
    said. Raises Invalid for a bag without a number, Refused for a place and holder that don't go together."""
    if why not in RAISING and why not in MOVES:
        raise ValueError(f"{why!r} is no reason for a move")
    if (holder_kind == "org") != (place in STAFF_PLACES) or place not in PLACES:
        raise Refused("place_and_holder", N_("Staff places belong to an organisation, the others to a person."))
    if place == "sealed_bag" and not seal_number.strip():
        raise Invalid("seal_number_missing", N_("Enter the number that is printed on the bag."), field="seal_number")
    item = locked(w, item.id)
    if why not in RAISING and _lets_go(w.session, item.id, place):
        why = "released_unsealed"
    if why in RAISING:
        raise_epoch(w, item, why)
    line = CustodyLine(
        id=ids.new_id(),
        item_id=item.id,
        holder_kind=holder_kind,
        holder_id=holder_id,
        place=place,
        why=why,
        epoch=item.epoch,
        seal_number=seal_number.strip() if place == "sealed_bag" else "",
        since=w.now,
        moved_by=w.actor.id,
    )
    w.session.add(line)
    w.session.flush()
    w.record("core:custody:moved", item.id, place=place, why=why, holder=holder_id, epoch=item.epoch)
    return line


def _lets_go(session: Session, item_id: str, place: str) -> bool:
    """Does this move put it into a person's hands without a seal, out of a kept place?"""
    line = find_holder(session, item_id)
    kept = line is not None and (line.place in STAFF_PLACES or line.place == "sealed_bag")
    return kept and place in ("owner", "buyer")


def raise_epoch(w: Work, item: Item, why: str) -> int:
    """End every proof of the present epoch, then begin the next. Subscribers of CustodyRaised run first, in this very
    transaction: a clearance ends (and with it live listings) before the database lets the epoch rise."""
    if why not in RAISING:
        raise ValueError(f"{why!r} does not raise the custody epoch")
    item = locked(w, item.id)
    happened(w, CustodyRaised(item.id, item.epoch + 1, why))
    item.epoch += 1
    w.session.flush()
    w.record("core:custody:raised", item.id, epoch=item.epoch, why=why)
    return item.epoch
