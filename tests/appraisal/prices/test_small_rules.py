"""The small rules of prices, each on numbers that can be worked out on paper."""

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.prices import (
    combining_rules,
    conformal_rules,
    cost_rules,
    defect_rules,
    guard_rules,
    median_rules,
    waterfall_rules,
)
from appraisal.prices.defect_rules import Defect, Extra
from appraisal.prices.sale import Sale, Thing

PHONE, OTHER = Thing("phone"), Thing("other")


@pytest.mark.parametrize(("values", "weights", "middle"), [
    ([3, 1, 2], [1, 1, 1], 2),
    ([1, 2, 3, 4], [1, 1, 1, 1], 2.5),
    ([1, 2, 3, 4], [1, 1, 1, 2], 3),
    ([1, 2, 3, 4], [3, 1, 1, 1], 1.5),
    ([1, 2, 3, 4], [4, 1, 1, 1], 1),
    ([1, 100], [1, 0], 1),
    ([7], [0.5], 7),
])  # fmt: skip
def test_the_weighted_median(values, weights, middle):
    assert median_rules.weighted_median(values, weights) == middle


@pytest.mark.parametrize("weights", [[], [0.0, 0.0]])
def test_nothing_has_no_median(weights):
    with pytest.raises(ValueError, match="the median of nothing"):
        median_rules.weighted_median([1.0] * len(weights), weights)
    with pytest.raises(ValueError, match="the median of nothing"):
        median_rules.median([])


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_equal_weights_give_the_usual_median(values):
    assert median_rules.weighted_median(values, [0.25] * len(values)) == median_rules.median(values)


def test_spread_and_count():
    assert median_rules.median([5, 1]) == 3
    assert median_rules.spread([1, 1, 2, 2, 4, 6, 9]) == pytest.approx(1.4826)  # distances from 2: 1 1 0 0 2 4 7
    assert median_rules.spread([1, 3, 5], 0) == pytest.approx(3 * 1.4826)
    assert median_rules.effective_count([1, 1, 1, 1]) == 4
    assert median_rules.effective_count([2, 1, 1]) == pytest.approx(16 / 6)
    assert median_rules.effective_count([]) == 0


@pytest.mark.parametrize(("n", "found"), [
    (0, None), (8, None), (9, (1, 9)), (10, (1, 10)), (18, (1, 18)), (19, (2, 18)), (20, (2, 19)), (99, (10, 90)), (100, (10, 91)),
])  # fmt: skip
def test_which_residuals_bound_the_range(n, found):
    assert conformal_rules.ranks(n) == found


def test_bounds_never_leave_the_middle_out():
    assert conformal_rules.bounds([float(each) for each in range(-10, 9)]) == (-9.0, 7.0)
    assert conformal_rules.bounds([0.1 * each for each in range(1, 20)])[0] == 0.0
    assert conformal_rules.bounds([-0.1 * each for each in range(1, 20)])[1] == 0.0
    assert conformal_rules.bounds([0.0] * 8) is None
    assert conformal_rules.ranks(3, Fraction(1, 4)) == (1, 3)


@pytest.mark.parametrize(("count", "band"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (29, 2), (30, 3), (900, 3)])
def test_bands(count, band):
    assert conformal_rules.band(count) == band
    assert conformal_rules.group("book", count) == f"{band}:book"


def test_a_group_of_its_own_takes_fifty():
    many = [("phone", 12, at / 100) for at in range(-25, 25)]
    few = [("book", 12, at / 10) for at in range(-24, 25)]
    ranges = conformal_rules.calibrate(many + few)
    assert set(ranges) == {"2:phone", "2:*", "*"}
    assert conformal_rules.range_for(ranges, "phone", 29) == ranges["2:phone"] == (-0.21, 0.20)
    assert conformal_rules.range_for(ranges, "book", 29) == ranges["2:*"]
    assert conformal_rules.range_for(ranges, "phone", 30) == ranges["*"] == ranges["2:*"]
    assert conformal_rules.calibrate(few[:8]) == {} and conformal_rules.range_for({}, "phone", 5) is None
    assert set(conformal_rules.calibrate(few[:9])) == {"*"}


