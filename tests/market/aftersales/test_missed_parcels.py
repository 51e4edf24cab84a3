"""A parcel that is missed: it came after all, it is lost, it came back, or somebody has to decide."""

import ast
import hashlib
import inspect
import io
import json
import zipfile
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock
from core.config import BadSetting, load
from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.people.models import Notice
from market.aftersales import actions, undelivered
from market.aftersales import undelivered_rules as rules
from market.aftersales.models import Case
from market.ledger.actions import balance
from market.listings import actions as listings
from market.listings.actions import Offer
from market.listings.models import Listing
from market.orders import order_rules, parcel, timers, transport
from market.orders.models import Order
from market.orders.states import ORDER
from market.payments import actions as payments
from market.payments.models import Refund
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import find_clearance
from tests.market_stories import checked, listed_coat, listed_laptop, ordered, sold, state_of, transferred_and_sent
from tests.stories import picture

DAY = timedelta(days=1)


@pytest.fixture
def coat(doing, alice):
    return listed_coat(doing, alice)


@pytest.fixture
def sent(doing, coat, alice, bob):
    """Bob paid Alice's coat by bank transfer; it is with the carrier."""
    return transferred_and_sent(doing, coat, alice, bob)


@pytest.fixture
def missed(at, sent, bob):
    with at(6, bob) as w:
        return undelivered.miss(w, order_of(w, sent), "三天没有更新", days=5).id


def order_of(w, order_id):
    return w.session.get_one(Order, order_id, with_for_update=True)


def case_of(w, case_id):
    return w.session.get_one(Case, case_id, with_for_update=True)


def sweep(at, day):
    for step in (timers.run_out, actions.run_out):
        with at(day) as w:
            step(w)


def read(session, order_id):
    session.rollback()
    return session.get_one(Order, order_id)


def end_of(session, case_id):
    session.rollback()
    case = session.get_one(Case, case_id)
    return case.state, case.outcome, case.granted_minor


# --- from when on -------------------------------------------------------------------------------------------------


def test_a_few_days_belong_to_the_carrier(session, at, sent, bob):
    with pytest.raises(Refused, match="too_early"), at(4.99, bob) as w:
        undelivered.miss(w, order_of(w, sent), "还没到", days=5)
    assert read(session, sent).state == "shipped"
    with at(5, bob) as w:
        undelivered.miss(w, order_of(w, sent), "还没到", days=5)
    assert read(session, sent).state == "after_sales"


@pytest.mark.parametrize("days", ["1", "9"])
def test_the_operator_says_from_which_day_on(tmp_path, days):
    assert load({"XUNSHI_DATA": str(tmp_path), "XUNSHI_NOT_ARRIVED_DAYS": days}).not_arrived_days == int(days)
    assert load({"XUNSHI_DATA": str(tmp_path)}).not_arrived_days == 5


@pytest.mark.parametrize("days", ["0", "10", "-1", "five", "5.5", "五", "٣"])
def test_a_day_after_it_counts_as_received_is_no_setting(tmp_path, days):
    with pytest.raises(BadSetting, match="XUNSHI_NOT_ARRIVED_DAYS"):
        load({"XUNSHI_DATA": str(tmp_path), "XUNSHI_NOT_ARRIVED_DAYS": days})


def test_only_its_buyer_misses_it_and_says_what_the_tracking_shows(session, at, sent, alice, bob, charlie):
    for who in (alice, charlie):
        with pytest.raises(Refused, match="buyer_asks"), at(6, who) as w:
            undelivered.miss(w, order_of(w, sent), "还没到", days=5)
    with pytest.raises(Invalid, match="words_missing") as no, at(6, bob) as w:
        undelivered.miss(w, order_of(w, sent), " ", days=5)
    assert no.value.field == "words" and read(session, sent).state == "shipped"


def test_said_twice_it_is_one_case(at, sent, bob, missed):
    with at(6, bob) as w:
        assert undelivered.miss(w, order_of(w, sent), "三天没有更新", days=5).id == missed
    with pytest.raises(Refused, match="case_open"), at(6, bob) as w:
        undelivered.miss(w, order_of(w, sent), "别的话", days=5)


