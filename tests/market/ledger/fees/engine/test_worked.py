"""docs/algorithms/fees.md says what the code does: every table in it is reckoned."""

import json
import re
from pathlib import Path

import pytest

from core.money import round_ratio
from market.ledger.fees.reading import read_policy
from market.ledger.fees.reading_sales import read_sales
from market.ledger.fees.rules import compute

TEXT = (Path(__file__).resolve().parents[5] / "docs" / "algorithms" / "fees.md").read_text(encoding="utf-8")
GIVEN = {"id", "price", "quantity", "discount", "category", "seller", "date", "lost"}
WORDS = {"category", "seller", "date", "id"}


def table(lines):
    """The rows of the table that begins here, as dicts of texts."""
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def examples():
    """(heading, policy, rows) of every example: a block of JSON and the table behind it."""
    base = json.loads(re.search(r"```json base\n(.*?)```", TEXT, re.S)[1])
    for block in re.finditer(r"```json\n(.*?)```\n\n(?=\|)", TEXT, re.S):
        heading = re.findall(r"^## (.*)$", TEXT[: block.start()], re.M)[-1]
        yield pytest.param(base | json.loads(block[1]), table(TEXT[block.end() :].splitlines()), id=f"{heading} {block.start()}")


def value(name, cell):
    if name in WORDS:
        return cell
    return cell == "true" if name == "lost" else int(cell)


@pytest.mark.parametrize(("data", "rows"), list(examples()))
def test_every_table_is_what_the_engine_says(data, rows):
    sales = [{"id": number} | {name: value(name, cell) for name, cell in row.items() if name in GIVEN} for number, row in enumerate(rows)]
    result = compute(read_policy(data), read_sales({"lines": sales}))
    checked = 0
    for row, line in zip(rows, result.lines, strict=True):
        for name in row.keys() - GIVEN - {"how"}:
            found = line.fees[name] if name in line.fees else getattr(line, name)
            assert found == int(row[name]), (row, name, [step.formula for step in line.trace])
            checked += 1
    assert checked >= 2 * len(rows)


def test_all_examples_were_found():
    assert len(list(examples())) == TEXT.count("```json\n") >= 18


def test_the_table_of_roundings():
    rows = table(TEXT[TEXT.index("| mode |") :].splitlines())
    assert {row["mode"] for row in rows} == {"half_up", "half_even", "down", "up"}
    for row in rows:
        for exact, rounded in row.items():
            if exact != "mode":
                assert round_ratio(int(exact.replace(".", "")), 10, row["mode"]) == int(rounded)
