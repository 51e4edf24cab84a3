"""Open or not: Monday to Friday 9:00-12:00 and 13:30-18:00, closed on a holiday."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import LOCAL_ZONE
from market.shops.hours_rules import LOOK_AHEAD, Opening, opening

MONDAY = date(2026, 11, 23)
WEEK = {str(day): "9:00-12:00, 13:30-18:00" for day in range(5)}


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), LOCAL_ZONE)


@pytest.mark.parametrize(("hour", "minute", "until"), [(9, 0, (12, 0)), (11, 59, (12, 0)), (13, 30, (18, 0)), (17, 59, (18, 0))])
def test_it_is_open_until_it_closes(hour, minute, until):
    assert opening(WEEK, [], at(MONDAY, hour, minute)) == Opening(until=at(MONDAY, *until))


@pytest.mark.parametrize(("now", "then"), [
    (at(MONDAY, 8, 59), at(MONDAY, 9)), (at(MONDAY, 12), at(MONDAY, 13, 30)), (at(MONDAY, 18), at(MONDAY + timedelta(days=1), 9)),
    (at(MONDAY + timedelta(days=4), 18), at(MONDAY + timedelta(days=7), 9)), (at(MONDAY + timedelta(days=5), 10), at(MONDAY + timedelta(days=7), 9)),
])  # fmt: skip
def test_it_says_when_it_opens_next(now, then):
    assert opening(WEEK, [], now) == Opening(next=then)


def test_a_closed_day_is_closed_and_the_next_counts():
    assert opening(WEEK, [MONDAY.isoformat()], at(MONDAY, 10)) == Opening(next=at(MONDAY + timedelta(days=1), 9))


def test_hours_that_meet_are_one_stretch():
    assert opening({"0": "9:00-12:00, 12:00-18:00"}, [], at(MONDAY, 10)) == Opening(until=at(MONDAY, 18))


def test_without_hours_or_for_weeks_closed_there_is_no_next():
    assert opening({}, [], at(MONDAY, 10)) == Opening()
    shut = [(MONDAY + timedelta(days=n)).isoformat() for n in range(LOOK_AHEAD + 1)]
    assert opening(WEEK, shut, at(MONDAY, 10)) == Opening()
    assert opening(WEEK, shut[:-1], at(MONDAY, 10)).next == at(MONDAY + timedelta(days=LOOK_AHEAD), 9)


@given(st.integers(0, 7 * 24 * 60 - 1))
def test_it_is_open_now_or_opens_later_and_at_that_moment_it_is_open(minutes):
    now = at(MONDAY, 0) + timedelta(minutes=minutes)
    found = opening(WEEK, [], now)
    assert (found.until is None) != (found.next is None)
    if found.next:
        assert found.next > now and opening(WEEK, [], found.next).until
    else:
        assert found.until > now and not opening(WEEK, [], found.until).until
