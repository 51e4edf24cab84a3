"""Given away or thing for thing, and sent: no money is held, so nothing is paid first, and everything else is as careful."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Invalid, Refused
from core.goods.models import Item
from market.ledger.models import Entry
from market.orders import actions, parcel, timers
from market.orders.models import Order
from market.orders.sending import SEND_WITHIN
from market.payments.models import PaymentIntent
from privacy.clearance import actions as clearances
from privacy.clearance.models import Certificate
from tests.market_stories import (
    addressed,
    by_parcel,
    checked,
    confirmed,
    listed_coat,
    listed_laptop,
    ordered,
    reserved,
    sent,
    sold,
    state_of,
    swap_agreed,
    swap_to_send,
)


@pytest.fixture
def gift(doing, alice):
    return by_parcel(doing, alice, listed_coat(doing, alice), gift=True)


@pytest.fixture
def given(doing, gift, bob):
    """Bob ordered Alice's gift by parcel; nothing is sent yet."""
    return ordered(doing, gift, bob, fulfilment="parcel")


@pytest.fixture
def agreed(session, doing, alice, bob):
    """A swap that was agreed, both things also sent: (the coat that Bob gets, the jacket that Alice gets)."""
    coat, jacket = (by_parcel(doing, who, listed_coat(doing, who, title=title)) for who, title in ((alice, "大衣"), (bob, "冲锋衣")))
    return swap_agreed(session, doing, coat, jacket, alice, bob)


@pytest.fixture
def both(session, doing, alice, bob):
    """... and both halves are ordered by parcel and addressed."""
    return swap_to_send(session, doing, alice, bob)


def after(doing, step=timers.run_out, **by):
    with clock.stopped_at(clock.now() + timedelta(**by)), doing() as w:
        step(w)


def received(doing, order_id, who):
    with doing(who) as w:
        parcel.confirm_receipt(w, w.session.get_one(Order, order_id))


def read(session, order_id):
    session.rollback()
    return session.get_one(Order, order_id)


# --- a gift -------------------------------------------------------------------------------------------------------


def test_a_gift_by_parcel_from_address_to_receipt_without_money(session, doing, gift, given, alice, bob):
    addressed(doing, given, bob)
    sent(doing, given, alice)
    order = read(session, given)
    assert (order.state, order.paid_at, order.holder) == ("shipped", None, "nobody")
    assert order.confirm_until == order.shipped_at + timedelta(days=10)
    received(doing, given, bob)
    order = read(session, given)
    assert (order.state, state_of(session, gift)) == ("completed", "sold") and session.get_one(Item, order.item_id).owner_id == bob.id
    assert not session.query(Entry).count() and not session.query(PaymentIntent).count()


def test_a_sale_isnt_sent_unpaid_and_a_gift_is(doing, given, alice, bob):
    sale = ordered(doing, by_parcel(doing, alice, listed_coat(doing, alice)), bob, payment="bank_transfer", fulfilment="parcel")
    for order_id in (sale, given):
        addressed(doing, order_id, bob)
    with pytest.raises(Refused, match="not_in_this_state"):
        sent(doing, sale, alice)
    with pytest.raises(Refused, match="no_address"), doing(alice) as w:
        parcel.look_at_address(w, w.session.get_one(Order, sale))
    with doing(alice) as w:
        assert parcel.look_at_address(w, w.session.get_one(Order, given)).name == "王小明"
    sent(doing, given, alice)


def test_a_gift_that_they_meet_for_isnt_sent(doing, gift, alice, bob):
    order_id = ordered(doing, gift, bob)
    with pytest.raises(Refused, match="no_address_now"):
        addressed(doing, order_id, bob)
    with pytest.raises(Refused, match="address_first"):
        sent(doing, order_id, alice)
    assert checked(doing, order_id, bob), "they check it when they meet"


def test_a_gift_to_send_isnt_checked_in_person_or_handed_over_with_a_code(doing, given, alice, bob):
    with pytest.raises(Refused, match="not_in_person"):
        checked(doing, given, bob)
    with pytest.raises(Refused, match="not_in_this_state"):
        sold(doing, given, alice)
    addressed(doing, given, bob)
    sent(doing, given, alice)


