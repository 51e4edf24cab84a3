"""Times as files write them: the local part, the zone if there is one, and a moment to reckon with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from privacy.evidence.model import Finding

_ISO = re.compile(
    r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})[T ]{1,2}([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?\s?"
    r"(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)
_CLOCK = re.compile(r"(?:([0-9]{1,4})d ?)?([0-9]{1,4}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Stamp:
    """`iso` is the file's own local time to the second, `zone` as written, `moment` in UTC (or as local where no zone is)."""

    iso: str
    zone: str | None
    moment: datetime

    def seconds_to(self, later: "Stamp") -> float:
        return (later.moment - self.moment).total_seconds()


def stamp(text: str | None) -> Stamp | None:
    """A date with a time of day, or None for anything else, also for a time of day alone."""
    found = _ISO.fullmatch(text.strip()) if text and len(text) <= 64 else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, second, int((found[7] or "0").ljust(6, "0")[:6]), tzinfo=UTC)
        return Stamp(local.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0"), found[8], local - _offset(found[8]))
    except (ValueError, OverflowError):
        return None


def zone_of(times: Sequence[Stamp]) -> Finding:
    """The finding that says whether the file's times have a zone, and which if it is one for all."""
    zones = {time.zone for time in times}
    known = bool(zones) and None not in zones
    return Finding(code="time_zone", value=True if known else None, detail=zones.pop() if known and len(zones) == 1 else None)


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone in ("Z", "UTC"):
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return (1 if zone[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)


def clock_seconds(text: str | None) -> int | None:
    """`01:02:03` (also with days, `2d 01:02:03`) as seconds; hours may exceed 24. None for anything else."""
    found = _CLOCK.fullmatch(text.strip()) if text and len(text) <= 32 else None
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds if minutes < 60 and seconds < 60 else None
