"""Many things registered at once, as one delivery: the same rows and lines of the log as `intake.take_in` and a first move write,
in a few statements. What may be registered is asked before, by `numbers_taken` and `intake.check_numbers`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import ids
from core.goods import rules
from core.goods.intake import Intake, identifier_values, item_values
from core.goods.models import CustodyLine, Identifier, Item
from core.work import Work

A_CHUNK: Final = 500
Number = tuple[str, str]
"""Kind and keyed digest of a number."""


def chunks(rows: Sequence[Any], size: int = A_CHUNK) -> Iterator[Sequence[Any]]:
    """The rows in their order, at most so many at a time: SQLite takes 32,766 values in a statement."""
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def numbers_taken(session: Session, numbers: Collection[Number]) -> dict[Number, str]:
    """Which of these numbers are live on a thing now, with that thing's owner."""
    found: dict[Number, str] = {}
    for some in chunks(sorted({digest for _kind, digest in numbers})):
        query = select(Identifier.kind, Identifier.digest, Item.owner_id).join(Item, Item.id == Identifier.item_id)
        for kind, digest, owner_id in session.execute(query.where(Identifier.digest.in_(some), Identifier.live.is_(True))):
            found[kind, digest] = owner_id
    return {one: owner for one, owner in found.items() if one in set(numbers)}


def take_in_many(w: Work, owner_id: str, givens: Sequence[Intake], org_id: str) -> list[Mapping[str, Any]]:
    """Register things, at most a few hundred at a time, that an organisation takes in at its counter. Returns the columns of the
    things' rows, in order, each with its numbers' digests under "digests". Their storage is read later, at the bench."""
    items = [item_values(owner_id, given, w.now) for given in givens]
    numbers = [
        identifier_values(item["id"], kind, value, w.now)
        for item, given in zip(items, givens, strict=True)
        for kind, values in given.identifiers.items() for value in values if rules.normalise_serial(value)
    ]  # fmt: skip
    w.session.execute(insert(Item), [{"state": "active", "epoch": 1, **item} for item in items])
    if numbers:
        w.session.execute(insert(Identifier), numbers)
    w.session.execute(insert(CustodyLine), [one for item in items for one in _held(w, item["id"], owner_id, org_id)])
    for item in items:
        w.record("core:item:registered", item["id"], category=item["category"], data_bearing=item["data_bearing"])
        w.record("core:custody:moved", item["id"], place="counter", why="taken_in", holder=org_id, epoch=1)
    digests: dict[str, set[str]] = {}
    for one in numbers:
        digests.setdefault(one["item_id"], set()).add(one["digest"])
    return [{**item, "digests": digests.get(item["id"], set())} for item in items]


def _held(w: Work, item_id: str, owner_id: str, org_id: str) -> Iterator[dict[str, Any]]:
    """Its owner first, then the counter."""
    first = ("person", owner_id, "owner", "registered")
    for kind, holder, place, why in (first, ("org", org_id, "counter", "taken_in")):
        yield {
            "id": ids.new_id(), "item_id": item_id, "holder_kind": kind, "holder_id": holder, "place": place, "why": why,
            "epoch": 1, "seal_number": "", "since": w.now, "moved_by": w.actor.id,
        }  # fmt: skip
