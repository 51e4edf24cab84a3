"""The program notices, a person decides: prices far from their like, one thing sold again, lines that lead away."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from core import clock
from core.audit import AuditLine
from core.people.models import Notice
from core.queue.models import QueueEntry
from core.work import Actor, work
from market.listings import actions as listings
from market.listings.models import Listing, Message
from market.orders.models import Order
from market.oversight import flagging
from market.oversight.actions import decide_flag
from market.oversight.models import Flag
from tests import stories
from tests.market_stories import checked, listed, listed_coat, ordered, sold, state_of
from tests.queue_stories import entry_of


@pytest.fixture
def street(doing, people):
    """Eight coats of eight other people, from 160 to 230 yuan."""
    for n in range(8):
        listed_coat(doing, people.person(f"Seller{n}"), price=16000 + n * 1000)


def flags(session, kind=None):
    session.rollback()
    return session.scalars(select(Flag).where(Flag.kind == kind) if kind else select(Flag)).all()


# --- prices --------------------------------------------------------------------------------------------------------


def test_a_price_far_below_its_like_is_looked_at(session, doing, street, alice, rui, run_jobs):
    coat = listed_coat(doing, alice, price=1900)
    run_jobs()
    (flag,) = flags(session)
    assert (flag.kind, flag.about_id, flag.facts["side"], flag.facts["basis"], flag.facts["count"]) == ("price", alice.id, "low", "category", 8)
    assert flag.facts["median_twice"] == 19000 + 20000 and state_of(session, coat) == "published", "noticed, not judged"
    entry = entry_of(session, "flag", flag.id)
    assert entry.state == "open" and entry.link == f"/flags/{flag.id}"
    desk = rui.client()
    assert "The program noticed something" in desk.get("/queue").text
    page = desk.get(f"/flags/{flag.id}").text
    assert "¥19.00" in page and "¥195.00" in page and "below the median divided by 5" in page and "8 prices of other sellers" in page
    answer = desk.post(f"/flags/{flag.id}", data={"decision": "dismiss", "follow": "nothing", "reason": "卖家写明有破损"})
    assert answer.status_code == 303 and state_of(session, coat) == "published"
    assert entry_of(session, "flag", flag.id).verdict == "dismissed" and "卖家写明有破损" in desk.get(f"/flags/{flag.id}").text


def test_its_twin_at_a_usual_price_is_not(session, doing, street, alice, run_jobs):
    listed_coat(doing, alice, price=3900)
    listed_coat(doing, alice, price=97500)
    run_jobs()
    assert flags(session) == []


def test_too_few_prices_say_nothing(session, doing, people, alice, run_jobs):
    for n in range(7):
        listed_coat(doing, people.person(f"Seller{n}"), price=20000)
    listed_coat(doing, alice, price=100)
    run_jobs()
    assert flags(session) == []


def test_nobody_sets_the_measure_for_their_own_price(session, doing, alice, run_jobs):
    for _ in range(9):
        listed_coat(doing, alice, price=20000)
    listed_coat(doing, alice, price=100)
    run_jobs()
    assert flags(session) == []


def test_said_once_a_price_and_again_when_it_changes(session, doing, street, alice, run_jobs):
    coat = listed_coat(doing, alice, price=200000)
    run_jobs()
    for price in (200000, 200000, 300000):
        with doing(alice) as w:
            offer = listings.Offer(title="波司登羽绒服", price_minor=price, district="330106")
            listings.edit(w, w.session.get_one(Listing, coat), offer)
        run_jobs()
    assert [one.facts["price"] for one in flags(session)] == [200000, 300000] and flags(session)[0].facts["side"] == "high"


def test_the_same_grade_counts_before_the_category(session, doing, people, street, alice, run_jobs):
    run_jobs()
    for n in range(8):
        coat = listed_coat(doing, people.person(f"Fine{n}"), price=900000)
        with doing() as w:
            w.session.execute(update(Listing).where(Listing.id == coat).values(grade="A"))
    run_jobs()
    earlier = len(flags(session))
    mine = listed_coat(doing, alice, price=150000)
    with doing() as w:
        w.session.execute(update(Listing).where(Listing.id == mine).values(grade="A"))
    run_jobs()
    new = [one for one in flags(session) if one.about_id == alice.id]
    assert earlier == 8 and [(one.facts["basis"], one.facts["side"], one.facts["count"]) for one in new] == [("grade", "low", 8)]


# --- sold again ----------------------------------------------------------------------------------------------------


def resold(doing, item_id, seller, buyer):
    order_id = ordered(doing, listed(doing, item_id, seller), buyer)
    checked(doing, order_id, buyer)
    sold(doing, order_id, seller)
    return order_id


def test_the_same_thing_sold_twice_in_a_month_is_looked_at(session, doing, alice, bob, charlie, rui):
    item = stories.coat(doing, alice)
    first = resold(doing, item, alice, bob)
    assert flags(session) == []
    second = resold(doing, item, bob, charlie)
    (flag,) = flags(session)
    assert (flag.kind, flag.about_id, flag.facts["sales"]) == ("again", bob.id, 2)
    assert [one["id"] for one in flag.facts["orders"]] == [second, first] and session.get_one(Order, second).state == "completed"
    page = rui.client().get(f"/flags/{flag.id}").text
    assert "2 sales in 30 days" in page and session.get_one(Order, first).number in page
    assert "Freeze the listing" not in page, "it is sold: there is nothing to freeze"
    with pytest.raises(Exception, match="not_freezable"), doing(rui) as w:
        decide_flag(w, w.session.get_one(Flag, flag.id), True, "frozen", "x")
    assert rui.client().post(f"/flags/{flag.id}", data={"decision": "uphold", "reason": "同一件衣服反复刷单"}).status_code == 303
    assert flags(session)[0].follow == "nothing" and entry_of(session, "flag", flag.id).verdict == "upheld"


def test_its_twins_sold_after_a_month_or_given_back_are_not(session, doing, alice, bob, charlie, people):
    item, start = stories.coat(doing, alice), clock.now()
    with clock.stopped_at(start - timedelta(days=31)):
        resold(doing, item, alice, bob)
    resold(doing, item, bob, charlie)
    other = stories.coat(doing, alice)
    undone = resold(doing, other, alice, bob)
    with doing() as w:
        w.session.execute(update(Order).where(Order.id == undone).values(state="refunded"))
        from core.goods.models import Item

        w.session.get_one(Item, other).owner_id = alice.id
    resold(doing, other, alice, charlie)
    assert flags(session) == []


def test_a_thing_registered_anew_with_the_same_number_is_the_same_thing(session, doing, alice, bob, charlie):
    from core.goods.models import Identifier, Item
    from core.ids import new_id

    one, two = stories.coat(doing, alice), stories.coat(doing, bob)
    with doing() as w:
        for item, live in ((one, False), (two, True)):
            w.session.add(Identifier(id=new_id(), item_id=item, kind="serial", value="x", digest="d" * 64, masked="…", live=live, added_at=w.now))
        assert w.session.get_one(Item, one).category == "clothing"
    resold(doing, one, alice, charlie)
    resold(doing, two, bob, charlie)
    assert [(flag.kind, flag.about_id) for flag in flags(session)] == [("again", bob.id)]


# --- marked lines --------------------------------------------------------------------------------------------------


def sweep(session, at=None):
    with work(session, Actor("system:marked_lines"), at or clock.now()) as w:
        flagging.look_at_lines(w)


def test_lines_that_lead_away_from_several_people_are_looked_at(session, doing, people, alice, bob, charlie, rui):
    coat = listed_coat(doing, alice)
    for buyer in (bob, charlie):
        buyer.client().post(f"/listings/{coat}/talk/{buyer.id}", data={"body": "还在吗"})
        alice.client().post(f"/listings/{coat}/talk/{buyer.id}", data={"body": "加我微信转账便宜", "sure": "yes"})
    bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": "可以支付宝吗", "sure": "yes"})
    sweep(session)
    sweep(session)
    (flag,) = flags(session)
    assert (flag.kind, flag.about_id, flag.facts["people"], flag.facts["lines"]) == ("away", alice.id, 2, 2)
    page = rui.client().get(f"/flags/{flag.id}").text
    assert page.count("加我微信转账便宜") == 2 and "还在吗" not in page and "支付宝" not in page, "the marked lines of this person only"
    session.rollback()
    looked = session.scalars(select(AuditLine).where(AuditLine.word == "market:flag:looked")).one()
    assert (looked.actor, looked.subject) == (rui.id, flag.id)


def test_its_twin_one_marked_line_to_one_person_is_not(session, doing, alice, bob, charlie):
    coat = listed_coat(doing, alice)
    for _ in range(3):
        alice.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": "加我微信", "sure": "yes"})
    alice.client().post(f"/listings/{coat}/talk/{charlie.id}", data={"body": "明天可以自提"})
    sweep(session)
    assert session.scalars(select(Message).where(Message.warned)).all() and flags(session) == []


@pytest.mark.slow
def test_weeks_apart_is_not_often(session, doing, alice, bob, charlie):
    coat, start = listed_coat(doing, alice), clock.now()
    with clock.stopped_at(start - timedelta(days=8)):
        alice.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": "加我微信", "sure": "yes"})
    alice.client().post(f"/listings/{coat}/talk/{charlie.id}", data={"body": "加我微信", "sure": "yes"})
    sweep(session)
    assert flags(session) == []


# --- the decision --------------------------------------------------------------------------------------------------


@pytest.fixture
def flag(session, doing, street, alice, run_jobs):
    listed_coat(doing, alice, price=1900)
    run_jobs()
    return flags(session)[0].id


def test_frozen_only_because_a_person_chose_it(session, flag, alice, rui):
    listing = flags(session)[0].listing_id
    desk = rui.client()
    assert "Freeze the listing" in desk.get(f"/flags/{flag}").text
    assert desk.post(f"/flags/{flag}", data={"decision": "uphold", "follow": "frozen", "reason": "诱饵价"}).status_code == 303
    assert state_of(session, listing) == "frozen" and flags(session)[0].follow == "frozen"
    notice = session.scalars(select(Notice).where(Notice.account_id == alice.id).order_by(Notice.id.desc())).first()
    assert "frozen" in notice.sentence and notice.link == f"/listings/{listing}"
    assert desk.post(f"/flags/{flag}", data={"decision": "dismiss", "reason": "x"}).status_code == 409, "decided once"


@pytest.mark.parametrize("data", [
    {"decision": "uphold", "follow": "nothing", "reason": ""}, {"decision": "", "reason": "x"}, {"decision": "burn", "reason": "x"},
    {"decision": "dismiss", "follow": "frozen", "reason": "x"}, {"decision": "uphold", "follow": "prison", "reason": "x"},
])  # fmt: skip
def test_a_decision_needs_an_answer_and_a_reason(session, flag, rui, data):
    answer = rui.client().post(f"/flags/{flag}", data=data)
    assert answer.status_code == 422 and "Please check these entries" in answer.text
    assert flags(session)[0].state == "open" and entry_of(session, "flag", flag).state == "open"


def test_only_staff_and_never_whom_it_is_about(session, people, flag, alice, bob, charlie, wang, ines, root, anonymous):
    for person in (bob, charlie, wang, ines):
        assert person.client().get(f"/flags/{flag}").status_code == 403
        assert person.client().post(f"/flags/{flag}", data={"decision": "dismiss", "reason": "x"}).status_code == 403
    assert "sign-in" in anonymous.get(f"/flags/{flag}").location
    people.give_role(alice, "reviewer", people.organisation("审核", "platform"))
    assert alice.client().get(f"/flags/{flag}").status_code == 403
    assert root.client().get(f"/flags/{flag}").status_code == 200
    assert root.client().post(f"/flags/{flag}", data={"decision": "dismiss", "reason": "没有问题"}).status_code == 303


def test_the_database_holds_it(session, doing, flag, alice, rui):
    for change in (
        "state = 'upheld'", "state = 'dismissed', decided_by = 'x', decided_at = at", "kind = 'away'",
        f"state = 'dismissed', reason = 'x', decided_by = '{alice.id}', decided_at = at", "follow = 'frozen'",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), doing() as w:
            w.session.execute(text(f"UPDATE flags SET {change}"))
    with doing() as w:
        w.session.execute(update(QueueEntry).values(state="lapsed", ended_at=w.now))
        w.session.execute(text(f"UPDATE flags SET state = 'dismissed', reason = 'x', decided_by = '{rui.id}', decided_at = at"))
    for change in ("UPDATE flags SET reason = 'y'", "DELETE FROM flags"):
        with pytest.raises(DatabaseError, match="stays"), doing() as w:
            w.session.execute(text(change))


def test_a_person_sees_what_was_noticed_of_them(session, flag, alice, bob):
    from core.ports import providers

    told = providers("personal_data")["market"](session, alice.id)
    assert [one["kind"] for one in told["flags"]] == ["price"] and providers("personal_data")["market"](session, bob.id)["flags"] == []
