"""`make mutate` leaves no rule out: every rules module has tests of its own that are named there."""

import subprocess
from pathlib import Path

import pytest

from tests.mutate import LEAST, ROOT, RULES


def tracked() -> set[str]:
    """Every rules module that git knows, or every one there is where there is no git (an unpacked archive)."""
    said = subprocess.run(["git", "ls-files", "*rules.py"], cwd=ROOT, check=False, capture_output=True, text=True).stdout.split()
    there = said or [str(path.relative_to(ROOT)) for room in ("core", "privacy", "appraisal", "market") for path in (ROOT / room).rglob("*rules.py")]
    return {name for name in there if not name.startswith("tests/") and (Path(name).name == "rules.py" or name.endswith("_rules.py"))}


def test_every_rules_module_is_mutated():
    there = tracked()
    assert len(there) >= 38 and not there - set(RULES), "name it in tests/mutate.py, with its own tests"


@pytest.mark.parametrize(("module", "tests"), RULES.items(), ids=RULES)
def test_what_is_named_is_there(module, tests):
    assert (ROOT / module).is_file(), "take it out of tests/mutate.py"
    assert tests.split() and all((ROOT / one).exists() for one in tests.split()), "it names tests that aren't there"
    folders = [one for one in tests.split() if (ROOT / one).is_dir()]
    assert not [one for one in folders if list((ROOT / one).rglob("conftest.py"))], "name single files of rules, not a folder of the house"


def test_nine_of_ten_is_what_is_asked():
    assert LEAST == 0.9
