"""Laptops as they come over the counter, and the grade each gets: the limits of xunshi-laptop version 1."""

import re
from decimal import Decimal

import pytest

from appraisal.grades.rules import Answer, GradeResult, UnknownCheck, UnknownValue, grade, read_answers
from appraisal.standards.loader import get_standard

LAPTOP = get_standard("xunshi-laptop", 1)
BEST: dict[str, Answer | None] = {check.code: check.values[0].code if check.values else 100 for check in LAPTOP.checks}
USED = BEST | {"unused": "used"}


def graded(**answers: Answer | None) -> GradeResult:
    return grade(LAPTOP, USED | answers)


def test_a_new_laptop_with_proof_is_new_and_one_without_proof_is_not() -> None:
    assert grade(LAPTOP, BEST).grade == "N"
    assert grade(LAPTOP, BEST).reasons == ()
    assert graded(unused="claimed").grade == "S"
    assert graded(unused=None).grade == "S"
    assert [reason.code for reason in graded(unused=None).reasons] == ["unused_used"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "S"),
        ({"battery_health": 98}, "S"),
        ({"battery_health": 90}, "S"),
        ({"battery_health": 89}, "A"),
        ({"battery_health": 85}, "A"),
        ({"battery_health": Decimal("84.9")}, "B"),
        ({"battery_health": 80}, "B"),
        ({"battery_health": 79}, "C"),
        ({"battery_health": 0}, "C"),
        ({"battery_health": None}, "C"),
        ({"battery_runs": "short"}, "C"),
        ({"battery_runs": "mains_only"}, "D"),
        ({"lid": "S1"}, "A"),
        ({"base": "S2"}, "B"),
        ({"inside": "S3"}, "C"),
        ({"keyboard_wear": "S4"}, "D"),
        ({"lid": "S3", "base": "S3"}, "C"),
        ({"lid": "S3", "base": "S3", "inside": "S3"}, "D"),
        ({"lid": "S3", "base": "S4", "keyboard_wear": "S3"}, "D"),
        ({"lid": "S2", "base": "S2", "inside": "S2", "keyboard_wear": "S2"}, "B"),
        ({"screen_glass": "S1"}, "B"),
        ({"screen_glass": "S2"}, "C"),
        ({"screen_glass": "S3"}, "D"),
        ({"screen_glass": "S4"}, "D"),
        ({"display_image": "uneven"}, "B"),
        ({"display_image": "spots"}, "C"),
        ({"display_image": "damaged"}, "R"),
        ({"starts": "unstable"}, "R"),
        ({"starts": "fails"}, "R"),
        ({"charging": "loose"}, "D"),
        ({"charging": "fails"}, "R"),
        ({"keys": "stiff"}, "C"),
        ({"keys": "one_fails"}, "D"),
        ({"keys": "many_fail"}, "R"),
        ({"touchpad": "partly"}, "D"),
        ({"touchpad": "fails"}, "R"),
        ({"wifi": "fails"}, "D"),
        ({"bluetooth": "fails"}, "C"),
        ({"bluetooth": "absent"}, "S"),
        ({"camera": "fails"}, "C"),
        ({"microphone": None}, "C"),
        ({"speakers": "fails", "camera": None}, "C"),
        ({"speakers": "fails", "camera": None, "microphone": "fails"}, "D"),
        ({"speakers": "absent", "camera": "absent", "microphone": "absent"}, "S"),
        ({"ports": "one_fails"}, "C"),
        ({"ports": "fails"}, "D"),
        ({"ports": None}, "D"),
        ({"cooling": "noisy"}, "C"),
        ({"cooling": "overheats"}, "D"),
        ({"cooling": None}, "D"),
        ({"storage": "worn"}, "C"),
        ({"storage": "none_fitted"}, "C"),
        ({"storage": None}, "C"),
        ({"hinge": "loose"}, "C"),
        ({"hinge": "does_not_hold"}, "D"),
        ({"parts_missing": "small"}, "C"),
        ({"parts_missing": "panel"}, "D"),
        ({"parts_missing": "critical"}, "R"),
        ({"repair": "genuine"}, "S"),
        ({"repair": "unknown_parts"}, "C"),
        ({"repair": "mainboard"}, "D"),
        ({"liquid": "traces"}, "D"),
        ({"liquid": "corrosion"}, "R"),
        ({"adapter": "other"}, "S"),
        ({"adapter": "none"}, "A"),
        ({"adapter": None}, "A"),
        ({"serial_matches": "label_missing"}, "C"),
    ],
)
def test_one_finding_one_limit(answers: dict[str, Answer | None], expected: str) -> None:
    assert grade(LAPTOP, USED | answers).grade == expected


@pytest.mark.parametrize(
    ("check", "answer", "genuine"),
    [
        ("serial_matches", "mismatch", "match"),
        ("claims", "leased", "clear"),
        ("claims", "reported", "clear"),
        ("locks", "firmware_password", "none"),
        ("locks", "managed", "none"),
        ("locks", "account_locked", "none"),
        ("battery_swollen", "yes", "no"),
        ("electrical_safety", "unsafe", "safe"),
    ],
)
def test_a_gate_refuses_and_its_genuine_twin_passes(check: str, answer: str, genuine: str) -> None:
    refused = grade(LAPTOP, USED | {check: answer})
    assert refused.grade == "reject"
    assert [reason.code for reason in refused.gates] == [f"{check}_{answer}"]
    assert refused.gates[0].limit == "reject" and refused.gates[0] not in refused.caps
    assert grade(LAPTOP, USED | {check: genuine}).grade == "S"
    assert grade(LAPTOP, {check: answer}).grade == "reject", "a failed gate decides even if the rest is missing"


