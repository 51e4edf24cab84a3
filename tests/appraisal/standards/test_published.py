"""Every published scheme restated here comes out as its own examples say, through the rules and the command line."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from appraisal.grades.cli import grade as command
from appraisal.grades.rules import grade
from appraisal.grades.shape import grade_data
from appraisal.standards.loader import all_standards, get_standard
from appraisal.standards.standard import Source
from core.goods.cards import all_cards
from tests.conftest import SAMPLES

ROOT = Path(__file__).resolve().parents[3]
FILE = SAMPLES / "appraisal" / "grading_examples.json"
EXAMPLES = json.loads(FILE.read_text(encoding="utf-8"))["examples"] if FILE.exists() else []
PUBLISHED = {
    "intercellus", "superior", "ctia-cosmetic", "ctia-to-rec", "r2-rec-cosmetic", "r2-rec-functional", "backmarket",
    "amazon-renewed-eu", "swappa-gate", "tradex", "laptop-cotswold", "weakest-area", "gbt30323-grade", "cn-chengse",
    "book-ioba", "eu-repairability", "fr-repairability", "appliance-age", "used-eee-record",
}  # fmt: skip
SLOTS = ("gbt-45656-2025", "gbt-21667-2024", "ttaf-173-2023", "tszeia-013-2023")
given = pytest.mark.skipif(not EXAMPLES, reason="the samples are not here")


def agrees(answer: dict[str, Any], expected: Any, scale: list[str]) -> bool:
    """`expected` as the specification reads it: text or null is the grade; keys are axes, but for four of them."""
    if not isinstance(expected, dict):
        return bool(answer["grade"] == expected)
    seen = answer["axes"] | {"grade": answer["grade"]}
    for key, wanted in expected.items():
        if key == "must_disclose":
            held = set(wanted) <= set(answer["disclosures"])
        elif key == "worse_than":
            held = scale.index(answer["grade"]) > scale.index(wanted)
        elif key == "at_most":
            held = scale.index(answer["grade"]) >= scale.index(wanted)
        else:
            held = key in seen and seen[key] == wanted
        if not held:
            return False
    return True


def commanded(example: dict[str, Any]) -> dict[str, Any]:
    words = ["--standard", example["standard"], "--inputs", "-", "--json"]
    ran = CliRunner().invoke(command, words, input=json.dumps(example["inputs"]))
    assert ran.exit_code == 0, ran.stderr
    return dict(json.loads(ran.stdout))


@given
@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_the_examples_come_out_right(example: dict[str, Any]) -> None:
    standard = get_standard(example["standard"])
    inputs = json.loads(json.dumps(example["inputs"]), parse_float=Decimal)
    answer = grade_data(standard, grade(standard, inputs))
    assert agrees(answer, example["expected"], list(standard.order()))
    said = commanded(example)
    assert agrees(said, example["expected"], said["scale"])
    assert said["purpose"] == "comparison" and said["crossreference"] == []


@given
def test_the_examples_can_fail() -> None:
    """The twin: an answer that is not the expected one doesn't agree."""
    wrong = {"grade": "nothing", "axes": {}, "disclosures": []}
    named = [example for example in EXAMPLES if not isinstance(example["expected"], dict) or "worse_than" not in example["expected"]]
    assert not any(agrees(wrong, example["expected"], ["C3", "nothing"][::-1]) for example in named)


@given
@pytest.mark.parametrize("index", range(0, len(EXAMPLES), 23))
def test_a_process_of_its_own_says_the_same_and_loads_nothing_heavy(index: int) -> None:
    example = EXAMPLES[index]
    code = (
        "import sys; from appraisal.grades.cli import grade;"
        f"grade(['--standard', {example['standard']!r}, '--inputs', '-', '--json'], standalone_mode=False);"
        "print([m for m in ('flask.app', 'sqlalchemy', 'babel', 'numpy') if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(example["inputs"]), capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert json.loads(ran.stdout) == commanded(example) and ran.stderr.strip() == "[]"


def test_every_published_scheme_has_a_file() -> None:
    assert {standard.id for standard in all_standards() if standard.purpose == "comparison"} == PUBLISHED
    assert {standard.id for standard in all_standards() if standard.purpose == "slot"} == set(SLOTS)


def test_published_schemes_are_never_offered_for_a_category() -> None:
    named = {card.grading_standard for card in all_cards(environ={}) if card.grading_standard}
    assert named and all(get_standard(name).purpose == "own" for name in named)


@pytest.mark.parametrize("slot", SLOTS)
def test_a_standard_whose_tables_nobody_read_grades_nothing(slot: str) -> None:
    ran = CliRunner().invoke(command, ["--standard", slot, "--inputs", "-", "--json"], input="{}")
    assert (ran.exit_code, ran.stdout) == (2, "")
    said = json.loads(ran.stderr)
    assert said["error"] == "tables_not_known" and "not known" in said["message"]
    assert get_standard(slot).scale == () and get_standard(slot).unknown is not None


def test_all_say_how_well_they_are_known_and_none_claims_conformity() -> None:
    for standard in all_standards():
        if standard.purpose == "own":
            continue
        assert standard.sources and all(isinstance(source, Source) and source.zh and source.en for source in standard.sources)
        assert standard.purpose == "slot" or "参考" in standard.names.zh
        text = (ROOT / "appraisal" / "standards" / f"{standard.id}-{standard.version}.toml").read_text(encoding="utf-8")
        assert not any(claim in text for claim in ("GB compliant", "符合 GB", "符合国家标准", "certified by", "NIST certified"))


def test_no_scheme_is_named_in_the_program() -> None:
    """No rule of one scheme lives in Python: neither an id nor a function named after it."""
    names = {standard.id for standard in all_standards()}
    names |= {name.replace("-", "_") for name in names} | {"intercellus", "tradex", "swappa", "backmarket", "cotswold", "ioba"}
    for path in (ROOT / "appraisal").rglob("*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert not [name for name in names if name in text], path