def test_what_has_come_isnt_missed_any_more(session, doing, at, sent, bob):
    with doing(bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    with pytest.raises(Refused, match="came_already"), at(6, bob) as w:
        undelivered.miss(w, order_of(w, sent), "还没到", days=5)


# --- the clock stands still ---------------------------------------------------------------------------------------


def test_nothing_counts_as_received_while_it_is_looked_for(session, at, sent, missed):
    until = read(session, sent).confirm_until
    for day in (11, 12.5):
        sweep(at, day)
        assert read(session, sent).state == "after_sales" and session.get_one(Order, sent).received_at is None
    assert session.get_one(Order, sent).confirm_until == until
    assert session.get_one(Item, session.get_one(Order, sent).item_id).owner_id != session.get_one(Order, sent).buyer_id


def test_without_it_the_same_days_make_it_received(session, at, sent, bob):
    sweep(at, 11)
    assert read(session, sent).state == "completed" and session.get_one(Order, sent).received_at is not None


def test_waiting_on_the_clock_goes_on_with_what_was_left(session, at, sent, bob, missed):
    with at(9, bob) as w:  # four of ten days were left when it was missed on the sixth
        actions.withdraw(w, case_of(w, missed))
    order = read(session, sent)
    assert order.state == "shipped" and timedelta(days=3.9) < order.confirm_until - clock.now() - 9 * DAY < timedelta(days=4.1)
    sweep(at, 12.5)
    assert read(session, sent).state == "shipped"
    sweep(at, 13.5)
    assert read(session, sent).state == "completed"


def test_missed_twice_at_most(session, at, sent, bob, missed):
    with at(7, bob) as w:
        actions.withdraw(w, case_of(w, missed))
    with at(8, bob) as w:
        second = undelivered.miss(w, order_of(w, sent), "还是没到", days=5).id
    with at(8, bob) as w:
        actions.withdraw(w, case_of(w, second))
    with pytest.raises(Refused, match="said_twice"), at(9, bob) as w:
        undelivered.miss(w, order_of(w, sent), "又没到", days=5)
    sweep(at, 13)
    assert read(session, sent).state == "completed", "its date comes"


def test_the_way_to_say_that_it_came_is_the_case(session, at, sent, bob, missed):
    with pytest.raises(Refused, match="say_in_case"), at(7, bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    assert read(session, sent).received_at is None and end_of(session, missed)[0] == "opened"
    with at(7, bob) as w:
        undelivered.arrived(w, case_of(w, missed))
    assert read(session, sent).received_at is not None and end_of(session, missed) == ("settled", "arrived", 0)


# --- it came after all --------------------------------------------------------------------------------------------


def test_it_came_after_all_and_goes_its_usual_way(session, at, sent, coat, alice, bob, missed):
    with at(8, bob) as w:
        undelivered.arrived(w, case_of(w, missed))
    order = read(session, sent)
    assert order.state == "completed" and order.refunded_minor == 0, "nobody holds its money, so it closes at once"
    assert order.after_sales_until == order.received_at + 2 * DAY
    assert state_of(session, coat) == "sold" and session.get_one(Item, order.item_id).owner_id == bob.id
    assert not session.scalars(select(Refund)).all()


def test_only_the_buyer_says_that_it_came(session, at, sent, alice, charlie, missed):
    for who in (alice, charlie):
        with pytest.raises(Refused, match="not_yours"), at(8, who) as w:
            undelivered.arrived(w, case_of(w, missed))
    assert read(session, sent).received_at is None


def test_shown_as_delivered_and_left_alone_it_counts_as_received(session, at, sent, alice, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "快递柜 12 日已签收")
    sweep(at, 20.9)
    assert end_of(session, missed) == ("refused", "", None) and read(session, sent).received_at is None
    sweep(at, 21.1)
    assert end_of(session, missed) == ("settled", "arrived", 0) and read(session, sent).state == "completed"
    assert not session.scalars(select(Refund)).all()


def test_nothing_shown_is_no_proof(session, at, alice, bob, missed):
    with pytest.raises(Invalid, match="proof_missing") as no, at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "  ")
    assert no.value.field == "words" and end_of(session, missed)[0] == "opened"
    with pytest.raises(Refused, match="not_yours"), at(7, bob) as w:
        undelivered.answer(w, case_of(w, missed), False, "签收了")
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "", ["a" * 64])
    assert end_of(session, missed)[0] == "refused", "a picture of the tracking is one"


