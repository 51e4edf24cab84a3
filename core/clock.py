"""The only place that reads the clock. Times are aware and in UTC; people see them in Asia/Shanghai."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

# Mainland China keeps one time zone and has had no summer time since 1991.
LOCAL_ZONE = ZoneInfo("Asia/Shanghai")

_clock: Clock | None = None


def now() -> datetime:
    """Return the present moment as an aware UTC datetime.

    Raises ValueError if a clock given to `set_clock` answers with a naive time.
    """
    return datetime.now(UTC) if _clock is None else utc(_clock())


def set_clock(clock: Clock | None) -> None:
    """Let `clock` tell the time from now on (tests, the demo); None gives the real clock back."""
    global _clock
    _clock = clock


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the time still at `moment` inside a with-block, then restore the clock that was there before."""
    before = _clock
    held = utc(moment)
    set_clock(lambda: held)
    try:
        yield
    finally:
        set_clock(before)


def utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC. Raises ValueError for a naive one: its zone would be a guess."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return an aware moment in the market's zone, Asia/Shanghai. Raises ValueError for a naive one."""
    return utc(moment).astimezone(LOCAL_ZONE)
