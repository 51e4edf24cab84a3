"""Laws that hold for every standard there is, ours and restated ones: worked out over whole enumerations where these
are small, one and two steps away from the best and the worst otherwise, and at random."""

import itertools
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.grades.rules import GradeResult, UnknownCheck, UnknownValue, grade
from appraisal.standards.loader import all_standards
from appraisal.standards.standard import Check, Standard
from tests.soak import soak

STANDARDS = [standard for standard in all_standards() if standard.purpose != "slot"]
NAMES = [f"{standard.id}-{standard.version}" for standard in STANDARDS]
EXHAUSTIVE = 20_000
every = pytest.mark.parametrize("standard", STANDARDS, ids=NAMES)


def bounds(standard: Standard, check: Check) -> list[Decimal]:
    """The numbers at which anything changes: the check's own bands and the rules that look at it."""
    rules = [c for rule in standard.rules for c in (*rule.when.every, *rule.when.either)]
    rows = [c for lookup in standard.lookups for row in lookup.rows for c in (*row.when.every, *row.when.either)]
    asked = [c.number for c in (*rules, *rows) if c.check == check.code and c.test not in ("more_than", "untested")]
    return [band.bound for band in check.bands] + asked


def numbers(standard: Standard, check: Check) -> list[Any]:
    near = Decimal(1) if check.whole else Decimal("0.01")
    found = {Decimal(check.least), Decimal(check.most)}
    for bound in bounds(standard, check):
        found |= {bound - near, bound, bound + near}
    return sorted(number for number in found if check.least <= number <= check.most)


def ladder(standard: Standard, check: Check) -> list[Any]:
    """Every answer that can make a difference, best first; only order is left out, never a class of answers."""
    if check.kind in ("choice", "flag"):
        return [value.code for value in check.values]
    if check.kind == "list":
        codes = [value.code for value in check.values]
        chain = [codes[:many] for many in range(len(codes) + 1)]
        return chain if check.worse == "more" else chain[::-1]
    if check.kind == "date":
        days = ["2000-01-01", "2016-11-22", "2016-11-23", "2018-11-22", "2018-11-23", "2020-02-29", "2020-11-22", "2020-11-23",
                "2026-11-22"]  # fmt: skip
        return days[::-1] if check.worse == "earlier" else ["2026-11-22", "2026-11-23", "2036-01-01"]
    if check.kind == "numbers":
        return [[each] * check.many for each in (20, Decimal("15.9"), 12, Decimal("7.9"), 0)]
    found = numbers(standard, check)
    return found[::-1] if check.worse == "less" else found


def ladders(standard: Standard) -> dict[str, list[Any]]:
    return {check.code: ladder(standard, check) for check in standard.checks}


def facts(standard: Standard) -> set[str]:
    """Checks without a better and a worse, left out of the laws about them by name."""
    return {check.code for check in standard.checks if check.worse == "none"}


def test_only_these_checks_are_mere_facts() -> None:
    found = {(standard.id, code) for standard in STANDARDS for code in facts(standard)}
    assert found == {("intercellus", "housing_hairline_cracks"), ("appliance-age", "category")}


def ranks(standard: Standard, result: GradeResult) -> tuple[Any, ...]:
    """The grade, the axes' grades, and indexes turned so that less is better."""
    rank = [standard.rank(result.grade), *(standard.rank(result.axes[axis]) for axis in sorted(result.axes))]
    values = [value for _, value in sorted(result.results.items())]
    return (*rank, *(-value for value in values if isinstance(value, Decimal)))


def never_better(standard: Standard, worse: GradeResult, better: GradeResult) -> bool:
    return all(low >= high for low, high in zip(ranks(standard, worse), ranks(standard, better), strict=True))


def step_down_holds(standard: Standard, inputs: dict[str, Any], steps: dict[str, list[Any]]) -> int:
    """From this place, one step down each ladder. Returns how many were compared."""
    before, compared = grade(standard, inputs), 0
    for code in set(steps) - facts(standard):
        at = steps[code].index(inputs[code])
        if at + 1 < len(steps[code]):
            worse = grade(standard, inputs | {code: steps[code][at + 1]})
            assert never_better(standard, worse, before), (code, inputs, steps[code][at + 1])
            compared += 1
    return compared


@every
def test_no_step_down_lifts_anything_exhaustively(standard: Standard) -> None:
    """The whole product where it is small; else all pairs of checks on three grounds: best, middle, worst."""
    steps = ladders(standard)
    if math.prod(len(ladder) for ladder in steps.values()) <= EXHAUSTIVE:
        places = (dict(zip(steps, answers, strict=True)) for answers in itertools.product(*steps.values()))
        assert sum(step_down_holds(standard, place, steps) for place in places) > 0
        return
    compared = 0
    for share in (0, 1, 2):
        ground = {code: ladder[min(share, len(ladder) - 1)] for code, ladder in steps.items()}
        compared += step_down_holds(standard, ground, steps)
        for code, ladder in steps.items():
            for answer in ladder:
                compared += step_down_holds(standard, ground | {code: answer}, steps)
    assert compared > 100


def places(standard: Standard) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({code: st.sampled_from(ladder) for code, ladder in ladders(standard).items()})


