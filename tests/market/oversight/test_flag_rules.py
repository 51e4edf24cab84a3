"""The rule over prices is exact: the same as fractions say, to the last fen, and the table of the docs is the program's."""

import re
import statistics
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.oversight.flag_rules import leads_away, median_twice, price_outlier, sold_again
from market.oversight.limits import factors, limits

DOC = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "flags.md"
PRICES = st.lists(st.integers(1, 10**11), min_size=1, max_size=40)


def table():
    rows = re.findall(r"^\| (\d.*?) \| (.*?) \| (\d+) \| (.*?) \|$", DOC.read_text(encoding="utf-8"), re.M)
    assert len(rows) == 8
    return rows


def prices(text):
    return [int(value) for many, value in re.findall(r"(\d+) × (\d+)", text) for _ in range(int(many))]


@pytest.mark.parametrize(("grade", "category", "price", "said"), table())
def test_the_table_of_the_docs(grade, category, price, said):
    found = price_outlier(int(price), prices(grade), prices(category), times=limits().price_times, least=limits().price_least)
    assert ("-" if found is None else f"{found.side}, {found.basis}, {found.median_twice}") == said


@given(PRICES)
def test_twice_the_median_is_twice_the_median(values):
    assert Fraction(median_twice(values), 2) == statistics.median([Fraction(one) for one in values])


@given(st.integers(1, 10**11), PRICES, PRICES, st.integers(2, 20), st.integers(1, 12))
def test_exactly_what_fractions_say(price, grade, category, times, least):
    found = price_outlier(price, grade, category, times=times, least=least)
    others = grade if len(grade) >= least else category
    if len(others) < least:
        assert found is None
        return
    median = statistics.median([Fraction(one) for one in others])
    side = "low" if Fraction(price) < median / times else "high" if Fraction(price) > median * times else None
    assert (found.side if found else None) == side
    if found is not None:
        assert found.count == len(others) and found.basis == ("grade" if len(grade) >= least else "category")


@given(st.integers(1, 10**9), PRICES, st.integers(2, 9), st.integers(1, 50))
def test_another_unit_changes_nothing(price, others, times, scale):
    """Ten times all prices is the same question; and the order of the prices is none."""
    one = price_outlier(price, [], others, times=times, least=1)
    scaled = price_outlier(price * scale, [], [value * scale for value in reversed(others)], times=times, least=1)
    assert (one and one.side) == (scaled and scaled.side)


@given(PRICES, st.integers(2, 9))
def test_the_median_itself_and_the_lines_are_never_flagged(others, times):
    twice = median_twice(others)
    on_the_line = [twice // 2] if twice % 2 == 0 else []
    on_the_line += [twice * times // 2] if twice * times % 2 == 0 else []
    on_the_line += [twice // (2 * times)] if twice % (2 * times) == 0 else []
    assert all(price_outlier(one, [], others, times=times, least=1) is None for one in on_the_line)


def test_no_prices_say_nothing():
    assert price_outlier(1, [], [], times=5, least=8) is None and price_outlier(0, [], [1] * 9, times=5, least=8) is None
    with pytest.raises(ValueError, match="^no prices, no median$"):
        median_twice([])


@pytest.mark.parametrize(("many", "said"), [(1, False), (2, True), (3, True)])
def test_how_often_is_often(many, said):
    assert sold_again(many, times=2) is said and leads_away(many, least=2) is said


def test_every_line_says_where_it_comes_from_in_both_languages():
    for one in limits().why.values():
        assert one.zh and one.en
    source, asked = factors()
    assert "2022" in source.zh and [one.code for one in asked] == ["nature", "origin", "quantity", "price", "frequency", "channels", "income"]