# --- it is lost ---------------------------------------------------------------------------------------------------


def lost_for_the_seller(session, at, order_id, listing_id):
    order = read(session, order_id)
    assert (order.refunded_minor, order.ended_why, order.received_at) == (order.price_minor, "lost_on_its_way", None)
    assert state_of(session, listing_id) == "lost"
    item = session.get_one(Item, order.item_id)
    line = custody.find_holder(session, item.id)
    assert item.owner_id == order.seller_id and line.why == "lost" and custody.where(line) == "Lost on its way"


def test_the_seller_agrees_and_all_goes_back(session, doing, at, sent, coat, alice, bob, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), True, "快递说找不到了")
    assert end_of(session, missed) == ("settled", "lost", 19900)
    lost_for_the_seller(session, at, sent, coat)
    assert balance(session, "buyer", bob.id).minor == 19900, "owed until it is paid back"
    row = session.scalars(select(Refund)).one().id
    with doing(alice) as w:
        payments.say_refunded(w, w.session.get_one(Refund, row))
    with doing(bob) as w:
        payments.confirm_refunded(w, w.session.get_one(Refund, row))
    assert read(session, sent).state == "refunded"
    for kind, who in (("buyer", bob.id), ("seller_payable", alice.id), ("platform_fee", "platform")):
        assert balance(session, kind, who).minor == 0


def test_no_answer_in_time_is_a_loss_not_a_wait_for_ever(session, at, sent, coat, alice, bob, missed):
    sweep(at, 12.9)
    assert end_of(session, missed)[0] == "opened"
    sweep(at, 13.1)
    assert end_of(session, missed) == ("settled", "lost", 19900)
    lost_for_the_seller(session, at, sent, coat)
    told = session.scalars(select(Notice.sentence).where(Notice.account_id.in_([alice.id, bob.id])))
    assert len([one for one in told if "didn't show in time" in one]) == 2
    sweep(at, 40)
    assert session.scalars(select(Refund.amount_minor)).all() == [19900], "once"


def test_what_is_lost_isnt_for_sale_until_it_is_back(session, doing, at, sent, coat, alice, bob, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), True, "")
    item_id = read(session, sent).item_id

    def offered(day):
        with at(day, alice) as w:
            item = w.session.get_one(Item, item_id)
            row = listings.draft(w, item, alice.id, Offer(title="大衣", price_minor=100, district="330106"), seller_kind="idle")
            listings.publish(w, row, find_clearance(w.session, item_id))
            return row.id

    with pytest.raises(Refused, match="lost_on_its_way"):
        offered(8)
    with pytest.raises(Refused, match="not_yours"), at(9, bob) as w:
        transport.find(w, order_of(w, sent))
    for _again in range(2):
        with at(9, alice) as w:
            transport.find(w, order_of(w, sent))
    assert len([one for one in custody.history(session, item_id) if one.why == "undelivered"]) == 1
    assert state_of(session, offered(10)) == "published" and state_of(session, coat) == "lost"


def test_a_parcel_that_isnt_lost_isnt_found(session, doing, sent, alice):
    with pytest.raises(Refused, match="not_lost"), doing(alice) as w:
        transport.find(w, order_of(w, sent))


def test_a_lost_device_has_no_clearance_and_a_found_one_is_wiped_again(app, session, doing, at, alice, bob, wang, zhao, shop):
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = transferred_and_sent(doing, laptop, alice, bob)
    item_id = read(session, order_id).item_id
    before = session.get_one(Item, item_id).epoch
    with at(6, bob) as w:
        case_id = undelivered.miss(w, order_of(w, order_id), "没到", days=5).id
    with app.app_context(), at(7, alice) as w:
        undelivered.answer(w, case_of(w, case_id), True, "丢了")
    session.rollback()
    assert state_of(session, laptop) == "lost" and session.get_one(Item, item_id).epoch == before + 1
    assert session.scalars(select(Clearance.state)).all() == ["custody_raised"] and session.scalars(select(Certificate.ended_why)).all() == ["lost"]
    told = session.scalars(select(Notice.sentence).where(Notice.account_id == alice.id)).all()
    assert not [one for one in told if "taken off sale" in one or "ended while it was on its way" in one], "they know that it is lost"
    session.rollback()
    with at(9, alice) as w:
        transport.find(w, order_of(w, order_id))
    assert session.get_one(Item, item_id).epoch == before + 2 and find_clearance(session, item_id) is None
    with pytest.raises(IntegrityError), doing() as w:
        w.session.execute(text("UPDATE listings SET state = 'published' WHERE id = :id"), {"id": laptop})