@every
@settings(max_examples=soak(60), deadline=None)
@given(data=st.data())
def test_no_step_down_lifts_anything_at_random(standard: Standard, data: st.DataObject) -> None:
    step_down_holds(standard, data.draw(places(standard)), ladders(standard))


@every
@settings(max_examples=soak(30), deadline=None)
@given(data=st.data())
def test_the_same_answers_in_any_order_get_the_same_result(standard: Standard, data: st.DataObject) -> None:
    inputs = data.draw(places(standard))
    mixed = dict(data.draw(st.permutations(list(inputs.items()))))
    assert grade(standard, inputs) == grade(standard, mixed) == grade(standard, dict(inputs) | {"note": "same"})


@every
@settings(max_examples=soak(30), deadline=None)
@given(data=st.data())
def test_not_testing_is_never_better_than_the_best_answer(standard: Standard, data: st.DataObject) -> None:
    """null is a third value: whatever it leads to, a pass it is not."""
    inputs = data.draw(places(standard))
    steps = ladders(standard)
    for code in set(steps) - facts(standard):
        left = grade(standard, inputs | {code: None})
        best = grade(standard, inputs | {code: steps[code][0]})
        undetermined = left.grade == standard.undetermined.code
        assert undetermined or standard.rank(left.grade) >= standard.rank(best.grade), code
        check = standard.find_check(code)
        assert check and (code in left.untested) != check.assumes_on_null, code
        assert not check.required or standard.rank(left.grade) >= standard.rank(standard.undetermined.code)


@every
@settings(max_examples=soak(30), deadline=None)
@given(data=st.data())
def test_gates_dominate_whatever_is_missing(standard: Standard, data: st.DataObject) -> None:
    inputs = data.draw(places(standard))
    for check in standard.checks:
        for value in check.values:
            if value.outcome and value.outcome.gate:
                left = data.draw(st.sets(st.sampled_from(sorted(set(inputs) - {check.code} or {""}))))
                kept = {code: answer for code, answer in inputs.items() if code not in left} | {check.code: value.code}
                result = grade(standard, kept)
                assert result.grade == standard.refused.code
                assert value.outcome.code in {reason.code for reason in result.gates}


@every
@settings(max_examples=soak(60), deadline=None)
@given(data=st.data())
def test_each_cap_names_its_reason_and_without_the_named_ones_it_is_lifted(standard: Standard, data: st.DataObject) -> None:
    inputs, steps = data.draw(places(standard)), ladders(standard)
    result = grade(standard, inputs)
    if result.grade == standard.scale[0].code:
        assert not result.gates and not result.caps
        return
    named = [reason for reason in result.reasons if reason.limit == result.grade]
    assert named and all(reason.text.zh and reason.text.en and reason.checks for reason in named)
    behind = {code for reason in named for code in reason.checks} - facts(standard)
    lifted = {code: steps[code][0] for code in behind}
    # a fact has no best answer: where a reason stands on one, the answer that has no effect is looked for
    free = [code for reason in named for code in reason.checks if code in facts(standard)]
    tries = [dict(zip(free, answers, strict=True)) for answers in itertools.product(*(steps[code] for code in free))]
    ranks = [standard.rank(grade(standard, inputs | lifted | some).grade) for some in tries]
    assert min(ranks) < standard.rank(result.grade)


@every
def test_the_best_answers_get_the_best_grade_and_unknown_ones_are_refused(standard: Standard) -> None:
    best = {code: ladder[0] for code, ladder in ladders(standard).items()}
    result = grade(standard, best)
    assert result.grade == standard.scale[0].code and not result.gates and not result.caps
    with pytest.raises(UnknownCheck):
        grade(standard, best | {"Dents": 0})
    for check in standard.checks:
        for odd in ("no such answer", {"a": 1}, ["no such answer"], Decimal("-1"), 1.5, True if check.kind != "flag" else 1):
            if odd is True and check.find_value(True):
                continue
            with pytest.raises(UnknownValue):
                grade(standard, best | {check.code: odd})


@every
def test_no_grade_of_the_scale_is_out_of_reach(standard: Standard) -> None:
    """A grade nobody can get is a slip of the pen."""
    limits = {value.outcome.limit for check in standard.checks for value in check.values if value.outcome}
    limits |= {band.outcome.limit for check in standard.checks for band in check.bands}
    limits |= {rule.outcome.limit for rule in standard.rules}
    limits |= {row.outcome.limit for lookup in standard.lookups for row in lookup.rows if row.outcome}
    limits |= {step.outcome.limit for index in standard.indexes for step in index.steps if step.outcome}
    limits |= {life.outcome.limit for age in standard.ages for life in age.lives}
    assert {grade.code for grade in standard.scale[1:]} <= limits


@every
def test_both_languages_are_there(standard: Standard) -> None:
    texts = [standard.names, *(grade.name for grade in standard.scale), *(check.name for check in standard.checks)]
    texts += [value.name for check in standard.checks for value in check.values]
    texts += [rule.outcome.text for rule in standard.rules]
    assert all(text.zh.strip() and text.en.strip() for text in texts)