@pytest.mark.parametrize(("parts", "whole", "total"), [
    ([100.5, -20.25, -0.25], [100, -20, 0], 80),
    ([100.4, -20.2, 0.3], [101, -20, 0], 81),
    ([0.5], [1], 1),
    ([1 / 3, 1 / 3, 1 / 3], [1, 0, 0], 1),
    ([5.0, 0.0, -2.0], [5, 0, -2], 3),
    ([], [], 0),
])  # fmt: skip
def test_whole_parts_add_up(parts, whole, total):
    assert waterfall_rules.whole_parts(parts) == (whole, total)


@given(st.lists(st.floats(-1e13, 1e13), max_size=8))
def test_whole_parts_are_the_nearest_and_keep_their_sign(parts):
    whole, total = waterfall_rules.whole_parts(parts)
    exact = sum((Fraction(part) for part in parts), Fraction(0))
    assert sum(whole) == total and abs(total - exact) <= Fraction(1, 2)
    for part, each in zip(parts, whole, strict=True):
        assert abs(each - Fraction(part)) < 1
        assert each * part >= 0 and (part != 0 or each == 0)


@pytest.mark.parametrize(("amount", "whole"), [(0.5, 1), (0.49, 0), (2.5, 3), (-0.5, 0), (-0.6, -1), (7.0, 7)])
def test_nearest(amount, whole):
    assert waterfall_rules.nearest(amount) == whole


def sold(price=100, thing=PHONE, buyer="ann", seller="bo", day=1, **more):
    return Sale(thing, price, date(2026, 1, day), buyer, seller, **more)


def test_one_sale_of_a_pair_and_model_counts_the_latest():
    first, back, last, other = sold(1), sold(2, buyer="bo", seller="ann", day=3), sold(3, day=2), sold(4, thing=OTHER)
    kept, left = guard_rules.admit([first, back, last, other])
    assert kept == [back, other]
    assert left == {"same_pair": 2}


def test_the_later_in_the_file_of_one_day_and_of_no_day():
    assert guard_rules.admit([sold(1), sold(2)])[0] == [sold(2)]
    undated = [Sale(PHONE, price, None, "ann", "bo") for price in (1, 2)]
    assert guard_rules.admit(undated)[0] == undated[1:]


def test_strangers_and_unknown_people_all_count():
    sales = [sold(1), sold(2, buyer="cy"), sold(3, seller="cy"), sold(4, buyer=""), sold(5, buyer=""), sold(6, seller="")]
    assert guard_rules.admit(sales) == (sales, {})


@pytest.mark.parametrize(("sale", "reason"), [
    (sold(asking=True), "asking"),
    (sold(related=True), "related"),
    (sold(buyer="bo"), "related"),
    (sold(0), "not_positive"),
    (sold(-1), "not_positive"),
])  # fmt: skip
def test_what_never_speaks(sale, reason):
    assert guard_rules.admit([sale, sold(7, buyer="di")]) == ([sold(7, buyer="di")], {reason: 1})
    assert guard_rules.admit([sold(1, buyer="", seller="")])[1] == {}


def test_what_lies_far_off():
    assert guard_rules.far_off([0.0, 0.1, -0.1, 0.05, 3.0], 0.1) == [False, False, False, False, True]
    assert guard_rules.far_off([0.0, 0.0, 0.0, 0.2], 0.1) == [False, False, False, False]  # exactly four times half of 0.1
    assert guard_rules.far_off([0.0, 0.0, 0.0, 0.21], 0.1) == [False, False, False, True]
    wide = [-1.0, -0.5, 0.0, 0.5, 1.0, 2.9, 3.1]  # their own deviation is 1.4826 x 0.5
    assert guard_rules.far_off(wide, 0.0) == [False] * 7
    assert guard_rules.far_off([*wide, -2.6], 0.0)[-1] is False


