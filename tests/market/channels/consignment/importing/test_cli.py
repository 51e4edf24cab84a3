"""`flask consignment import`: the contract's shape, and nothing taken in while a line is wrong."""

import json
from pathlib import Path

import pytest

from market.channels.consignment.cli import consignment
from market.channels.consignment.goods.models import Intake, StockItem
from tests.import_stories import a_file, a_laptop, a_line
from tests.independent.own_schema import misfits

SCHEMA = Path(__file__).resolve().parents[5] / "docs" / "schemas" / "consignment-import.schema.json"


@pytest.fixture
def run(app, session, tmp_path, delivery, chen):
    def call(raw, *words, who=True):
        path = tmp_path / "things.csv"
        path.write_bytes(raw)
        session.rollback()
        told = ["--person", chen.id] if who else []
        result = app.test_cli_runner().invoke(consignment, ["import", str(path), "--intake", delivery, *told, *words, "--json"])
        session.rollback()
        return result

    return call


def test_looked_through_only_nothing_is_taken_in(session, run):
    result = run(a_file(a_line(), a_line(价格="")), "--dry-run", who=False)
    found = json.loads(result.stdout)
    assert (result.exit_code, found["lines"], found["fit"], found["taken"]) == (1, 2, 1, 0)
    assert found["errors"] == [{"line": 3, "column": "price", "code": "amount_empty", "text": found["errors"][0]["text"]}]
    assert misfits(found, json.loads(SCHEMA.read_text(encoding="utf-8"))) == [] and session.query(StockItem).count() == 0
    assert run(a_file(a_line()), "--dry-run", who=False).exit_code == 0


def test_all_lines_are_taken_in_or_none(session, run):
    result = run(a_file(a_line(), a_line(成色="?")))
    assert result.exit_code == 1 and json.loads(result.stdout)["reason"] == "lines_wrong" and session.query(StockItem).count() == 0
    result = run(a_file(a_line(), a_laptop("PF2XK9A7")))
    found = json.loads(result.stdout)
    assert (result.exit_code, found["taken"], found["reason"]) == (0, 2, None) and session.query(StockItem).count() == 2
    assert misfits(found, json.loads(SCHEMA.read_text(encoding="utf-8"))) == []


def test_the_same_file_again_needs_a_word(session, run):
    assert run(a_file(a_line())).exit_code == 0
    result = run(a_file(a_line()))
    assert result.exit_code == 1 and json.loads(result.stdout)["reason"] == "taken_before"
    assert run(a_file(a_line()), "--again").exit_code == 0 and session.query(StockItem).count() == 2


def test_the_visit_is_named_by_its_number_too(app, session, run, delivery, tmp_path):
    number = session.get_one(Intake, delivery).number
    assert run(a_file(a_line()), "--intake", number, "--dry-run", who=False).exit_code == 0


@pytest.mark.parametrize(("raw", "words", "error"), [
    (b"PK\x03\x04", (), "bad_table"), (a_file(a_line()), ("--intake", "SJ-1999-000001-0"), "unknown_intake"),
    (a_file(a_line()), ("--came-by", "found"), "came_by_missing"), (a_file(a_line()), ("--person", "nobody@example.org"), "unknown_person"),
    (a_file(a_line()), ("--person", ""), "usage"),
])  # fmt: skip
def test_what_cannot_be_used_is_told_on_the_other_channel(session, run, raw, words, error):
    result = run(raw, *words)
    assert (result.exit_code, result.stdout) == (2, "") and json.loads(result.stderr)["error"] == error
    assert session.query(StockItem).count() == 0 and run(a_file(a_line())).exit_code == 0
