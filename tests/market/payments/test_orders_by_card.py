"""An order that is paid by card, on both phones: paid first, said truthfully who holds the money, and no dead end on the way."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, secrets
from core.errors import Refused
from market.ledger.queries import entries_of
from market.listings.models import Listing
from market.orders import actions, paying
from market.orders.models import Order
from market.payments import actions as payments
from market.payments import settling, talking
from market.payments.contract import Told
from market.payments.models import PaymentIntent, Refund
from tests.market_stories import checked, listed_coat, ordered, reserved, sold

FACE_TO_FACE = "face to face; nobody holds it in between"


@pytest.fixture
def order_id(app, doing, account, alice, bob):
    """Bob ordered Alice's coat and pays by card; her account at the provider is ready."""
    with app.app_context():
        return ordered(doing, listed_coat(doing, alice), bob, payment="stripe")


@pytest.fixture
def pay(app, session, bank):
    """Go to the provider's page of this order's payment, pay there, have it reported."""

    def paid(order_id: str) -> str:
        session.rollback()
        intent_id = session.get_one(Order, order_id).intent_id
        with app.app_context():
            assert bank.pay(talking.open_checkout(session, intent_id)).status_code == 303
        bank.deliver()
        return intent_id

    return paid


def test_it_is_paid_before_it_is_checked_and_each_page_says_who_holds_the_money(doing, order_id, pay, run_jobs, bank, alice, bob):
    buyer, seller = bob.client(), alice.client()
    page = buyer.get(f"/orders/{order_id}").text
    assert "Nobody yet: it isn&#39;t paid" in page and "Pay ¥199.00" in page
    assert "Start the check" not in page and FACE_TO_FACE not in page
    intent_id = pay(order_id)
    page = buyer.get(f"/orders/{order_id}").text
    assert "Start the check" in page and "platform&#39;s own balance" in page and FACE_TO_FACE not in page
    assert "what you paid goes back to you" in buyer.get(f"/orders/{order_id}/check").text
    held = buyer.get(f"/payments/{intent_id}").text
    assert "Guaranteed trade" in held and "Still held" in held
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    run_jobs()
    page, over = seller.get(f"/orders/{order_id}").text, seller.get(f"/payments/{intent_id}").text
    assert "Nobody any more" in page and FACE_TO_FACE not in page
    assert "Nothing is held any more" in over and "Guaranteed trade" not in over


def test_cash_is_still_settled_face_to_face(doing, alice, bob):
    page = bob.client().get(f"/orders/{ordered(doing, listed_coat(doing, alice), bob)}").text
    assert FACE_TO_FACE in page and "Start the check" in page and "Nobody holds money" in page


def test_a_receipt_code_is_no_payment(session, doing, order_id, pay, alice, bob):
    """Checked before it was paid: no code on the page, and typing it settles nothing. Paid then, it is handed over."""
    checked(doing, order_id, bob)
    page = bob.client().get(f"/orders/{order_id}").text
    assert "Your receipt code" not in page and "Pay ¥199.00" in page
    assert "Hand it over" not in alice.client().get(f"/orders/{order_id}").text.split("<h2")[2]
    code = secrets.decrypt(session.get_one(Order, order_id).receipt_code, "receipt")
    with pytest.raises(Refused, match="not_paid"), doing(alice) as w:
        actions.hand_over(w, w.session.get_one(Order, order_id), code)
    assert alice.client().post(f"/orders/{order_id}/hand-over", data={"code": code}).status_code == 409
    pay(order_id)
    assert "Your receipt code" in bob.client().get(f"/orders/{order_id}").text
    sold(doing, order_id, alice)
    session.rollback()
    assert session.get_one(Order, order_id).state == "completed"


def test_a_payment_that_was_called_off_is_begun_anew(app, session, doing, order_id, pay, alice, bob, charlie):
    buyer, first = bob.client(), session.get_one(Order, order_id).intent_id
    assert buyer.post(f"/orders/{order_id}/pay-anew").status_code == 409, "it is open: nothing to begin"
    assert buyer.post(f"/payments/{first}/call-off").status_code == 303
    assert "Begin the payment anew" in buyer.get(f"/orders/{order_id}").text
    assert alice.client().post(f"/orders/{order_id}/pay-anew").status_code == 403
    assert charlie.client().post(f"/orders/{order_id}/pay-anew").status_code in (403, 404)
    answer = buyer.post(f"/orders/{order_id}/pay-anew")
    second = pay(order_id)
    assert answer.location.endswith(f"/payments/{second}") and second != first
    session.rollback()
    assert session.get_one(Order, order_id).state == "paid" and session.get_one(PaymentIntent, first).state == "cancelled"
    with pytest.raises(Refused, match="payment_stands"), doing(bob) as w:
        paying.begin_anew(w, w.session.get_one(Order, order_id))


