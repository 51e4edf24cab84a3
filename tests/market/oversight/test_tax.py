"""A quarter's figures per seller: out of orders and books, each minor unit once, shops of one code together, private sales apart."""

import csv
import io
import json
from datetime import datetime

import pytest
from sqlalchemy import func, select

from core import clock
from core.audit import AuditLine
from core.clock import LOCAL_ZONE
from core.money import Money
from core.people.actions.sellers import record_check
from core.people.models import Organisation
from market.ledger.fees.actions import keep_policies
from market.ledger.models import Entry, LedgerAccount, Posting
from market.orders import paying
from market.orders.models import Order
from market.oversight.cli import tax as command
from market.oversight.tax import COLUMNS, report
from market.oversight.tax_rules import Quarter
from tests.harness.json_shape import SCHEMAS, misfits, schema

LICENCE = "91110000600037341L"
Q2 = Quarter(2026, 2)


def at(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=LOCAL_ZONE)


# --- the figures ---------------------------------------------------------------------------------------------------


@pytest.fixture
def checked_shop(doing, shop, root):
    with doing(root) as w:
        record_check(w, account_id=None, org_id=shop, kind="operator", allowed=("operator",), licence_no=LICENCE)
    return shop


@pytest.fixture
def quarter(app, session, doing, sells, people, alice, charlie, checked_shop, root):
    """April to June 2026: a shop sells twice and gives a part back, its other shop once; Alice sells privately, Charlie sporadically."""
    keep_policies(app.extensions["xunshi_db"])
    other = people.organisation("湖滨旧货行")
    with doing(root) as w:
        record_check(w, account_id=None, org_id=other, kind="operator", allowed=("operator",), licence_no=LICENCE)
    found = {}
    with clock.stopped_at(at(2026, 3, 31, 23)):
        found["before"] = sells(alice, price=7777, org_id=checked_shop, kind="operator")
    with clock.stopped_at(at(2026, 4, 1, 0)):
        found["first"] = sells(alice, price=30000, org_id=checked_shop, kind="operator")
    with clock.stopped_at(at(2026, 5, 5)):
        found["other"] = sells(alice, price=50000, org_id=other, kind="operator")
        found["idle"] = sells(alice, price=19900)
        found["small"] = sells(charlie, price=8800, kind="sporadic")
    with clock.stopped_at(at(2026, 6, 30, 23)):
        refund(doing, alice, found["before"], 777)
        refund(doing, alice, found["idle"], 900)
    with clock.stopped_at(at(2026, 7, 1, 0)):
        found["late"] = sells(alice, price=11111, org_id=checked_shop, kind="operator")
        refund(doing, alice, found["first"], 10000)
    return found


def refund(doing, who, order_id, minor):
    with doing(who) as w:
        paying.refund(w, w.session.get_one(Order, order_id), Money(minor, "CNY"), f"{order_id}/{minor}", "after_sales")


def read(session, quarter):
    session.rollback()
    return report(session, quarter, at(2027, 1, 15))


def test_one_line_an_operator_with_all_its_shops(session, quarter, checked_shop):
    found = read(session, Q2)
    fees = {name: session.get_one(Order, one).fee_minor for name, one in quarter.items()}
    shops, charlie = sorted(found.of("operator"), key=lambda line: -line.sums.income)
    assert shops.credit_code == LICENCE and checked_shop in shops.ids and len(shops.ids) == 2 and shops.kind == "operator"
    assert (shops.sums.sales, shops.sums.income, shops.sums.refunds) == (2, 80000, 777)
    assert shops.sums.fees == fees["first"] + fees["other"] > 0 and 0 < shops.sums.fees_back < shops.sums.fees
    assert (charlie.name, charlie.credit_code, charlie.kind, charlie.sums.income) == ("Charlie", "", "sporadic", 8800)
    (idle,) = found.of("private_idle")
    assert (idle.name, idle.sums.sales, idle.sums.income, idle.sums.refunds) == ("", 1, 19900, 900), "apart, and without a name"


def test_the_page_calls_a_shop_by_its_english_name_in_english_only(session, doing, quarter, checked_shop, root):
    with doing() as w:
        for place in w.session.scalars(select(Organisation).where(Organisation.name.like("%旧货行"))):
            place.name_en = "West Lake Second-hand"
    english, chinese = (root.client(language=one).get("/tax?quarter=2026Q2").text for one in ("en", "zh"))
    assert "West Lake Second-hand" in english and "旧货行" not in english
    assert "旧货行" in chinese and "West Lake Second-hand" not in chinese
    exported = root.client(language="en").post("/tax/2026Q2.csv").get_data(as_text=True)
    assert "旧货行" in exported and "West Lake" not in exported, "the file has the registered name"


def test_a_refund_counts_in_its_own_quarter(session, quarter):
    (shop,) = [line for line in read(session, Quarter(2026, 3)).of("operator")]
    assert (shop.sums.sales, shop.sums.income, shop.sums.refunds) == (1, 11111, 10000)
    (shop,) = read(session, Quarter(2026, 1)).of("operator")
    assert (shop.sums.sales, shop.sums.income, shop.sums.refunds) == (1, 7777, 0)
    assert read(session, Quarter(2025, 4)).lines == () and read(session, Quarter(2026, 4)).lines == ()