def test_newness_falls_exponentially_and_stops_at_the_parts():
    assert cost_rules.cost_value(100_000, 12, 0.02) == cost_rules.CostValue(78_663, math.exp(-0.24))
    assert cost_rules.cost_value(100_000, 0).amount == 100_000
    assert cost_rules.cost_value(100_000, 36).amount == 48_675  # two percent a month, the usual
    assert cost_rules.cost_value(100_000, 1e9, 0.02) == cost_rules.CostValue(5_000, 0.05)
    assert cost_rules.cost_value(1, 0, 0.0).amount == 1


@pytest.mark.parametrize(("price", "age", "rate"), [(0, 1, 0.1), (-5, 1, 0.1), (5, -1, 0.1), (5, 1, -0.1), (5, math.nan, 0.1), (5, 1, math.nan)])
def test_no_newness_of_nonsense(price, age, rate):
    with pytest.raises(ValueError, match="a price above 0"):
        cost_rules.cost_value(price, age, rate)


@pytest.mark.parametrize(("defects", "left"), [
    ([], 1000.0),
    ([Defect("screen", 200, math.log(0.7))], 800.0),
    ([Defect("screen", 400, math.log(0.7))], 700.0),
    ([Defect("screen", None, math.log(0.7))], 700.0),
    ([Defect("screen", 200, None)], 800.0),
    ([Defect("screen", 5000, None)], 100.0),
    ([Defect("screen", None, None)], 1000.0),
    ([Defect("screen", 0, math.log(0.7))], 1000.0),
    ([Defect("screen", -50, math.log(0.7))], 1000.0),
    ([Defect("screen", 200, 0.3)], 1000.0),  # the sales said that it adds: it doesn't
    ([Defect("b", 100, None), Defect("a", None, math.log(0.5))], 400.0),  # a first
])  # fmt: skip
def test_a_defect_costs_at_most_its_repair(defects, left):
    assert defect_rules.after_defects(1000.0, defects) == pytest.approx(left)


@pytest.mark.parametrize(("extras", "value"), [
    ([Extra("box", None, math.log(1.1))], 1100.0),
    ([Extra("box", 50, math.log(1.1))], 1050.0),
    ([Extra("box", -50, math.log(1.1))], 1000.0),
    ([Extra("box", 50, None)], 1000.0),
    ([Extra("box", None, -0.1)], 1000.0),
    ([Extra("b", None, math.log(1.5)), Extra("a", 100, math.log(2))], 1650.0),
])  # fmt: skip
def test_an_accessory_adds_at_most_its_price(extras, value):
    assert defect_rules.after_extras(1000.0, extras) == pytest.approx(value)


defects = st.lists(st.builds(Defect, st.sampled_from("abcd"), st.none() | st.integers(0, 10**6), st.none() | st.floats(-5, 1)), max_size=4, unique_by=lambda d: d.code)


@given(st.floats(1, 1e7), st.floats(1, 1e7), defects)
def test_the_cheaper_thing_stays_the_cheaper_one(a, b, found):
    low, high = sorted([a, b])
    assert defect_rules.after_defects(low, found) <= defect_rules.after_defects(high, found) * (1 + 1e-12)
    for gone in range(len(found)):
        assert defect_rules.after_defects(low, found) <= defect_rules.after_defects(low, found[:gone] + found[gone + 1 :]) * (1 + 1e-12)


def test_combining():
    assert combining_rules.combine(0.5, 0.1, None, 0.0) == 0.5
    even = combining_rules.combine(0.0, 0.01 - 0.0004, 1.0, 0.01)
    assert even == pytest.approx(0.5)
    assert combining_rules.combine(0.0, 0.0, 1.0, 0.0004) == pytest.approx(0.5)  # never better known than two percent
    assert combining_rules.combine(0.0, 0.03 - 0.0004, 1.0, 0.01) == pytest.approx(0.75)
    assert combining_rules.combine(0.0, 0.01, 1.0, 0.0) == pytest.approx(1.0)
