"""A parcel came back to its seller: the price goes back, and the thing is theirs to sell again."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.errors import Refused
from core.goods.models import Item
from market.aftersales import undelivered
from market.ledger.actions import balance
from market.listings import actions as listings
from market.listings.models import Listing
from market.orders import parcel
from market.payments.models import Refund
from privacy.clearance.models import Certificate
from privacy.clearance.queries import find_clearance
from tests.market.aftersales.missed.steps import end_of, order_of, read
from tests.market_stories import checked, listed_laptop, ordered, sold, state_of, transferred_and_sent


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
