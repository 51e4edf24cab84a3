"""`flask grade`: the same shape for everybody, and a clear word for a file that can't be used."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from appraisal.grades.cli import MOST_BYTES, grade
from appraisal.grades.shape import inputs_data

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"
SCHEMA = json.loads((SCHEMAS / "grade.schema.json").read_text(encoding="utf-8"))
ANSWERS = json.loads((SCHEMAS / "grade.inputs.example.json").read_text(encoding="utf-8"))
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "null": type(None)}


def fits(value: Any, schema: dict[str, Any], where: str = "$") -> None:
    """The few words of JSON Schema that grade.schema.json uses."""
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], where)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    assert not kinds or any(isinstance(value, TYPES[kind]) for kind in kinds), (where, value)
    assert "enum" not in schema or value in schema["enum"], (where, value)
    assert "minimum" not in schema or value >= schema["minimum"], (where, value)
    assert "pattern" not in schema or value is None or re.search(schema["pattern"], value), (where, value)
    if isinstance(value, dict):
        assert set(schema.get("required", [])) <= set(value), where
        for key, inner in value.items():
            fits(
                inner,
                schema.get("properties", {}).get(key) or schema.get("additionalProperties", {}),
                f"{where}.{key}",
            )
    if isinstance(value, list):
        for index, inner in enumerate(value):
            fits(inner, schema.get("items", {}), f"{where}[{index}]")
    return None


def run(*words: str, stdin: str | bytes | None = None, standard: str = "xunshi-laptop") -> Result:
    return CliRunner().invoke(grade, ["--standard", standard, *words], input=stdin)


def graded(answers: Any, *words: str) -> Any:
    text = answers if isinstance(answers, str) else json.dumps(answers)
    result = run("--inputs", "-", "--json", *words, stdin=text)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_the_printed_example_is_what_the_command_says() -> None:
    found = graded(ANSWERS)
    assert found == json.loads((SCHEMAS / "grade.example.json").read_text(encoding="utf-8"))
    fits(found, SCHEMA)
    assert found["grade"] == "C" and found["untested"] == ["camera"]
    assert found["axes"]["cosmetic"] == "B" and found["axes"]["battery"] == "A"
    assert found["disclosures"] == ["repair_genuine"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "U"),
        ({"note": "nothing looked at"}, "U"),
        (ANSWERS | {"camera": "works"}, "B"),
        (ANSWERS | {"starts": "fails"}, "R"),
        (ANSWERS | {"locks": "account_locked"}, "reject"),
        ({"locks": "account_locked"}, "reject"),
        (ANSWERS | {"lid": None}, "U"),
    ],
)
def test_any_grade_is_an_answer(answers: dict[str, Any], expected: str) -> None:
    found = graded(answers)
    fits(found, SCHEMA)
    assert found["grade"] == expected
    assert bool(found["gates"]) == (expected == "reject")


def test_decimals_are_read_exactly() -> None:
    below = graded(json.dumps(ANSWERS).replace('"battery_health": 86', '"battery_health": 84.9999999999999999999'))
    assert below["axes"]["battery"] == "B"
    assert graded(json.dumps(ANSWERS).replace("86", "85.0"))["axes"]["battery"] == "A"


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ('{"lid": "S9"}', "unknown_value", "S9 is not an answer to the check lid."),
        ('{"roof": "S1"}', "unknown_check", "no check called roof"),
        ('{"battery_health": 121}', "unknown_value", "121"),
        ('{"battery_health": true}', "unknown_value", "True"),
        ('{"battery_health": "86"}', "unknown_value", "86"),
        ('{"battery_health": NaN}', "bad_inputs", "NaN is not a number"),
        ('{"battery_health": -Infinity}', "bad_inputs", "-Infinity is not a number"),
        ('{"lid": "S1", "lid": "S2"}', "bad_inputs", "lid stands twice"),
        ('["lid"]', "bad_inputs", "one JSON object"),
        ('"lid"', "bad_inputs", "one JSON object"),
        ("", "bad_inputs", "not JSON"),
        ('{"lid": ', "bad_inputs", "not JSON"),
        ("[" * 50_000, "bad_inputs", "not JSON"),
        (b"\xff\xfe{}", "bad_inputs", "not JSON"),
        (b"{" + b" " * MOST_BYTES + b"}", "bad_inputs", "larger than"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(content: str | bytes, error: str, words: str) -> None:
    result = run("--inputs", "-", "--json", stdin=content)
    assert (result.exit_code, result.stdout) == (2, "")
    said = json.loads(result.stderr)
    assert set(said) == {"error", "message"} and said["error"] == error
    assert words in said["message"]


def test_the_largest_file_still_passes() -> None:
    assert graded("{" + " " * (MOST_BYTES - 2) + "}")["grade"] == "U"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(ANSWERS), encoding="utf-8-sig")
    assert json.loads(run("--inputs", str(file), "--json").stdout)["grade"] == "C"


@pytest.mark.parametrize(
    ("standard", "words", "message"),
    [
        ("xunshi-spaceship", (), "There is no grading standard xunshi-spaceship."),
        ("xunshi-laptop", ("--version", "99"), "There is no grading standard xunshi-laptop version 99."),
        ("../xunshi-laptop", (), "There is no grading standard ../xunshi-laptop."),
    ],
)
def test_an_unknown_standard_is_named(standard: str, words: tuple[str, ...], message: str) -> None:
    result = run("--inputs", "-", *words, stdin="{}", standard=standard)
    assert (result.exit_code, result.stdout) == (2, "")
    assert json.loads(result.stderr) == {"error": "unknown_standard", "message": message}
    assert run("--inputs", "-", "--version", "1", stdin="{}").exit_code == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in (tmp_path / "none.json", tmp_path):
        result = run("--inputs", str(name), "--json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(name) in json.loads(result.stderr)["message"]


def test_a_person_reads_words() -> None:
    english = run("--inputs", "-", stdin=json.dumps(ANSWERS)).stdout.splitlines()
    assert english[0] == "C  Fair" and "  Looks: B" in english
    assert "  - Camera: not tested; at best grade C" in english
    chinese = run("--inputs", "-", "--language", "zh", stdin=json.dumps(ANSWERS)).stdout.splitlines()
    assert chinese[0] == "C  中" and "  - 摄像头：未检测，最高评 C" in chinese


def test_answers_are_kept_without_floats() -> None:
    kept = inputs_data({"battery_health": Decimal("84.90"), "lid": "S1", "camera": None, "x": 3})
    assert kept == {"battery_health": "84.90", "lid": "S1", "camera": None, "x": 3}
