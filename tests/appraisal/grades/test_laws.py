"""Laws every grade of our own standards obeys: no worse finding lifts, gates dominate, order is nothing, reasons are
complete."""

import functools
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.grades import law_rules
from appraisal.grades.rules import Answer
from appraisal.standards.loader import FOLDER, all_standards
from appraisal.standards.standard import Source
from core.goods.cards import all_cards
from tests.soak import soak

Inputs = dict[str, Answer | None]
OWN = [standard for standard in all_standards() if standard.purpose == "own"]


class Ladders(law_rules.Ladders):
    """One of our standards with the rungs of each of its checks, as the pages of drafts judge them, and ways to draw from these."""

    @functools.cached_property
    def some_inputs(self) -> st.SearchStrategy[Inputs]:
        return st.fixed_dictionaries({code: st.sampled_from(steps) for code, steps in self.steps.items()})

    @functools.cached_property
    def gradable(self) -> st.SearchStrategy[Inputs]:
        """Most random things fail a gate somewhere; these pass all gates and have every required answer."""
        fine = {
            code: [answer for answer in steps if self.grade(self.best | {code: answer}).grade not in "Ureject"]
            for code, steps in self.steps.items()
        }
        return st.fixed_dictionaries({code: st.sampled_from(steps) for code, steps in fine.items()})

    @functools.cached_property
    def gates(self) -> dict[str, str]:
        """The worst answer of each check that can refuse a thing."""
        return {
            code: check.values[-1].code for code, check in self.checks.items()
            if any(value.outcome and value.outcome.gate for value in check.values)
        }  # fmt: skip

    def places(self, codes: Sequence[str]) -> list[dict[str, int]]:
        return [dict(zip(codes, at, strict=True)) for at in itertools.product(*(range(len(self.steps[c])) for c in codes))]


ALL = [Ladders(standard) for standard in OWN]
every = pytest.mark.parametrize("own", ALL, ids=[f"{standard.id}-{standard.version}" for standard in OWN])


def test_each_kind_of_goods_has_a_standard_of_its_own() -> None:
    assert sorted({own.standard.id for own in ALL}) == [f"xunshi-{code}" for code in sorted(GATES)]
    assert {tuple(own.standard.order()) for own in ALL} == {("N", "S", "A", "B", "C", "D", "R", "U", "reject")}


@every
def test_no_step_down_lifts_a_grade_exhaustively(own: Ladders) -> None:
    """Every step of every check, with all other checks on the same rung, from best to nearly worst."""
    for share in range(5):
        others: Inputs = own.ground(share)
        for code, steps in own.steps.items():
            results = [own.grade(others | {code: answer}) for answer in steps]
            for better, worse in itertools.pairwise(results):
                assert own.never_better(worse, better), (code, share)


def pairs_are_monotone(own: Ladders, pairs: Iterable[tuple[str, str]]) -> int:
    """Every pair of checks over all their answers; within the grid every single step down is compared."""
    compared = 0
    for codes in pairs:
        grid = {
            tuple(at.values()): own.grade(own.best | {code: own.steps[code][i] for code, i in at.items()})
            for at in own.places(codes)
        }
        for place, result in grid.items():
            for axis in (0, 1):
                below = tuple(i + 1 if n == axis else i for n, i in enumerate(place))
                if below in grid:
                    compared += 1
                    assert own.never_better(grid[below], result), (codes, place, below)
    return compared


@every
def test_findings_that_are_counted_together_are_monotone_pair_by_pair(own: Ladders) -> None:
    pairs = [pair for count in own.standard.counts for pair in itertools.combinations(count.checks, 2)]
    assert pairs_are_monotone(own, pairs) >= 60 * len(own.standard.counts) > 0


@pytest.mark.slow
@every
def test_every_pair_of_checks_is_monotone_exhaustively(own: Ladders) -> None:
    assert pairs_are_monotone(own, itertools.combinations(own.steps, 2)) > 1_000


@every
@settings(max_examples=soak(50), deadline=None)
@given(data=st.data())
def test_no_step_down_lifts_a_grade_whatever_else_is_found(own: Ladders, data: st.DataObject) -> None:
    inputs = data.draw(st.one_of(own.some_inputs, own.gradable))
    code = data.draw(st.sampled_from(list(own.steps)))
    steps = own.steps[code]
    before = own.grade(inputs)
    for worse in steps[steps.index(inputs[code]) + 1 :]:
        assert own.never_better(own.grade(inputs | {code: worse}), before)


@every
@settings(max_examples=soak(30), deadline=None)
@given(data=st.data())
def test_the_same_answers_in_any_order_get_the_same_grade(own: Ladders, data: st.DataObject) -> None:
    inputs = data.draw(own.some_inputs)
    mixed = dict(data.draw(st.permutations(list(inputs.items()))))
    result = own.grade(inputs)
    assert own.grade(mixed) == result == own.grade(dict(inputs))
    assert len({reason.code for reason in result.reasons}) == len(result.reasons)


@every
@settings(max_examples=soak(30), deadline=None)
@given(data=st.data())
def test_a_failed_gate_decides_whatever_else_is_found_or_left_out(own: Ladders, data: st.DataObject) -> None:
    inputs = data.draw(own.some_inputs)
    left_out = data.draw(st.sets(st.sampled_from(list(own.steps))))
    rest = {other: value for other, value in inputs.items() if other not in left_out}
    for code, answer in own.gates.items():
        assert own.grade(rest | {code: answer}).grade == "reject"


