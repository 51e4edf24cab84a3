"""Mu opens points for the shop: at the counter, in an estate, as a zone; everybody finds the open ones."""

from html import unescape

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Invalid, Refused
from core.people.models import Notice
from market.shops import points, queries, residents
from market.shops.models import ShopPoint
from tests.market.shops.conftest import told, typed


def page(client, path):
    return unescape(client.get(path).text)


def test_a_manager_opens_a_point_and_everybody_finds_it(manager, licensed, anonymous, session):
    client = manager.client()
    answer = client.post(f"/shops/{licensed}/points/new", data=typed(
        name="翠苑一区寄卖点", site="residential", estate="翠苑一区", position="120.12050, 30.28410", closed="2030-02-06", note="居委会旁",
    ))  # fmt: skip
    assert answer.location == f"/shops/{licensed}/desk"
    point = session.scalars(select(ShopPoint)).one()
    assert (point.latitude, point.longitude, point.state, point.estate_key) == (30_284_100, 120_120_500, "open", "翠苑1区")
    shown = page(anonymous, "/consignment-points")
    for words in ("翠苑一区寄卖点", "geo:30.284100,120.120500", "居委会旁", "2030-02-06", f'href="/shops/{licensed}"'):
        assert words in shown
    assert "翠苑一区寄卖点" in page(anonymous, f"/shops/{licensed}")
    assert "翠苑一区寄卖点" in page(client, f"/shops/{licensed}/desk")


