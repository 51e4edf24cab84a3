"""docs/attacks.md is complete: every row names files and tests that are there, and every test that expects to fail is told as a risk."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")
STOPPED, OPEN = PAGE.split("## What is not stopped")
NAMED = re.compile(r"`((?:tests/[\w/]+/)?test_\w+\.py)::(test_\w+)`")


def rows(part: str) -> list[list[str]]:
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith(("| Attack", "| Risk"))]


def functions_of(path: Path) -> dict[str, bool]:
    """Name -> does it expect to fail?"""
    functions = [one for one in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(one, ast.FunctionDef)]
    return {one.name: any("xfail" in ast.unparse(mark) for mark in one.decorator_list) for one in functions if one.name.startswith("test_")}


def found(name: str) -> Path:
    return ROOT / name if "/" in name else ROOT / "tests" / "attacks" / name


@pytest.mark.parametrize("row", rows(STOPPED), ids=lambda row: row[0][:60])
def test_every_row_names_code_and_a_test_that_are_there(row):
    attack, how, where, proof = row
    assert attack and how
    places = re.findall(r"`([\w/.]+\.py)`", where)
    assert places and all((ROOT / one).exists() for one in places), where
    named = NAMED.findall(proof)
    assert named, attack
    for file, test in named:
        assert functions_of(found(file)).get(test) is False, f"{file}::{test}"


@pytest.mark.parametrize("row", rows(OPEN), ids=lambda row: row[0][:60])
def test_every_risk_names_a_test_that_expects_to_fail(row):
    _risk, left, proof = row
    assert left and NAMED.findall(proof)
    for file, test in NAMED.findall(proof):
        assert functions_of(found(file)).get(test) is True, f"{file}::{test}"


def test_no_test_that_expects_to_fail_is_kept_quiet():
    told = {test for _file, test in NAMED.findall(OPEN)}
    quiet = {name for path in (ROOT / "tests" / "attacks").glob("test_*.py") for name, fails in functions_of(path).items() if fails} - told
    assert not quiet


def test_every_group_of_attacks_has_its_tests_in_the_table():
    files = {path.name for path in (ROOT / "tests" / "attacks").glob("test_*.py")} - {Path(__file__).name}
    assert files <= {file for file, _test in NAMED.findall(PAGE)}
    assert len(rows(STOPPED)) >= 45 and len(rows(OPEN)) >= 3