def test_money_of_a_try_that_another_one_followed_goes_back(app, session, doing, order_id, pay, run_jobs, bank, bob):
    """Against all rules the provider tells of money for the first try, after the second was begun: it isn't lost."""
    first = session.get_one(Order, order_id).intent_id
    with doing(bob) as w:
        payments.cancel(w, w.session.get_one(PaymentIntent, first))
    with app.app_context(), doing(bob) as w:
        second = paying.begin_anew(w, w.session.get_one(Order, order_id)).id
    with doing() as w:
        one = w.session.get_one(PaymentIntent, first)
        news = Told(state="paid", ref="cs_late", intent_id=first, pay_ref="pi_late", charge_ref="ch_late",
                    amount=settling.Money(one.amount_minor, one.currency))  # fmt: skip
        settling.told(w, one, news)
    session.rollback()
    back = session.scalars(select(Refund).where(Refund.intent_id == first)).one()
    assert (back.amount_minor, back.why) == (19900, "paid_twice")
    order = session.get_one(Order, order_id)
    assert (order.state, order.intent_id) == ("awaiting_payment", second)
    assert pay(order_id) == second
    session.rollback()
    assert session.get_one(Order, order_id).state == "paid"


def test_each_of_the_two_opens_every_entry_and_a_stranger_none(session, doing, order_id, pay, run_jobs, alice, bob, charlie):
    pay(order_id)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    run_jobs()
    session.rollback()
    entries = [(one.kind, one.id) for one in entries_of(session, order_id)]
    assert {"payment", "sale", "provider_fee", "release"} == {kind for kind, _ in entries}
    for _kind, entry_id in entries:
        for person in (alice, bob):
            page = person.client().get(f"/money/entries/{entry_id}")
            assert page.status_code == 200
            for href in re.findall(r"/money/accounts/\w+", page.text):
                assert person.client().get(href).status_code == 200, "no link leads to a closed door"
        assert charlie.client().get(f"/money/entries/{entry_id}").status_code == 403


def test_a_shops_thing_is_ordered_from_the_shop(doing, session, bank, shop, alice, bob):
    listing_id = listed_coat(doing, alice)
    with doing() as w:
        row = w.session.get_one(Listing, listing_id)
        row.seller_kind, row.return_policy, row.org_id = "operator", "no_reason_7d", shop
    path = f"/orders/{reserved(doing, listing_id, bob)}/confirm"
    page = bob.client(language="zh").get(path).text
    assert "西湖旧货行 · " in page and "Alice" not in page.split("<main")[1]
    assert "Project-Id-Version" not in page and "no_return" not in page
    with doing() as w:
        row = w.session.get_one(Listing, listing_id)
        row.return_policy, row.return_ground = "excluded_by_nature", "hygiene"
    page = bob.client(language="zh").get(path).text
    assert 'name="no_return"' in page and "Project-Id-Version" not in page


def test_mediation_is_offered_when_the_seller_had_their_days(doing, order_id, pay, run_jobs, alice, bob):
    pay(order_id)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    run_jobs()
    told = {"kind": "refund", "ground": "not_as_told", "amount": "20", "words": "袖口开线"}
    case = bob.client().post(f"/orders/{order_id}/case", data=told).location
    assert "Ask for mediation" not in bob.client().get(case).text
    with clock.stopped_at(clock.now() + timedelta(days=3, minutes=1)):
        assert "Ask for mediation" in bob.client().get(case).text
        assert "Ask for mediation" not in alice.client().get(case).text


def test_ways_to_be_paid_stand_beside_ones_money(app, bank, alice):
    page = alice.client().get("/me/money").text
    assert "/me/collect-code" in page and "/me/payout-account" in page
    beside = app.extensions.pop("xunshi_standin")
    try:
        page = alice.client().get("/me/money").text
    finally:
        app.extensions["xunshi_standin"] = beside
    assert "/me/collect-code" in page and "/me/payout-account" not in page
