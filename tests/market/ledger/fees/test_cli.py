"""`flask fees explain`: the contract's shape, quick, and a clear word for a file that can't be used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from market.ledger.fees.cli import fees
from tests.independent.own_schema import misfits
from tests.market.ledger.fees import calculator

ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = ROOT / "docs" / "schemas"
EXAMPLES = SCHEMAS / "examples"
POLICY, SALES = EXAMPLES / "fees-policy.json", EXAMPLES / "fees-sales.json"


def run(*words, policy=POLICY, sales=SALES, stdin=None):
    return CliRunner().invoke(fees, ["explain", "--policy", str(policy), "--sales", str(sales), *words], input=stdin)


def example(name):
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8"))


def test_the_printed_example_is_what_the_command_says():
    result = run("--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found == example("fees-explain.json")
    assert misfits(found, json.loads((SCHEMAS / "fees-explain.schema.json").read_text(encoding="utf-8"))) == []
    for line in found["lines"]:
        assert calculator.amounts(line["trace"])["payout"] == line["payout"]


@pytest.mark.parametrize("which", ["policy", "sales"])
def test_one_file_may_come_from_standard_input(which):
    file = {"policy": POLICY, "sales": SALES}[which]
    result = run("--json", **{which: "-"}, stdin=file.read_bytes())
    assert json.loads(result.stdout) == example("fees-explain.json")


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Price: ¥168.00", "30 % of these ¥164.84", "Rounded: exactly ¥49.452, half a unit and more counts up: ¥49.45.",
            "That would be ¥0.07375; at least ¥1.00 is charged.", "[example-shop, version 2]", "3 pieces at ¥12.00 each.",
            "(16800 - 316) * 30 / 100 = 4945.2", "Together: ¥36.60, fees ¥7.23, to the sellers ¥29.37"]),
    ("zh", ["价格：¥168.00", "30 %", "四舍五入", "example-shop", "合计"]),
])  # fmt: skip
def test_in_words_for_people(language, words):
    result = run("--language", language)
    assert result.exit_code == 0
    assert [word for word in words if word not in result.stdout] == []


BAD = [
    ("policy", "{", "bad_policy", "not JSON"),
    ("policy", '{"id": "a", "id": "b"}', "bad_policy", "id stands twice"),
    ("policy", "[]", "bad_policy", "object with keys"),
    ("policy", json.dumps(example("fees-policy.json") | {"rounding": {"mode": "banker"}}), "bad_policy", "rounding.mode"),
    ("policy", json.dumps(example("fees-policy.json")).replace('"12.5"', "12.5"), "bad_policy", "rules[2].percent"),
    ("policy", json.dumps(example("fees-policy.json")).replace('"min": 100', '"min": NaN'), "bad_policy", "rules[2].min"),
    ("policy", json.dumps(example("fees-policy.json")).replace('"book"', "null"), "bad_policy", "rules[2]: Rule 2 has the same name"),
    ("sales", "{}", "bad_sales", "lines: This is missing."),
    ("sales", '{"lines": [{"id": 1, "price": 100, "discount": 101, "date": "2027-01-01"}]}', "bad_sales", "lines[0].discount"),
    ("sales", '{"lines": [{"id": 1, "price": 100, "discount": -1, "date": "2027-01-01"}]}', "bad_sales", "lines[0].discount"),
    ("sales", '{"lines": [{"id": 1, "price": 100}]}', "bad_sales", "lines[0].date: is missing, and the rule item_fee"),
]


@pytest.mark.parametrize(("which", "content", "error", "words"), BAD)
def test_a_file_that_cannot_be_used_is_named(which, content, error, words):
    result = run("--json", **{which: "-"}, stdin=content)
    assert (result.exit_code, result.stdout) == (2, "")
    said = json.loads(result.stderr)
    assert set(said) == {"error", "message"} and said["error"] == error
    assert words in said["message"]


@pytest.mark.parametrize(("sale", "payout"), [
    ({"price": 100, "discount": 100, "date": "2027-01-01"}, 0), ({"price": 10000, "date": "2028-01-01"}, 6860),
])  # fmt: skip
def test_their_twins_are_reckoned(sale, payout):
    result = run("--json", sales="-", stdin=json.dumps({"lines": [{"id": 1, **sale}]}))
    assert json.loads(result.stdout)["total"]["payout"] == payout


def test_what_is_missing_or_asked_wrongly(tmp_path):
    for words, error in [
        (["explain", "--policy", str(tmp_path / "none"), "--sales", str(SALES)], "missing"),
        (["explain", "--policy", str(tmp_path), "--sales", str(SALES)], "missing"),
        (["explain", "--policy", "-", "--sales", "-"], "usage"),
        (["explain", "--policy", str(POLICY)], "usage"),
        (["explain", "--policy", str(POLICY), "--sales", str(SALES), "--xml"], "usage"),
    ]:
        result = CliRunner().invoke(fees, words)
        assert (result.exit_code, result.stdout) == (2, ""), words
        assert json.loads(result.stderr)["error"] == error


def test_it_loads_nothing_heavy_and_opens_no_database():
    code = (
        "import sys; from market.ledger.fees.cli import fees;"
        f"fees(['explain', '--policy', {str(POLICY)!r}, '--sales', {str(SALES)!r}, '--json'], standalone_mode=False);"
        "print([m for m in ('flask.app', 'sqlalchemy', 'babel') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
