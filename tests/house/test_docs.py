"""Docs are true: every setting, command, permission, audit word and state stands in them."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_described():
    described = read("docs/settings.md")
    code = [p for room in ("core", "privacy", "appraisal", "market", "tests") for p in (ROOT / room).rglob("*.py")]
    used = {name for path in code for name in re.findall(r'environ\S*?\W"?(XUNSHI_[A-Z_]+)"', path.read_text("utf-8"))}
    assert {"XUNSHI_DATA", "XUNSHI_ENV"} <= used
    inside = {"XUNSHI_TEST"}  # handed on by tests/run.py itself
    missing = {name for name in used if name not in described and not any(name.startswith(one) for one in inside)}
    assert not missing


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned_and_says_why(name):
    lines = [line for line in read(name).splitlines() if line.strip() and not line.startswith(("#", "-r "))]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?==[0-9][0-9a-z.]*\s+# \S.{9,}", line)] == []


def test_every_command_is_described():
    commands = tomllib.loads(read("pyproject.toml"))["project"]["entry-points"]["flask.commands"]
    described = read("docs/commands.md")
    assert [name for name in commands if f"flask {name}" not in described] == []


def test_every_make_target_is_in_the_readme():
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.M)
    assert [t for t in targets if f"make {t}" not in read("README.md") and t not in ("clean",)] == []


@pytest.mark.parametrize("name", ["permissions.md", "audit-words.md", "states.md"])
def test_tables_in_the_docs_are_todays(house, name):
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert read(f"docs/{name}") == module.PAGES[name](), "run .venv/bin/python docs/make.py"


def test_links_in_the_docs_lead_somewhere():
    dead = []
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?://|#|/)([^)#\s]+)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                dead.append(f"{path.relative_to(ROOT)}: {target}")
    assert not dead
