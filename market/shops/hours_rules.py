"""Is a place open at a moment, until when, and when does it open next? Pure; times are local and aware."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from core.slot_rules import Hours, read_hours

LOOK_AHEAD: Final = 14  # days; who opens later than that names no time


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`until`: open now, until then; else `next`: opens then, None when not within two weeks."""

    until: datetime | None = None
    next: datetime | None = None


def opening(hours: Mapping[str, str], closed: Iterable[str], at: datetime) -> Opening:
    """`hours`: {weekday "0".."6": text} and `closed`: days like 2027-02-06, as they are kept; `at`: a local moment."""
    shut, coming = frozenset(closed), None
    for shift in range(LOOK_AHEAD + 1):
        day = at.date() + timedelta(days=shift)
        if day.isoformat() in shut:
            continue
        for start, end in _spans(_of_day(hours, day), day, at):
            if start <= at < end:
                return Opening(until=end)
            if start > at:
                coming = coming or start
        if coming:
            return Opening(next=coming)
    return Opening()


def _of_day(hours: Mapping[str, str], day: date) -> list[Hours]:
    return read_hours(day.weekday(), hours.get(str(day.weekday()), ""))


def _spans(found: Iterable[Hours], day: date, at: datetime) -> list[tuple[datetime, datetime]]:
    """From when until when; hours that meet are one span."""
    spans: list[tuple[datetime, datetime]] = []
    for one in found:
        start, end = (datetime.combine(day, clock, at.tzinfo) for clock in (one.from_, one.until))
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