@pytest.mark.parametrize(("changed", "field"), [
    ({"kind": "stall"}, "kind"), ({"site": "moon"}, "site"), ({"district": "999"}, "district"), ({"name": "x"}, "name"), ({"address": "x"}, "address"),
    ({"kind": "zone"}, "zone_name"), ({"hours": {}}, "day_0"), ({"hours": {2: "9-25"}}, "day_2"), ({"position": "here"}, "position"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(doing, manager, shop, changed, field):
    with pytest.raises(Invalid) as no, doing(manager) as w:
        points.open_point(w, shop, told(**changed))
    assert no.value.field == field


def test_what_was_typed_stays_when_something_is_wrong(manager, licensed, session):
    answer = manager.client().post(f"/shops/{licensed}/points/new", data=typed(position="somewhere", note="居委会旁"))
    assert answer.status_code == 422 and "居委会旁" in answer.text and "somewhere" in answer.text
    assert manager.client().post(f"/shops/{licensed}/points/new", data=typed(closed="soon")).status_code == 422
    assert manager.client().post(f"/shops/{licensed}/points/new", data=typed(name="")).status_code == 422
    session.rollback()
    assert session.scalars(select(ShopPoint)).all() == []


def test_two_open_points_have_two_names_and_a_closed_one_gives_its_name_back(doing, manager, shop, opened):
    first = opened()
    with pytest.raises(Invalid) as no, doing(manager) as w:
        points.open_point(w, shop, told())
    assert no.value.field == "name"
    with doing(manager) as w:
        points.move_point(w, w.session.get_one(ShopPoint, first), "close")
    second = opened()
    with pytest.raises(Invalid), doing(manager) as w:
        points.move_point(w, w.session.get_one(ShopPoint, first), "reopen")
    with doing(manager) as w:
        points.change_point(w, w.session.get_one(ShopPoint, second), told(name="分店"))
    with doing(manager) as w:
        points.move_point(w, w.session.get_one(ShopPoint, first), "reopen")


def test_a_paused_point_leaves_the_list_and_its_shops_page_says_so(manager, licensed, anonymous, opened, session, doing):
    point, client = opened(), manager.client()
    path = f"/shops/{licensed}/points/{point}"
    assert client.post(f"{path}/pause").status_code == 303
    assert "总店" not in page(anonymous, "/consignment-points") and "Paused" in page(client, f"/shops/{licensed}")
    assert client.post(f"{path}/pause").status_code == 409, "it is paused already"
    assert client.post(f"{path}/resume").status_code == 303 and "总店" in page(anonymous, "/consignment-points")
    assert client.post(f"{path}/close").status_code == 303 and "总店" not in page(anonymous, "/consignment-points")
    assert client.post(f"{path}/reopen").status_code == 303 and client.post(f"{path}/dance").status_code == 404
    answer = client.post(path, data=typed(name="新店"))
    assert answer.status_code == 303 and "新店" in page(anonymous, "/consignment-points")
    assert client.post(path, data=typed(name="新店", day_0="x")).status_code == 422
    assert client.get(path).status_code == 200 and client.get(f"/shops/{licensed}/points/nothing").status_code == 404


def test_followers_hear_of_points(doing, manager, licensed, opened, alice, bob, session):
    with doing(alice) as w:
        residents.follow(w, licensed)
    point = opened()
    with doing(manager) as w:
        points.move_point(w, w.session.get_one(ShopPoint, point), "pause")
    told_to = session.scalars(select(Notice.account_id).where(Notice.link == f"/shops/{licensed}")).all()
    assert told_to == [alice.id, alice.id], "and nobody else"


def test_a_zone_shows_its_name(licensed, opened, anonymous):
    opened(kind="zone", zone_name="二手数码交易专区", site="mall")
    shown = page(anonymous, "/consignment-points?kind=zone")
    assert "二手数码交易专区" in shown and "零售商二手专区" in shown
    assert "二手数码交易专区" not in page(anonymous, "/consignment-points?kind=consignment")


@pytest.mark.parametrize("who", ["clerk", "cashier"])
def test_clerk_and_cashier_see_the_file_and_change_nothing(who, licensed, opened, request, people):
    person, point = request.getfixturevalue(who), opened()
    client = person.client()
    assert client.get("/shop-file").location == f"/shops/{licensed}/desk"
    assert client.get(f"/shops/{licensed}/desk").status_code == 200
    for path in ("points/new", f"points/{point}", "rules/edit", "closing", "permit", "exemption"):
        assert client.get(f"/shops/{licensed}/{path}").status_code == 403
        assert client.post(f"/shops/{licensed}/{path}", data={}).status_code == 403
    assert client.post(f"/shops/{licensed}/points/{point}/close").status_code == 403


def test_the_manager_of_another_shop_changes_nothing_here(people, licensed, opened, doing):
    point, other = opened(), people.organisation("另一家")
    stranger = people.person("Ou")
    people.give_role(stranger, "shop_manager", other)
    assert stranger.client().get(f"/shops/{licensed}/desk").status_code == 403
    assert stranger.client().get(f"/shops/{other}/points/{point}").status_code == 404, "a point of another shop under one's own address"
    with pytest.raises(Forbidden), doing(stranger) as w:
        points.change_point(w, w.session.get_one(ShopPoint, point), told())


def test_an_agency_keeps_no_shop_file_and_who_works_at_two_chooses(people, licensed, manager):
    agency, school = people.organisation("鉴定所", "agency"), people.organisation("文一街小学", "school")
    ji = people.person("Ji")
    people.give_role(ji, "shop_manager", agency)
    assert "No organisation of yours" in page(ji.client(), "/shop-file") and ji.client().get(f"/shops/{agency}/desk").status_code == 404
    people.give_role(manager, "shop_manager", school)
    chosen = page(manager.client(), "/shop-file")
    assert f"/shops/{school}/desk" in chosen and f"/shops/{licensed}/desk" in chosen


def test_so_many_points_and_no_more(doing, manager, shop, opened, monkeypatch):
    monkeypatch.setattr("market.shops.rules.MOST_POINTS", 1)
    opened()
    with pytest.raises(Refused) as no, doing(manager) as w:
        points.open_point(w, shop, told(name="分店"))
    assert no.value.code == "too_many_points"
    assert len(queries.points_of(w.session, shop)) == 1
