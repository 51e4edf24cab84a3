"""A parcel is lost: all of the price goes back, and what turns up again is its seller's."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.errors import Refused
from core.goods import custody
from core.goods.models import Item
from core.people.models import Notice
from market.aftersales import undelivered
from market.ledger.actions import balance
from market.listings import actions as listings
from market.listings.actions import Offer
from market.orders import transport
from market.payments import actions as payments
from market.payments.models import Refund
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import find_clearance
from tests.market.aftersales.missed.steps import case_of, end_of, order_of, read, sweep
from tests.market_stories import listed_laptop, state_of, transferred_and_sent


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