# --- it came back to its seller -----------------------------------------------------------------------------------


def test_undeliverable_it_comes_back_and_the_price_too(session, at, sent, coat, alice, bob):
    with at(3, alice) as w:  # nobody had to miss it first
        case_id = undelivered.come_back(w, order_of(w, sent), "收件人拒收").id
    order = read(session, sent)
    assert end_of(session, case_id) == ("settled", "came_back", 19900) and order.ended_why == "came_back"
    assert state_of(session, coat) == "paused" and session.get_one(Item, order.item_id).owner_id == alice.id
    assert balance(session, "buyer", bob.id).minor == 19900
    with at(3, alice) as w:
        assert undelivered.come_back(w, order_of(w, sent), "再点一次").id == case_id
    assert len(session.scalars(select(Refund)).all()) == 1
    with at(4, alice) as w:
        listing = w.session.get_one(Listing, coat)
        assert listings.publish(w, listing, find_clearance(w.session, listing.item_id))


def test_what_came_back_is_sold_again_by_the_same_listing(session, doing, at, sent, coat, alice, bob):
    with at(3, alice) as w:
        undelivered.come_back(w, order_of(w, sent), "收件人拒收")
    with at(3, alice) as w:
        listing = w.session.get_one(Listing, coat)
        assert listings.publish(w, listing, find_clearance(w.session, listing.item_id))
    again = ordered(doing, coat, bob)
    checked(doing, again, bob)
    sold(doing, again, alice)
    assert state_of(session, coat) == "sold" and read(session, again).state == "completed"
    assert read(session, sent).state in ("after_sales", "refunded")
    with pytest.raises(IntegrityError), doing() as w:
        w.session.execute(text("UPDATE orders SET state = 'completed', completed_at = (SELECT completed_at FROM orders WHERE id = :again) WHERE id = :id"),
                          {"id": sent, "again": again})


def test_missed_and_then_back_with_the_seller(session, at, sent, alice, bob, missed):
    for who, code in ((bob, "not_yours"),):
        with pytest.raises(Refused, match=code), at(8, who) as w:
            undelivered.come_back(w, order_of(w, sent), "")
    with at(8, alice) as w:
        assert undelivered.come_back(w, order_of(w, sent), "退回来了").id == missed
    assert end_of(session, missed) == ("settled", "came_back", 19900) and read(session, sent).ended_why == "came_back"


def test_what_has_come_cant_come_back_undelivered(session, doing, at, sent, alice, bob):
    with doing(bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    with pytest.raises(Refused, match="came_already"), at(1, alice) as w:
        undelivered.come_back(w, order_of(w, sent), "")
    assert read(session, sent).refunded_minor == 0


def test_a_device_that_comes_back_loses_its_clearance(app, session, doing, at, alice, bob, wang, zhao, shop):
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = transferred_and_sent(doing, laptop, alice, bob)
    with app.app_context(), at(3, alice) as w:
        undelivered.come_back(w, order_of(w, order_id), "退回")
    assert state_of(session, laptop) == "waiting_wipe" and session.scalars(select(Certificate.ended_why)).all() == ["undelivered"]
    assert find_clearance(session, read(session, order_id).item_id) is None


# --- a mediator ---------------------------------------------------------------------------------------------------


@pytest.fixture
def mediated(at, alice, bob, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "显示已签收")
    with at(8, bob) as w:
        actions.mediate(w, case_of(w, missed), "不是我签的")
    return missed


@pytest.mark.parametrize(("outcome", "back", "listing", "order"), [
    ("lost", 19900, "lost", "disputed"), ("came_back", 19900, "paused", "disputed"), ("arrived", 0, "sold", "completed"),
])  # fmt: skip
def test_a_mediator_says_what_became_of_it(session, at, sent, coat, mediated, mediators, outcome, back, listing, order):
    assert read(session, sent).state == "disputed"
    with at(9, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), outcome, "签收人不是买家")
    assert end_of(session, mediated) == ("decided", outcome, back) and read(session, sent).refunded_minor == 0
    sweep(at, 16.5)
    assert end_of(session, mediated) == ("settled", outcome, back)
    sweep(at, 19)
    assert read(session, sent).refunded_minor == back and session.get_one(Order, sent).state == order
    assert state_of(session, coat) == listing


