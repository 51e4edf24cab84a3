"""A lower price is told when it is lower by a hundredth or one yuan, and never twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.listings.watching_rules import worth_telling

PRICE = st.integers(0, 10**9)


@pytest.mark.parametrize(("known", "last_silent", "first_told"), [
    (100_000, 99_901, 99_900),  # 1,000 yuan: one yuan less
    (10_001, 9_902, 9_901), (10_000, 9_901, 9_900), (9_999, 9_901, 9_900),  # below 100 yuan a hundredth, 99 fen
    (200, 199, 198), (199, 199, 198), (50, 50, 49), (1, 1, 0),
])  # fmt: skip
def test_from_which_price_on_it_is_told(known, last_silent, first_told):
    assert not worth_telling(known, last_silent) and worth_telling(known, first_told)


def test_a_gift_is_always_told_and_no_gift_twice():
    assert worth_telling(1, 0) and worth_telling(10**6, 0) and not worth_telling(0, 0)


@given(PRICE, PRICE)
def test_what_is_not_lower_is_never_told_and_what_is_lower_still_also(known, now):
    told = worth_telling(known, now)
    assert not told or (now < known and not worth_telling(now, known) and (now == 0 or worth_telling(known, now - 1)))
    assert told or known - now < 100