def test_where_to_comes_first_and_the_number_is_looked_at(session, doing, given, alice, bob):
    with pytest.raises(Refused, match="address_first"):
        sent(doing, given, alice)
    addressed(doing, given, bob)
    with pytest.raises(Invalid) as no, doing(alice) as w:
        parcel.ship(w, w.session.get_one(Order, given), "sf", "12")
    assert no.value.field == "tracking" and read(session, given).state == "awaiting_payment"
    for _again in range(2):
        sent(doing, given, alice)
    assert read(session, given).state == "shipped"


def test_what_isnt_sent_in_time_is_on_offer_again(session, doing, gift, given, bob):
    ordered_at = read(session, given).contract_at
    assert read(session, given).reserved_until == ordered_at + SEND_WITHIN
    after(doing, days=2, hours=12)
    assert read(session, given).state == "awaiting_payment"
    after(doing, days=3, hours=1)
    assert (read(session, given).state, state_of(session, gift)) == ("expired", "published")


def test_who_says_late_where_it_goes_leaves_the_giver_the_whole_time(session, doing, given, alice, bob):
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        addressed(doing, given, bob)
        until = read(session, given).reserved_until
        assert until == clock.now() + SEND_WITHIN
    with clock.stopped_at(clock.now() + timedelta(days=4)):
        addressed(doing, given, bob)
    assert read(session, given).reserved_until == until, "saying it once more gains nothing"
    after(doing, days=4, hours=23)
    sent(doing, given, alice)


def test_sent_it_cant_be_called_off_and_before_it_can(session, doing, gift, given, alice, bob):
    second = ordered(doing, by_parcel(doing, alice, listed_coat(doing, alice), gift=True), bob, fulfilment="parcel")
    addressed(doing, given, bob)
    sent(doing, given, alice)
    for who in (alice, bob):
        with pytest.raises(Refused, match="not_in_this_state"), doing(who) as w:
            actions.cancel(w, w.session.get_one(Order, given))
    with doing(bob) as w:
        actions.cancel(w, w.session.get_one(Order, second))
    assert [read(session, one).state for one in (given, second)] == ["shipped", "cancelled"]


def test_ten_days_after_it_was_sent_a_gift_counts_as_received(session, doing, given, alice, bob):
    addressed(doing, given, bob)
    sent(doing, given, alice)
    after(doing, days=9, hours=23)
    assert read(session, given).state == "shipped"
    after(doing, days=10, hours=1)
    assert read(session, given).state == "completed"


# --- a device -----------------------------------------------------------------------------------------------------


@pytest.fixture
def laptop(app, doing, alice, bob, wang, zhao, shop):
    """A wiped and cleared laptop, given away by parcel, ordered and addressed: (listing, order)."""
    listing_id = by_parcel(doing, alice, listed_laptop(app, doing, alice, wang, zhao, shop), gift=True)
    order_id = ordered(doing, listing_id, bob, fulfilment="parcel")
    addressed(doing, order_id, bob)
    return listing_id, order_id


def test_a_device_goes_with_its_clearance(session, doing, laptop, alice, bob):
    sent(doing, laptop[1], alice)
    received(doing, laptop[1], bob)
    assert state_of(session, laptop[0]) == "sold" and session.scalars(select(Certificate.state)).all() == ["delivered"]


def test_a_device_whose_clearance_was_taken_back_isnt_sent(app, session, doing, laptop, alice, zhao):
    with app.app_context(), doing(zhao) as w:
        clearances.revoke(w, w.session.scalars(select(Certificate)).one(), "data_found")
    assert read(session, laptop[1]).state == "cancelled"
    with pytest.raises(Refused, match="not_in_this_state"):
        sent(doing, laptop[1], alice)


# --- a swap -------------------------------------------------------------------------------------------------------


