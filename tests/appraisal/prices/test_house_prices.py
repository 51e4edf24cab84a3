"""What the house learns from its own sales: who may speak, what a model's page then says, and what it keeps to itself."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from appraisal.prices import actions, jobs, queries
from appraisal.prices.goods_rules import Goods, model_code
from appraisal.prices.models import PriceFit, PriceGuide
from core import clock
from core.jobs import Job, run_due
from core.work import Actor, work

IPHONE = model_code(Goods(category="phone", brand="Apple", model="iPhone 12"))


def guide(session, code=IPHONE):
    session.rollback()
    return session.get(PriceGuide, code)


def test_four_sales_give_no_number_and_the_fifth_does(session, beside, refit):
    beside.sold(4)
    assert refit().digest
    four = guide(session)
    assert four.p50_minor is None and four.body["whole"]["reasons"] == ["too_few_comparables"] and four.sales == 4
    assert four.body["points"] == four.body["months"] == []
    beside.sold(1)
    refit()
    five = guide(session)
    assert five.p50_minor and 185_000 < five.p50_minor < 215_000
    assert five.body["whole"]["p10"] <= five.p50_minor <= five.body["whole"]["p90"] and len(five.body["points"]) == 5


def test_a_page_with_four_sales_shows_no_amount_and_one_with_five_does(app, client, beside, refit):
    beside.sold(4)
    refit()
    page = client.get(f"/prices/{IPHONE}").text
    assert "Insufficient evidence" in page and "fewer than five comparable sales" in page and "¥" not in main_of(page)
    listed = client.get("/prices?q=iphone").text
    assert "Insufficient evidence" in listed and "¥" not in main_of(listed)
    beside.sold(1)
    refit()
    page, listed = client.get(f"/prices/{IPHONE}").text, client.get("/prices?q=iphone").text
    assert "¥" in main_of(page) and "¥" in main_of(listed) and "Insufficient evidence" not in main_of(listed)
    assert 'role="img"' in page and "Kaplan" in page and "not a statutory valuation" in page


def main_of(page):
    return page.split("<main")[1].split("</main>")[0]


@pytest.fixture
def client(app):
    opened = app.test_client()
    opened.get("/language/en")
    return opened


def test_the_second_sale_of_the_same_pair_does_not_count(session, beside, refit):
    first = beside.sold(4)
    beside.sales.append(replace(first[0], price=205_000, sold_on=beside.today - timedelta(days=20)))
    fit = refit()
    assert guide(session).sales == 4 and guide(session).p50_minor is None and fit.left_out == {"same_pair": 1}
    beside.sales[-1] = replace(beside.sales[-1], pair="strangers")
    refit()
    assert guide(session).sales == 5 and guide(session).p50_minor


def test_sales_of_relatives_of_other_currencies_and_of_no_model_are_left_out_and_counted(session, beside, refit):
    beside.sold(6)
    beside.sold(1, related=True)
    beside.sold(2, currency="USD")
    beside.sold(3, "—")
    fit = refit()
    assert guide(session).sales == 6 and fit.left_out == {"related": 1, "other_currency": 2, "no_model": 3}


def test_planted_sales_barely_move_the_middle(session, beside, refit):
    beside.sold(30)
    refit()
    honest = guide(session).p50_minor
    for nth, one in enumerate(beside.sold(40, price=600_000)):  # three friends buy from themselves, thrice the price
        beside.sales[beside.sales.index(one)] = replace(one, pair=f"friends{nth % 3}")
    fit = refit()
    moved = guide(session).p50_minor
    assert fit.left_out["same_pair"] == 37 and fit.left_out["far_off"] >= 3
    assert abs(moved - honest) * 100 <= honest * 2  # two percent


def test_many_strangers_who_pay_more_do_move_it(session, beside, refit):
    beside.sold(10)
    refit()
    before = guide(session).p50_minor
    beside.sold(60, price=260_000)
    refit()
    assert guide(session).p50_minor > before * 115 // 100


def test_the_same_sales_twice_on_one_day_are_one_fit(session, beside, refit):
    beside.sold(6)
    first = refit()
    first_id, digest = first.id, first.digest
    assert refit().id == first_id
    beside.sold(1)
    changed = refit()
    assert changed.id != first_id and changed.digest != digest and changed.sales == 47
    session.rollback()
    assert session.scalar(select(func.count()).select_from(PriceFit)) == 2


def test_the_fit_is_kept_with_its_digest_its_sales_and_its_day_and_no_person(session, beside, refit):
    beside.sold(6)
    fit = refit()
    told = json.loads(fit.body)
    assert told["digest"] == fit.digest and fit.sales == 46 and fit.day == beside.today.isoformat()
    kept = fit.body + "".join(json.dumps(one.body) for one in session.scalars(select(PriceGuide)))
    assert "pair" not in kept


def test_too_few_sales_in_the_whole_house_still_list_the_models(session, client, beside, refit):
    beside.sales.clear()
    beside.sold(7)
    fit = refit()
    assert fit.digest == "" and guide(session).body["whole"]["reasons"] == ["too_few_sales"]
    assert "Insufficient evidence" in client.get("/prices").text and client.get(f"/prices/{IPHONE}").status_code == 200


def test_an_empty_house_says_so(client):
    page = client.get("/prices")
    assert page.status_code == 200 and "No prices yet" in page.text


def test_the_night_plans_one_refit_and_the_job_does_it(session, beside, doing):
    beside.sold(6)
    day = clock.local(clock.now()).replace(hour=2, minute=50)
    for moment, planned in ((day, 0), (day + timedelta(minutes=30), 1), (day + timedelta(minutes=60), 1)):
        with clock.stopped_at(clock.utc(moment)), work(session, Actor("system:price_refit"), clock.now()) as w:
            jobs.plan(w)
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Job).where(Job.kind == jobs.KIND)) == planned
    with clock.stopped_at(clock.utc(day + timedelta(minutes=61))):
        run_due(session)
        session.rollback()
        assert queries.newest_fit(session).sales == 46
        with work(session, Actor("system:price_refit"), clock.now()) as w:
            jobs.plan(w)
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Job).where(Job.kind == jobs.KIND)) == 1
    with clock.stopped_at(clock.utc(day + timedelta(days=1, hours=1))), work(session, Actor("system:price_refit"), clock.now()) as w:
        jobs.plan(w)
    assert session.scalar(select(func.count()).select_from(Job).where(Job.kind == jobs.KIND)) == 2


def test_only_the_last_fits_are_kept(session, beside, monkeypatch):
    monkeypatch.setattr(actions, "KEPT", 2)
    for nth in range(4):
        beside.sold(1)
        with clock.stopped_at(clock.now() + timedelta(minutes=nth)):
            actions.refit(session, Actor("system:test"), clock.now())
    assert session.scalar(select(func.count()).select_from(PriceFit)) == 2


@pytest.mark.parametrize("asked", ["%", "_", "📱", "' OR 1=1 --", "x" * 3000, "苹果 %%%", "​", "../../etc", "phone-ca8e"])
def test_odd_questions_get_a_page(client, beside, refit, asked):
    beside.sold(6)
    refit()
    found = client.get("/prices", query_string={"q": asked, "page": "99999999999", "category": asked})
    assert found.status_code == 200 and IPHONE not in found.text
    assert client.get("/prices", query_string={"q": "ＩＰＨＯＮＥ　12", "page": "0"}).text.count(IPHONE) == 1


@pytest.mark.parametrize("code", ["phone-000000000000", "📱", "phone-' OR 1=1", "x" * 400, "phone-%", "None"])
def test_odd_models_are_not_there(client, beside, refit, code):
    refit()
    assert client.get(f"/prices/{code}").status_code == 404


def test_waiting_counts_what_is_still_there(session, client, beside, refit):
    beside.sold(6)
    for days in (2, 4, 6, 8, 10):
        beside.offered(days, sold=True)
    for _ in range(5):
        beside.offered(60, sold=False)
    refit()
    assert guide(session).body["waiting"] == {"sold": 5, "unsold": 5, "days": [6, 10, None]}
    page = client.get(f"/prices/{IPHONE}").text
    assert "6 days" in page and "not known yet" in page and re.search(r"Sold: 5\. Not sold, or not yet: 5\.", page)
