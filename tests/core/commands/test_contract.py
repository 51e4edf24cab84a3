"""The public commands against their schemas and examples, and docs/audit.md against the program."""

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core import audit_csv
from core.commands.audit import audit
from market.listings.commands import index, search
from tests.market_stories import listed_coat

DOCS = Path(__file__).resolve().parents[3] / "docs"
TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None),
}  # fmt: skip


def schema(name):
    return json.loads((DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def fits(value, wanted, where="$"):
    """The few words of JSON Schema that these schemas use; any other word fails."""
    known = {"$schema", "title", "description", "type", "required", "properties", "items", "minimum", "pattern"}
    assert set(wanted) <= known, f"{where}: teach the test {set(wanted) - known}"
    kinds = wanted["type"] if isinstance(wanted["type"], list) else [wanted["type"]]
    right = any(isinstance(value, TYPES[kind]) and (kind == "boolean") == isinstance(value, bool) for kind in kinds)
    assert right, (where, value)
    if value is None:
        return
    assert "minimum" not in wanted or value >= wanted["minimum"], (where, value)
    assert "pattern" not in wanted or re.search(wanted["pattern"], value), (where, value)
    for key in wanted.get("required", []):
        assert key in value, (where, key)
    for key, inner in wanted.get("properties", {}).items():
        if key in value:
            fits(value[key], inner, f"{where}.{key}")
    for number, inner in enumerate(value if isinstance(value, list) else []):
        fits(inner, wanted["items"], f"{where}[{number}]")


@pytest.mark.parametrize("name", ["audit-verify", "search", "index-rebuild"])
def test_the_printed_example_fits_its_schema(name):
    example = json.loads((DOCS / "schemas" / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    fits(example, schema(name))
    for key in schema(name)["required"]:
        with pytest.raises(AssertionError):
            fits({k: v for k, v in example.items() if k != key}, schema(name))


def test_audit_verify_answers_in_its_shape(home):
    home.record(2)
    for words in ((), ("--head", "ab" * 32)):
        result = home.run(audit, "verify", "--json", *words)
        assert result.exit_code == len(words) // 2
        fits(json.loads(result.stdout), schema("audit-verify"))


def test_the_example_export_gives_the_example_answer(home):
    export = (DOCS / "schemas" / "examples" / "audit-export.csv").read_text(encoding="utf-8")
    result = home.run(audit, "verify", "--json", "--file", "-", stdin=export)
    wanted = json.loads((DOCS / "schemas" / "examples" / "audit-verify.json").read_text(encoding="utf-8"))
    assert json.loads(result.stdout) == wanted == audit_csv.verify(export)


def test_search_and_rebuild_answer_in_their_shape(app, doing, alice):
    listing_id = listed_coat(doing, alice)
    runner = app.test_cli_runner()
    built = runner.invoke(index, ["rebuild", "--json"])
    assert (built.exit_code, built.stderr) == (0, "")
    fits(json.loads(built.stdout), schema("index-rebuild"))
    assert json.loads(built.stdout)["documents"] == 1
    found = runner.invoke(search, ["羽绒服", "--json"])
    assert (found.exit_code, found.stderr) == (0, "")
    value = json.loads(found.stdout)
    fits(value, schema("search"))
    assert [(hit["id"], hit["price"]) for hit in value["hits"]] == [(listing_id, 19900)]
    for words in (["saxophone"], ["羽绒服", "--price-max", "1"]):
        nothing = json.loads(runner.invoke(search, [*words, "--json"]).stdout)
        fits(nothing, schema("search"))
        assert (nothing["total"], nothing["hits"], bool(nothing["instead"])) == (0, [], len(words) > 1)


COMMANDS = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["flask.commands"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistyped_option_is_refused_in_one_shape_by_every_command(app, name):
    module, command = COMMANDS[name].split(":")
    result = app.test_cli_runner().invoke(getattr(importlib.import_module(module), command), ["--no-such-option"])
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert set(json.loads(result.stderr)) == {"error", "message"}


# --- docs/audit.md ---


@pytest.fixture
def program(tmp_path):
    """The program that the page prints, as somebody would copy it."""
    printed = re.search(r"```python\n(.*?)```", (DOCS / "audit.md").read_text(encoding="utf-8"), re.S).group(1)
    assert len(printed.strip().splitlines()) <= 16, "short enough to be read"
    path = tmp_path / "check.py"
    path.write_text(printed, encoding="utf-8")

    def check(text):
        export = tmp_path / "export.csv"
        export.write_text(text, encoding="utf-8", newline="")
        command = [sys.executable, "-I", str(path), str(export)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return check


def test_the_printed_program_checks_an_export_without_us(home, program):
    home.record(4)
    text = home.run(audit, "export").stdout
    good = program(text)
    assert good.returncode == 0, good.stderr
    assert audit_csv.verify(text)["head"] in good.stdout
    rows = text.splitlines(keepends=True)
    assert program("".join([rows[0], *rows[3:]])).returncode == 0, "a part verifies by itself"
    for bad in (text.replace("thing2", "thing7"), "".join([*rows[:2], *rows[3:]]), "".join([rows[0], rows[2], rows[1], *rows[3:]])):
        assert program(bad).returncode == 1
    assert "line 3 does not hold" in program(text.replace("thing2", "thing7")).stderr


def test_the_page_names_what_the_program_has():
    page = (DOCS / "audit.md").read_text(encoding="utf-8")
    assert f"`{', '.join(audit_csv.COLUMNS)}`" in page
    for option in ("--head", "--json", "--from", "--until", "--out", "--file"):
        assert option in page
