"""A soak tries many cases, an ordinary day few; and what a soak says is what it did."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests import soak as soaking
from tests.conftest import not_today
from tests.soak import profile, soak, tried

SOAK, CI = {"XUNSHI_SOAK": "1"}, {"CI": "true"}
TINY = """
from hypothesis import given, settings, strategies as st

@given(st.integers())
@settings(max_examples=37, database=None)
def test_tiny(number):
    assert number == number
"""


@pytest.mark.parametrize(("wanted", "everyday"), [(200_000, 200), (1_000, 100), (300, 30), (5, 1)])
def test_a_soak_tries_all_and_a_day_a_bounded_tenth(wanted: int, everyday: int) -> None:
    assert soak(wanted, SOAK) == wanted
    assert soak(wanted, {}) == soak(wanted, CI) == everyday


def test_postgres_is_asked_a_third_of_them() -> None:
    again = {"XUNSHI_TEST_POSTGRES": "postgresql://"}
    assert [soak(one, again) for one in (200_000, 300, 5)] == [66, 10, 1] and soak(300, SOAK | again) == 300


def test_the_environment_chooses_the_profile() -> None:
    assert [profile(one) for one in ({}, CI, SOAK, CI | SOAK)] == ["everyday", "ci", "soak", "soak"]
    assert settings.get_profile("everyday").max_examples == 100
    assert settings.get_profile("ci").derandomize and settings.get_profile("soak").max_examples == soaking.CASES
    assert settings().max_examples == settings.get_profile(profile()).max_examples, "conftest has loaded it"


@pytest.mark.slow
def test_what_hypothesis_says_of_itself_is_understood(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_tiny.py").write_text(TINY, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "--hypothesis-show-statistics"]
    said = subprocess.run([*command, "tests"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    found = tried(said)
    assert list(found) == ["tests/test_tiny.py::test_tiny"]
    assert found["tests/test_tiny.py::test_tiny"][0] == 37 and 0 <= found["tests/test_tiny.py::test_tiny"][1] < 60
    assert tried("no tests ran") == {}


def test_in_a_hurry_each_test_brings_two_cases_and_others_on_other_days():
    house, plain = [f"tests/house/test_a.py::b[{n}]" for n in range(9)], "tests/core/test_a.py::c"
    many = [f"tests/core/test_a.py::b[{n}]" for n in range(9)]
    everything = [*house, plain, *many]
    brought = [set(everything) - not_today(str(day), everything) for day in range(40)]
    assert all({*house, plain} <= one and len(one & set(many)) == 2 for one in brought)
    assert set(many) <= set().union(*brought), "in forty days each case has its turn"
    assert not_today("1", everything) == not_today("1", everything[::-1])
