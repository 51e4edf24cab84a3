"""`flask search` and `flask index` answer the question that was asked, and keep the contract of all commands."""

import json
import os

import pytest

from core.db import Database
from market.listings.actions import reindex
from market.listings.commands import index, search
from market.listings.models import Listing
from tests.core.commands.conftest import Home
from tests.market_stories import listed_coat


@pytest.fixture
def run(app):
    return lambda command, *words: app.test_cli_runner().invoke(command, list(words))


@pytest.fixture
def ask(run):
    def asked(*words):
        result = run(search, *words, "--json")
        assert (result.exit_code, result.stderr) == (0, ""), result.stderr
        return json.loads(result.stdout)

    return asked


@pytest.fixture
def coats(doing, alice, run_jobs):
    found = [listed_coat(doing, alice, title=f"羽绒服 {n}", price=n * 10000) for n in (1, 2)]
    run_jobs()
    return found


def refused(result):
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    value = json.loads(result.stderr)
    assert set(value) == {"error", "message"}
    return value


@pytest.mark.parametrize("words", [
    ("--category", "phone"), ("--price-max", "1"), ("--price-min", "900"), ("--grade", "R"), ("--district", "330102"), ("--wiped",),
    ("saxophone",), ("羽绒服", "--category", "book"), ("羽绒服", "saxophone"),
])  # fmt: skip
def test_what_nothing_fits_finds_nothing(coats, ask, words):
    value = ask(*words)
    assert (value["total"], value["hits"]) == (0, [])


@pytest.mark.parametrize("words", [
    (), ("--category", "clothing"), ("--price-max", "200"), ("--price-min", "100"), ("--district", "330106"), ("羽绒服", "--category", "clothing"),
])  # fmt: skip
def test_what_fits_is_found(coats, ask, words):
    value = ask(*words)
    assert value["total"] == 2 and {hit["id"] for hit in value["hits"]} == set(coats) and value["instead"] is None


def test_what_there_is_instead_says_what_was_left_out(coats, ask, run):
    value = ask("--category", "clothing", "--price-max", "50")
    assert value["total"] == 0 and value["instead"]["relaxed"] == ["price"] and value["instead"]["total"] == 2
    assert {hit["id"] for hit in value["instead"]["hits"]} == set(coats)
    words = run(search, "--category", "clothing", "--price-max", "50").stdout
    assert words.startswith("0 found") and "without price: 2" in words.splitlines()[1]


def test_a_slip_is_named_and_never_answered_silently(doing, alice, run_jobs, ask):
    listed_coat(doing, alice, title="Uniqlo jacket")
    run_jobs()
    value = ask("unilqo")
    assert (value["total"], value["suggestion"], value["instead"]["relaxed"]) == (0, "uniqlo", ["spelling"])


def test_names_are_as_good_as_codes(coats, ask):
    for words in (("--category", "服装鞋包"), ("--category", "Clothing, shoes and bags"), ("--district", "西湖区"), ("--grade", "b", "--grade", "a")):
        assert ask(*words)["total"] == (0 if words[0] == "--grade" else 2)


@pytest.mark.parametrize(("words", "error"), [
    (("--category", "nonsense"), "unknown_category"), (("--district", "999999"), "unknown_district"), (("--grade", "Z"), "unknown_grade"),
    (("--grade", "A", "--grade", "Z"), "unknown_grade"), (("--sort", "bogus"), "usage"), (("--page", "0"), "usage"), (("--page", "x"), "usage"),
    (("--price-min", "cheap"), "bad_price"), (("--bogus",), "usage"),
])  # fmt: skip
def test_what_cant_be_asked_is_refused_in_the_contracts_shape(coats, run, words, error):
    assert refused(run(search, *words, "--json"))["error"] == error


@pytest.mark.parametrize("words", [("bogus",), ("rebuild", "--bogus")])
def test_the_index_command_refuses_in_the_contracts_shape(run, words):
    assert refused(run(index, *words))["error"] == "usage"


@pytest.mark.parametrize(("command", "words"), [(search, ("大衣",)), (index, ("rebuild",))])
def test_a_data_folder_without_tables_is_refused_not_a_traceback(house, tmp_path, command, words):
    if os.environ.get("XUNSHI_TEST_POSTGRES"):
        pytest.skip("the embedded database: a server's is told apart by test_backup")
    home = Home(house, tmp_path, Database(f"sqlite:///{tmp_path / 'xunshi.db'}"))
    for json_too in ((), ("--json",)):
        assert refused(home.run(command, *words, *json_too))["error"] == "no_database"
    home.database.engine.dispose()


def test_the_sellers_own_words_are_asked_for_apart_from_grades(run, ask, doing, coats, run_jobs):
    with doing() as w:
        w.session.get_one(Listing, coats[0]).condition = "nearly_new"
        reindex(w, w.session.get_one(Listing, coats[0]))
    run_jobs()
    assert [one["id"] for one in ask("--condition", "nearly_new")["hits"]] == [coats[0]]
    assert ask("--condition", "faulty")["total"] == 0 and ask("--grade", "S")["total"] == 0
    assert refused(run(search, "--condition", "A", "--json"))["error"] == "unknown_condition"
    assert refused(run(search, "--grade", "nearly_new", "--json"))["error"] == "unknown_grade"
