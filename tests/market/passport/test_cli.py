"""`flask labels`: written for scripts by the contract of all commands."""

import json

import pypdfium2
import pytest

from core import fonts, ids
from core.goods import life
from market.passport.cli import labels
from tests import market_stories, stories

pytestmark = pytest.mark.skipif(not fonts.fonts(), reason="no Chinese font on this machine (fonts-wqy-microhei)")


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(labels, [str(word) for word in words])


@pytest.fixture
def coded(doing, alice):
    def code(item_id=None):
        with doing() as w:
            return life.code_of(w, item_id or market_item(w))

    def market_item(w):
        from market.listings.models import Listing

        return w.session.query(Listing.item_id).scalar()

    return code


def test_a_sheet_of_life_labels(run, doing, alice, coded, tmp_path):
    codes = [coded(stories.coat(doing, alice)) for _ in range(2)]
    out = tmp_path / "sheet.pdf"
    ran = run("make", "--code", codes[0].lower(), "--code", codes[1], "--format", "a4-24", "--first", 24, "--out", out, "--json")
    assert ran.exit_code == 0
    told = json.loads(ran.stdout)
    assert told == {"verdict": "made", "labels": 2, "pages": 2, "format": "a4-24", "kind": "life", "out": str(out)}
    assert len(pypdfium2.PdfDocument(out.read_bytes())) == 2


def test_a_price_tag(run, doing, alice, coded, tmp_path):
    market_stories.listed_coat(doing, alice)
    out = tmp_path / "tag.pdf"
    ran = run("make", "--code", coded(), "--format", "tag-68x10", "--kind", "price", "--copies", 3, "--out", out)
    assert ran.exit_code == 0 and "3 labels on 3 pages" in ran.stdout and out.exists()


def test_a_refused_price_tag_is_judged_bad_and_nothing_is_written(run, doing, alice, coded, tmp_path):
    code, out = coded(stories.laptop(doing, alice)), tmp_path / "tag.pdf"
    ran = run("make", "--code", code, "--format", "roll-58", "--kind", "price", "--out", out, "--json")
    assert ran.exit_code == 1 and not out.exists()
    told = json.loads(ran.stdout)
    assert told["verdict"] == "refused" and [(one["code"], one["reason"]) for one in told["refused"]] == [(code, "not_cleared")]


@pytest.mark.parametrize(("words", "error"), [
    (["--code", "ABCD-EFGH", "--format", "a4-24"], "code_check"), (["--code", "AB", "--format", "a4-24"], "code_length"),
    (["--code", "{new}", "--format", "a4-24"], "unknown_code"), (["--format", "a4-24"], "usage"),
    (["--code", "{coat}", "--format", "papyrus"], "usage"), (["--code", "{coat}", "--format", "a4-24", "--first", "25"], "labels_first"),
    (["--code", "{coat}", "--format", "a4-24", "--copies", "21"], "labels_copies"),
])  # fmt: skip
def test_what_cant_be_used_is_refused_in_one_shape(run, doing, alice, coded, tmp_path, words, error):
    new, coat = ids.new_checked_code(), coded(stories.coat(doing, alice))
    ran = run("make", *(word.format(new=new, coat=coat) for word in words), "--out", tmp_path / "x.pdf")
    assert ran.exit_code == 2 and ran.stdout == "" and json.loads(ran.stderr)["error"] == error


def test_the_measuring_page(run, tmp_path):
    out = tmp_path / "measure.pdf"
    ran = run("calibrate", "--format", "a4-21", "--out", out, "--json")
    assert ran.exit_code == 0 and json.loads(ran.stdout) == {"format": "a4-21", "out": str(out)}
    assert len(pypdfium2.PdfDocument(out.read_bytes())) == 1
    ran = run("calibrate", "--format", "a4-21", "--out", tmp_path / "no" / "x.pdf")
    assert ran.exit_code == 2 and json.loads(ran.stderr)["error"] == "cannot_write"
