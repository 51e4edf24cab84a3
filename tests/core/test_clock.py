"""Time has one source, always with a zone."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock

NOON_IN_SHANGHAI = datetime(2026, 6, 1, 12, 0, tzinfo=clock.LOCAL_ZONE)


def test_the_real_clock_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_shop_opens_at_noon_local_which_is_four_in_utc():
    with clock.stopped_at(NOON_IN_SHANGHAI):
        assert clock.now() == datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
        assert clock.local(clock.now()).hour == 12


def test_the_clock_before_comes_back_also_after_a_fault():
    clock.set_clock(lambda: NOON_IN_SHANGHAI)
    try:
        with pytest.raises(RuntimeError), clock.stopped_at(NOON_IN_SHANGHAI + timedelta(days=1)):
            raise RuntimeError
        assert clock.now() == NOON_IN_SHANGHAI
    finally:
        clock.set_clock(None)
    assert clock.now() > NOON_IN_SHANGHAI


@pytest.mark.parametrize("ask", [clock.local, clock.utc])
def test_a_time_without_a_zone_is_refused(ask):
    with pytest.raises(ValueError, match="zone"):
        ask(NOON_IN_SHANGHAI.replace(tzinfo=None))


def test_a_naive_test_clock_is_noticed():
    clock.set_clock(lambda: NOON_IN_SHANGHAI.replace(tzinfo=None))
    try:
        with pytest.raises(ValueError, match="zone"):
            clock.now()
    finally:
        clock.set_clock(None)