def test_the_quarters_together_are_the_books(session, quarter):
    """Over all quarters: net is what the ledger's sale and refund entries owe the sellers, and the platform's fee is the rest."""
    lines = [line for n in (1, 2, 3) for line in read(session, Quarter(2026, n)).lines]
    booked = dict(
        session.execute(
            select(LedgerAccount.kind, func.sum(Posting.amount_minor)).join(Posting, Posting.account_id == LedgerAccount.id)
            .join(Entry, Entry.id == Posting.entry_id).where(Entry.kind.in_(("sale", "refund"))).group_by(LedgerAccount.kind)
        ).all()
    )  # fmt: skip
    assert sum(line.sums.net for line in lines) == booked["seller_payable"]
    assert sum(line.sums.fees - line.sums.fees_back for line in lines) == booked["platform_fee"]
    assert sum(line.sums.income - line.sums.refunds for line in lines) == -booked["buyer"]


def test_what_was_never_completed_is_no_income(session, doing, bob, alice):
    from tests.market_stories import listed_coat, ordered

    with clock.stopped_at(at(2026, 5, 5)):
        ordered(doing, listed_coat(doing, alice), bob)
    assert read(session, Q2).lines == ()


# --- page, file, command -------------------------------------------------------------------------------------------


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_page_and_the_file_of_an_administrator(session, quarter, root):
    with clock.stopped_at(at(2026, 7, 10)):
        desk = root.client()
        page = desk.get("/tax").text
        assert "2026Q2" in page and "¥800.00" in page and LICENCE in page and "Jul 31, 2026" in page
        assert "isn't over" not in page.replace("&#39;", "'") and "isn't over" in desk.get("/tax?quarter=2026Q3").text.replace("&#39;", "'")
        answer = desk.post("/tax/2026Q2.csv")
    assert answer.status_code == 200 and answer.mimetype == "text/csv" and "operators-2026Q2.csv" in answer.headers["Content-Disposition"]
    found = rows(answer.text)
    assert tuple(found[0]) == COLUMNS and [one["section"] for one in found] == ["operator", "operator", "private_idle"]
    assert {one["credit_code"]: one["income_minor"] for one in found[:2]} == {LICENCE: "80000", "": "8800"} and {one["id_number"] for one in found} == {""} and found[2]["name"] == ""
    session.rollback()
    line = session.scalars(select(AuditLine).where(AuditLine.word == "market:tax:exported")).one()
    assert (line.actor, line.subject, line.facts) == (root.id, "2026Q2", {"operators": 2, "idle": 1})


def test_a_name_is_no_formula(session, doing, quarter, checked_shop, root):
    with doing() as w:
        for org in w.session.scalars(select(Organisation)):
            org.name = "=1+1"
    with clock.stopped_at(at(2026, 7, 10)):
        found = rows(root.client().post("/tax/2026Q2.csv").text)
    assert {one["name"] for one in found if one["credit_code"]} == {"'=1+1"}


def test_only_an_administrator_and_only_freshly_signed_in(session, quarter, alice, bob, rui, wang, ines, root, anonymous):
    for person in (alice, bob, rui, wang, ines):
        assert person.client().get("/tax").status_code == person.client().post("/tax/2026Q2.csv").status_code == 403
    assert "sign-in" in anonymous.get("/tax").location
    from datetime import timedelta

    client = root.client()
    with client.session_transaction() as cookie:
        cookie["factor_at"] = (clock.now() - timedelta(minutes=11)).isoformat()
    assert client.get("/tax").status_code == 200 and "/second-factor" in client.post("/tax/2026Q2.csv").location
    session.rollback()
    assert session.scalars(select(AuditLine).where(AuditLine.word == "market:tax:exported")).all() == []
    assert root.client().post("/tax/2026Q2.csv").status_code == 200


@pytest.mark.parametrize("typed", ["2099Q1", "2026Q9", "nonsense"])
def test_no_such_quarter(root, typed):
    assert root.client().post(f"/tax/{typed}.csv").status_code == 404
    assert root.client().get(f"/tax?quarter={typed}").status_code == 200, "the page shows the last one"


def run(app, *words):
    result = app.test_cli_runner().invoke(command, ["quarter", *words])
    return result.exit_code, result.stdout, result.stderr


def test_the_printed_example_fits_its_schema():
    example = json.loads((SCHEMAS / "examples" / "tax-quarter.json").read_text(encoding="utf-8"))
    assert misfits(example, schema("tax-quarter")) == []
    for line in (*example["operators"], *example["private_idle"]):
        assert line["net_minor"] == line["income_minor"] - line["refunds_minor"] - (line["fees_minor"] - line["fees_back_minor"])
    for key in schema("tax-quarter")["required"]:
        assert misfits({k: v for k, v in example.items() if k != key}, schema("tax-quarter"))


def test_the_command_gives_the_same_and_is_on_record(app, session, quarter, tmp_path):
    code, out, err = run(app, "2026Q2", "--json", "--out", str(tmp_path / "q.csv"))
    found = json.loads(out)
    assert (code, err) == (0, "") and misfits(found, schema("tax-quarter")) == []
    assert sorted(one["income_minor"] for one in found["operators"]) == [8800, 80000] and found["private_idle"][0]["name"] is None
    written = rows((tmp_path / "q.csv").read_text(encoding="utf-8-sig"))
    assert [int(one["net_minor"]) for one in written] == [one["net_minor"] for one in (*found["operators"], *found["private_idle"])]
    session.rollback()
    assert session.scalars(select(AuditLine).where(AuditLine.word == "market:tax:exported")).one().actor == "system:console"
    assert "2 operators" in run(app, "2026Q2")[1]


@pytest.mark.parametrize(("typed", "error"), [("2026Q7", "bad_quarter"), ("x", "bad_quarter"), ("2099Q1", "quarter_to_come")])
def test_the_command_refuses_what_is_no_quarter(app, typed, error):
    code, out, err = run(app, typed, "--json")
    assert (code, out) == (2, "") and json.loads(err)["error"] == error
