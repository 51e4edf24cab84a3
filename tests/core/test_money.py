"""Money stays whole: no fen appears or vanishes, and nobody adds yuan to dollars."""

import contextlib
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money
from core.errors import Invalid
from core.money import Money, format_money, parse_yuan

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)
PYTHONS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


def yuan(fen: int) -> Money:
    return Money(fen, "CNY")


@pytest.mark.parametrize("minor", [1.0, True, "1", Decimal(1), None])
def test_no_door_for_floats_and_their_friends(minor):
    with pytest.raises(TypeError):
        Money(minor, "CNY")
    with pytest.raises(TypeError):
        yuan(100) * minor
    with pytest.raises(TypeError):
        yuan(100).percent(minor, 100, "half_up")
    assert yuan(100) * 3 == yuan(300)


@pytest.mark.parametrize("currency", ["", "cny", "YUAN", "\uffe5", None])
def test_a_currency_has_three_capitals(currency):
    with pytest.raises(ValueError, match="currency"):
        Money(1, currency)


def test_units_do_not_mix_but_like_and_like_do():
    dollars = Money(100, "USD")
    for refused in (
        lambda: yuan(100) + dollars,
        lambda: yuan(100) - dollars,
        lambda: yuan(100) < dollars,
        lambda: yuan(100) >= dollars,
        lambda: money.total([yuan(1), dollars], "CNY"),
        lambda: yuan(1) + 1,
    ):
        with pytest.raises(TypeError):
            refused()
    assert yuan(100) != dollars
    assert yuan(150) + yuan(50) - yuan(1) == yuan(199)
    assert -yuan(5) < Money.zero("CNY") <= abs(yuan(-5))
    assert max(yuan(3), yuan(7)) > min(yuan(3), yuan(7)) >= yuan(3)
    assert money.total([], "CNY") == yuan(0)


def test_three_heirs_share_a_hundred_yuan():
    assert yuan(10000).allocate([1, 1, 1]) == [yuan(3334), yuan(3333), yuan(3333)]
    assert yuan(-10000).allocate([1, 1, 1]) == [yuan(-3334), yuan(-3333), yuan(-3333)]
    assert yuan(5).allocate([3, 7]) == [yuan(2), yuan(3)]  # 1.5 and 3.5: the tie goes to the earlier
    assert yuan(100).allocate([0, 5, 0]) == [yuan(0), yuan(100), yuan(0)]


@given(AMOUNTS, WEIGHTS)
def test_allocation_is_exact_and_fair(minor, weights):
    shares = yuan(minor).allocate(weights)
    assert money.total(shares, "CNY") == yuan(minor)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor - Fraction(minor * weight, sum(weights))) < 1
        assert weight or share.minor == 0


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ([], ValueError),
        ([0, 0], ValueError),
        ([2, -1], ValueError),
        ([0.5, 0.5], TypeError),
        ([True, True], TypeError),
    ],
)
def test_weights_must_make_sense(weights, error):
    with pytest.raises(error):
        yuan(100).allocate(weights)


@given(
    AMOUNTS,
    st.integers(-2000, 2000),
    st.sampled_from([2, 3, 100, 1000, 10000]),
    st.sampled_from(sorted(PYTHONS)),
)
def test_percent_rounds_like_the_decimal_module(minor, numerator, denominator, rounding):
    exact = Decimal(minor * numerator) / Decimal(
        denominator
    )  # 28 digits are enough to be exact or safely off a tie
    expected = int(exact.quantize(Decimal(1), rounding=PYTHONS[rounding]))
    assert yuan(minor).percent(numerator, denominator, rounding) == yuan(expected)


def test_the_rounding_must_be_named_and_known():
    with pytest.raises(TypeError):
        yuan(1).percent(1, 2)
    with pytest.raises(ValueError, match="rounding"):
        yuan(1).percent(1, 2, "nearest")
    with pytest.raises(ValueError, match="denominator"):
        yuan(1).percent(1, 0, "down")
    assert [yuan(5).percent(1, 2, how).minor for how in ("half_up", "half_even", "down", "up")] == [
        3,
        2,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,299", 129900),
        ("1299.5", 129950),
        ("\uffe51299", 129900),
        ("\u00a5 1,299.00", 129900),
        ("\uff11\uff0c\uff12\uff19\uff19\uff0e\uff15", 129950),
        ("1299\u30025\u5143", 129950),
        (" 0 ", 0),
        ("007", 700),
        ("1299.", 129900),
        ("12.340", 1234),
        ("1 299", 129900),
        ("5\u5757", 500),
        ("RMB 5", 500),
        ("5 cny", 500),
        ("-0", 0),
        ("10000000000", 10**12),
    ],
)
def test_people_type_prices_in_many_ways(typed, fen):
    assert parse_yuan(typed) == yuan(fen)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "amount_empty"),
        (" \u3000", "amount_empty"),
        ("abc", "amount_unreadable"),
        ("1,29", "amount_unreadable"),
        ("1,2999", "amount_unreadable"),
        (".", "amount_unreadable"),
        ("1.2.3", "amount_unreadable"),
        ("1e5", "amount_unreadable"),
        ("10\u00b2", "amount_unreadable"),
        ("\u0661\u0662", "amount_unreadable"),
        ("NaN", "amount_unreadable"),
        ("0x10", "amount_unreadable"),
        ("5 USD", "amount_unreadable"),
        ("-5", "amount_negative"),
        ("\uffe5-5", "amount_negative"),
        ("1.005", "amount_too_fine"),
        ("10000000000.01", "amount_too_large"),
        ("9" * 5000, "amount_too_large"),
    ],
)
def test_what_is_no_price_is_refused_with_a_reason(typed, code):
    with pytest.raises(money.BadAmount) as refused:
        parse_yuan(typed)
    assert refused.value.code == code
    assert isinstance(refused.value, Invalid)
    assert refused.value.sentence.endswith(".")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_never_a_fault(text):
    with contextlib.suppress(money.BadAmount):
        assert 0 <= parse_yuan(text).minor <= money.LARGEST


@given(st.integers(0, money.LARGEST))
def test_what_is_written_reads_back(fen):
    assert parse_yuan(yuan(fen).plain()) == yuan(fen)
    assert parse_yuan(format_money(yuan(fen), "zh")) == yuan(fen)


def test_writing_for_machines_and_for_readers():
    assert [yuan(n).plain() for n in (0, 5, 129950, -5, -100)] == [
        "0.00",
        "0.05",
        "1299.50",
        "-0.05",
        "-1.00",
    ]
    assert Money(500, "JPY").plain() == "500"
    assert str(yuan(5)) == "0.05 CNY"
    assert format_money(yuan(129950), "zh") == "\u00a51,299.50"
    assert format_money(yuan(129950), "en") == "\u00a51,299.50"
    assert format_money(yuan(129950), "zh-CN") == format_money(yuan(129950), "zh")
    assert "1,299.50" in format_money(yuan(-129950), "en")
