"""A seller's fees and what they paid of them, in parts: nothing is lost, nothing invented, the oldest is settled first."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from market.ledger.debt_rules import LATE, Owed, credit, late, still_open

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def owed(*amounts):
    return [Owed(f"s{nth}", minor, DAY + timedelta(days=nth)) for nth, minor in enumerate(amounts)]


def parts(left):
    return [(one.subject_id, one.minor) for one in left]


def test_the_oldest_is_settled_first_in_whatever_order_they_are_told():
    three = owed(300, 200, 100)
    assert parts(still_open(reversed(three), 350)) == [("s1", 150), ("s2", 100)]
    assert parts(still_open(three, 0)) == [("s0", 300), ("s1", 200), ("s2", 100)]
    assert parts(still_open(three, 300)) == [("s1", 200), ("s2", 100)] and still_open(three, 600) == []


def test_at_the_same_moment_the_order_is_always_the_same():
    both = [Owed("b", 10, DAY), Owed("a", 10, DAY)]
    assert parts(still_open(both, 10)) == parts(still_open(both[::-1], 10)) == [("b", 10)]


def test_the_day_of_each_stays_with_what_is_left_of_it():
    assert still_open(owed(300, 200), 1)[0].since == DAY and still_open(owed(300, 200), 400)[0].since == DAY + timedelta(days=1)


def test_what_was_given_back_after_it_was_paid_counts_towards_the_next():
    assert (still_open(owed(0, 100), 300), credit(owed(0, 100), 300)) == ([], 200)
    assert (parts(still_open(owed(300), 300)), credit(owed(300), 300)) == ([], 0)
    assert credit(owed(300), 299) == 0 and credit(owed(300), 301) == 1
    assert parts(still_open(owed(-50, 100, 20), 10)) == [("s1", 40), ("s2", 20)]


def test_late_begins_after_its_days_and_not_on_them():
    one = [Owed("s", 1, DAY)]
    assert not late(one, DAY + LATE) and late(one, DAY + LATE + timedelta(microseconds=1)) and not late([], DAY)
    assert late([Owed("new", 1, DAY + LATE), *one], DAY + LATE + timedelta(seconds=1))
    assert timedelta(days=30) == LATE


@settings(deadline=None)
@given(amounts=st.lists(st.integers(-500, 5000), max_size=8), payments=st.lists(st.integers(0, 4000), max_size=6))
def test_any_fees_and_any_parts_add_up_and_parts_equal_the_sum_at_once(amounts, payments):
    fees, paid = owed(*amounts), sum(payments)
    left = still_open(fees, paid)
    assert sum(one.minor for one in left) - credit(fees, paid) == sum(amounts) - paid
    assert all(0 < one.minor <= amounts[int(one.subject_id[1:])] for one in left)
    assert not left or not credit(fees, paid), "nobody owes and is owed"
    step = [one for one in fees if one.minor > 0]
    if all(minor > 0 for minor in amounts):
        for part in payments:
            step = still_open(step, part) if part <= sum(one.minor for one in step) else []
        assert step == left
