"""When a desk has time. The table in words: Monday 9:00-12:00 in slots of 30 minutes is six slots."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import LOCAL_ZONE
from core.slot_rules import AHEAD, NOTICE, BadHours, Bench, Hours, crowds, free, read_hours, show_hours, slots

MONDAY = date(2026, 11, 23)
MORNING = Bench(hours=(Hours(day=0, from_=time(9), until=time(12)),), minutes=30, places=2)


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), LOCAL_ZONE)


def test_a_morning_has_six_slots():
    assert slots(MORNING, MONDAY, 1, LOCAL_ZONE) == [at(MONDAY, 9 + n // 2, 30 * (n % 2)) for n in range(6)]
    assert slots(MORNING, MONDAY + timedelta(days=1), 6, LOCAL_ZONE) == []
    assert len(slots(MORNING, MONDAY, 14, LOCAL_ZONE)) == 12


def test_the_last_slot_ends_before_closing():
    odd = Bench(hours=(Hours(day=0, from_=time(9), until=time(10, 20)),), minutes=30, places=1)
    assert slots(odd, MONDAY, 1, LOCAL_ZONE) == [at(MONDAY, 9), at(MONDAY, 9, 30)]


def test_a_holiday_is_closed():
    closed = Bench(hours=MORNING.hours, minutes=30, places=2, closed=frozenset({MONDAY}))
    assert slots(closed, MONDAY, 8, LOCAL_ZONE) == slots(MORNING, MONDAY + timedelta(days=7), 1, LOCAL_ZONE)


def test_a_full_slot_and_one_that_is_too_near_are_gone():
    now = at(MONDAY, 8, 45).astimezone(UTC)
    found = free(MORNING, {at(MONDAY, 10): 2, at(MONDAY, 11): 1}, now, LOCAL_ZONE)
    first = [one for one in found if one.date() == MONDAY]
    assert first == [at(MONDAY, 9, 30), at(MONDAY, 10, 30), at(MONDAY, 11), at(MONDAY, 11, 30)]


def test_exactly_the_notice_before_is_still_possible():
    assert free(MORNING, {}, at(MONDAY, 9) - NOTICE, LOCAL_ZONE)[0] == at(MONDAY, 9)
    assert free(MORNING, {}, at(MONDAY, 9) - NOTICE + timedelta(seconds=1), LOCAL_ZONE)[0] == at(MONDAY, 9, 30)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("9-12", "09:00-12:00"),
        ("9:00-12:00, 13:30-18:00", "09:00-12:00, 13:30-18:00"),
        ("１３：３０－１８：００，9:00—12:00".translate(str.maketrans("０１２３４５６７８９", "0123456789")), "09:00-12:00, 13:30-18:00"),
        ("9:00-12:00,12:00-13:00", "09:00-12:00, 12:00-13:00"),
        ("0-23:59", "00:00-23:59"),
        ("15-16, 13-14, 9-10", "09:00-10:00, 13:00-14:00, 15:00-16:00"),
    ],
)
def test_hours_as_people_write_them(text, shown):
    assert show_hours(read_hours(3, text), 3) == shown
    assert show_hours(read_hours(3, text), 4) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("open", "hours_form"),
        ("9:00", "hours_form"),
        ("9-12-14", "hours_form"),
        ("25:00-26:00", "hours_form"),
        ("9:60-12:00", "hours_form"),
        ("9:5-12:00", "hours_form"),
        ("9:-12", "hours_form"),
        ("9:²0-12", "hours_form"),
        ("²-12", "hours_form"),
        ("009-12", "hours_form"),
        ("9-24", "hours_form"),
        ("9-10, 11-12, 11:59-13", "hours_overlap"),
        ("12:00-9:00", "hours_order"),
        ("9:00-9:00", "hours_order"),
        ("9:00-12:00, 11:59-13:00", "hours_overlap"),
    ],
)
def test_what_are_no_hours(text, code):
    with pytest.raises(BadHours) as no:
        read_hours(0, text)
    assert no.value.code == str(no.value) == code


def test_today_is_the_day_of_the_point():
    """Sunday evening in UTC is Monday morning at the point; two weeks from there are booked."""
    now = at(MONDAY, 1).astimezone(UTC)
    assert now.date() < MONDAY
    found = free(MORNING, {}, now, LOCAL_ZONE)
    assert (found[0], found[-1], len(found)) == (at(MONDAY, 9), at(MONDAY + timedelta(days=7), 11, 30), 12)
    assert free(MORNING, {at(MONDAY, 9): 1}, now, LOCAL_ZONE)[0] == at(MONDAY, 9), "one of two places is left"
    single = Bench(hours=MORNING.hours, minutes=30, places=1)
    assert free(single, {at(MONDAY, 9): 1}, now, LOCAL_ZONE)[0] == at(MONDAY, 9, 30)


_hours = st.builds(
    lambda day, start, length: Hours(day=day, from_=time(start), until=time(start + length)),
    st.integers(0, 6),
    st.integers(0, 12),
    st.integers(1, 11),
)


@given(_hours, st.integers(10, 480), st.integers(0, 60))
def test_every_slot_lies_within_its_hours(hours, minutes, shift):
    bench = Bench(hours=(hours,), minutes=minutes, places=1)
    for one in slots(bench, MONDAY + timedelta(days=shift), 7, LOCAL_ZONE):
        assert one.weekday() == hours.day and hours.from_ <= one.time()
        end = one + timedelta(minutes=minutes)
        assert end.date() == one.date() and end.time() <= hours.until


@given(_hours, st.integers(0, 24 * 60 * 20))
def test_free_slots_are_ahead_and_never_too_far(hours, later):
    now = at(MONDAY, 0) + timedelta(minutes=later)
    found = free(Bench(hours=(hours,), minutes=30, places=1), {}, now, LOCAL_ZONE)
    assert found == sorted(found)
    assert all(now + NOTICE <= one <= now + timedelta(days=AHEAD) for one in found)


# --- places in a slot ---

NINE = datetime(2026, 12, 3, 9, tzinfo=UTC)
spans = st.lists(st.tuples(st.integers(0, 540), st.integers(10, 120)), max_size=12)


@given(spans, st.sampled_from([15, 30, 45, 60, 90]))
def test_a_slot_is_as_full_as_what_lies_over_it(booked, minutes):
    """Counted the slow way: two times overlap when each begins before the other ends."""
    bench = Bench(hours=(Hours(day=NINE.weekday(), from_=time(9), until=time(18)),), minutes=minutes, places=1)
    taken = [(NINE + timedelta(minutes=at), NINE + timedelta(minutes=at + long)) for at, long in booked]
    length = timedelta(minutes=minutes)
    told = crowds(bench, taken, NINE.date(), 1, UTC)
    assert list(told) == slots(bench, NINE.date(), 1, UTC)
    assert told == {one: sum(begin < one + length and one < end for begin, end in taken) for one in told}


def test_what_ends_when_a_slot_begins_is_not_in_it():
    bench = Bench(hours=(Hours(day=NINE.weekday(), from_=time(9), until=time(12)),), minutes=60, places=1)
    told = crowds(bench, [(NINE + timedelta(hours=1), NINE + timedelta(hours=2))], NINE.date(), 1, UTC)
    assert list(told.values()) == [0, 1, 0]
