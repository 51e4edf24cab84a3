"""Dates that law and policy hang on an order, and how a refund is split: to the day and to the fen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.orders.order_rules import after_sales_end, later, shares, tax_category, warranty_end

RECEIVED = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
EARLY, LATE = datetime(2020, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001 - hypothesis wants them without a zone
MINOR = st.integers(0, 10**9)


def test_how_long_something_can_be_said_after_the_receipt():
    assert after_sales_end("no_reason_7d", True, RECEIVED) == after_sales_end("no_reason_7d", False, RECEIVED) == RECEIVED.replace(day=8)
    for policy in ("private_sale", "excluded_by_nature"):
        assert after_sales_end(policy, True, RECEIVED) == RECEIVED.replace(day=3)
        assert after_sales_end(policy, False, RECEIVED) == RECEIVED, "who meets has looked"


@pytest.mark.parametrize(("start", "months", "end"), [
    ("2026-01-15", 1, "2026-02-15"), ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2026-03-31", 1, "2026-04-30"),
    ("2026-11-30", 3, "2027-02-28"), ("2026-12-31", 12, "2027-12-31"), ("2026-12-01", 1, "2027-01-01"), ("2026-11-01", 1, "2026-12-01"),
    ("2028-02-29", 12, "2029-02-28"), ("2026-10-31", 26, "2028-12-31"), ("2026-06-30", 60, "2031-06-30"),
])  # fmt: skip
def test_a_warranty_ends_on_the_same_day_or_the_months_last(start, months, end):
    assert warranty_end(months, datetime.fromisoformat(f"{start}T09:15")) == datetime.fromisoformat(f"{end}T09:15")


def test_no_months_are_no_warranty():
    assert warranty_end(0, RECEIVED) is None and warranty_end(-1, RECEIVED) is None and warranty_end(1, RECEIVED) is not None


@given(st.datetimes(EARLY, LATE), st.integers(1, 60))
def test_a_warranty_has_its_months_and_never_slips_into_the_next(start, months):
    end = warranty_end(months, start)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months and end.time() == start.time()
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(("kind", "category", "tax"), [
    ("idle", "book", "old_books"), ("operator", "book", "old_books"), ("idle", "phone", "own_used_goods"),
    ("operator", "phone", "used_goods_dealer"), ("consignment", "phone", "used_goods_dealer"), ("self_operated", "laptop", "used_goods_dealer"),
    ("sporadic", "phone", "to_be_decided"), ("", "books", "to_be_decided"),
])  # fmt: skip
def test_what_an_accountant_would_look_at(kind, category, tax):
    assert tax_category(kind, category) == tax


@pytest.mark.parametrize(("total", "payout", "fee", "split"), [
    (100, 95, 5, (95, 5)), (0, 95, 5, (0, 0)), (10, 95, 5, (10, 0)), (11, 95, 5, (10, 1)), (9, 95, 5, (9, 0)), (1, 1, 1, (1, 0)),
    (1, 0, 7, (0, 1)), (1, 7, 0, (1, 0)), (1, 1, 2, (0, 1)), (2, 1, 2, (1, 1)), (1, 2, 1, (1, 0)), (2, 3, 1, (2, 0)), (3, 3, 1, (2, 1)),
])  # fmt: skip
def test_each_bears_its_part_and_the_larger_remainder_the_last_fen(total, payout, fee, split):
    assert shares(total, payout, fee) == split


@given(MINOR, st.integers(1, 10**9), MINOR, st.data())
def test_not_a_fen_is_lost_and_nobody_bears_more_than_they_got(payout, fee, ignored, data):
    total = data.draw(st.integers(0, payout + fee))
    theirs, ours = shares(total, payout, fee)
    assert theirs + ours == total and 0 <= theirs <= payout and 0 <= ours <= fee
    assert abs(theirs * (payout + fee) - total * payout) * 2 <= payout + fee, "to the nearest fen"
    assert shares(payout + fee, payout, fee) == (payout, fee)


@given(st.integers(1, 10**6), st.integers(0, 10**5), st.data())
def test_refunding_in_parts_is_refunding_at_once(payout, fee, data):
    """Each part is what the running total's split grew by: never below zero, and in the end exactly the whole."""
    parts, left = [], payout + fee
    while left and len(parts) < 6:
        parts.append(data.draw(st.integers(1, left)))
        left -= parts[-1]
    parts.append(left)
    done, given_back, borne = 0, 0, 0
    for part in parts:
        before, after = shares(done, payout, fee), shares(done + part, payout, fee)
        grown = (after[0] - before[0], after[1] - before[1])
        assert min(grown) >= 0 and sum(grown) == part
        done, given_back, borne = done + part, given_back + grown[0], borne + grown[1]
    assert (given_back, borne) == shares(payout + fee, payout, fee) == (payout, fee)


def test_the_later_of_two_dates():
    after = RECEIVED + timedelta(seconds=1)
    assert later(RECEIVED, after) == later(after, RECEIVED) == later(None, after) == later(after, None) == after
    assert later(None, None) is None
