"""A shop sells books only with a confirmed 出版物经营许可证; people with their own books are asked for none."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.people.actions.sellers import record_check
from core.people.models import Membership, Notice
from core.queue.models import QueueEntry
from core.states import walk
from core.work import Actor, work
from market.listings import shop_gate
from market.listings.models import Listing
from market.listings.states import LISTING
from market.shops import permits, queries, timers
from market.shops.models import TradePermit
from tests.market.listings.conftest import Seller, told
from tests.market.shops.conftest import LICENCE, PERMIT

BOOK = {"title": "红楼梦 三册"}


@pytest.fixture
def today():
    return clock.local(clock.now()).date()


@pytest.fixture
def checked(doing, root, shop):
    """The platform checked the shop, so that its people can sell in its name."""
    with doing(root) as w:
        record_check(w, account_id=None, org_id=shop, kind="operator", allowed=("operator",), licence_no=LICENCE)
    return shop


def finished(person, shop=""):
    """Book on the three screens; the answer to the last one, in the shop's name or one's own."""
    seller = Seller(person.client())
    draft = seller.draft("book")
    seller.client.post(f"/sell/{draft}/details", data=told("book"))
    data = {"title": "红楼梦 三册", "price": "60", "district": "330106", "description": "无", "condition": "light_use", "sell_as": shop}
    return seller.client.post(f"/sell/{draft}/price", data=data)


def test_without_a_permit_a_shops_book_is_refused_at_the_field_and_nothing_is_lost(checked, clerk, session):
    answer = finished(clerk, checked)
    shown = unescape(answer.text)
    assert answer.status_code == 409 and "publication trade licence" in shown and "红楼梦 三册" in shown
    session.rollback()
    assert session.scalars(select(Listing)).all() == []


def test_with_a_confirmed_one_it_is_on_sale(checked, clerk, permitted, session):
    permitted()
    assert finished(clerk, checked).status_code == 303
    session.rollback()
    assert session.scalars(select(Listing.state)).all() == ["published"]


def test_people_sell_their_own_books_without(clerk, alice, checked, session):
    assert finished(alice).status_code == 303 and finished(clerk).status_code == 303
    session.rollback()
    assert session.scalars(select(Listing.state)).all() == ["published", "published"]


def test_what_needs_none_is_sold_by_the_shop_without(clerk, checked, session):
    Seller(clerk.client()).sells("clothing", told("clothing"), sell_as=checked)
    session.rollback()
    assert session.scalars(select(Listing.org_id)).all() == [checked]


def test_only_a_confirmed_one_counts_and_only_until_its_last_day(doing, manager, root, shop, session, permitted, today):
    with doing(manager) as w:
        permits.enter(w, shop, permits.BOOKS, PERMIT, "新闻出版局", today + timedelta(days=5))
    assert queries.find_valid_permit(session, shop, permits.BOOKS, today) is None
    manager.client().post(f"/shops/{shop}/permit/take-back")
    session.rollback()
    permitted(days=5)
    assert queries.find_valid_permit(session, shop, permits.BOOKS, today + timedelta(days=5)) is not None
    assert queries.find_valid_permit(session, shop, permits.BOOKS, today + timedelta(days=6)) is None


def test_it_goes_through_the_pages_and_the_queue(manager, people, root, shop, session, today):
    client, path = manager.client(), f"/shops/{shop}/permit"
    data = {"number": PERMIT, "issuer": "西湖区新闻出版局", "valid_until": (today + timedelta(days=400)).isoformat()}
    for wrong in ({"number": "1"}, {"issuer": "x"}, {"valid_until": (today - timedelta(days=1)).isoformat()}, {"valid_until": "soon"}):
        answer = client.post(path, data={**data, **wrong})
        assert answer.status_code == 422 and next(iter(wrong.values())) in answer.text
    assert client.post(path, data=data).status_code == 303 and client.post(path, data=data).status_code == 409
    session.rollback()
    entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == "trade_permit")).one()
    assert client.get(entry.link).status_code == 403
    reviewer, platform = people.person("Rui"), people.organisation("循市二", "platform")
    people.give_role(reviewer, "reviewer", platform)
    desk = reviewer.client()
    assert PERMIT in desk.get(entry.link).text
    assert desk.post(entry.link, data={"verb": "confirmed", "reason": ""}).status_code == 422
    assert desk.post(entry.link, data={"verb": "?", "reason": "x"}).status_code == 409
    assert desk.post(entry.link, data={"verb": "refused", "reason": "查无此证"}).status_code == 303
    assert client.post(path, data=data).status_code == 303, "a refused one can be entered again"
    session.rollback()
    waits = session.scalars(select(TradePermit.id).where(TradePermit.state == "asked")).one()
    session.rollback()
    assert desk.post(f"/trade-permits/{waits}", data={"verb": "confirmed", "reason": "一致"}).status_code == 303
    assert "Confirmed" in client.get(path).text and "Confirmed" in client.get(f"/shops/{shop}/desk").text


def test_a_renewed_one_replaces_the_old(permitted, session):
    old = permitted(days=10)
    new = permitted(days=900)
    states = {row.id: row.state for row in session.scalars(select(TradePermit))}
    assert states == {old: "replaced", new: "confirmed"}


def test_who_asked_decides_nothing_also_once_they_have_left(doing, people, root, shop, session, today):
    people.give_role(root, "shop_manager", shop)
    with doing(root) as w:
        made = permits.enter(w, shop, permits.BOOKS, PERMIT, "新闻出版局", today).id
    with doing() as w:
        for row in w.session.scalars(select(Membership).where(Membership.account_id == root.id, Membership.org_id == shop)):
            row.ended_at = w.now
    with pytest.raises(Forbidden), doing(root) as w:
        permits.decide(w, w.session.get_one(TradePermit, made), True, "x")


@pytest.mark.parametrize("role", ["shop_clerk", "wipe_operator"])
def test_who_works_there_doesnt_confirm_it(doing, people, root, shop, manager, today, role):
    people.give_role(root, role, shop)
    with doing(manager) as w:
        made = permits.enter(w, shop, permits.BOOKS, PERMIT, "新闻出版局", today).id
    with pytest.raises(Forbidden), doing(root) as w:
        permits.decide(w, w.session.get_one(TradePermit, made), True, "x")


def after(session, days):
    now = clock.now() + timedelta(days=days)
    with clock.stopped_at(now), work(session, Actor("system:shops"), now) as w:
        timers.run(w)


def test_the_manager_is_reminded_and_then_the_books_come_off_sale(checked, clerk, manager, permitted, session, doing):
    made = permitted(days=100)
    finished(clerk, checked)
    Seller(clerk.client()).sells("clothing", told("clothing"), sell_as=checked)

    def reminders():
        session.rollback()
        return len(session.scalars(select(Notice.id).where(Notice.account_id == manager.id, Notice.sentence.contains("ends on"))).all())

    after(session, 60)
    assert reminders() == 0
    after(session, 70)
    after(session, 71)
    assert reminders() == 1
    after(session, 95)
    assert reminders() == 2
    after(session, 100)
    session.rollback()
    assert session.get_one(TradePermit, made).state == "confirmed", "its last day counts"
    after(session, 101)
    assert session.get_one(TradePermit, made).state == "expired"
    assert {row.category: row.state for row in session.scalars(select(Listing))} == {"book": "paused", "clothing": "published"}
    with doing() as w:
        walk(w, LISTING, w.session.scalars(select(Listing).where(Listing.category == "book")).one(), "resume")
    with doing() as w:
        shop_gate.sweep(w)
    assert {row.category: row.state for row in session.scalars(select(Listing))} == {"book": "paused", "clothing": "published"}


def test_one_that_ran_out_while_it_waited_isnt_confirmed(doing, manager, root, shop, session, today):
    with doing(manager) as w:
        made = permits.enter(w, shop, permits.BOOKS, PERMIT, "新闻出版局", today).id
    later = clock.now() + timedelta(days=2)
    with clock.stopped_at(later), pytest.raises(Refused), work(session, root.actor, later) as w:
        permits.decide(w, w.session.get_one(TradePermit, made), True, "一致")
    with pytest.raises(Invalid), doing(manager) as w:
        permits.enter(w, shop, "guns", PERMIT, "新闻出版局", today)
