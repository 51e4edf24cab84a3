"""`flask consignment explain`: the contract's shape, quick, and a clear word for what can't be used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from market.channels.consignment.agreements.templating import DEFAULT
from market.channels.consignment.cli import consignment
from tests.agreement_stories import EXAMPLE
from tests.independent.own_schema import misfits

ROOT = Path(__file__).resolve().parents[5]
SCHEMAS = ROOT / "docs" / "schemas"
ASKED = ("--price", "49995", "--days", "80", "--reserve", "36000", "--with", "cleaning")


def run(*words, terms=EXAMPLE, stdin=None):
    return CliRunner().invoke(consignment, ["explain", "--terms", str(terms), *words], input=stdin)


def test_the_printed_example_is_what_the_command_says():
    result = run(*ASKED, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found == json.loads((SCHEMAS / "examples" / "consignment-explain.json").read_text(encoding="utf-8"))
    assert misfits(found, json.loads((SCHEMAS / "consignment-explain.schema.json").read_text(encoding="utf-8"))) == []
    assert found["net"] + found["shop"] == found["paid"] and found["net"] + sum(found["fees"].values()) == found["price"]


def test_the_printed_terms_are_local_custom():
    assert json.loads(EXAMPLE.read_text("utf-8")) == json.loads(DEFAULT.read_text("utf-8"))
    assert run(*ASKED, "--json", terms="-", stdin=EXAMPLE.read_bytes()).stdout == run(*ASKED, "--json").stdout


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Asking price: ¥499.95", "On day 80 the plan takes 20 % off", "30 % of ¥399.96", "6 days after the grace at ¥1.00 each, at most ¥30.00.",
            "The buyer pays ¥399.96; the consignor gets ¥253.97, the shop keeps ¥145.99."]),
    ("zh", ["¥499.95", "30 %", "¥253.97"]),
])  # fmt: skip
def test_in_words_for_people(language, words):
    result = run(*ASKED, "--language", language)
    assert result.exit_code == 0 and [word for word in words if word not in result.stdout] == []


@pytest.mark.parametrize(("words", "terms", "error", "said"), [
    (ASKED, "{", "bad_terms", "not JSON"), (ASKED, "[]", "bad_terms", "object with keys"),
    (ASKED, EXAMPLE.read_text("utf-8").replace('"loss": "net"', '"loss": "none"'), "bad_terms", "articles 497 and 506"),
    (ASKED, EXAMPLE.read_text("utf-8").replace('"days": 60', '"days": 0'), "bad_terms", "1 to 730 days"),
    (("--price", "0", "--days", "1"), None, "bad_price", "at least 1 fen"), (("--price", "100", "--days", "-1"), None, "bad_days", "negative"),
    (("--price", "100", "--days", "1", "--reserve", "101"), None, "bad_reserve", "asking price 100"),
    (("--price", "100", "--days", "1", "--with", "ironing"), None, "bad_service", "cleaning, appraisal, wiping"),
    (("--price", "1.5", "--days", "1"), None, "usage", "price"), (("--price", "100"), None, "usage", "days"),
])  # fmt: skip
def test_what_cant_be_used_is_named(words, terms, error, said):
    result = run(*words, "--json", **({"terms": "-", "stdin": terms} if terms is not None else {}))
    assert (result.exit_code, result.stdout) == (2, "")
    told = json.loads(result.stderr)
    assert told["error"] == error and said in told["message"]


def test_a_file_that_isnt_there(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        result = run(*ASKED, terms=path)
        assert result.exit_code == 2 and json.loads(result.stderr)["error"] == "missing"


def test_it_loads_nothing_heavy_and_opens_no_database():
    code = (
        "import sys; from market.channels.consignment.cli import consignment;"
        f"consignment(['explain', '--terms', {str(EXAMPLE)!r}, '--price', '100', '--days', '1', '--json'], standalone_mode=False);"
        "print([m for m in ('flask.app', 'sqlalchemy', 'babel') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