def test_a_second_mediator_decides_otherwise_on_appeal(session, at, sent, coat, alice, mediated, mediators):
    with at(9, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), "lost", "没有证据")
    with at(10, alice) as w:
        actions.appeal(w, case_of(w, mediated), "这里是签收底单")
    with pytest.raises(Refused, match="not_impartial"), at(11, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), "lost", "还是一样")
    with at(11, mediators[1]) as w:
        undelivered.decide(w, case_of(w, mediated), "arrived", "底单上是买家的签名")
    assert end_of(session, mediated) == ("settled", "arrived", 0)
    assert read(session, sent).refunded_minor == 0 and state_of(session, coat) == "sold"


def test_a_mediator_decides_by_the_outcome_not_by_an_amount(session, at, sent, mediated, mediators):
    with pytest.raises(Refused, match="other_decision"), at(9, mediators[0]) as w:
        actions.decide(w, case_of(w, mediated), 100, "一半")
    for outcome in ("", "gold", "return_first"):
        with pytest.raises(Invalid, match="outcome_missing") as no, at(9, mediators[0]) as w:
            undelivered.decide(w, case_of(w, mediated), outcome, "x")
        assert no.value.field == "outcome"
    assert end_of(session, mediated)[0] == "mediation"


def test_the_seller_has_their_days_before_a_mediator_comes(at, bob, missed):
    with pytest.raises(Refused, match="answer_first"), at(10, bob) as w:
        actions.mediate(w, case_of(w, missed), "快点")


def test_what_clears_itself_up_doesnt_wait_in_the_queue(session, at, sent, bob, mediated, mediators):
    from core.queue.models import QueueEntry

    session.rollback()
    assert [one.state for one in session.scalars(select(QueueEntry))] == ["open"]
    with at(9, bob) as w:
        undelivered.arrived(w, case_of(w, mediated))
    session.rollback()
    assert [one.state for one in session.scalars(select(QueueEntry))] != ["open"]
    with pytest.raises(Refused), at(9, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), "lost", "x")
    assert read(session, sent).refunded_minor == 0


@pytest.mark.parametrize("step", [
    lambda w, case: actions.answer(w, case, True, "ok"), lambda w, case: actions.take_back(w, case), lambda w, case: actions.answer(w, case, False, "no"),
])  # fmt: skip
def test_ordinary_steps_dont_fit_a_case_about_a_parcel(session, at, sent, alice, missed, step):
    with pytest.raises(Refused, match="parcel_case"), at(7, alice) as w:
        step(w, case_of(w, missed))
    assert end_of(session, missed)[0] == "opened" and read(session, sent).refunded_minor == 0


@pytest.mark.parametrize("statement", [
    "UPDATE aftersales_cases SET state = 'settled', ended_at = opened_at", "UPDATE aftersales_cases SET outcome = 'return_first'",
    "UPDATE aftersales_cases SET outcome = 'arrived', granted_minor = 1", "UPDATE aftersales_cases SET outcome = 'gold'",
])  # fmt: skip
def test_the_database_holds_what_an_end_means(doing, missed, statement):
    with pytest.raises(IntegrityError), doing() as w:
        w.session.execute(text(statement))


def test_the_database_takes_a_true_end(doing, missed):
    with doing() as w:
        w.session.execute(text("UPDATE aftersales_cases SET outcome = 'lost', granted_minor = 1, state = 'settled', ended_at = opened_at"))


# --- pages --------------------------------------------------------------------------------------------------------


