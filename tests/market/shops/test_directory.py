"""The list of points: by district, kind of place and estate; a resident names their estate once."""

from html import unescape

import pytest
from sqlalchemy import select

from core.ports import PersonClosing, happened, providers
from market.shops import queries
from market.shops.models import HomeEstate, ShopFollower


@pytest.fixture
def three(opened, licensed):
    opened(name="总店")
    opened(name="翠苑点", site="residential", estate="翠苑一区", district="330106")
    opened(name="拱墅点", site="mall", district="330105")


def found(client, query=""):
    shown = unescape(client.get(f"/consignment-points{query}").text)
    return {name for name in ("总店", "翠苑点", "拱墅点") if name in shown}


@pytest.mark.parametrize(("query", "points"), [
    ("", {"总店", "翠苑点", "拱墅点"}), ("?district=330105", {"拱墅点"}), ("?site=residential", {"翠苑点"}), ("?estate=翠苑1区", {"翠苑点"}),
    ("?estate=翠苑", {"翠苑点"}), ("?district=330105&site=residential", set()), ("?estate=别处", set()), ("?estate=%25", {"总店", "翠苑点", "拱墅点"}),
    ("?district=nope&site=nope&kind=nope&page=x", {"总店", "翠苑点", "拱墅点"}), ("?page=9", set()), ("?mine=1", {"总店", "翠苑点", "拱墅点"}),
])  # fmt: skip
def test_everybody_filters_the_list(three, anonymous, query, points):
    assert found(anonymous, query) == points


def test_an_empty_list_says_why_and_offers_a_way_on(anonymous, three):
    assert "这里没有寄卖点" in anonymous.get("/consignment-points?estate=别处").text


def test_before_any_shop_the_list_leads_elsewhere(anonymous):
    shown = anonymous.get("/consignment-points").text
    assert "还没有寄卖点" in shown and 'href="/sell"' in shown


def test_a_resident_names_their_estate_once(three, alice, session):
    client = alice.client()
    assert client.post("/consignment-points/estate", data={"estate": " 翠苑  一区 "}).location == "/consignment-points?mine=1"
    assert found(client, "?mine=1") == {"翠苑点"}
    session.rollback()
    row = session.scalars(select(HomeEstate)).one()
    assert "翠苑" not in row.name, "encrypted: it says where somebody lives"
    assert queries.estate_of(session, alice.id) == "翠苑 一区"
    session.rollback()
    assert client.post("/consignment-points/estate", data={"estate": "三里亭"}).status_code == 303
    assert found(client, "?mine=1") == set()
    assert client.post("/consignment-points/estate", data={"estate": ""}).location == "/consignment-points"
    session.rollback()
    assert queries.estate_of(session, alice.id) == ""


def test_an_estate_that_is_none_is_said_and_kept(alice, three):
    answer = alice.client().post("/consignment-points/estate", data={"estate": "!!!"})
    assert answer.status_code == 422 and "!!!" in answer.text
    assert alice.client().post("/consignment-points/estate", data={"estate": "x" * 41}).status_code == 422


def test_without_an_account_nothing_is_kept(anonymous, three):
    assert anonymous.post("/consignment-points/estate", data={"estate": "翠苑"}).status_code == 303
    assert anonymous.get("/consignment-points").status_code == 200


def test_estate_and_followed_shops_are_exported_and_leave_with_their_person(app, session, doing, alice, three, licensed):
    client = alice.client()
    client.post("/consignment-points/estate", data={"estate": "翠苑一区"})
    assert client.post(f"/shops/{licensed}/follow").status_code == 303 and client.post(f"/shops/{licensed}/follow").status_code == 303
    session.rollback()
    told = providers("personal_data")["market"](session, alice.id)
    assert told["estate"] == "翠苑一区" and [one["shop"] for one in told["shops_followed"]] == ["西湖旧货行"]
    with doing(alice) as w:
        happened(w, PersonClosing(alice.id))
    session.rollback()
    assert session.scalars(select(HomeEstate)).all() == [] == session.scalars(select(ShopFollower)).all()


def test_who_stops_following_hears_nothing_more(session, alice, licensed, opened):
    opened()
    client = alice.client()
    client.post(f"/shops/{licensed}/follow")
    assert "Stop following" in client.get(f"/shops/{licensed}").text
    assert client.post(f"/shops/{licensed}/unfollow").status_code == 303 and client.post(f"/shops/{licensed}/unfollow").status_code == 303
    session.rollback()
    assert queries.followers(session, licensed) == []
    assert client.post("/shops/nothing/follow").status_code == 404
