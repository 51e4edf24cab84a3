"""Where the lines are between private sales and a trade."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.oversight.limits import limits
from market.oversight.signal_rules import Figures, Lines, crossed, percent_of_limit

LINES = limits().lines


@pytest.mark.parametrize(("figures", "codes"), [
    ({}, ()), ({"turnover_minor": 7_999_999}, ()), ({"turnover_minor": 8_000_000}, ("turnover_near",)),
    ({"turnover_minor": 10_000_000}, ("turnover_near",)), ({"turnover_minor": 10_000_001}, ("turnover_over",)),
    ({"same_sales": 9}, ()), ({"same_sales": 10}, ("same_item",)), ({"sales_lately": 29}, ()), ({"sales_lately": 30}, ("frequency",)),
    ({"turnover_minor": 10_000_001, "same_sales": 40, "sales_lately": 40}, ("turnover_over", "same_item", "frequency")),
])  # fmt: skip
def test_where_the_lines_are(figures, codes):
    """Up to 100,000 yuan is small trade (SAMR order 37, 8: not above); told from 80,000 on."""
    assert crossed(Figures(**figures), LINES) == codes


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 100), st.integers(0, 100))
def test_more_sales_never_cross_less(one, other, same, often):
    low, high = sorted((one, other))
    fewer = set(crossed(Figures(turnover_minor=low, same_sales=min(same, often), sales_lately=min(same, often)), LINES))
    more = set(crossed(Figures(turnover_minor=high, same_sales=max(same, often), sales_lately=max(same, often)), LINES))
    assert fewer - more <= {"turnover_near"} and ("turnover_near" not in fewer or more & {"turnover_near", "turnover_over"})
    assert (percent_of_limit(Figures(turnover_minor=high), LINES) >= 100) is (high >= LINES.limit_minor)


def test_the_limit_can_be_any():
    lines = Lines(limit_minor=3, near_percent=80, same_sales=2, sales_lately=2)
    assert [crossed(Figures(turnover_minor=n), lines) for n in (2, 3, 4)] == [(), ("turnover_near",), ("turnover_over",)]


def test_percents_are_rounded_down():
    lines = Lines(limit_minor=300, near_percent=80, same_sales=2, sales_lately=2)
    assert [percent_of_limit(Figures(turnover_minor=n), lines) for n in (0, 2, 3, 299, 300, 301, 303)] == [0, 0, 1, 99, 100, 100, 101]
