"""Measures of agreement against published examples, and laws that hold for whatever is graded."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from appraisal.agreement import rules
from tests.conftest import samples

GRADES = some.integers(0, 5)
PAIRS = some.lists(some.tuples(GRADES, GRADES), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def vectors():
    return json.loads(samples("appraisal", "agreement_vectors.json").read_text(encoding="utf-8"))


def test_the_published_examples_come_out(vectors):
    for one in vectors["cohen"]:
        assert rules.kappa(one["table"]) == Fraction(str(one["kappa"]))
    for one in vectors["fleiss"]:
        assert round(float(rules.fleiss(one["counts"])), 5) == one["kappa"]
    for one in vectors["krippendorff"]:
        for metric in ("nominal", "ordinal", "interval", "ratio"):
            assert round(float(rules.alpha(one["coders_x_units"], metric)), 4) == one[metric], metric


def test_quadratic_weights_by_hand():
    """Three grades, ten things: (0,0) x4, (1,1) x2, (2,2) x2, (0,1) x1, (0,2) x1. Rows 6,2,2; columns 4,3,3.
    Observed 1*1 + 4*1 = 5 of 10. Expected (6*3 + 2*4 + 2*3 + 2*3) * 1 + (6*3 + 2*4) * 4 = 38 + 104 = 142 of 100.
    1 - 0.5 / 1.42 = 46/71."""
    table = [[4, 1, 1], [0, 2, 0], [0, 0, 2]]
    assert rules.quadratic_kappa(table) == Fraction(46, 71)


@given(PAIRS)
def test_kappa_is_the_same_seen_from_either_side_and_never_over_one(pairs):
    table = rules.table_of(pairs, 6)
    found, turned = rules.quadratic_kappa(table), rules.quadratic_kappa([list(row) for row in zip(*table, strict=True)])
    assert found == turned and (found is None or found <= 1)
    if found == 1:
        assert all(a == b for a, b in pairs)


@given(some.lists(GRADES, min_size=2, max_size=30))
def test_who_agrees_wholly_gets_one_unless_there_was_but_one_grade(grades):
    wholly = None if len(set(grades)) == 1 else 1
    assert rules.quadratic_kappa(rules.table_of(zip(grades, grades, strict=True), 6)) == wholly
    for metric in ("nominal", "ordinal", "interval"):
        assert rules.alpha([grades, grades], metric) == wholly


@given(some.lists(some.lists(some.none() | GRADES, min_size=3, max_size=3), min_size=1, max_size=20))
def test_alpha_doesnt_ask_in_which_order_things_or_people_come_and_not_what_one_alone_saw(units):
    raters = list(zip(*units, strict=True))
    found = rules.alpha(raters)
    assert rules.alpha(raters[::-1]) == found == rules.alpha(list(zip(*units[::-1], strict=True)))
    assert rules.alpha(list(zip(*units, [5, None, None], strict=True))) == found
    assert found is None or found <= 1


def test_inflation_counts_grades_that_the_blind_look_didnt_find():
    assert rules.inflation([]) is None
    assert rules.inflation([(1, 2), (1, 1), (0, 2)]) == 1
    assert rules.inflation([(3, 1)]) == -2


@pytest.mark.parametrize(("value", "text"), [
    (None, ""), (Fraction(1), "1.00"), (Fraction(46, 71), "0.65"), (Fraction(-1, 3), "-0.33"), (Fraction(1, 200), "0.01"),
    (Fraction(-1, 1000), "0.00"), (Fraction(-3, 2), "-1.50"),
])  # fmt: skip
def test_two_decimals_as_people_round(value, text):
    assert rules.hundredths(value) == text


@pytest.mark.parametrize(("value", "tone"), [
    (None, "unknown"), (Fraction(9, 10), "good"), (Fraction(3, 4), "good"), (Fraction(74, 100), "warn"), (Fraction(69, 100), "bad"), (Fraction(-2), "bad"),
])  # fmt: skip
def test_the_word_for_a_kappa_changes_at_its_bounds(value, tone):
    assert rules.word_for(value, rules.KAPPA_WORDS)[1] == tone


def test_unequal_raters_are_no_fleiss_table():
    with pytest.raises(ValueError, match="same number"):
        rules.fleiss([[2, 0], [1, 0]])
    with pytest.raises(ValueError, match="no metric"):
        rules.alpha([[1], [2]], "guess")
