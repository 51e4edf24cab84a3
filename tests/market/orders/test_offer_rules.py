"""Bargaining: from one fen to a fen below the asked price, ten rounds, and a floor that nobody is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.orders.offer_rules import MOST_ROUNDS, declined_at_once, fault


@pytest.mark.parametrize(("amount", "said"), [
    (-1, "amount_range"), (0, "amount_range"), (1, ""), (9_999, ""), (10_000, "amount_asking"), (10_001, "amount_asking"),
])  # fmt: skip
def test_an_offer_is_more_than_nothing_and_less_than_asked(amount, said):
    assert fault(amount, 10_000, True, 0) == said


def test_after_ten_rounds_they_talk():
    assert MOST_ROUNDS == 10 and fault(1, 2, True, 9) == "" and fault(1, 2, True, 10) == fault(1, 2, True, 11) == "too_many"


def test_a_firm_price_is_firm():
    assert fault(1, 2, False, 0) == fault(0, 2, False, 10) == "not_negotiable" and fault(1, 2, True, 0) == ""


@given(st.integers(-5, 10**9), st.integers(0, 10**9), st.booleans(), st.integers(0, 20))
def test_exactly_these_offers_are_made(amount, asking, negotiable, rounds):
    assert (fault(amount, asking, negotiable, rounds) == "") is (negotiable and rounds < 10 and 0 < amount < asking)


def test_a_fen_below_the_floor_is_declined_and_the_floor_itself_is_not():
    assert declined_at_once(4_999, 5_000) and not declined_at_once(5_000, 5_000) and not declined_at_once(5_001, 5_000)
    assert not declined_at_once(1, None) and not declined_at_once(0, 0)
