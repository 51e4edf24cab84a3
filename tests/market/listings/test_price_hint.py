"""A reference price while a seller puts a thing up: with its steps, its honest gaps, and never instead of the seller's own price."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.prices import actions
from appraisal.prices.fitting import train
from appraisal.prices.goods_rules import GRADES, Goods, thing_of
from appraisal.prices.guide import appraise
from appraisal.prices.hints import hint
from appraisal.prices.queries import find_guide
from appraisal.prices.sale import Sale
from appraisal.prices.simulator import TODAY, Market
from appraisal.prices.valuing import Costs, Valuation
from core import clock, ports
from core.work import Actor
from market.listings.models import Listing
from tests.appraisal.prices.conftest import Beside
from tests.market.listings.conftest import told

PHONE = {"a_brand": "Apple", "a_model": "iPhone 12", "a_storage_gb": "128", "a_year": "2022"}


@pytest.fixture
def learned(app, session, monkeypatch):
    """Enough sales for a fit: graded and ungraded iPhones, and so many of each more."""

    def fit(graded=20, ungraded=12):
        made = Beside()
        made.sold(30, "Pixel 6", 150_000)
        made.sold(graded, price=220_000)
        made.sold(ungraded, price=190_000, grade="")
        for port, provider in (("comparable_sales", made.comparable_sales), ("offered_times", made.offered_times)):
            monkeypatch.setitem(ports._providers[port], "beside", provider)
        actions.refit(session, Actor("system:test"), clock.now())
        session.rollback()

    return fit


def steps_of(page):
    """(amounts of the steps in fen, P50) as the page shows them."""
    steps = page.split("From the base to P50")[1].split("</dl>")[0]
    amounts = [int(re.sub(r"[¥,.]", "", one)) for one in re.findall(r"<dd>(-?¥[\d,]+\.\d\d)</dd>", steps)]
    return amounts[:-1], amounts[-1]


def test_the_price_step_shows_a_range_whose_steps_sum_to_its_middle(learned, selling, alice):
    learned()
    seller = selling(alice)
    draft = seller.draft("phone")
    assert seller.details(draft, told("phone", **PHONE)).status_code == 303
    page = seller.client.get(f"/sell/{draft}/price").text
    steps, middle = steps_of(page)
    assert len(steps) == 5 and sum(steps) == middle and 170_000 < middle < 210_000
    assert "Your own words about its condition are no grade" in page and "not a statutory valuation" in page
    assert 'role="img"' in page and "dot-mine" in page and "dot-asked" not in page


def test_after_a_refused_price_the_page_marks_the_sellers_own(learned, selling, alice):
    learned()
    seller = selling(alice)
    draft = seller.draft("phone")
    seller.details(draft, told("phone", **PHONE))
    answer = seller.finish(draft, price="9000", district="")
    assert answer.status_code == 422 and "lies above the range" in answer.text and "dot-asked" in answer.text
    assert "lies below the range" in seller.finish(draft, price="10", district="").text
    assert "lies within the range" in seller.finish(draft, price="1900", district="").text
    odd = seller.finish(draft, price="📱", district="")
    assert odd.status_code == 422 and "dot-asked" not in odd.text and "lies" not in odd.text.split('id="price-hint"')[1].split("</section>")[0].replace("lies between", "").replace("sales of such a thing lie", "")


def test_a_model_nobody_sold_gets_no_number(learned, selling, alice):
    learned()
    seller = selling(alice)
    draft = seller.draft("phone")
    seller.details(draft, told("phone", **PHONE | {"a_model": "Mate XT 📱"}))
    page = seller.client.get(f"/sell/{draft}/price").text
    shown = page.split('id="price-hint"')[1].split("</section>")[0]
    assert "Insufficient evidence" in shown and "¥" not in shown and "fewer than five comparable sales" in shown


def test_without_ungraded_sales_an_ungraded_thing_is_not_taken_for_the_best(learned, selling, alice, session):
    """Its twin with a grade has a range; so has the same thing once ungraded ones were sold."""
    learned(ungraded=0)
    today = clock.local(clock.now()).date()
    plain = Goods(category="phone", brand="Apple", model="iPhone 12", attributes={"storage_gb": "128", "year": "2022"})
    assert hint(session, plain, today).reasons == ("not_graded",)
    assert hint(session, replace(plain, grade="B"), today).p50
    learned()
    assert hint(session, plain, today).p50


def test_a_thing_of_no_model_gets_no_hint_and_sells_all_the_same(learned, selling, alice):
    learned()
    seller = selling(alice)
    draft = seller.draft("clothing")
    seller.details(draft, told("clothing"))
    assert 'id="price-hint"' not in seller.client.get(f"/sell/{draft}/price").text
    assert seller.finish(draft).status_code == 303


def test_an_empty_house_says_insufficient_evidence_on_the_price_step(selling, alice):
    seller = selling(alice)
    draft = seller.draft("phone")
    seller.details(draft, told("phone", **PHONE))
    assert "Insufficient evidence" in seller.client.get(f"/sell/{draft}/price").text


def test_editing_shows_it_with_the_grade_that_the_listing_carries(learned, selling, alice, session, doing):
    learned()
    listing = selling(alice).sells("phone", told("phone", **PHONE), title="iPhone 12 128G", price="1900")
    page = alice.client().get(f"/listings/{listing}/edit").text
    assert "No appraiser has graded it" in page and "lies within the range" in page and "dot-asked" in page
    with doing() as w:
        w.session.get_one(Listing, listing).grade = "B"
    page = alice.client().get(f"/listings/{listing}/edit").text
    assert "No appraiser has graded it" not in page and "grade B" in page
    steps, middle = steps_of(page)
    assert sum(steps) == middle > 200_000
    assert "参考价" in alice.client(language="zh").get(f"/listings/{listing}/edit").text


def test_a_defect_that_no_sale_had_is_said_not_to_be_in_the_price(learned, selling, alice):
    """The seller's word that something is wrong is such a defect; their kind words are none, and no grade either."""
    learned()
    seller = selling(alice)
    draft = seller.draft("phone")
    seller.details(draft, told("phone", **PHONE | {"d_liquid": "yes", "e_liquid": "雨里"}))
    said = "Nothing is taken off for told defects that too few sold things had"
    for condition, count in (("faulty", 2), ("nearly_new", 1)):
        page = seller.finish(draft, condition=condition, price="1900", district="").text
        assert f"{said}: {count}." in page
    seller.details(draft, told("phone", **PHONE))
    assert said not in seller.finish(draft, condition="nearly_new", price="1900", district="").text


