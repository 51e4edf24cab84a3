"""Quarters, each day in one of them, and sums that are the same in any order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.oversight.tax_rules import Quarter, Sums, quarter_of, read_quarter

Q2 = Quarter(2026, 2)


@pytest.mark.parametrize(("typed", "found"), [
    ("2026Q4", Quarter(2026, 4)), ("2026-q1", Quarter(2026, 1)), (" 2026Q2 ", Q2), ("2026Q5", None), ("2026Q0", None), ("26Q1", None),
    ("2026", None), ("", None), ("２０２６Q1", None), ("1999Q1", None),
])  # fmt: skip
def test_quarters_as_they_are_typed(typed, found):
    assert read_quarter(typed) == found


@pytest.mark.parametrize(("quarter", "first", "last", "due"), [
    (Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 30)), (Q2, date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 31)),
    (Quarter(2026, 3), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 31)),
    (Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 31)),
])  # fmt: skip
def test_its_days_and_until_when_it_is_reported(quarter, first, last, due):
    assert (quarter.first, quarter.last, quarter.due) == (first, last, due)


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_every_day_is_in_one_quarter(day):
    quarter = quarter_of(day)
    assert quarter.first <= day <= quarter.last and quarter.next.before == quarter == quarter.before.next
    assert read_quarter(str(quarter)) == quarter and quarter < quarter.next


@given(st.lists(st.builds(Sums, sales=st.integers(0, 9), income=st.integers(0, 10**9), refunds=st.integers(0, 10**9),
                          fees=st.integers(0, 10**9), fees_back=st.integers(0, 10**9)), max_size=6))  # fmt: skip
def test_sums_are_the_same_in_any_order(parts):
    there, back = Sums(), Sums()
    for one in parts:
        there = there + one
    for one in reversed(parts):
        back = back + one
    assert there == back and there.net == sum(one.net for one in parts)


@given(st.integers(2001, 2098))
def test_four_quarters_cover_a_year_without_gap_or_overlap(year):
    quarters = [Quarter(year, n) for n in (1, 2, 3, 4)]
    days = [one.first + timedelta(days=n) for one in quarters for n in range((one.last - one.first).days + 1)]
    assert days == [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [quarter_of(day) for day in (quarters[0].first, quarters[3].last)] == [quarters[0], quarters[3]]


def test_what_is_left_to_the_seller():
    parts = [Sums(sales=1, income=10_000, fees=500), Sums(sales=2, refunds=2_000, fees_back=100)]
    assert [one.net for one in parts] == [9_500, -1_900]
    assert parts[0] + parts[1] == Sums(sales=3, income=10_000, refunds=2_000, fees=500, fees_back=100)
