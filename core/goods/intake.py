"""Taking a thing into the register: what it is, its numbers (encrypted), its storage, and its owner as first holder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import ids, secrets
from core.errors import Invalid
from core.goods import rules
from core.goods.card import Card
from core.goods.models import CustodyLine, Identifier, Item, StorageMedium
from core.goods.reasons import REASONS
from core.goods.words import MEDIUM_OF
from core.i18n import N_
from core.work import Work

DISK_TAKEN = N_("This disk is registered in another device. One disk can be in one device only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumGiven:
    """A storage medium as read from its label: kind of the card's list, serial as printed."""

    kind: str
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What the owner tells about a thing. `smart`: yes | no | unknown | None where the card doesn't ask."""

    card: Card
    attributes: Mapping[str, str] = field(default_factory=dict)
    disclosures: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    media: Sequence[MediumGiven] = ()
    smart: str | None = None


def take_in(w: Work, owner_id: str, given: Intake) -> Item:
    """Register a thing with its numbers and media. Raises Invalid naming the field; nothing is kept then."""
    check_numbers(given)
    item = Item(**item_values(owner_id, given, w.now))
    w.session.add(item)
    w.session.flush()
    for kind, values in given.identifiers.items():
        for value in values:
            if rules.normalise_serial(value):
                add_identifier(w, item, kind, value)
    for medium in given.media:
        add_medium(w, item, medium)
    w.session.add(
        CustodyLine(
            id=ids.new_id(), item_id=item.id, holder_kind="person", holder_id=owner_id, place="owner",
            why="registered", epoch=item.epoch, since=w.now, moved_by=w.actor.id,
        )
    )  # fmt: skip
    w.record("core:item:registered", item.id, category=item.category, data_bearing=item.data_bearing)
    return item


def item_values(owner_id: str, given: Intake, now: datetime) -> dict[str, Any]:
    """The columns of a new thing's row."""
    return {
        "id": ids.new_id(), "category": str(given.card.code), "data_bearing": rules.holds_data(given.card, given.smart),
        "owner_id": owner_id, "brand": given.attributes.get("brand", "")[:60], "model": given.attributes.get("model", "")[:120],
        "attributes": dict(given.attributes), "disclosures": dict(given.disclosures), "created_at": now,
    }  # fmt: skip


def identifier_values(item_id: str, kind: str, value: str, now: datetime) -> dict[str, Any]:
    """The columns of a number's row: encrypted, with its keyed digest."""
    plain = rules.normalise_identifier(kind, value)
    return {
        "id": ids.new_id(), "item_id": item_id, "kind": kind, "value": secrets.encrypt(plain, "identifier"),
        "digest": secrets.keyed_digest(plain, "identifier"), "masked": rules.mask(plain), "live": True, "added_at": now,
    }  # fmt: skip


def check_numbers(given: Intake) -> None:
    """Raises Invalid at the kind of number that can't be taken, or at `media`."""
    for kind, code in rules.identifier_problems(given.card, given.identifiers).items():
        raise Invalid(code, REASONS[code], field=kind)
    media = rules.expected_media(given.card, given.smart)
    if given.media:
        problem = rules.media_problem(media, [medium.kind for medium in given.media])
        if problem:
            raise Invalid(problem, REASONS[problem], field="media")


def demand_unique(session: Session, owner_id: str, kind: str, value: str) -> None:
    """Raises Invalid at `kind` when the number is live on another thing. Asked early: nobody fills in a form for nothing."""
    digest = secrets.keyed_digest(rules.normalise_identifier(kind, value), "identifier")
    there = select(Identifier.item_id).where(
        Identifier.kind == kind, Identifier.digest == digest, Identifier.live.is_(True)
    )
    found = session.scalars(there).first()
    if found is not None:
        other = session.get(Item, found)
        raise twin(kind, theirs=other is not None and other.owner_id == owner_id)


def demand_free_disk(session: Session, serial: str) -> None:
    """Raises Invalid at `media` when a disk with this serial is inside another thing."""
    digest = secrets.keyed_digest(rules.normalise_serial(serial), "medium")
    twin = select(StorageMedium.id).where(StorageMedium.digest == digest, StorageMedium.state == "present")
    if session.scalars(twin.limit(1)).first() is not None:
        raise Invalid("medium_taken", DISK_TAKEN, field="media")


def add_identifier(w: Work, item: Item, kind: str, value: str) -> None:
    """Keep a number encrypted; raises Invalid when it is live on another thing."""
    demand_unique(w.session, item.owner_id, kind, value)
    w.session.add(Identifier(**identifier_values(item.id, kind, value, w.now)))
    try:
        w.session.flush()
    except IntegrityError as raced:
        raise twin(kind) from raced


def twin(kind: str, *, theirs: bool = False) -> Invalid:
    """What is said of a number that is live on another thing. `theirs`: on one of the same owner."""
    if theirs:
        return Invalid(
            "serial_yours",
            N_("This number is already on one of your things. Open it under “My things” and list it from there."),
            field=kind,
        )
    return Invalid(
        "serial_taken",
        N_("This number is already registered on another thing here. Check it for a slip; if it is right, write to us (the "
           "address is at the foot of the page): somebody may have copied it, or the last owner hasn't let go of it."),
        field=kind,
    )  # fmt: skip


def add_medium(w: Work, item: Item, given: MediumGiven) -> StorageMedium:
    """Add a storage medium by its own serial; raises Invalid when the serial can't bind or is on another item."""
    plain = rules.normalise_serial(given.serial)
    if given.kind not in MEDIUM_OF or MEDIUM_OF[given.kind] not in ("magnetic", "semiconductor"):
        raise Invalid("media_kind", N_("Say what kind of storage it is; open the device if need be."), field="media")
    if rules.is_placeholder(plain) or not 4 <= len(plain) <= 40:
        raise Invalid(
            "medium_serial",
            N_("This can't be a disk's serial number. It stands on the disk's own label and in the tool's log."),
            field="media",
        )
    medium = StorageMedium(
        id=ids.new_id(), item_id=item.id, kind=given.kind, medium=MEDIUM_OF[given.kind],
        serial=secrets.encrypt(plain, "medium"), digest=secrets.keyed_digest(plain, "medium"),
        masked=rules.mask(plain), added_at=w.now,
    )  # fmt: skip
    w.session.add(medium)
    try:
        w.session.flush()
    except IntegrityError as taken:
        raise Invalid("medium_taken", DISK_TAKEN, field="media") from taken
    w.record("core:medium:added", item.id, medium=medium.id, kind=given.kind)
    return medium


def serial_of(medium: StorageMedium) -> str:
    """The medium's serial in the clear, for comparing with a tool's file only."""
    return secrets.decrypt(medium.serial, "medium")