@pytest.mark.parametrize("check", [check.code for check in LAPTOP.checks if check.required])
def test_a_required_check_left_out_means_no_grade(check: str) -> None:
    result = grade(LAPTOP, USED | {check: None})
    without = grade(LAPTOP, {code: answer for code, answer in USED.items() if code != check})
    assert result == without
    assert result.grade == "U" and result.untested == (check,)
    reason = next(reason for reason in result.reasons if reason.checks == (check,))
    assert (reason.kind, reason.limit) == ("ungraded", "U") and reason not in result.caps


def test_axes_are_kept_apart() -> None:
    result = graded(lid="S2", camera="fails", battery_health=86, repair="mainboard")
    assert result.axes == {
        "cosmetic": "B",
        "function": "C",
        "battery": "A",
        "repair": "D",
        "completeness": "N",
    }
    assert result.grade == "D"
    assert graded(starts=None, lid="S1").axes["function"] == "U"
    assert graded(starts=None, lid="S1").axes["cosmetic"] == "A"
    assert graded(locks=None).axes["function"] == "N", "a gate left out is the whole's matter, not an axis's"
    assert graded(locks=None).grade == "U"


def test_what_a_buyer_must_be_told() -> None:
    result = graded(repair="genuine", bluetooth="absent", battery_health=70, camera=None, lid="S2")
    assert result.disclosures == ("battery_health_below_80", "bluetooth_absent", "repair_genuine")
    assert result.untested == ("camera",)
    told = next(reason for reason in result.reasons if reason.code == "repair_genuine")
    assert (told.kind, told.limit) == ("told", None)
    assert {reason.code for reason in result.caps} == {
        "unused_used",
        "battery_health_below_80",
        "camera_not_tested",
        "lid_s2",
    }


def test_many_findings_name_what_they_counted() -> None:
    result = graded(lid="S3", base="S4", keyboard_wear="S3", inside="S2")
    many = next(reason for reason in result.reasons if reason.code == "many_visible_marks")
    assert many.checks == ("keyboard_wear", "lid", "base") and many.limit == "D" and many.axis == "cosmetic"
    assert many.tested and "D" in many.text.zh
    hidden = graded(camera=None, microphone=None, speakers="fails")
    faults = next(reason for reason in hidden.reasons if reason.code == "many_small_faults")
    assert faults.checks == ("camera", "microphone", "speakers")
    assert hidden.untested == ("camera", "microphone")


def test_only_the_strictest_band_speaks() -> None:
    codes = [reason.code for reason in graded(battery_health=82).reasons]
    assert codes == ["unused_used", "battery_health_below_85"]


def test_a_note_is_ignored_and_a_stranger_is_not() -> None:
    assert grade(LAPTOP, USED | {"note": "came without its box"}).grade == "S"
    with pytest.raises(UnknownCheck) as refused:
        grade(LAPTOP, USED | {"paint": "S1"})
    assert (refused.value.code, refused.value.field) == ("unknown_check", "paint")
    assert "paint" in refused.value.sentence % refused.value.values
    with pytest.raises(UnknownCheck):
        grade(LAPTOP, USED | {"paint": None})


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        ("lid", "S5"),
        ("lid", "s1"),
        ("lid", ""),
        ("lid", 1),
        ("lid", True),
        ("lid", ["S1"]),
        ("battery_health", "84"),
        ("battery_health", -1),
        ("battery_health", 121),
        ("battery_health", Decimal("120.1")),
        ("battery_health", True),
        ("battery_health", 84.5),
    ],
)
def test_an_unknown_answer_is_refused(check: str, answer: object) -> None:
    with pytest.raises(UnknownValue) as refused:
        grade(LAPTOP, USED | {check: answer})  # type: ignore[dict-item]
    assert refused.value.code == "unknown_value" and refused.value.field == check
    assert str(answer) in refused.value.sentence % refused.value.values
    assert check in refused.value.sentence % refused.value.values


@pytest.mark.parametrize("answer", [0, 120, Decimal("119.5")])
def test_the_bounds_of_a_measure_belong_to_it(answer: Answer) -> None:
    assert grade(LAPTOP, USED | {"battery_health": answer}).grade in ("S", "C")


def test_answers_are_completed_for_the_report() -> None:
    answers = read_answers(LAPTOP, {"lid": "S1"})
    assert list(answers) == [check.code for check in LAPTOP.checks]
    assert answers["lid"] == "S1" and answers["base"] is None
    assert answers["unused"] == "used" and answers["adapter"] == "none"


def test_every_reason_reads_well_in_both_languages() -> None:
    outcomes = [value.outcome for check in LAPTOP.checks for value in check.values if value.outcome]
    outcomes += [band.outcome for check in LAPTOP.checks for band in check.bands]
    outcomes += [check.untested for check in LAPTOP.checks] + [count.outcome for count in LAPTOP.counts]
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert len(outcomes) > 90
    for outcome in outcomes:
        assert chinese.search(outcome.text.zh) and not chinese.search(outcome.text.en)
        assert "{" not in outcome.text.zh + outcome.text.en
        if outcome.limit:
            assert outcome.text.zh.endswith(f"最高评 {outcome.limit}")
            assert outcome.text.en.endswith(f"at best grade {outcome.limit}")
