"""Laws every grade obeys: no worse finding lifts, gates dominate, order is nothing, reasons are complete."""

import itertools
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.grades.rules import Answer, GradeResult, grade
from appraisal.standards.loader import get_standard
from appraisal.standards.standard import Check
from tests.soak import soak

LAPTOP = get_standard("xunshi-laptop", 1)
CHECKS = {check.code: check for check in LAPTOP.checks}
Inputs = dict[str, Answer | None]


def ladder(check: Check) -> list[Answer | None]:
    """Every answer to a check, best first. Left out stands after the worst answer that is not a gate."""
    if check.kind == "measure":
        bounds = [bound for band in check.bands for bound in (band.below, band.below - 1)]
        return [check.most, *bounds, check.least, None]
    fine = [value.code for value in check.values if not (value.outcome and value.outcome.gate)]
    gates = [value.code for value in check.values if value.outcome and value.outcome.gate]
    return [*fine, None, *gates]


LADDERS = {code: ladder(check) for code, check in CHECKS.items()}
BEST: Inputs = {code: steps[0] for code, steps in LADDERS.items()}
some_inputs = st.fixed_dictionaries({code: st.sampled_from(steps) for code, steps in LADDERS.items()})
# most random laptops fail a gate somewhere; these pass all gates and have every required answer
gradable = st.fixed_dictionaries(
    {
        code: st.sampled_from([answer for answer in steps if grade(LAPTOP, BEST | {code: answer}).grade not in "Ureject"])
        for code, steps in LADDERS.items()
    }
)


def ranks(result: GradeResult) -> tuple[int, ...]:
    return (LAPTOP.rank(result.grade), *(LAPTOP.rank(result.axes[axis]) for axis in sorted(result.axes)))


def never_better(worse: GradeResult, better: GradeResult) -> bool:
    return all(low >= high for low, high in zip(ranks(worse), ranks(better), strict=True))


def steps_of(codes: Sequence[str]) -> list[dict[str, int]]:
    return [dict(zip(codes, at, strict=True)) for at in itertools.product(*(range(len(LADDERS[c])) for c in codes))]


def rung(steps: list[Answer | None], share: int) -> Answer | None:
    return steps[min(share, len(steps) - 1)]


@pytest.mark.parametrize("share", range(5))
def test_no_step_down_lifts_a_grade_exhaustively(share: int) -> None:
    """Every step of every check, with all other checks on the same rung, from best to nearly worst."""
    others: Inputs = {code: rung(steps, share) for code, steps in LADDERS.items()}
    for code, steps in LADDERS.items():
        results = [grade(LAPTOP, others | {code: answer}) for answer in steps]
        for better, worse in itertools.pairwise(results):
            assert never_better(worse, better), (code, share)


def pairs_are_monotone(pairs: Iterable[tuple[str, str]]) -> int:
    """Every pair of checks over all their answers; within the grid every single step down is compared."""
    compared = 0
    for codes in pairs:
        grid = {
            tuple(at.values()): grade(LAPTOP, BEST | {code: LADDERS[code][i] for code, i in at.items()}) for at in steps_of(codes)
        }
        for place, result in grid.items():
            for axis in (0, 1):
                below = tuple(i + 1 if n == axis else i for n, i in enumerate(place))
                if below in grid:
                    compared += 1
                    assert never_better(grid[below], result), (codes, place, below)
    return compared


def test_findings_that_are_counted_together_are_monotone_pair_by_pair() -> None:
    pairs = [pair for count in LAPTOP.counts for pair in itertools.combinations(count.checks, 2)]
    assert pairs_are_monotone(pairs) > 500


@pytest.mark.slow
def test_every_pair_of_checks_is_monotone_exhaustively() -> None:
    assert pairs_are_monotone(itertools.combinations(LADDERS, 2)) > 10_000