def test_both_halves_by_parcel_change_hands(session, doing, both, alice, bob):
    sent(doing, both[0], alice)
    sent(doing, both[1], bob)
    received(doing, both[0], bob)
    assert [read(session, one).state for one in both] == ["completed", "shipped"]
    received(doing, both[1], alice)
    owners = [session.get_one(Item, read(session, one).item_id).owner_id for one in both]
    assert owners == [bob.id, alice.id] and [read(session, one).state for one in both] == ["completed", "completed"]
    assert not session.query(Entry).count()


def test_a_half_is_sent_once_both_halves_stand(session, doing, agreed, alice, bob):
    coat, jacket = agreed
    confirmed(doing, coat, bob, fulfilment="parcel")
    addressed(doing, coat, bob)
    with pytest.raises(Refused, match="other_half_open"):
        sent(doing, coat, alice)
    with pytest.raises(Refused, match="no_address"), doing(alice) as w:
        parcel.look_at_address(w, w.session.get_one(Order, coat))
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        confirmed(doing, jacket, alice, fulfilment="parcel")
        assert read(session, coat).reserved_until == clock.now() + SEND_WITHIN, "now there is something to wait for"
    sent(doing, coat, alice)


def test_one_half_by_parcel_and_the_other_by_hand(session, doing, agreed, alice, bob):
    coat, jacket = agreed
    confirmed(doing, coat, bob, fulfilment="parcel")
    addressed(doing, coat, bob)
    confirmed(doing, jacket, alice)
    sent(doing, coat, alice)
    assert checked(doing, jacket, alice)
    sold(doing, jacket, bob)
    received(doing, coat, bob)
    assert [read(session, one).state for one in agreed] == ["completed", "completed"]


def test_while_one_half_is_on_its_way_the_other_is_owed(session, doing, both, alice, bob):
    coat, jacket = both
    sent(doing, coat, alice)
    for who in (alice, bob):
        with pytest.raises(Refused, match="half_swapped"), doing(who) as w:
            actions.cancel(w, w.session.get_one(Order, jacket))
    session.rollback()
    assert f"/orders/{jacket}/cancel" not in bob.client().get(f"/orders/{jacket}").text
    after(doing, days=5)
    assert read(session, jacket).state == "awaiting_payment", "it doesn't lapse while the coat is on its way"
    assert "或寄出" in bob.client(language="zh").get("/inbox").text
    session.rollback()
    sent(doing, jacket, bob)


def test_before_anything_is_sent_it_can_be_called_off(session, doing, both, alice, bob):
    assert f"/orders/{both[1]}/cancel" in bob.client().get(f"/orders/{both[1]}").text
    session.rollback()
    with doing(bob) as w:
        actions.cancel(w, w.session.get_one(Order, both[1]))
    assert {read(session, one).state for one in both} == {"cancelled"}


# --- pages --------------------------------------------------------------------------------------------------------

PAYING = re.compile(r"付款|已付|货款|¥|\b(pay|pays|paid|paying|payment|price|money)\b", re.IGNORECASE)
NOTHING = re.compile(r"[Nn]othing (?:is|was) paid for it\.|Price\s+(?:Free|In exchange)")


def speaks_of_paying(page):
    """What the words of a page between head and foot say of paying, but for that nothing is paid."""
    words = re.sub(r"<[^>]*>", " ", page.split("<main")[1].split("</main>")[0])
    return PAYING.findall(NOTHING.sub(" ", words))


def test_a_page_of_a_sale_speaks_of_paying(session, doing, alice, bob):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    session.rollback()
    for language in ("zh", "en"):
        assert speaks_of_paying(bob.client(language=language).get(f"/orders/{order_id}").text)


