"""What is with the carrier arrives, whatever happens to its listing, its seller or its clearance meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core import clock
from core.goods.models import Item
from core.people.models import Notice
from core.ports import ItemFrozen, ItemHeld, PersonSuspended, happened
from market.aftersales import actions as cases
from market.listings.models import Listing
from market.orders import parcel, timers
from market.orders.models import Order
from market.payments import actions as payments
from market.payments.models import PaymentIntent
from privacy.clearance import actions as clearances
from privacy.clearance.models import Certificate
from tests.market_stories import listed_coat, listed_laptop, ordered, reserved, state_of

HOME = parcel.Address("王小明", "139 1234 8000", "杭州市西湖区文三路 1 号")


@pytest.fixture
def sent(session, doing, alice, bob):
    """Gives the order of a listing that Bob paid and Alice gave to the carrier."""

    def send(listing_id):
        with doing() as w:
            w.session.get_one(Listing, listing_id).by_parcel = True
        order_id = ordered(doing, listing_id, bob, payment="bank_transfer", fulfilment="parcel")
        with doing(bob) as w:
            parcel.give_address(w, w.session.get_one(Order, order_id), HOME)
        with doing(alice) as w:
            intent = select(PaymentIntent).where(PaymentIntent.subject_id == order_id)
            payments.confirm_received(w, w.session.scalars(intent).one())
        with doing(alice) as w:
            parcel.ship(w, w.session.get_one(Order, order_id), "sf", "SF1234567890")
        return order_id

    return send


def after(doing, step, **by):
    with clock.stopped_at(clock.now() + timedelta(**by)), doing() as w:
        step(w)


@pytest.mark.parametrize("what", ["nothing", "frozen", "held", "suspended"])
@pytest.mark.parametrize("how", ["confirmed", "by_the_clock"])
def test_it_arrives_whatever_happens_to_its_listing_or_seller(session, doing, sent, alice, bob, what, how):
    listing_id, other = listed_coat(doing, alice), listed_coat(doing, alice)
    order_id = sent(listing_id)
    item_id = session.get_one(Order, order_id).item_id
    events = {"frozen": ItemFrozen(item_id, "report_upheld"), "held": ItemHeld(item_id, "being_checked"),
              "suspended": PersonSuspended(alice.id, "fraud")}  # fmt: skip
    with doing() as w:
        happened(w, events.get(what))
    assert state_of(session, listing_id) == "reserved", "it can't go on sale once more, nor be examined"
    assert state_of(session, other) == ("frozen" if what == "suspended" else "published"), "what isn't sent is stopped"
    session.rollback()
    if how == "confirmed":
        assert bob.client().post(f"/orders/{order_id}/receive").status_code == 303
    else:
        after(doing, timers.run_out, days=11)
    assert state_of(session, listing_id) == "sold"
    assert session.get_one(Order, order_id).state == "completed" and session.get_one(Item, item_id).owner_id == bob.id


def test_a_device_whose_clearance_ends_on_its_way_never_reads_as_sold_with_one(
    app, session, doing, sent, alice, bob, wang, zhao, shop
):
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = sent(laptop)
    with app.app_context(), doing(zhao) as w:
        clearances.revoke(w, w.session.scalars(select(Certificate)).one(), "data_found")
    assert state_of(session, laptop) == "waiting_wipe" and session.get_one(Order, order_id).state == "shipped"
    for person in (alice, bob):
        told = list(session.scalars(select(Notice.sentence).where(Notice.account_id == person.id)))
        assert any("ended while it was on its way" in one for one in told)
    session.rollback()
    assert bob.client().post(f"/orders/{order_id}/receive").status_code == 303
    assert state_of(session, laptop) == "withdrawn" and session.scalars(select(Certificate.state)).all() == ["revoked"]
    order = session.get_one(Order, order_id)
    assert order.after_sales_until == order.received_at + timedelta(days=7)
    assert session.get_one(Item, order.item_id).owner_id == bob.id, "whoever has it answers for it"
    with doing(bob) as w:
        cases.open_case(w, w.session.get_one(Order, order_id), kind="return", ground="wipe", words="it isn't wiped")
    assert session.get_one(Order, order_id).state == "after_sales"


def test_with_its_clearance_it_arrives_as_cleared(app, session, doing, sent, alice, bob, wang, zhao, shop):
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = sent(laptop)
    session.rollback()
    assert bob.client().post(f"/orders/{order_id}/receive").status_code == 303
    assert state_of(session, laptop) == "sold" and session.scalars(select(Certificate.state)).all() == ["delivered"]


def test_one_parcel_that_cant_be_received_doesnt_keep_the_others(session, doing, sent, alice, bob, charlie, caplog):
    stuck = sent(listed_coat(doing, alice, title="大衣"))
    goes_on, waits = sent(listed_coat(doing, alice)), reserved(doing, listed_coat(doing, alice), charlie)
    with doing() as w:  # sold under its buyer's hands: somebody wrote that by SQL
        w.session.execute(text("UPDATE listings SET state = 'sold' WHERE title = '大衣'"))
    after(doing, timers.run_out, days=11)
    session.rollback()
    assert [session.get_one(Order, one).state for one in (stuck, goes_on, waits)] == ["shipped", "completed", "expired"]
    assert stuck in caplog.text and "not_in_this_state" in caplog.text and "大衣" not in caplog.text