def test_on_the_phone_from_the_order_to_the_refund(session, sent, alice, bob, charlie):
    buyer, seller = bob.client(language="zh"), alice.client(language="zh")
    early = buyer.get(f"/orders/{sent}").text
    assert f"/orders/{sent}/missing" not in early and "未收到" in early
    assert buyer.get(f"/orders/{sent}/missing").status_code == 200
    assert buyer.post(f"/orders/{sent}/missing", data={"words": "没到"}).status_code == 409
    with clock.stopped_at(clock.now() + 6 * DAY):
        buyer, seller = bob.client(language="zh"), alice.client(language="zh")
        assert f"/orders/{sent}/missing" in buyer.get(f"/orders/{sent}").text
        assert seller.get(f"/orders/{sent}/missing").status_code == 403 and charlie.client().get(f"/orders/{sent}/missing").status_code == 404
        empty = buyer.post(f"/orders/{sent}/missing", data={"words": " "})
        assert empty.status_code == 422 and 'id="words-error"' in empty.text
        data = {"words": "<i>三天没动</i>", "photos": (io.BytesIO(picture()), "a.jpg")}
        path = buyer.post(f"/orders/{sent}/missing", data=data, content_type="multipart/form-data").location
        assert path.startswith("/cases/") and buyer.get(f"/orders/{sent}/case").location == path
        page = seller.get(path).text
        assert "&lt;i&gt;三天没动" in page and "/photos/" in page and f"/orders/{sent}/came-back" in page and "/arrived" not in page
        assert f"{path}/arrived" in buyer.get(path).text and "时钟" in buyer.get(f"/orders/{sent}").text
        assert buyer.get(f"/orders/{sent}/came-back").status_code == 403 and seller.get(f"/orders/{sent}/came-back").status_code == 200
        assert seller.post(f"{path}/refuse", data={"words": ""}).status_code == 422
        assert seller.post(f"{path}/take_back").status_code == 409
        assert seller.post(f"{path}/accept", data={"words": "丢了"}).status_code == 303
        assert "丢失" in buyer.get(path).text and f"/orders/{sent}/found" in seller.get(f"/orders/{sent}").text
        assert buyer.post(f"/orders/{sent}/found").status_code == 403 and seller.post(f"/orders/{sent}/found").status_code == 303
        assert f"/orders/{sent}/found" not in seller.get(f"/orders/{sent}").text


def test_on_the_phone_it_came_back_sent_twice(session, sent, alice):
    seller = alice.client()
    data = {"words": "拒收", "once": "k1"}
    first = seller.post(f"/orders/{sent}/came-back", data=data)
    assert first.status_code == 303 and seller.post(f"/orders/{sent}/came-back", data=data).location == first.location
    assert seller.post(f"/orders/{sent}/came-back", data={"once": "k2"}).location == first.location, "an hour later"
    assert len(session.scalars(select(Refund)).all()) == 1


def test_a_mediator_on_the_phone(session, mediated, mediators, sent):
    mei, path = mediators[0].client(), f"/cases/{mediated}"
    page = mei.get(path).text
    assert 'name="outcome"' in page and 'name="amount"' not in page
    for data in ({"words": "x"}, {"words": "x", "outcome": "gold"}):
        answer = mei.post(f"{path}/decide", data=data)
        assert answer.status_code == 422 and 'id="outcome-error"' in answer.text
    assert mei.post(f"{path}/decide", data={"words": "签收不符", "outcome": "lost"}).status_code == 303
    assert end_of(session, mediated) == ("decided", "lost", 19900)


def test_the_evidence_tells_how_it_was_sent_and_in_whose_hands_it_was(sent, alice, missed):
    archive = zipfile.ZipFile(io.BytesIO(alice.client().get(f"/cases/{missed}/evidence.zip").data))
    told, register = json.loads(archive.read("parcel.json")), json.loads(archive.read("register.json"))
    assert told["carrier"] == "sf" and "*" in told["tracking"] and "SF1234567890" not in archive.read("parcel.json").decode()
    assert register[0]["by"] == "seller" and alice.id not in archive.read("register.json").decode()
    digests = json.loads(archive.read("digests.json"))
    assert hashlib.sha256(archive.read("parcel.json")).hexdigest() == digests["parcel.json"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_refund_explains_itself(session, at, sent, alice, bob, missed, language):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), True, "丢了")
    from market.ledger.models import Entry

    session.rollback()
    entry = session.scalars(select(Entry).where(Entry.kind == "refund")).one().id
    session.rollback()
    page = bob.client(language=language).get(f"/money/entries/{entry}").text
    assert ("民法典" if language == "zh" else "Civil Code 604") in page
    assert ("卖家同意按丢失处理" if language == "zh" else "The seller agreed that it is lost.") in page


