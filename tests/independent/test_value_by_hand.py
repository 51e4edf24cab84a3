"""The published formulas behind `flask value`, worked out by hand or in another way, and the command measured from outside.

Split conformal prediction (Lei et al. 2018, Theorem 2): of n residuals in order, number ceil((1 - a)(n + 1)) is exceeded by a new one
with probability at most a. Weighted median: minimises the weighted sum of distances. Largest remainder: Hamilton's seats.
"""

import csv
import itertools
import json
import math
import random
from fractions import Fraction

import pytest

from appraisal.prices.conformal_rules import ranks
from appraisal.prices.median_rules import weighted_median
from appraisal.prices.waterfall_rules import whole_parts
from tests.independent.running import flask, refused, shaped


@pytest.mark.parametrize("n", range(9, 15))
def test_the_rank_is_the_least_that_holds_by_counting(n):
    """Of n + 1 exchangeable residuals the new one is equally likely to have each rank: count the ranks inside."""
    lower, upper = ranks(n)
    inside = sum(lower <= place <= upper for place in range(1, n + 1))  # between the two bounds, places 1..n+1 of the new one
    assert Fraction(inside, n + 1) >= Fraction(8, 10) - Fraction(1, n + 1)
    assert Fraction(upper, n + 1) >= Fraction(9, 10) > Fraction(upper - 1, n + 1)
    assert Fraction(lower, n + 1) <= Fraction(1, 10) < Fraction(lower + 1, n + 1)


BY_HAND = [(9, 1, 9), (19, 2, 18), (29, 3, 27), (50, 5, 46), (99, 10, 90), (199, 20, 180), (1149, 115, 1035)]


@pytest.mark.parametrize(("n", "lower", "upper"), BY_HAND)
def test_ranks_by_hand(n, lower, upper):
    """1149: 0.1 x 1150 = 115 and 0.9 x 1150 = 1035 exactly; in floats (1 - 0.8) / 2 x 1150 is 114.99999999999997."""
    assert ranks(n) == (lower, upper)


def test_eight_residuals_promise_nothing():
    """0.9 x 9 = 8.1, so the ninth of eight would be needed."""
    assert ranks(8) is None


def test_the_range_holds_for_fresh_draws():
    dice = random.Random(1)
    inside = 0
    for _ in range(4_000):
        drawn = [dice.gauss(0, 1) for _ in range(49)]
        lower, upper = ranks(len(drawn))
        inside += sorted(drawn)[lower - 1] <= dice.gauss(0, 1) <= sorted(drawn)[upper - 1]
    assert abs(inside / 4_000 - 0.8) < 0.025  # (45 - 5) / 50, four standard errors


def test_the_weighted_median_minimises_the_weighted_distances():
    dice = random.Random(2)
    for _ in range(300):
        values = [dice.randint(-9, 9) for _ in range(dice.randint(1, 7))]
        weights = [dice.randint(1, 5) for _ in values]

        def cost(at, values=values, weights=weights):
            return sum(weight * abs(value - at) for value, weight in zip(values, weights, strict=True))

        assert cost(weighted_median(values, weights)) == min(map(cost, values))


def test_hamiltons_seats():
    """A textbook's case: 100 seats for 33.61, 33.36, 33.03 are 34, 33, 33."""
    assert whole_parts([33.61, 33.36, 33.03]) == ([34, 33, 33], 100)
    assert whole_parts([41.5, 33.25, 25.25]) == ([42, 33, 25], 100)


def test_no_other_rounding_of_the_parts_is_nearer():
    dice = random.Random(3)
    for _ in range(200):
        parts = [dice.uniform(-50, 50) for _ in range(5)]
        whole, total = whole_parts(parts)
        others = [each for each in itertools.product(*((math.floor(p), math.ceil(p)) for p in parts)) if sum(each) == total]

        def away(found, parts=parts):
            return sum(abs(a - b) for a, b in zip(found, parts, strict=True))

        assert total == math.floor(sum(parts) + 0.5) and away(whole) <= min(map(away, others)) + 1e-9


def phones(path, count, seed):
    """A file of phones of which each factor is known: 1 % a month, B 15 % and C 30 % below A, noise of 6 %."""
    dice, bases = random.Random(seed), {f"P{at}": 80_000 * 1.3**at for at in range(8)}
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["paid", "age", "model", "grade"])
        for _ in range(count):
            model, age, grade = dice.choice(list(bases)), dice.randint(0, 40), dice.choice("ABBC")
            paid = bases[model] * 0.99**age * {"A": 1, "B": 0.85, "C": 0.7}[grade] * math.exp(dice.gauss(0, 0.06))
            out.writerow([round(paid), age, model, grade])
    return bases


def test_the_command_finds_what_was_put_in(tmp_path):
    bases = phones(tmp_path / "phones.csv", 1_500, 4)
    columns = ["--data", tmp_path / "phones.csv", "--target", "paid", "--unit", "minor", "--age", "age", "--model", "model", "--grade", "grade"]
    score = shaped(flask("value", "backtest", *columns, "--json"), "value-backtest")
    assert (score["n"], score["monotony_violations"], score["waterfall_errors"]) == (1_500, 0, 0)
    assert 4.3 < score["mape"] < 5.3  # the mean distance of a 6 % normal is 4.8 %
    assert 0.77 < score["coverage80"] < 0.83 and 0.14 < score["width80"] < 0.17  # 2 x 1.2816 x 0.06 = 0.154
    shaped(flask("value", "fit", *columns, "--out", tmp_path / "m.json", "--json"), "value-fit")
    found = {}
    for grade in "ABC":
        asked = json.dumps({"model": "P3", "age": 12, "grade": grade})
        found[grade] = shaped(flask("value", "predict", "--model", tmp_path / "m.json", "--inputs", "-", "--json", stdin=asked), "value-predict")
        assert sum(step["amount"] for step in found[grade]["waterfall"]) == found[grade]["p50"]
        assert found[grade]["p10"] <= found[grade]["p50"] <= found[grade]["p90"]
    assert found["A"]["p50"] == pytest.approx(bases["P3"] * 0.99**12, rel=0.03)
    assert found["B"]["p50"] / found["A"]["p50"] == pytest.approx(0.85, rel=0.03)
    assert found["C"]["p50"] / found["A"]["p50"] == pytest.approx(0.70, rel=0.03)


def test_insufficient_evidence_is_exit_1_and_no_number(tmp_path):
    phones(tmp_path / "phones.csv", 200, 5)
    columns = ["--data", tmp_path / "phones.csv", "--target", "paid", "--age", "age", "--model", "model", "--grade", "grade"]
    flask("value", "fit", *columns, "--out", tmp_path / "m.json", "--json")
    ran = flask("value", "predict", "--model", tmp_path / "m.json", "--inputs", "-", "--json", stdin='{"model": "never sold", "age": 3, "grade": "A"}')
    assert ran.code == 1 and shaped(ran, "value-predict")["p50"] is None
    refused(flask("value", "predict", "--model", tmp_path / "m.json", "--inputs", "-", "--json", stdin='{"colour": "red"}'))