@settings(max_examples=soak(600), deadline=None)
@given(st.one_of(some_inputs, gradable), st.data())
def test_no_step_down_lifts_a_grade_whatever_else_is_found(inputs: Inputs, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(list(LADDERS)))
    steps = LADDERS[code]
    at = steps.index(inputs[code])
    before = grade(LAPTOP, inputs)
    for worse in steps[at + 1 :]:
        assert never_better(grade(LAPTOP, inputs | {code: worse}), before)


@settings(max_examples=soak(300), deadline=None)
@given(some_inputs, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(inputs: Inputs, shuffle: object) -> None:
    items = list(inputs.items())
    shuffle.shuffle(items)  # type: ignore[attr-defined]
    assert grade(LAPTOP, dict(items)) == grade(LAPTOP, inputs)


@settings(max_examples=soak(300), deadline=None)
@given(some_inputs, st.sets(st.sampled_from(list(LADDERS))))
def test_a_failed_gate_decides_whatever_else_is_found_or_left_out(inputs: Inputs, left_out: set[str]) -> None:
    gates = {code: steps[-1] for code, steps in LADDERS.items() if code in GATED}
    for code, answer in gates.items():
        rest = {other: value for other, value in inputs.items() if other not in left_out}
        assert grade(LAPTOP, rest | {code: answer}).grade == "reject"


GATED = {check.code for check in LAPTOP.checks if any(value.outcome and value.outcome.gate for value in check.values)}


def test_the_gates_of_this_standard() -> None:
    assert {"serial_matches", "claims", "locks", "battery_swollen", "electrical_safety"} == GATED


@settings(max_examples=soak(400), deadline=None)
@given(gradable)
def test_every_limit_has_a_reason_and_without_the_named_reasons_it_is_lifted(inputs: Inputs) -> None:
    result = grade(LAPTOP, inputs)
    everything = {code for reason in result.reasons for code in reason.checks}
    assert grade(LAPTOP, inputs | {code: BEST[code] for code in everything}).grade == "N"
    if result.grade == "N":
        assert result.caps == ()
        return
    named = [reason for reason in result.caps if reason.limit == result.grade]
    assert named, "the grade itself has a reason"
    behind = {code for reason in named for code in reason.checks}
    lifted = grade(LAPTOP, inputs | {code: BEST[code] for code in behind})
    assert LAPTOP.rank(lifted.grade) < LAPTOP.rank(result.grade)


@settings(max_examples=soak(400), deadline=None)
@given(some_inputs)
def test_the_weakest_axis_decides(inputs: Inputs) -> None:
    result = grade(LAPTOP, inputs)
    limits = [reason.limit for reason in result.reasons if reason.limit is not None]
    assert result.grade == max(limits, key=LAPTOP.rank, default="N")
    assert all(LAPTOP.rank(result.grade) >= LAPTOP.rank(axis) for axis in result.axes.values())
    for axis, found in result.axes.items():
        mine = [reason.limit for reason in result.reasons if reason.axis == axis and reason.limit is not None]
        assert found == max(mine, key=LAPTOP.rank, default="N")


@settings(max_examples=soak(400), deadline=None)
@given(gradable, st.sets(st.sampled_from(list(LADDERS)), min_size=1, max_size=4))
def test_what_was_not_tested_is_named_and_never_a_pass(inputs: Inputs, left: set[str]) -> None:
    inputs = inputs | {code: None for code in left}
    result = grade(LAPTOP, inputs)
    left_out = {code for code, answer in inputs.items() if answer is None and not CHECKS[code].when_missing}
    assert set(result.untested) == left_out
    for code in left_out:
        worst_answer = LADDERS[code][LADDERS[code].index(None) - 1]
        assert never_better(result, grade(LAPTOP, inputs | {code: worst_answer})), "leaving out never pays"


@settings(max_examples=soak(400), deadline=None)
@given(some_inputs)
def test_the_same_answers_get_the_same_grade(inputs: Inputs) -> None:
    assert grade(LAPTOP, inputs) == grade(LAPTOP, dict(inputs))
    assert len({reason.code for reason in grade(LAPTOP, inputs).reasons}) == len(grade(LAPTOP, inputs).reasons)