def test_steps_about_a_parcel_dont_fit_an_ordinary_case(session, doing, at, sent, alice, bob, mediators):
    with doing(bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    with doing(bob) as w:
        order = order_of(w, sent)
        case_id = actions.open_case(w, order, kind="refund", ground="not_as_told", words="破了", amount=100).id
    for who, step in (
        (alice, lambda w, case: undelivered.answer(w, case, True, "丢了")), (bob, undelivered.arrived),
        (mediators[0], lambda w, case: undelivered.decide(w, case, "lost", "x")),
    ):  # fmt: skip
        with pytest.raises(Refused, match="no_parcel"), at(1, who) as w:
            step(w, case_of(w, case_id))
    assert end_of(session, case_id) == ("opened", "", None)


def test_from_the_order_one_comes_to_the_case_while_its_money_is_on_the_way(sent, alice, bob, at, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), True, "丢了")
    assert bob.client().get(f"/orders/{sent}/case").location == f"/cases/{missed}"


RULES_NOW = clock.now()


@given(st.none() | st.floats(0, 40), st.none() | st.floats(0, 40), st.booleans(), st.integers(0, 4), st.integers(1, 9))
def test_it_can_be_missed_from_its_day_on_twice_and_only_on_its_way(shipped, received, on_its_way, before, days):
    moments = [None if ago is None else RULES_NOW - timedelta(days=ago) for ago in (shipped, received)]
    fault = rules.fault(shipped=moments[0], received=moments[1], on_its_way=on_its_way, before=before, now=RULES_NOW, days=days)
    allowed = shipped is not None and received is None and on_its_way and before < 2 and moments[0] + timedelta(days=days) <= RULES_NOW
    assert (fault == "") == allowed


@given(st.sampled_from(rules.OUTCOMES), st.integers(0, 10**9))
def test_all_or_nothing_goes_back(outcome, left):
    assert rules.goes_back(outcome, left) == (0 if outcome == "arrived" else left)


@given(st.floats(0, 10), st.floats(0, 60))
def test_a_clock_that_stood_still_loses_nothing_and_never_runs_out_at_once(left, stood):
    stopped = RULES_NOW
    until = order_rules.runs_on(stopped + timedelta(days=left), stopped, stopped + timedelta(days=stood))
    assert until - (stopped + timedelta(days=stood)) == max(timedelta(days=left), order_rules.LEAST_LEFT)


def test_every_way_out_of_an_order_that_is_missed_ends():
    """From a missed parcel each end can be reached, and no state of an order is one in which it waits for ever with no arrow out."""
    ends = {state for state in ORDER.states if not any(start == state for start, _verb in ORDER.arrows)}
    assert ends == {"refunded"}, "completed can still be claimed; cancelled and expired give back what came late"
    for state in ("after_sales", "disputed"):
        for verb in ("receive", "send_on", "refund"):
            assert ORDER.can(state, verb)
    assert not ORDER.can("shipped", "dispute") and ORDER.can("shipped", "claim")


def test_every_notice_of_a_case_fits_where_it_is_kept():
    """PostgreSQL refuses a longer one; SQLite wouldn't say."""
    from market.aftersales import closing, ending, halves, mediating, parcels, saying, words

    rooms = (actions, closing, ending, halves, mediating, parcels, saying, undelivered, words)
    calls = [node for room in rooms for node in ast.walk(ast.parse(inspect.getsource(room))) if isinstance(node, ast.Constant)]
    told = [one.value for one in calls if isinstance(one.value, str) and "%(number)s" in one.value]
    assert len(told) > 20 and max(map(len, told)) <= Notice.__table__.c.sentence.type.length
