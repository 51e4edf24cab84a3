"""docs/algorithms/grading.md and commands.md, “grade”: grades worked out by hand from the standard's table, then asked for."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.independent import own_grading
from tests.independent.running import ROOT, Ran, flask, process, refused, shaped

TABLE = ROOT / "appraisal" / "standards" / "xunshi-laptop-1.toml"
STANDARD = own_grading.load(TABLE)
BEST: dict[str, Any] = {
    "serial_matches": "match", "claims": "clear", "locks": "none", "unused": "used", "starts": "works", "charging": "works",
    "electrical_safety": "safe", "cooling": "works", "storage": "healthy", "battery_swollen": "no", "battery_health": 100,
    "battery_runs": "works", "display_image": "perfect", "screen_glass": "S0", "keys": "works", "keyboard_wear": "S0",
    "touchpad": "works", "ports": "works", "wifi": "works", "bluetooth": "works", "camera": "works", "microphone": "works",
    "speakers": "works", "lid": "S0", "base": "S0", "inside": "S0", "hinge": "firm", "parts_missing": "none",
    "repair": "none", "liquid": "none", "adapter": "original",
}  # fmt: skip


def asked(inputs: Any, folder: Path) -> Ran:
    path = folder / "inputs.json"
    path.write_text(json.dumps(inputs), encoding="utf-8")
    return flask("grade", "--standard", "xunshi-laptop", "--version", "1", "--inputs", path, "--json")


def graded(inputs: Any, folder: Path) -> dict[str, Any]:
    ran = asked(inputs, folder)
    assert ran.code == 0, ran.err
    return shaped(ran, "grade")


# by hand from the table: what differs from a used laptop without a mark, its grade, and axes that differ from
# cosmetic S (used), function N, battery N, repair N, completeness N
BY_HAND = [
    ("nothing", {}, "S", {}),
    ("proven unused", {"unused": "proven"}, "N", {"cosmetic": "N"}),
    ("only said to be unused", {"unused": "claimed"}, "S", {}),
    ("unused left out is used", {"unused": None}, "S", {}),
    ("no charger named is none", {"adapter": None}, "A", {"completeness": "A"}),
    ("another charger", {"adapter": "other"}, "S", {"completeness": "S"}),
    ("label gone counts though its axis has no grade", {"serial_matches": "label_missing"}, "C", {}),
    ("camera not tested", {"camera": None}, "C", {"function": "C"}),
    ("camera fails", {"camera": "fails"}, "C", {"function": "C"}),
    ("this model has no camera", {"camera": "absent"}, "S", {}),
    ("two small faults", {"camera": None, "speakers": "fails"}, "C", {"function": "C"}),
    ("three small faults", {"camera": None, "speakers": "fails", "microphone": "fails"}, "D", {"function": "D"}),
    ("three left out", {"camera": None, "speakers": None, "bluetooth": None}, "D", {"function": "D"}),
    ("absent is no fault", {"camera": "absent", "speakers": "absent", "bluetooth": "absent"}, "S", {}),
    ("one port is no ports fault", {"ports": "one_fails", "speakers": "fails", "camera": "fails"}, "C", {"function": "C"}),
    ("ports not tested", {"ports": None}, "D", {"function": "D"}),
    ("two visible marks", {"lid": "S3", "base": "S3"}, "C", {"cosmetic": "C"}),
    ("three visible marks", {"lid": "S3", "base": "S3", "inside": "S3"}, "D", {"cosmetic": "D"}),
    ("the keys' wear is one of three", {"lid": "S3", "base": "S3", "keyboard_wear": "S3"}, "D", {"cosmetic": "D"}),
    ("the screen is none of the three", {"lid": "S3", "base": "S3", "screen_glass": "S2"}, "C", {"cosmetic": "C"}),
    ("battery 98", {"battery_health": 98}, "S", {"battery": "N"}),
    ("battery 97", {"battery_health": 97}, "S", {"battery": "S"}),
    ("battery 90", {"battery_health": 90}, "S", {"battery": "S"}),
    ("battery 89", {"battery_health": 89}, "A", {"battery": "A"}),
    ("battery 89.5", {"battery_health": 89.5}, "A", {"battery": "A"}),
    ("battery 84", {"battery_health": 84}, "B", {"battery": "B"}),
    ("battery 79", {"battery_health": 79}, "C", {"battery": "C"}),
    ("battery 0", {"battery_health": 0}, "C", {"battery": "C"}),
    ("battery 120", {"battery_health": 120}, "S", {"battery": "N"}),
    ("battery not read", {"battery_health": None}, "C", {"battery": "C"}),
    ("runs not tested", {"battery_runs": None}, "D", {"battery": "D"}),
    ("corrosion", {"liquid": "corrosion"}, "R", {"repair": "R"}),
    (
        "weakest of many",
        {"lid": "S2", "liquid": "traces", "keys": "stiff"},
        "D",
        {"cosmetic": "B", "repair": "D", "function": "C"},
    ),
]


@pytest.mark.parametrize(("changed", "grade", "axes"), [case[1:] for case in BY_HAND], ids=[case[0] for case in BY_HAND])
def test_a_grade_worked_out_by_hand(changed: dict[str, Any], grade: str, axes: dict[str, str], tmp_path: Path) -> None:
    answer = graded(BEST | changed, tmp_path)
    assert answer["grade"] == grade
    plain = {"cosmetic": "S", "function": "N", "battery": "N", "repair": "N", "completeness": "N"}
    assert answer["axes"] == plain | axes
    assert answer["gates"] == []


def test_the_documents_own_example(tmp_path: Path) -> None:
    """Lid S2, screen S1, battery 86, camera not tested, repaired with the maker's parts: C; with the camera: B."""
    told = BEST | {"lid": "S2", "screen_glass": "S1", "battery_health": 86, "camera": None, "repair": "genuine"}
    answer = graded(told, tmp_path)
    assert (answer["grade"], answer["untested"], answer["disclosures"]) == ("C", ["camera"], ["repair_genuine"])
    assert {axis: answer["axes"][axis] for axis in ("cosmetic", "battery", "function")} == {
        "cosmetic": "B", "battery": "A", "function": "C",
    }  # fmt: skip
    assert graded(told | {"camera": "works"}, tmp_path)["grade"] == "B"