def test_a_gift_on_the_phone(session, doing, gift, alice, bob, charlie):
    order_id = reserved(doing, gift, bob)
    session.rollback()
    his, hers, path = bob.client(), alice.client(), f"/orders/{order_id}"
    form = his.get(f"{path}/confirm").text
    assert 'value="parcel"' in form and "before you pay" not in form and "paying" not in form
    assert his.post(f"{path}/confirm", data={"fulfilment": "parcel"}).status_code == 303
    assert f"{path}/address" in his.get(path).text and f"{path}/ship" not in hers.get(path).text
    assert "Who gets it still has to say where it goes." in hers.get(path).text
    home = {"name": "王小明", "mobile": "13912348000", "address": "文三路 1 号"}
    assert "once it is paid" not in his.get(f"{path}/address").text
    assert his.post(f"{path}/address", data=home).status_code == 303
    assert f"{path}/ship" in hers.get(path).text and "文三路" in hers.get(f"{path}/ship").text
    assert charlie.client().get(f"{path}/ship").status_code == 404 and his.get(f"{path}/ship").status_code == 403
    wrong = hers.post(f"{path}/ship", data={"carrier": "sf", "tracking": "1"})
    assert wrong.status_code == 422 and 'id="tracking-error"' in wrong.text
    for _again in range(2):
        assert hers.post(f"{path}/ship", data={"carrier": "sf", "tracking": "SF1234567890"}).status_code == 303
    assert his.post(f"{path}/receive").status_code == 303
    for client in (his, hers):
        assert not speaks_of_paying(client.get(path).text)


def test_a_half_that_waits_says_so_to_both_and_offers_no_sending(session, doing, agreed, alice, bob):
    coat, jacket = agreed
    confirmed(doing, coat, bob, fulfilment="parcel")
    addressed(doing, coat, bob)
    session.rollback()
    for client in (alice.client(), bob.client()):
        assert "This one is sent once both stand." in client.get(f"/orders/{coat}").text
    assert f"/orders/{coat}/ship" not in alice.client().get(f"/orders/{coat}").text
    assert alice.client().post(f"/orders/{coat}/ship", data={"carrier": "sf", "tracking": "SF1234567890"}).status_code == 409
    session.rollback()
    confirmed(doing, jacket, alice, fulfilment="parcel")
    session.rollback()
    assert f"/orders/{coat}/ship" in alice.client().get(f"/orders/{coat}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_order_without_a_price_speaks_of_paying(session, doing, gift, agreed, alice, bob, language):
    """At each step of a gift and a swap, met for or sent, on both sides' pages."""
    met = reserved(doing, gift, bob)
    seen = 0

    def look(order_id):
        nonlocal seen
        session.rollback()
        for who in (alice, bob):
            assert not speaks_of_paying(who.client(language=language).get(f"/orders/{order_id}").text)
            seen += 1

    look(met)
    confirmed(doing, met, bob)
    look(met)
    assert checked(doing, met, bob)
    look(met)
    sold(doing, met, alice)
    look(met)
    for order_id, who in zip(agreed, (bob, alice), strict=True):
        look(order_id)
        confirmed(doing, order_id, who, fulfilment="parcel")
        look(order_id)
        addressed(doing, order_id, who)
    sent(doing, agreed[0], alice)
    look(agreed[0])
    look(agreed[1])
    received(doing, agreed[0], bob)
    look(agreed[0])
    assert seen > 16


def test_the_papers_of_a_gift_and_a_swap_are_called_what_they_are(session, doing, given, both, bob):
    from market.orders import contract

    def paper(order_id, language="en"):
        found = contract.document(read(session, order_id), "https://x", language)
        return found.title, dict(next(block.rows for block in found.blocks if hasattr(block, "rows")))

    for order_id, title, price in ((given, "Gift contract", "Free"), (both[0], "Swap contract", "In exchange")):
        name, rows = paper(order_id)
        assert (name, rows["Price"]) == (title, price) and "Payment" not in rows
    assert paper(given, "zh")[0] == "赠与合同"


def test_ordered_twice_in_another_way_is_refused_and_in_the_same_way_is_once(session, doing, given, bob):
    confirmed(doing, given, bob, fulfilment="parcel")
    with pytest.raises(Refused, match="ordered_already"):
        confirmed(doing, given, bob, fulfilment="meet")
    assert read(session, given).fulfilment == "parcel"


def test_the_list_of_orders_says_who_gives_and_who_gets(session, given, alice, bob):
    assert "You get it" in bob.client().get("/me/orders").text and "您送出" in alice.client(language="zh").get("/me/orders").text
