"""The media of an eReuse Workbench snapshot: data storages among the components, and what the listings beside them say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.i18n import N_
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import Finding, MediumKind, Source, Unreadable
from privacy.evidence.readers.doc import Json, at, fields, members, word
from privacy.evidence.readers.ereuse_steps import Erasure, erasure_of
from privacy.evidence.readers.marks import clash

_TYPES: Final[dict[str, MediumKind | None]] = {
    "HardDrive": "magnetic",
    "SolidStateDrive": "semiconductor",
    "DataStorage": None,
}
_SOURCES: Final[dict[str, Source]] = {"ATA": "ata", "NVME": "nvme", "USB": "bridge"}
_MEGABYTE = 1_000_000
_SECTOR = 512
MOST_ERASURES = 200  # in one snapshot; a computer has a few disks
MOST_LISTED = 20_000  # parts of a hardware listing that are looked at


@dataclass(frozen=True, slots=True)
class Medium:
    """A data storage as the snapshot lists it. `medium` follows from the type the file gives it."""

    path: str
    serial: str | None
    model: str | None
    type: str
    interface: str | None
    capacity_bytes: int | None
    erasures: tuple[Erasure, ...]

    @property
    def medium(self) -> MediumKind | None:
        return _TYPES[self.type]

    @property
    def source(self) -> Source | None:
        return _SOURCES.get((self.interface or "").upper()) if self.serial else None


def media_of(snapshot: Json) -> list[Medium]:
    """In the file's order; a component of another kind that was erased is listed too."""
    found: list[Medium] = []
    count = 0
    for number, component in enumerate(members(snapshot, "components")):
        path = f"/components/{number}"
        erasures = tuple(_erasures(component, path))
        kind = word(component, "type")
        if kind in _TYPES or erasures:
            found.append(_medium(component, path, kind if kind in _TYPES else "DataStorage", erasures))
            count += max(1, len(erasures))
        if count > MOST_ERASURES:
            raise Unreadable(
                "too_many_devices",
                N_("The file names more than %(limit)s devices. Send the log of one run only."),
                {"limit": MOST_ERASURES},
            )
    return found


def _medium(component: Json, path: str, kind: str, erasures: tuple[Erasure, ...]) -> Medium:
    serial, model, interface = (word(component, key) for key in ("serialNumber", "model", "interface"))
    return Medium(path, serial, model, kind, interface, _bytes(at(component, "size")), erasures)


def _erasures(component: Json, path: str) -> Iterator[Erasure]:
    for key in ("actions", "events"):  # until version 11.0b they were called events
        for number, action in enumerate(members(component, key)):
            if number > MOST_ERASURES:
                return
            if (found := erasure_of(action, f"{path}/{key}/{number}")) is not None:
                yield found


def _bytes(size: Json) -> int | None:
    """The size is printed in megabytes; only one that wasn't rounded gives whole sectors. Early versions counted in MiB,
    rounded down, which gives none."""
    if not isinstance(size, float) or not 1 <= size < 10**10:
        return None
    found = round(size * _MEGABYTE)
    return found if size != int(size) and found % _SECTOR == 0 else None


def media_clashes(snapshot: Json, media: list[Medium]) -> list[Finding]:
    """Contradictions between media, and between a medium and the hardware listing in the same file."""
    turning = [one for one in media if one.type == "HardDrive" and (one.interface or "").upper() == "NVME"]
    bus = [clash(f"type of medium and interface: {one.path}") for one in turning]
    return [*_types_clash(media), *bus, *_copies(media), *_listing_clash(snapshot, media)]


def _types_clash(media: list[Medium]) -> list[Finding]:
    kinds: dict[str, set[MediumKind]] = {}
    for one in media:
        if (serial := normalise_serial(one.serial)) and one.medium:
            kinds.setdefault(serial, set()).add(one.medium)
    return [clash("one serial, two types of medium") for found in kinds.values() if len(found) > 1]


def _copies(media: list[Medium]) -> list[Finding]:
    """One erasure, equal to the microsecond, on two media."""
    seen: dict[tuple[object, ...], str] = {}
    found = []
    for one in media:
        for erasure in one.erasures:
            first = seen.setdefault(erasure.times, one.path) if erasure.times else one.path
            if first != one.path:
                found.append(clash(f"the same erase on two media: {erasure.path}"))
    return found


def _listing_clash(snapshot: Json, media: list[Medium]) -> list[Finding]:
    disks = {serial: disk for disk in _disks(snapshot) if (serial := normalise_serial(word(disk, "serial")))}
    found = []
    for one in media:
        serial = normalise_serial(one.serial)
        if serial is None or not disks:
            continue
        if serial not in disks:
            found.append(clash(f"inner and outer serial: {one.path}"))
        elif one.medium == "semiconductor" and any(key.endswith("rpm") for key in fields(disks[serial], "capabilities")):
            found.append(clash(f"type of medium and rotation rate: {one.path}"))
    return found


def _disks(snapshot: Json) -> Iterator[Json]:
    """The disks in lshw's listing; those of card readers have no serial worth the name."""
    left, looked = [at(snapshot, "debug", "lshw"), at(snapshot, "data", "lshw")], 0
    while left and looked < MOST_LISTED:
        one, looked = left.pop(), looked + 1
        if isinstance(one, dict):
            if one.get("class") in ("disk", "storage") and "ATA" in str(one.get("description", ""))[:40]:
                yield one
            left.append(one.get("children"))
        elif isinstance(one, list):
            left += one[:1000]