def test_a_failed_gate_decides_though_everything_else_is_missing(tmp_path: Path) -> None:
    answer = graded({"claims": "reported"}, tmp_path)
    assert answer["grade"] == "reject"
    assert [gate["kind"] for gate in answer["gates"]] == ["gate"]
    assert set(answer["untested"]) == set(BEST) - {"claims", "unused", "adapter"}


def test_a_check_whose_value_is_assumed_is_not_named_as_untested(tmp_path: Path) -> None:
    assert graded(BEST | {"adapter": None}, tmp_path)["untested"] == []
    assert graded(BEST | {"camera": None}, tmp_path)["untested"] == ["camera"]


@pytest.mark.parametrize("gate", [
    {"serial_matches": "mismatch"}, {"claims": "leased"}, {"locks": "firmware_password"}, {"locks": "account_locked"},
    {"electrical_safety": "unsafe"}, {"battery_swollen": "yes"},
])  # fmt: skip
def test_each_gate_refuses_and_a_missing_check_does_not_soften_it(gate: dict[str, str], tmp_path: Path) -> None:
    assert graded(BEST | gate, tmp_path)["grade"] == "reject"
    assert graded(BEST | {"wifi": None} | gate, tmp_path)["grade"] == "reject"
    assert graded(BEST | {"wifi": None}, tmp_path)["grade"] == "U"


def test_a_required_check_left_out_means_no_grade_whatever_the_limits(tmp_path: Path) -> None:
    for left_out in (c["code"] for c in STANDARD["checks"] if c["required"]):
        answer = graded({key: value for key, value in (BEST | {"liquid": "corrosion", left_out: None}).items()}, tmp_path)
        assert answer["grade"] == "U"
        assert left_out in answer["untested"]
    assert graded({}, tmp_path)["grade"] == "U"


def test_a_note_is_ignored(tmp_path: Path) -> None:
    plain = asked(BEST, tmp_path)
    assert asked(BEST | {"note": "from the cellar 旧"}, tmp_path) == plain


