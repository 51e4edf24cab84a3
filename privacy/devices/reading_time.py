"""When a tool read a device: its clock has no zone, so that a span of moments is known and no single one. Pure.

Source: zones run from UTC-12 to UTC+14. smartctl prints the zone's letters, which several zones share: CST is China's here,
because that is where the benches stand. The station tool writes UTC. A bench's clock may be off by five minutes, this house's
own bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from privacy.evidence.model import DeviceRow, Evidence

SKEW: Final = timedelta(minutes=5)
EAST, WEST = timedelta(hours=14), timedelta(hours=12)
OFFSETS: Final[Mapping[str, timedelta]] = {
    "UTC": timedelta(0),
    "GMT": timedelta(0),
    "CST": timedelta(hours=8),
    "HKT": timedelta(hours=8),
}
IN_UTC: Final = frozenset({"xunshi-station"})


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest and the latest moment that the tool can mean."""

    earliest: datetime
    latest: datetime

    def before(self, moment: datetime) -> bool:
        """Was it read before that moment, however its clock is meant?"""
        return self.latest + SKEW < moment

    def after(self, moment: datetime) -> bool:
        return self.earliest - SKEW > moment


def span_of(evidence: Evidence, row: DeviceRow) -> Span | None:
    """None where the file doesn't say when it was read."""
    try:
        told = datetime.fromisoformat(row.finished or "").replace(tzinfo=UTC)
    except ValueError:
        return None
    offset = timedelta(0) if evidence.format in IN_UTC else OFFSETS.get(_letters(evidence))
    return Span(told - EAST, told + WEST) if offset is None else Span(told - offset, told - offset)


def _letters(evidence: Evidence) -> str:
    return next((one.detail or "" for one in evidence.findings if one.code == "time_zone"), "")
