"""When a desk that takes bookings has time: opening hours, slots, places. Pure: times go in and come out as aware values."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from core.errors import Invalid
from core.i18n import N_

DAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
PROBLEMS: Final = {
    "hours_form": N_("Write hours like 9:00-12:00, 13:30-18:00, or leave the day empty if you are closed."),
    "hours_order": N_("Opening has to come before closing."),
    "hours_overlap": N_("These hours overlap."),
}
# booked at least so long before, and not further ahead
NOTICE: Final = timedelta(minutes=30)
AHEAD: Final = 14
# from when until when something is booked
Span = tuple[datetime, datetime]
# nobody came when this has passed since a slot began
GRACE: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours of one weekday (0 is Monday), both ends local wall-clock times, `until` after `from_`."""

    day: int
    from_: time
    until: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """How a desk works: opening hours, the length of a slot in minutes, how many things it takes in one slot, and days on which
    it stays closed."""

    hours: tuple[Hours, ...]
    minutes: int
    places: int
    closed: frozenset[date] = frozenset()


class BadHours(ValueError):
    """`code`: hours_form, hours_order, hours_overlap."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_hours(day: int, text: str) -> list[Hours]:
    """`9:00-12:00, 13:30-18:00` as hours of a weekday; empty text is closed. Full-width signs are fine. Raises BadHours."""
    plain = text.translate(str.maketrans("：，—–－～~；;", ":,------,")).replace(" ", "")
    found = []
    for part in filter(None, plain.split(",")):
        ends = part.split("-")
        if len(ends) != 2:
            raise BadHours("hours_form")
        start, end = (_clock(one) for one in ends)
        if start >= end:
            raise BadHours("hours_order")
        found.append(Hours(day=day, from_=start, until=end))
    found.sort(key=lambda one: one.from_)
    if any(one.until > other.from_ for one, other in zip(found, found[1:], strict=False)):
        raise BadHours("hours_overlap")
    return found


def kept_hours(hours: Mapping[int, str]) -> dict[str, str]:
    """The hours of each weekday as they are kept, days that are closed left out. Raises Invalid at the field `day_N`."""
    for day, text in hours.items():
        try:
            read_hours(day, text)
        except BadHours as bad:
            raise Invalid(bad.code, PROBLEMS[bad.code], field=f"day_{day}") from bad
    return {str(day): text.strip() for day, text in hours.items() if text.strip()}


def read_bench(hours: Mapping[str, str], closed: Iterable[str], minutes: int, places: int) -> Bench:
    """A desk as it is kept. Raises BadHours for hours that were never checked."""
    read = [one for day, text in hours.items() for one in read_hours(int(day), text)]
    return Bench(hours=tuple(read), minutes=minutes, places=places, closed=frozenset(date.fromisoformat(day) for day in closed))


def _clock(text: str) -> time:
    hour, colon, minute = text.partition(":")
    digits = hour.isascii() and hour.isdigit() and (not colon or (minute.isascii() and minute.isdigit() and len(minute) == 2))
    if not digits or len(hour) > 2 or int(hour) > 23 or int(minute or "0") > 59:
        raise BadHours("hours_form")
    return time(int(hour), int(minute or "0"))


def show_hours(hours: Iterable[Hours], day: int) -> str:
    """The hours of a weekday as `read_hours` takes them."""
    return ", ".join(f"{one.from_:%H:%M}-{one.until:%H:%M}" for one in hours if one.day == day)


def slots(bench: Bench, first: date, days: int, zone: tzinfo) -> list[datetime]:
    """The beginnings of all slots from `first` on, whole slots only, in time order."""
    found = []
    for shift in range(days):
        day = first + timedelta(days=shift)
        if day in bench.closed:
            continue
        for one in bench.hours:
            if one.day == day.weekday():
                found += _slots_of(bench, day, one, zone)
    return sorted(found)


def _slots_of(bench: Bench, day: date, hours: Hours, zone: tzinfo) -> list[datetime]:
    at, end = datetime.combine(day, hours.from_, zone), datetime.combine(day, hours.until, zone)
    step, found = timedelta(minutes=bench.minutes), []
    while at + step <= end:
        found.append(at)
        at += step
    return found


def crowds(bench: Bench, spans: Iterable[Span], first: date, days: int, zone: tzinfo) -> dict[datetime, int]:
    """How many of what is booked lies over each slot, also where it began at another time than slots do today: hours and lengths
    change. Whatever lies over any part of a slot counts, so that no moment is ever fuller than its places."""
    booked, length = list(spans), timedelta(minutes=bench.minutes)
    begins, ends = sorted(begin for begin, _end in booked), sorted(end for _begin, end in booked)
    return {one: bisect_left(begins, one + length) - bisect_right(ends, one) for one in slots(bench, first, days, zone)}


def free(
    bench: Bench, taken: Mapping[datetime, int], now: datetime, zone: tzinfo, notice: timedelta = NOTICE
) -> list[datetime]:
    """The slots that can still be booked: far enough away, not too far, with a place left. `taken`: bookings by slot."""
    today = now.astimezone(zone).date()
    return [
        one for one in slots(bench, today, AHEAD, zone) if one >= now + notice and taken.get(one, 0) < bench.places
    ]
