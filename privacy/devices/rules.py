"""Who a device is, what may be taken out of it, and when its counters say that it was used. Pure.

Sources: identity and its sources: wipe.md 3 and 6 (WWN and controller answers before labels and typing; a bridge's serial is the
dock's [seen in wipe-disk's readme]). Destruction: NIST SP 800-88r2 3.1.3 [quoted] and the HKSAR guide's flash <= 2 mm [seen].
Counters: NVMe SMART log and Global Data Erased, ATA device statistics [seen]; the tolerances are this house's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from core.i18n import N_

# where a claim comes from, and how much it is worth: 3 the controller's own answer, 2 firmware or photo, 1 a person's word,
# 0 nothing at all (a USB adapter answers with its own number)
SOURCES: Final[Mapping[str, int]] = {
    "ata": 3,
    "nvme": 3,
    "scsi": 3,
    "dmi": 2,
    "system": 2,
    "photo": 2,
    "label": 1,
    "typed": 1,
    "bridge": 0,
}
SOURCE_WORDS: Final = {
    "ata": N_("the disk's own answer (ATA)"),
    "nvme": N_("the drive's own answer (NVMe)"),
    "scsi": N_("the disk's own answer (SCSI)"),
    "dmi": N_("the mainboard's firmware (DMI)"),
    "system": N_("the device's own system"),
    "photo": N_("a photo"),
    "label": N_("a label"),
    "typed": N_("typed by a person"),
    "bridge": N_("a USB adapter: says nothing about the disk"),
}
BINDING: Final = 3

DESTRUCTIONS: Final = {
    "shred": N_("Shredded"),
    "crush": N_("Crushed or bent"),
    "drill": N_("Drilled through"),
    "incinerate": N_("Burnt in a plant for it"),
    "degauss": N_("Degaussed (magnetic disks only)"),
}
# HKSAR Practice Guide v1.6, Annex E [seen]: flash is shredded to 2 mm or less
FLASH_MILLIMETRES: Final = 2

SCRAP_REASONS: Final = {
    "broken": N_("It is broken beyond repair"),
    "unwipeable": N_("It can't be wiped"),
    "unsold": N_("Nobody wants it"),
    "recalled": N_("It was recalled, or is unsafe"),
    "owner_wish": N_("Its owner wants it recycled"),
}
MOMENTS: Final = {
    "after_wipe": N_("right after the wipe"),
    "after_work": N_("after work following the wipe"),
    "hand_over": N_("at the hand-over"),
    "check": N_("at a check in between"),
}
# media that count their use and are asked for it after work on them; chips and cards have nothing to ask
COUNTING: Final = frozenset({"hdd", "hybrid", "ssd", "nvme"})
# moments from which use is counted: a later one replaces an earlier one
BASELINES: Final = ("after_wipe", "after_work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Counters as whole numbers, None if the device doesn't count or wasn't asked. `bytes_written`: written by the host.
    `data_erased`: NVMe's Global Data Erased."""

    power_on_hours: int | None = None
    power_cycles: int | None = None
    bytes_written: int | None = None
    boot_count: int | None = None
    data_erased: bool | None = None


# What two readings cost by themselves: the device is started from another medium and looked at, some hours pass on the bench,
# and the controller books a few log sectors. More is use.
TOLERANCE: Final = Usage(power_on_hours=8, power_cycles=6, bytes_written=1024 * 1024, boot_count=0)
COUNTERS: Final = {
    "power_on_hours": N_("hours switched on"),
    "power_cycles": N_("times switched on"),
    "bytes_written": N_("bytes written"),
    "boot_count": N_("system starts"),
    "data_erased": N_("nothing written since the wipe, says the drive"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What the counters say of the time between two readings. `used`: True if a counter grew beyond its tolerance, False if at
    least one was compared and none did, None if nothing could be compared. `grown`: those beyond, by name. `backwards`: one
    counts less than before, which no counter does: another medium, or a forged reading."""

    used: bool | None
    grown: tuple[str, ...]
    backwards: tuple[str, ...]


def growth(before: Usage, after: Usage, tolerance: Usage = TOLERANCE) -> Growth:
    """Compare two readings of one medium."""
    compared, grown, backwards = 0, [], []
    for name in ("power_on_hours", "power_cycles", "bytes_written", "boot_count"):
        then, now, room = getattr(before, name), getattr(after, name), getattr(tolerance, name)
        if then is None or now is None:
            continue
        compared += 1
        if now < then:
            backwards.append(name)
        elif now - then > room:
            grown.append(name)
    if before.data_erased is True and after.data_erased is not None:
        compared += 1
        if after.data_erased is False:
            grown.append("data_erased")
    used = True if grown or backwards else (False if compared else None)
    return Growth(used=used, grown=tuple(grown), backwards=tuple(backwards))


def binds(source: str) -> bool:
    """Is this the medium's own answer? Only such a claim ties evidence to a medium without a second source."""
    return SOURCES.get(source, 0) >= BINDING


def confidence(sources: Iterable[str]) -> int:
    """How sure an identity is, 0 to 3: the best source; two weaker ones that agree count as the next better one."""
    worths = sorted((SOURCES.get(source, 0) for source in set(sources)), reverse=True)
    if not worths:
        return 0
    best = worths[0]
    agreeing = sum(1 for worth in worths if worth == best)
    return min(best + (1 if 0 < best < 2 and agreeing > 1 else 0), BINDING)


def inventory_problem(counted: int, registered: int) -> str | None:
    """Why the count of media in the opened device and the register don't agree, or None."""
    if counted == registered:
        return None
    return "medium_missed" if counted > registered else "medium_gone"


def way_out(kind: str) -> tuple[str, ...]:
    """What may become of a medium that is taken out: a memory card may go back to its owner, anything else is destroyed."""
    return ("returned", "destroy") if kind == "card" else ("destroy",)


def destruction_problem(medium: str, method: str, millimetres: int | None) -> str | None:
    """Why this way of destroying doesn't suffice for a magnetic or semiconductor medium, or None."""
    if method not in DESTRUCTIONS:
        return "method_unknown"
    if medium == "semiconductor" and method == "degauss":
        return "degauss_flash"
    if medium == "semiconductor" and method in ("drill", "crush"):
        return "flash_needs_shredding"
    if medium == "semiconductor" and method == "shred" and (millimetres is None or millimetres > FLASH_MILLIMETRES):
        return "flash_too_coarse"
    return None
