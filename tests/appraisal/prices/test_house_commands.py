"""`flask value refit | import | forget`: what is brought in is marked, counted, taken back; and clear words for what can't be used."""

import json

import pytest
from sqlalchemy import func, select

from appraisal.prices import queries
from appraisal.prices.cli import value
from appraisal.prices.importing import KNOWN
from appraisal.prices.models import ImportedSale, PriceGuide, SalesImport
from core import clock
from tests.appraisal.prices.test_cli import EXAMPLES
from tests.independent.own_schema import misfits, schema

HEAD = "category,brand,model,price,sold_on,grade,year,days,buyer,seller"


def rows(count, model="iPhone 12", **told):
    from datetime import timedelta

    today = clock.local(clock.now()).date()
    for nth in range(count):
        one = {"category": "phone", "brand": "Apple", "model": model, "price": f"{2000 + nth}.50", "sold_on": today - timedelta(days=nth + 1),
               "grade": "AB"[nth % 2], "year": "2022", "days": nth, "buyer": f"b{nth}", "seller": f"{model} s{nth}"} | told  # fmt: skip
        yield ",".join(str(one[name]) for name in HEAD.split(","))


def file_of(*lines, head=HEAD):
    return "\n".join([head, *lines]).encode()


@pytest.fixture
def run(app):
    def told(*words, stdin=b"", code=0):
        found = app.test_cli_runner().invoke(value, list(words), input=stdin)
        assert found.exit_code == code, (found.output, found.exception)
        return json.loads(found.stderr if code == 2 else found.stdout)

    return told


def test_sales_come_in_are_learned_from_marked_and_taken_back(run, session, app):
    told = run("import", "-", "--source", "某回收商 2026", "--json", stdin=file_of(*rows(30), *rows(3, "L20")))
    assert not misfits(told, schema("value-import")) and told["sales"] == 33 and told["new"]
    again = run("import", "-", "--source", "another name", "--json", stdin=file_of(*rows(30), *rows(3, "L20")))
    assert again == {**told, "new": False}
    fit = run("refit", "--json")
    assert not misfits(fit, schema("value-refit")) and (fit["sales"], fit["imported"], fit["new"]) == (33, 33, True)
    assert run("refit", "--json") == {**fit, "new": False}
    page = app.test_client().get(f"/prices/{queries.find_guides(session, 'iphone').guides[0].code}", headers={"Accept-Language": "en"}).text
    assert "某回收商 2026" in page and "sold elsewhere" in page and "30 of the 30" in page
    assert run("forget", told["import"], "--json") == {"import": told["import"], "sales": 33}
    assert not misfits({"import": told["import"], "sales": 33}, schema("value-forget"))
    assert run("refit", "--json", code=1)["digest"] is None
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ImportedSale)) == 0 == session.scalar(select(func.count()).select_from(PriceGuide))


def test_two_sales_of_one_pair_count_once_and_the_people_are_not_kept(run, session):
    run("import", "-", "--source", "x", "--json", stdin=file_of(*rows(25, buyer="王小明", seller="李大山"), *rows(20, "Pixel")))
    assert run("refit", "--json")["left_out"] == {"same_pair": 24}
    kept = " ".join(str(vars(one)) for one in session.scalars(select(ImportedSale)))
    assert "王小明" not in kept and "李大山" not in kept


def test_rows_that_cannot_be_used_are_counted(run):
    bad = [
        *rows(1, category="spaceship"), *rows(1, "📱", brand=""), *rows(1, price="0"), *rows(1, price="twelve"), *rows(1, price=""),
        *rows(1, sold_on="2999-01-01"), *rows(1, sold_on="soon"), *rows(1, grade="几乎全新"), *rows(1, days="-1"), *rows(1, days="1.5"), "phone,Apple",
    ]  # fmt: skip
    told = run("import", "-", "--source", "x", "--json", stdin=file_of(*rows(2), *bad))
    assert told["sales"] == 2 and told["left_out"] == {
        "unknown_category": 1, "no_model": 1, "not_positive": 1, "not_a_number": 1, "no_price": 1, "in_the_future": 1, "not_a_date": 1,
        "unknown_grade": 1, "negative_age": 1, "days_on_offer": 1, "ragged": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("raw", "source", "said"), [
    (b"", "x", "empty"), (b"\x00\x01", "x", "not text"), (file_of(head="category,model,price"), "x", "no column sold_on"),
    (file_of(head=f"{HEAD},phone_number"), "x", "phone_number is unknown"), (file_of(head=f"{HEAD},model"), "x", "stands twice"),
    (file_of(), "x", "none below"), (file_of(*rows(1)), " ", "Name the source"), (file_of(*rows(1)), "x" * 81, "Name the source"),
    (file_of(*rows(1)), "a\x07b", "Name the source"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_whole(run, session, raw, source, said):
    assert said in run("import", "-", "--source", source, "--json", stdin=raw, code=2)["message"]
    assert session.scalar(select(func.count()).select_from(SalesImport)) == 0
    assert run("import", "-", "--source", "x", "--json", stdin=file_of(*rows(1)))["sales"] == 1


def test_an_unknown_import_and_a_missing_file_are_refused(run):
    assert run("forget", "nothing", "--json", code=2)["error"] == "unknown_import"
    assert run("import", "/nowhere.csv", "--source", "x", "--json", code=2)["error"] == "missing"


def test_an_empty_house_has_too_few_sales(run):
    told = run("refit", "--json", code=1)
    assert not misfits(told, schema("value-refit")) and told["sales"] == 0 and told["digest"] is None


@pytest.mark.parametrize("name", ["value-refit", "value-import", "value-forget"])
def test_examples_fit_their_schemas(name):
    assert not misfits(json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")), schema(name))


def test_the_columns_are_described():
    described = (EXAMPLES.parents[1] / "commands.md").read_text(encoding="utf-8")
    assert [name for name in KNOWN if f"`{name}`" not in described] == []


def test_who_learned_and_brought_in_stands_in_the_log(run, session):
    from core.audit import AuditLine

    one = run("import", "-", "--source", "x", "--json", stdin=file_of(*rows(30)))
    run("refit", "--json")
    run("forget", one["import"], "--json")
    words = session.execute(select(AuditLine.word, AuditLine.actor).where(AuditLine.word.like("appraisal:prices:%")).order_by(AuditLine.line_no)).all()
    assert [tuple(each) for each in words] == [(f"appraisal:prices:{what}", "system:console") for what in ("imported", "fitted", "forgotten")]