@pytest.mark.parametrize("spoiled", [
    {"colour": "red"}, {"Note": "x"}, {"lid": "S5"}, {"lid": "s1"}, {"lid": 1}, {"battery_health": 121},
    {"battery_health": -1}, {"battery_health": "86"}, {"battery_health": True}, {"lid": True}, {"lid": ["S0"]},
    {"battery_health": {"value": 86}}, {"camera": ""},
])  # fmt: skip
def test_unknown_checks_and_answers_are_refused(spoiled: dict[str, Any], tmp_path: Path) -> None:
    refused(asked(BEST | spoiled, tmp_path))


def test_a_failed_gate_does_not_excuse_an_unknown_key(tmp_path: Path) -> None:
    refused(asked({"claims": "reported", "colour": "red"}, tmp_path))


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '"x"', "{} {}", "\xff", '{"battery_health": NaN}', '{"lid": "S4", "lid": "S0"}']
)
def test_what_is_no_object_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "inputs.json"
    path.write_bytes(text.encode("latin-1"))
    refused(flask("grade", "--standard", "xunshi-laptop", "--inputs", path, "--json"))


def test_unknown_standards_versions_and_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "inputs.json"
    path.write_text(json.dumps(BEST), encoding="utf-8")
    assert flask("grade", "--standard", "xunshi-laptop", "--version", "1", "--inputs", path, "--json").code == 0
    house = tmp_path / "house"  # never prepared, and not made by a question
    refused(process("flask", "grade", "--standard", "xunshi-laptop", "--version", "99", "--inputs", path, "--json", data=house))
    assert not house.exists()
    refused(flask("grade", "--standard", "no-such", "--inputs", path, "--json"))
    refused(flask("grade", "--standard", "../standards/xunshi-laptop", "--inputs", path, "--json"))
    refused(flask("grade", "--standard", "xunshi-laptop", "--inputs", tmp_path / "gone.json", "--json"))
    refused(flask("grade", "--standard", "xunshi-laptop", "--inputs", tmp_path, "--json"))


def test_the_digest_is_that_of_the_standards_file(tmp_path: Path) -> None:
    answer = graded(BEST, tmp_path)
    assert (answer["standard"], answer["version"]) == ("xunshi-laptop", 1)
    assert answer["digest"] == hashlib.sha256(TABLE.read_bytes()).hexdigest()


def test_a_process_of_its_own_reads_from_stdin_and_says_the_same(tmp_path: Path) -> None:
    ran = process("flask", "grade", "--standard", "xunshi-laptop", "--version", "1", "--inputs", "-", "--json", stdin=json.dumps(BEST).encode())
    assert (ran.code, ran.json["grade"]) == (0, "S")
    assert ran.json == graded(BEST, tmp_path)


def _answers() -> st.SearchStrategy[dict[str, Any]]:
    def of(check: dict[str, Any]) -> st.SearchStrategy[Any]:
        if check.get("kind") == "measure":
            return st.one_of(st.none(), st.integers(check["least"], check["most"]))
        codes = own_grading.codes_of(STANDARD, check)
        return st.sampled_from([codes[0]] * 6 + codes + [None])

    return st.fixed_dictionaries({check["code"]: of(check) for check in STANDARD["checks"]})


@settings(max_examples=150, deadline=None)
@given(inputs=_answers())
def test_any_laptop_is_graded_as_a_second_grader_does(inputs: dict[str, Any]) -> None:
    ran = flask("grade", "--standard", "xunshi-laptop", "--version", "1", "--inputs", "-", "--json", stdin=json.dumps(inputs))
    assert ran.code == 0, ran.err
    answer, own = shaped(ran, "grade"), own_grading.grade(STANDARD, inputs)
    assert answer["grade"] == own.grade
    assert {(cap["axis"], cap["limit"]) for cap in answer["caps"]} == own.caps
    assert set(answer["untested"]) == own.untested
    assert len(answer["gates"]) == len(own.gates)
    assert len(answer["disclosures"]) == len(own.told)
    if own.grade not in ("U", "reject"):
        assert answer["axes"] == own.axes