GATES = {
    "laptop": "serial_matches claims locks battery_swollen electrical_safety",
    "phone": "imei_matches blacklist specification finance claims locks network_lock battery_swollen",
    "tablet": "serial_matches blacklist specification claims locks network_lock battery_swollen",
    "wearable": "serial_matches blacklist specification claims locks battery_swollen",
    "desktop": "serial_matches claims locks electrical_safety specification",
    "console": "serial_matches claims locks electrical_safety battery_swollen modified insects",
    "camera": "serial_matches claims locks battery_swollen",
    "appliance": "rating_plate claims recall gas_age plug_cable earth_insulation gas_safety leaks smart clean flood",
    "book": "genuine edition_matches library clean",
    "clothing": "genuine materials clean",
    "furniture": "material claims stability pests glass_electric",
}


@every
def test_the_gates_of_each_standard(own: Ladders) -> None:
    assert set(own.gates) == set(GATES[own.standard.id.removeprefix("xunshi-")].split())


@every
@settings(max_examples=soak(50), deadline=None)
@given(data=st.data())
def test_every_limit_has_a_reason_and_without_the_named_reasons_it_is_lifted(own: Ladders, data: st.DataObject) -> None:
    inputs = data.draw(own.gradable)
    result = own.grade(inputs)
    everything = {code for reason in result.reasons for code in reason.checks}
    assert own.grade(inputs | {code: own.best[code] for code in everything}).grade == "N"
    if result.grade == "N":
        assert result.caps == ()
        return
    named = [reason for reason in result.caps if reason.limit == result.grade]
    assert named, "the grade itself has a reason"
    behind = {code for reason in named for code in reason.checks}
    lifted = own.grade(inputs | {code: own.best[code] for code in behind})
    assert own.standard.rank(lifted.grade) < own.standard.rank(result.grade)


@every
@settings(max_examples=soak(40), deadline=None)
@given(data=st.data())
def test_the_weakest_axis_decides(own: Ladders, data: st.DataObject) -> None:
    result, rank = own.grade(data.draw(own.some_inputs)), own.standard.rank
    limits = [reason.limit for reason in result.reasons if reason.limit is not None]
    assert result.grade == max(limits, key=rank, default="N")
    assert all(rank(result.grade) >= rank(axis) for axis in result.axes.values())
    for axis, found in result.axes.items():
        mine = [reason.limit for reason in result.reasons if reason.axis == axis and reason.limit is not None]
        assert found == max(mine, key=rank, default="N")


@every
@settings(max_examples=soak(40), deadline=None)
@given(data=st.data())
def test_what_was_not_tested_is_named_and_never_a_pass(own: Ladders, data: st.DataObject) -> None:
    inputs = data.draw(own.gradable)
    left = data.draw(st.sets(st.sampled_from(list(own.steps)), min_size=1, max_size=4))
    inputs = inputs | {code: None for code in left}
    result = own.grade(inputs)
    left_out = {code for code, answer in inputs.items() if answer is None and not own.checks[code].when_missing}
    assert set(result.untested) == left_out
    for code in left_out:
        worst_answer = own.steps[code][own.steps[code].index(None) - 1]
        assert own.never_better(result, own.grade(inputs | {code: worst_answer})), "leaving out never pays"


@every
def test_each_check_left_out_alone_is_never_a_pass(own: Ladders) -> None:
    """A required one leaves no grade, any other a limit; what comes with a thing counts as not there."""
    for code, check in own.checks.items():
        result = own.grade(own.best | {code: None})
        assert (result.grade == "U") == check.required, code
        assert result.grade != "N", code


@every
def test_every_word_is_there_in_both_languages(own: Ladders) -> None:
    words = [text for check in own.standard.checks for text in (check.name, check.question, check.help)]
    words += [value.name for check in own.standard.checks for value in check.values]
    words += [value.outcome.text for check in own.standard.checks for value in check.values if value.outcome]
    words += [count.outcome.text for count in own.standard.counts]
    words += [text for step in own.standard.scale for text in (step.name, step.meaning)]
    words += [place.name for place in (*own.standard.areas, *own.standard.axes)]
    for text in words:
        assert chinese(text.zh), text
        assert text.en.strip() and not chinese(text.en), text
    assert all(step.near and step.near.zh.startswith("参考") for step in own.standard.scale)


def chinese(words: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in words)


@every
def test_each_check_says_what_to_look_for_and_names_a_view_its_category_has(own: Ladders) -> None:
    """Help is more than the question said again; no conformity is claimed; the sources say how well they are known."""
    views = {photo.code for card in all_cards(environ={}) if card.grading_standard == own.standard.id for photo in card.photos}
    assert views and {check.photo for check in own.checks.values() if check.photo} <= views
    assert all(check.help.zh != check.question.zh and len(check.help.zh) >= 6 for check in own.checks.values())
    words = Path(FOLDER / f"{own.standard.id}-{own.standard.version}.toml").read_text(encoding="utf-8")
    assert "参考" in words
    assert not any(claim in words for claim in ("GB compliant", "certified", "符合国家标准", "unrecoverable"))
    if (own.standard.id, own.standard.version) != ("xunshi-laptop", 1):
        assert "符合" not in words
        assert all(isinstance(source, Source) for source in own.standard.sources)
