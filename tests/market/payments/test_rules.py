"""What rests, what may be given back, and from whom: sums over one payment, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.payments.rules import Sums, from_seller, spread, withheld

MINOR = st.integers(0, 10**9)


def test_a_payment_from_pay_to_refund():
    """100 yuan paid; 95 to the seller and 5 kept; 20 given back, 19 of it fetched from the seller."""
    paid = Sums(paid=10_000)
    assert (paid.held, paid.refundable, paid.with_seller) == (10_000, 10_000, 0)
    released = Sums(paid=10_000, released=9_500, kept=500)
    assert (released.held, released.refundable, released.with_seller) == (0, 10_000, 9_500)
    back = Sums(paid=10_000, released=9_500, kept=500, refunded=2_000, reversed=1_900)
    assert (back.held, back.refundable, back.with_seller) == (-100, 8_000, 7_600)


def test_each_way_out_makes_it_less():
    ways = {"refunded": 1, "released": 2, "kept": 4, "withheld": 8, "charged_back": 16}
    assert Sums(paid=100, **ways).held == 69 and Sums(paid=100, **ways).refundable == 83
    assert Sums(paid=100, **ways, reversed=32, reversing=64).held == 101
    assert Sums(paid=100, released=50, reversed=7, reversing=9).with_seller == 34
    assert Sums(paid=100, released=50, withheld=11, reversed=7, reversing=9).with_seller == 45, "it settled what the seller owed"
    assert Sums(paid=10, refunded=6, charged_back=5).refundable == 0, "the bank took what was given back already"


def test_what_is_still_held_goes_back_first():
    sums = Sums(paid=1_000, released=600)
    assert [from_seller(sums, amount, None) for amount in (399, 400, 401, 1_000)] == [0, 0, 1, 600]


def test_a_refund_is_said_to_be_the_sellers_in_part():
    sums = Sums(paid=1_000, released=600)
    assert [from_seller(sums, 500, asked) for asked in (0, 1, 500)] == [0, 1, 500]
    assert from_seller(sums, 700, 700) == 600, "never more than the seller got"
    for asked in (-1, 501):
        with pytest.raises(ValueError, match="^the seller's share is a part of the refund$"):
            from_seller(sums, 500, asked)


def test_what_is_below_zero_is_nobodys_debt_of_this_refund():
    sums = Sums(paid=100, released=100, refunded=30)
    assert sums.held == -30 and from_seller(sums, 20, None) == 20


@given(MINOR, MINOR, MINOR, MINOR)
def test_a_refund_is_covered_by_what_rests_and_the_seller(paid, released, fee, amount):
    sums = Sums(paid=paid + released + fee, released=released, kept=fee)
    share = from_seller(sums, amount, None)
    assert 0 <= share <= min(amount, released) and (share == 0 or amount - share == paid or share == released)
    assert share + sums.held >= min(amount, released + sums.held)


PLACES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 1_000)), max_size=6)


def test_the_first_places_give_first():
    places = [("a", 3), ("b", 0), ("c", 5), ("d", 9)]
    assert spread(0, places) == [] and spread(3, places) == [("a", 3)]
    assert spread(4, places) == [("a", 3), ("c", 1)] and spread(1, places) == [("a", 1)]
    assert spread(99, places) == [("a", 3), ("c", 5), ("d", 9)]


@given(st.integers(0, 5_000), PLACES)
def test_not_a_fen_is_lost_or_made(amount, places):
    taken = spread(amount, places)
    assert sum(part for _, part in taken) == min(amount, sum(there for _, there in places))
    assert all(part > 0 for _, part in taken)
    wanted = [one for one in places if one[1] > 0][: len(taken)]
    assert [name for name, _ in taken] == [name for name, _ in wanted] and taken[:-1] == wanted[: max(0, len(taken) - 1)]


@given(st.integers(0, 2_000), st.integers(0, 2_000), PLACES)
def test_in_two_parts_it_comes_from_the_same_places(first, second, places):
    at_once, one = spread(first + second, places), spread(first, places)
    gone = sum(part for _, part in one)
    rest = []
    for name, there in places:
        used = min(there, gone)
        gone -= used
        rest.append((name, there - used))
    total = [0, 0, 0]
    for name, part in [*one, *spread(second, rest)]:
        total["abc".index(name)] += part
    assert total == [sum(part for named, part in at_once if named == name) for name in "abc"]


def test_older_debts_are_settled_from_a_release():
    assert [withheld(500, debts) for debts in (0, 1, 500, 501)] == [0, 1, 500, 500]
    assert withheld(0, 9) == 0 and withheld(-5, 9) == 0 and withheld(5, -9) == 0
