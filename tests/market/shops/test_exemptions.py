"""No licence and no accepted exemption: no public page. An exemption's sentence stands there word for word once staff accept it."""

from html import unescape

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.queue.models import QueueEntry
from market.shops import exemptions, standing
from market.shops.models import ShopExemption

SPORADIC = "个人从事零星小额交易活动，依法不需要办理市场主体登记"


def test_without_either_the_page_isnt_public_and_its_points_arent_listed(opened, shop, anonymous, session, manager):
    opened()
    assert anonymous.get(f"/shops/{shop}").status_code == 404 and "总店" not in anonymous.get("/consignment-points").text
    assert anonymous.get(f"/shops/{shop}/rules").status_code == 404 and manager.client().get(f"/shops/{shop}/rules").status_code == 200
    assert not standing.takes_goods(session, shop, clock.now())
    assert standing.why_not(session, shop, clock.now()) == "shop_without_ground"


def test_with_a_licence_its_number_stands_there(opened, licensed, anonymous, session):
    opened()
    assert "91330106MA2GH71X0J" in anonymous.get(f"/shops/{licensed}").text and standing.takes_goods(session, licensed, clock.now())


def test_an_accepted_exemption_shows_its_sentence_word_for_word(opened, exempted, shop, anonymous, session):
    opened()
    shown = unescape(anonymous.get(f"/shops/{shop}").text)
    assert SPORADIC in shown and "总店" in anonymous.get("/consignment-points").text
    assert standing.takes_goods(session, shop, clock.now())


def test_by_law_names_the_law(doing, manager, shop, root, session):
    with pytest.raises(Invalid) as no, doing(manager) as w:
        exemptions.state_ground(w, shop, "by_law", "")
    assert no.value.field == "law"
    with doing(manager) as w:
        row = exemptions.state_ground(w, shop, "by_law", "《民办非企业单位登记管理暂行条例》第三条")
        made = row.id
    with doing(root) as w:
        exemptions.decide(w, w.session.get_one(ShopExemption, made), True, "属实")
    org = session.get_one(exemptions.Organisation, shop)
    assert standing.exemption_sentence(session, org, "zh") == "依照《民办非企业单位登记管理暂行条例》第三条，不需要办理市场主体登记"


def test_it_goes_through_the_pages_and_the_queue(manager, root, shop, session, opened, anonymous):
    opened()
    client, desk = manager.client(), root.client()
    assert client.post(f"/shops/{shop}/exemption", data={"ground": "nothing", "words": "缝补"}).status_code == 422
    assert client.post(f"/shops/{shop}/exemption", data={"ground": "sporadic", "words": "缝补"}).status_code == 303
    session.rollback()
    entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == "exemption")).one()
    path, shown = entry.link, client.get(f"/shops/{shop}/exemption").text
    assert "Waits for a decision" in shown and manager.id in entry.barred
    assert client.post(f"/shops/{shop}/exemption", data={"ground": "sporadic"}).status_code == 409, "one is waiting"
    assert client.get(path).status_code == 403
    assert "缝补" in desk.get(path).text
    assert desk.post(path, data={"verb": "granted", "reason": ""}).status_code == 422 and anonymous.get(f"/shops/{shop}").status_code == 404
    assert desk.post(path, data={"verb": "maybe", "reason": "x"}).status_code == 409
    assert desk.post(path, data={"verb": "granted", "reason": "属实"}).status_code == 303
    assert anonymous.get(f"/shops/{shop}").status_code == 200
    assert desk.post(path, data={"verb": "granted", "reason": "属实"}).status_code == 409, "decided once"
    assert desk.post(path, data={"verb": "end", "reason": "已办照"}).status_code == 303
    assert anonymous.get(f"/shops/{shop}").status_code == 404


def test_what_was_refused_or_taken_back_can_be_stated_again(doing, manager, root, shop, session):
    client = manager.client()
    client.post(f"/shops/{shop}/exemption", data={"ground": "craft"})
    assert client.post(f"/shops/{shop}/exemption/take-back").status_code == 303
    client.post(f"/shops/{shop}/exemption", data={"ground": "sporadic"})
    session.rollback()
    waits = session.scalars(select(ShopExemption).where(ShopExemption.state == "asked")).one().id
    with doing(root) as w:
        exemptions.decide(w, w.session.get_one(ShopExemption, waits), False, "超出限额")
    assert not standing.is_public(session, shop)
    assert client.post(f"/shops/{shop}/exemption", data={"ground": "service"}).status_code == 303


def test_nobody_decides_on_their_own_shop_and_a_licence_needs_no_exemption(doing, people, root, shop, manager, licensed):
    with pytest.raises(Refused) as no, doing(manager) as w:
        exemptions.state_ground(w, shop, "sporadic")
    assert no.value.code == "licence_there"
    assert "no exemption is needed" in manager.client().get(f"/shops/{shop}/exemption").text


@pytest.mark.parametrize("role", ["shop_clerk", "wipe_operator", "appraiser"])
def test_an_administrator_who_works_there_leaves_it_to_others(doing, people, root, shop, manager, role):
    """In whatever role. The twin without one decides in the tests above."""
    people.give_role(root, role, shop)
    with doing(manager) as w:
        made = exemptions.state_ground(w, shop, "sporadic").id
    with pytest.raises(Forbidden), doing(root) as w:
        exemptions.decide(w, w.session.get_one(ShopExemption, made), True, "属实")


def test_a_shop_without_a_licence_can_be_registered_and_says_so(alice, root, session, anonymous):
    from core.people.models import Organisation

    data = {"kind": "shop", "name": "红梅缝补铺", "licence_no": "", "address": "善贤坝 41 号"}
    assert alice.client().post("/organisations/new", data=data).status_code == 422
    assert alice.client().post("/organisations/new", data={**data, "kind": "agency", "unlicensed": "y"}).status_code == 422
    place = alice.client().post("/organisations/new", data={**data, "unlicensed": "y"}).location
    org_id = place.rsplit("/")[-1]
    assert "states a ground" in root.client().get(f"/admin/organisations/{org_id}").text
    answer = root.client().post(f"/admin/organisations/{org_id}/decide", data={"verb": "approve", "reason": "看过了"})
    assert answer.status_code == 303
    session.rollback()
    assert session.get_one(Organisation, org_id).state == "approved"
    session.rollback()
    other = alice.client().post("/organisations/new", data={**data, "name": "另一家", "unlicensed": "y"})
    assert other.status_code == 303, "two without a code are two"
