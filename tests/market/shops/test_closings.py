"""The shop announces its end thirty days ahead, everybody sees the days left, and on the day the clockwork closes it."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Invalid, Refused
from core.people.models import Notice
from core.states import walk
from core.work import Actor, work
from market.listings import shop_gate
from market.listings.models import Listing
from market.listings.states import LISTING
from market.orders import placing
from market.shops import closings, points, residents, standing, timers
from market.shops.models import ShopClosing, ShopPoint
from tests.market.shops.conftest import told


@pytest.fixture
def today():
    return clock.local(clock.now()).date()


@pytest.fixture
def announced(doing, manager, licensed, opened, today, alice):
    """The end of a shop with one point is announced in forty days; Alice follows the shop."""
    point = opened()
    with doing(alice) as w:
        residents.follow(w, licensed)
    with doing(manager) as w:
        closings.announce(w, licensed, today + timedelta(days=40), "请在停业前取回物品", 30)
    return point


def after(session, days):
    now = clock.now() + timedelta(days=days)
    with clock.stopped_at(now), work(session, Actor("system:shops"), now) as w:
        timers.run(w)


def test_it_is_announced_on_the_page_and_at_each_point_and_everybody_is_told(announced, licensed, anonymous, alice, clerk, manager, session, today):
    shown = unescape(anonymous.get(f"/shops/{licensed}").text)
    day = (today + timedelta(days=40)).isoformat()
    assert day in shown and "还剩40天" in shown and "请在停业前取回物品" in shown and f"{day}起停业" in shown
    told_to = set(session.scalars(select(Notice.account_id).where(Notice.sentence.contains("will be closed from"))))
    assert told_to == {alice.id}, "the manager who did it knows; the clerk came later"
    assert not standing.takes_goods(session, licensed, clock.now()) and standing.why_not(session, licensed, clock.now()) == "shop_ends"
    with pytest.raises(Refused):
        standing.demand_takes_goods(session, licensed, clock.now())


def test_no_point_is_opened_while_the_end_is_announced(announced, doing, manager, licensed):
    with pytest.raises(Refused) as no, doing(manager) as w:
        points.open_point(w, licensed, told(name="分店"))
    assert no.value.code == "shop_ends"


def test_called_off_everything_goes_on(announced, doing, manager, licensed, session, alice, anonymous):
    assert manager.client().post(f"/shops/{licensed}/closing/call-off").status_code == 303
    session.rollback()
    assert standing.takes_goods(session, licensed, clock.now()) and "起停业" not in anonymous.get(f"/shops/{licensed}").text
    after(session, 41)
    assert session.get_one(ShopPoint, announced).state == "open"
    assert manager.client().post(f"/shops/{licensed}/closing/call-off").status_code == 409


def test_on_the_day_it_is_closed_and_not_before(announced, session, licensed, alice):
    after(session, 39)
    assert session.get_one(ShopPoint, announced).state == "open"
    after(session, 40)
    assert session.get_one(ShopPoint, announced).state == "closed" and standing.has_ended(session, licensed)
    said = session.scalars(select(Notice.sentence).where(Notice.account_id == alice.id).order_by(Notice.at, Notice.id)).all()
    assert sum("is closed from today" in one for one in said) == 1
    after(session, 41)
    assert len(session.scalars(select(Notice.id).where(Notice.account_id == alice.id)).all()) == len(said), "told once"


def test_after_downtime_it_is_caught_up(announced, session, licensed):
    after(session, 60)
    assert standing.has_ended(session, licensed)


def test_nothing_stays_on_sale_in_a_closed_shops_name(announced, session, licensed, doing, alice, bob, run_jobs):
    from tests.market_stories import listed_coat

    coat, own = listed_coat(doing, alice, title="店里的大衣"), listed_coat(doing, alice, title="自己的大衣")
    with doing() as w:
        w.session.get_one(Listing, coat).org_id = licensed
    after(session, 40)
    assert session.get_one(Listing, coat).state == "paused" and session.get_one(Listing, own).state == "published"
    session.rollback()
    answer = alice.client().post(f"/listings/{coat}/publish")
    assert answer.status_code == 409
    with doing() as w:
        walk(w, LISTING, w.session.get_one(Listing, coat), "resume")  # as a reservation that ended without a sale
    with pytest.raises(Refused, match="shop_ended"), doing(bob) as w:
        placing.reserve(w, coat)
    with doing(bob) as w:
        placing.reserve(w, own)
    with doing() as w:
        shop_gate.sweep(w)
    assert session.get_one(Listing, coat).state == "paused" and session.get_one(Listing, own).state == "reserved"
    assert run_jobs() >= 1


def test_a_closed_shop_opens_again_and_its_points_one_by_one(announced, session, licensed, doing, manager):
    after(session, 40)
    session.rollback()
    assert manager.client().post(f"/shops/{licensed}/points/{announced}/reopen").status_code == 409
    assert "Open the shop again" in manager.client().get(f"/shops/{licensed}/closing").text
    assert manager.client().post(f"/shops/{licensed}/closing/reopen").status_code == 303
    assert manager.client().post(f"/shops/{licensed}/points/{announced}/reopen").status_code == 303
    session.rollback()
    assert standing.takes_goods(session, licensed, clock.now())


def test_a_day_too_near_is_refused_at_its_field_and_the_first_good_one_passes(manager, licensed, session, today):
    client, path = manager.client(), f"/shops/{licensed}/closing"
    answer = client.post(path, data={"closes_on": (today + timedelta(days=29)).isoformat(), "words": "搬迁"})
    assert answer.status_code == 422 and "搬迁" in answer.text and (today + timedelta(days=30)).isoformat() in answer.text
    assert client.post(path, data={"closes_on": "soon"}).status_code == 422
    assert client.post(path, data={"closes_on": (today + timedelta(days=30)).isoformat()}).status_code == 303
    assert client.post(path, data={"closes_on": (today + timedelta(days=50)).isoformat()}).status_code == 409, "one end at a time"
    session.rollback()
    assert session.scalars(select(ShopClosing.state)).all() == ["announced"]


def test_a_house_can_ask_for_more_days_and_never_for_fewer(doing, manager, licensed, today):
    from core.config import BadSetting, load

    with pytest.raises(Invalid), doing(manager) as w:
        closings.announce(w, licensed, today + timedelta(days=44), "", 45)
    assert load({"XUNSHI_CLOSE_NOTICE_DAYS": "45"}).close_notice_days == 45 and load({}).close_notice_days == 30
    for wrong in ("29", "0", "x"):
        with pytest.raises(BadSetting):
            load({"XUNSHI_CLOSE_NOTICE_DAYS": wrong})


def test_a_shop_without_a_point_takes_no_goods_and_other_organisations_never(session, licensed, people):
    assert standing.why_not(session, licensed, clock.now()) == "no_open_point"
    agency = people.organisation("鉴定所", "agency")
    for one in (agency, "nothing"):
        assert standing.why_not(session, one, clock.now()) == "shop_not_here"
