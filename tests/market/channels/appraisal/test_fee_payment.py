"""The page of a fee's payment tells of an owner and an agency; the page of a price goes on telling of a buyer and a seller."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from market.payments import actions as payments
from market.payments.models import PaymentIntent, Refund
from market.payments.queries import get_intent
from tests import booking_stories as story
from tests import market_stories
from tests.market.channels.appraisal.test_booking import look, told
from tests.market.channels.appraisal.test_money import cancelled

TRADE = re.compile("buyer|seller|order|receipt code", re.IGNORECASE)


def words(person, path):
    text = person.client().get(path).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text.split("<main")[1].split("</main")[0])).split())


@pytest.mark.parametrize("way", ["cash", "bank_transfer"])
def test_a_fee_is_paid_to_an_agency_in_words(doing, session, alice, ji, phone, agency, han, way):
    booking = story.booked(doing, alice, phone, agency, story.slot(3), payment=way)
    path = f"/payments/{look(session, booking).intent_id}"
    session.rollback()
    for person in (alice, ji):
        shown = words(person, path)
        assert "Fee for an appraisal" in shown and "The agency confirms that it came" in shown and "To the booking" in shown
        assert not TRADE.search(shown), shown
        assert f"/appraisal-bookings/{booking}" in person.client().get(path).text
    assert "Look at the thing before" not in words(alice, path)


def test_paid_and_paid_back_in_words_that_name_the_page(doing, session, alice, ji, phone, agency, han):
    booking = story.booked(doing, alice, phone, agency, story.slot(3), payment="bank_transfer")
    intent = look(session, booking).intent_id
    with doing(alice) as w:
        payments.say_paid(w, get_intent(w.session, intent))
    assert any("The owner says that the fee" in one and "payment's page" in one for one in told(session, ji))
    with doing(ji) as w:
        payments.confirm_received(w, get_intent(w.session, intent))
    cancelled(doing, alice, session, booking)
    session.rollback()
    assert any("Pay the fee" in one and "payment's page" in one for one in told(session, ji))
    assert not any("on this page" in one for one in told(session, ji))
    refund = session.scalars(select(Refund).where(Refund.intent_id == intent)).one().id
    with doing(ji) as w:
        payments.say_refunded(w, w.session.get_one(Refund, refund))
    assert any("The agency says that the fee" in one for one in told(session, alice))
    with doing(alice) as w:
        payments.confirm_refunded(w, w.session.get_one(Refund, refund))
    session.rollback()
    shown = words(alice, f"/payments/{intent}")
    assert "went back to the owner" in shown and "Owed to the agency" in shown and not TRADE.search(shown), shown
    books = words(alice, f"/appraisal-bookings/{booking}")
    assert "Owed to the agency" in books and "Owed to the seller" not in books


def test_a_fee_on_its_entry_is_owed_to_the_agency(doing, session, alice, ji, phone, agency, han, booking):
    from market.ledger.queries import entries_of

    story.taken_in(doing, ji, booking)
    entry = next(one.id for one in entries_of(session, booking) if one.kind == "appraisal_fee")
    session.rollback()
    shown = words(ji, f"/money/entries/{entry}")
    assert "Owed to the agency" in shown and "Owed to the seller" not in shown


def test_a_price_is_paid_by_a_buyer_to_a_seller_as_ever(doing, session, alice, bob):
    market_stories.ordered(doing, market_stories.listed_coat(doing, alice), bob)
    intent = session.scalars(select(PaymentIntent)).one().id
    session.rollback()
    shown = words(bob, f"/payments/{intent}")
    assert "The buyer has paid" in shown and "The seller has the money" in shown and "To the order" in shown
    assert "appraisal" not in shown and "agency" not in shown