MARKET = Market(seed=3, models=6)
SALES = [*MARKET.sales(900)]
MODEL = train([Sale(replace(one.thing, categories=(one.thing.kind, one.thing.categories[1])), one.price, one.sold_on, one.buyer, one.seller) for one in SALES], grades=GRADES, today=TODAY)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 5), st.sampled_from(["S", "A", "B", "C", "D"]), st.integers(2018, 2026), st.sampled_from(["64", "128", "256", "999", ""]),
    st.lists(st.sampled_from(["battery", "screen", "unknown_code"]), max_size=3), st.dictionaries(st.sampled_from(["battery", "screen"]), st.integers(0, 10**7)),
)  # fmt: skip
def test_every_waterfall_sums_to_the_fen(number, grade, year, size, told_of, repairs):
    goods = Goods(category="phone", brand="", model=f"M{number}", attributes={"storage_gb": size, "year": str(year)}, told=tuple(told_of), grade=grade)
    thing = replace(thing_of(goods, TODAY), model=f"M{number}")
    found = appraise(MODEL, thing, Costs(repairs, {}))
    if isinstance(found, Valuation):
        assert sum(found.waterfall) == found.p50 and found.p10 <= found.p50 <= found.p90
        assert all(isinstance(one, int) for one in (*found.waterfall, found.p10, found.p50, found.p90))
        assert found.comparables >= 5 and found.p90 - found.p10 <= found.p50
    else:
        assert found.reasons


def test_the_law_above_does_meet_ranges():
    """Were every thing without evidence, the test above would say nothing."""
    found = [appraise(MODEL, replace(one.thing, categories=(one.thing.kind, one.thing.categories[1]))) for one in SALES[:200]]
    assert sum(isinstance(one, Valuation) for one in found) > 100


def test_a_sale_counts_to_its_180th_day_in_the_range_and_in_the_chart_alike(app, session, monkeypatch):
    """The engine, the guide and the hint tell one number of sales, also the day after the fit."""
    made = Beside()
    made.sold(30, "Pixel 6", 150_000)
    made.sold(9)
    for days, price in ((180, 200_000), (181, 900_000)):
        made.sold(1, price=price, sold_on=made.today - timedelta(days=days))
    for port, provider in (("comparable_sales", made.comparable_sales), ("offered_times", made.offered_times)):
        monkeypatch.setitem(ports._providers[port], "beside", provider)
    actions.refit(session, Actor("system:test"), clock.now())
    session.rollback()
    goods = Goods(category="phone", brand="Apple", model="iPhone 12", attributes={"storage_gb": "128", "year": "2022"}, grade="B")
    for day in (made.today, made.today + timedelta(days=1)):
        found = hint(session, goods, day)
        assert found.comparables == found.sales == len(found.compared) == 10
    assert find_guide(session, found.code).body["recent"] == 10
