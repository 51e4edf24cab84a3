"""What a thing may be worth, as its report is signed: the guide's range of that day, or honestly none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.grades.models import Appraisal, Report
from appraisal.grades.report_price import price_rows, price_told
from appraisal.grades.report_rules import SAYS
from appraisal.prices import actions
from core import canonical, clock
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from core.goods.models import Item
from core.i18n import say
from core.work import Actor
from privacy import verify
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.identity.test_numbers import ONE, best
from tests.appraisal.prices.conftest import beside as beside

AMOUNTS = ("p10", "p50", "p90")


@pytest.fixture(autouse=True)
def wiped(all_wiped):
    """The stories are about prices."""


@pytest.fixture
def phone(doing, alice, li, shop):
    with doing(alice) as w:
        attributes = {"brand": "Apple", "model": "iPhone 12", "storage_gb": "128", "year": "2022"}
        return take_in(w, alice.id, Intake(card=get_card("phone"), attributes=attributes, identifiers={"imei": [ONE]})).id


def sign(session, li, item_id, **said):
    path = begun(li, item_id)
    answer = li.client().post(path, data={**best(**said), "what": "sign"})
    assert answer.status_code == 303, answer.text
    session.rollback()
    made = session.get_one(Appraisal, path.split("/")[-1])
    return made, json.loads(session.get_one(Report, made.id).body)["price"]


def learn(session, beside, count):
    beside.sold(count, grade="B")
    fit_id, _ = actions.refit(session, Actor("system:test"), clock.now())
    session.rollback()
    return session.get_one(actions.PriceFit, fit_id)


def graded_b(session):
    """An answer that brings a phone to B: found by the standard itself, so that it can't go stale."""
    from appraisal.grades.rules import grade  # noqa: PLC0415
    from tests.appraisal.identity.test_numbers import PHONE  # noqa: PLC0415

    good = {check.code: check.values[0].code if check.kind != "measure" else 99 for check in PHONE.checks}
    for check in PHONE.checks:
        for value in check.values[1:]:
            if grade(PHONE, good | {check.code: value.code}).grade == "B":
                return {check.code: value.code}
    raise AssertionError("no single finding brings a phone to B")


def test_the_range_of_the_day_stands_in_what_is_signed(session, beside, li, phone, anonymous):
    fit = learn(session, beside, 12)
    made, told = sign(session, li, phone, **graded_b(session))
    assert made.grade == "B" and (told["verdict"], told["reasons"]) == ("valued", [])
    assert 150_000 < told["p10"] <= told["p50"] <= told["p90"] < 250_000 and told["comparables"] >= 5
    assert (told["day"], told["fit"], told["coverage"], told["currency"]) == (fit.day, fit.digest, 80, "CNY")
    for language in ("zh", "en"):
        page = li.client(language=language).get(f"/reports/{made.number}").text
        assert say(SAYS, language) in page and "P50" in page and fit.digest in page
        assert all(row in page for _, row in price_rows(told, language))
        paper = anonymous.get(f"/reports/{made.number}.pdf?language={language}")
        assert paper.status_code == 200 and paper.data.startswith(b"%PDF")
    paper = json.loads(anonymous.get(f"/reports/{made.number}.json").data)
    assert {one.code: one.ok for one in verify.examine(canonical.encode(paper)).checks}["form"] is True
    for name, value in (("p50", "1"), ("verdict", "sure"), ("more", 1)):
        forged = json.loads(json.dumps(paper))
        forged["body"]["price"][name] = value
        assert {one.code: one.ok for one in verify.examine(canonical.encode(forged)).checks}["form"] is False


def test_too_few_sales_are_no_number(session, beside, li, phone):
    """The genuine twin's twin: four comparables, and the report says why there is none."""
    fit = learn(session, beside, 4)
    made, told = sign(session, li, phone, **graded_b(session))
    assert made.grade == "B" and told["verdict"] == "insufficient_evidence" and "too_few_comparables" in told["reasons"]
    assert [told[name] for name in AMOUNTS] == [None] * 3 and told["day"] == fit.day
    page = li.client().get(f"/reports/{made.number}").text
    assert "Insufficient evidence" in page and "fewer than five comparable sales" in page and "P50" not in page
    assert "依据不足" in li.client(language="zh").get(f"/reports/{made.number}").text


def test_nothing_was_learned_yet(session, li, phone):
    _, told = sign(session, li, phone)
    assert told["verdict"] == "insufficient_evidence" and told["fit"] is None and told["p50"] is None


def test_what_is_not_graded_has_no_price(session, beside, li, phone):
    learn(session, beside, 12)
    made, told = sign(session, li, phone, locks="account_locked")
    assert made.grade == "reject" and told["verdict"] == "not_priced"
    assert "Price range" not in li.client().get(f"/reports/{made.number}").text


def test_a_later_fit_changes_no_signed_report(session, beside, li, phone):
    learn(session, beside, 12)
    made, told = sign(session, li, phone, **graded_b(session))
    beside.sold(30, price=90_000, grade="B")
    actions.refit(session, Actor("system:test"), clock.now())
    session.rollback()
    assert json.loads(session.get_one(Report, made.id).body)["price"] == told
    assert price_rows(told, "en")[0][1] in li.client().get(f"/reports/{made.number}").text


def test_goods_without_a_model_are_compared_with_nothing(session, doing, alice):
    with doing(alice) as w:
        coat = take_in(w, alice.id, Intake(card=get_card("clothing"), attributes={"brand": "波司登"})).id
    told = price_told(session, session.get_one(Item, coat), "A", clock.now())
    assert told["verdict"] == "insufficient_evidence" and told["reasons"] == ["no_model"]


@given(st.lists(st.integers(1, 10**11), min_size=3, max_size=3), st.sampled_from(["zh", "en"]))
def test_amounts_are_written_whole(amounts, language):
    low, middle, high = sorted(amounts)
    told = {"verdict": "valued", "reasons": [], "p10": low, "p50": middle, "p90": high, "currency": "CNY", "coverage": 80,
            "method": "market_price_method", "comparables": 5, "day": "2026-11-30", "fit": "0" * 64}  # fmt: skip
    rows = dict(price_rows(told, language))
    for name, amount in (("P10", low), ("P50", middle), ("P90", high)):
        assert f"{amount % 100:02d}" in rows[name][-3:] or "." not in rows[name]
