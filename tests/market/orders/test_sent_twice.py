"""A second click, a form sent again: it leads where the first one led, and happens once. What contradicts is refused in words."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock, ids
from core.people.models import Notice
from market.listings.models import Listing
from market.orders.getting_models import Meeting
from market.orders.models import InPersonCheck, Order, Review
from market.orders.offer_models import Bid
from market.orders.swap_models import Swap
from market.payments.models import PaymentIntent
from tests.market.orders.test_getting import HOME, pay
from tests.market_stories import checked, listed_coat, ordered, reserved, sold


@pytest.fixture
def coat(doing, alice):
    listing_id = listed_coat(doing, alice, price=20000)
    with doing() as w:
        row = w.session.get_one(Listing, listing_id)
        row.negotiable, row.by_parcel = True, True
    return listing_id


@pytest.fixture
def parcel_paid(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob, payment="bank_transfer", fulfilment="parcel")
    pay(doing, session, order_id, alice)
    bob.client().post(f"/orders/{order_id}/address", data={"name": HOME.name, "mobile": HOME.mobile, "address": HOME.address})
    return order_id


def twice(client, path, data=None):
    """Sent and sent again: both lead to the same page, which is returned."""
    first, second = client.post(path, data=data or {}), client.post(path, data=data or {})
    assert (first.status_code, second.status_code) == (303, 303), (path, second.text[:2000])
    assert first.location == second.location
    assert client.get(second.location).status_code == 200
    return second.location


def told(session, who, path):
    session.rollback()
    return session.scalar(select(func.count()).where(Notice.account_id == who.id, Notice.link.startswith(path)))


def refused(answer, words):
    assert answer.status_code in (409, 422)
    assert words in answer.text, re.sub(r"<[^>]+>|\s+", " ", answer.text)[:1500]


def offered(client, coat, amount="150", key=""):
    return client.post(f"/listings/{coat}/offer", data={"amount": amount, "once": key or ids.new_id()})


def test_an_offer_sent_twice_is_one_and_another_price_is_refused(session, coat, bob):
    client, key = bob.client(), ids.new_id()
    place = twice(client, f"/listings/{coat}/offer", {"amount": "150", "once": key})
    assert place.startswith("/offers/") and session.scalar(select(func.count()).select_from(Bid)) == 1
    refused(offered(client, coat, "160", key), "open offer")


def test_an_offer_below_the_floor_sent_twice_counts_once(session, doing, coat, bob):
    with doing() as w:
        w.session.get_one(Listing, coat).floor_minor = 17000
    twice(bob.client(), f"/listings/{coat}/offer", {"amount": "100", "once": ids.new_id()})
    assert session.scalar(select(func.count()).select_from(Bid)) == 1
    assert offered(bob.client(), coat, "100").status_code == 303, "sent anew from a new form it is another try"
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Bid)) == 2


def test_a_counter_offer_sent_twice_without_a_key_is_one_and_another_price_is_refused(session, coat, alice, bob):
    offer, client = offered(bob.client(), coat).location, alice.client()
    place = twice(client, f"{offer}/counter", {"amount": "180"})
    assert client.post(f"{offer}/counter", data={"amount": "181"}).status_code == 409
    assert bob.client().post(f"{offer}/counter", data={"amount": "180"}).status_code == 409, "it was his own price"
    session.rollback()
    assert [one.amount_minor for one in session.scalars(select(Bid).order_by(Bid.id))] == [15000, 18000] and place != offer


def test_counter_and_accept_sent_twice_lead_to_the_one_order(session, coat, alice, bob):
    offer = offered(bob.client(), coat).location
    place = twice(alice.client(), f"{offer}/counter", {"amount": "180", "once": ids.new_id()})
    order = twice(bob.client(), f"{place}/accept")
    assert order.startswith("/orders/") and session.scalar(select(func.count()).select_from(Order)) == 1
    assert told(session, alice, order) == 1 + 1, "one of the reservation and one of the price, each once"
    refused(bob.client().post(f"{place}/decline"), "Accepted")


@pytest.mark.parametrize(("verb", "other"), [("decline", "accept"), ("withdraw", "withdraw")])
def test_declined_or_taken_back_twice(coat, alice, bob, verb, other):
    offer = offered(bob.client(), coat).location
    who = alice if verb == "decline" else bob
    assert twice(who.client(), f"{offer}/{verb}") == offer
    stranger = alice if verb == "withdraw" else who
    assert stranger.client().post(f"{offer}/{other}").status_code == 409


@pytest.mark.parametrize(("verb", "contrary"), [("agree", "decline"), ("decline", "agree")])
def test_a_swap_answered_twice_is_answered_once(session, doing, coat, alice, bob, verb, contrary):
    given = listed_coat(doing, bob)
    swap = twice(bob.client(), f"/listings/{coat}/swap", {"given": given})
    assert twice(alice.client(), f"{swap}/{verb}") == swap
    assert session.scalar(select(func.count()).select_from(Order)) == (2 if verb == "agree" else 0)
    assert session.scalar(select(func.count()).select_from(Swap)) == 1
    assert alice.client().post(f"{swap}/{contrary}").status_code == 409
    assert alice.client().post(f"{swap}/withdraw").status_code in (403, 409)


def test_reserve_and_order_twice(session, coat, alice, bob):
    order = twice(bob.client(), f"/listings/{coat}/reserve").removesuffix("/confirm")
    form = bob.client().get(f"{order}/confirm").text
    told_ = {name: "y" for name in re.findall(r'type="checkbox" value="y" name="(\w+)"|name="(\w+)" type="checkbox"', form) for name in name if name}
    choice = {"fulfilment": "meet", "payment": "cash", **told_}
    assert twice(bob.client(), f"{order}/confirm", choice) == order
    assert session.scalar(select(func.count()).select_from(PaymentIntent)) == 1
    refused(bob.client().post(f"{order}/confirm", data={**choice, "payment": "bank_transfer"}), "ordered it already")


def test_a_meeting_proposed_and_agreed_twice(session, doing, coat, alice, bob):
    order = ordered(doing, coat, bob)
    when = (clock.now() + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    twice(bob.client(), f"/orders/{order}/meeting", {"place": "地铁站", "meet_at": when})
    row = session.scalars(select(Meeting)).one()
    before = told(session, bob, f"/orders/{order}")
    twice(alice.client(), f"/orders/{order}/meeting/{row.id}/agree")
    assert told(session, bob, f"/orders/{order}") == before + 1
    refused(alice.client().post(f"/orders/{order}/meeting/{row.id}/decline"), "nothing to answer")


def test_the_check_sent_twice_stands_and_another_answer_is_refused(session, doing, coat, alice, bob):
    order = ordered(doing, coat, bob)
    client = bob.client()
    asked = set(re.findall(r'type="radio"[^>]*name="(\w+)"|name="(\w+)"[^>]*type="radio"', client.get(f"/orders/{order}/check").text))
    yes = {name: "yes" for pair in asked for name in pair if name}
    twice(client, f"/orders/{order}/check", yes)
    assert session.scalar(select(func.count()).select_from(InPersonCheck)) == 1
    refused(client.post(f"/orders/{order}/check", data={**yes, next(iter(yes)): "no"}), "looked at it already")


def test_shipped_and_received_twice(session, parcel_paid, alice, bob):
    path, sent = f"/orders/{parcel_paid}", {"carrier": "sf", "tracking": "SF1234567890123", "once": ids.new_id()}
    assert twice(alice.client(), f"{path}/ship", sent) == path
    refused(alice.client().post(f"{path}/ship", data={**sent, "tracking": "SF9999999999999"}), "In transit")
    assert twice(bob.client(), f"{path}/receive") == path
    refused(bob.client().post(f"{path}/cancel"), "can&#39;t be done now")
    assert alice.client().post(f"{path}/ship", data=sent).status_code == 303, "sent again late it still leads to the order"


def test_received_before_it_was_sent_is_refused_in_both_languages(parcel_paid, bob):
    refused(bob.client().post(f"/orders/{parcel_paid}/receive"), "This can&#39;t be done now")
    refused(bob.client(language="zh").post(f"/orders/{parcel_paid}/receive"), "现在")


def test_called_off_twice(session, doing, coat, alice, bob):
    order = reserved(doing, coat, bob)
    twice(bob.client(), f"/orders/{order}/cancel")
    assert told(session, alice, f"/orders/{order}") == 2, "reserved, called off"
    assert bob.client().post(f"/orders/{order}/receive").status_code == 409


def test_a_review_sent_twice_stands_and_another_one_is_refused(session, doing, coat, alice, bob):
    order = ordered(doing, coat, bob)
    checked(doing, order, bob)
    sold(doing, order, alice)
    twice(bob.client(), f"/orders/{order}/review", {"stars": "5", "words": "很好"})
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    refused(bob.client().post(f"/orders/{order}/review", data={"stars": "1", "words": "很好"}), "already")


def test_a_payment_said_and_confirmed_twice(session, doing, coat, alice, bob):
    ordered(doing, coat, bob)
    path = f"/payments/{session.scalars(select(PaymentIntent)).one().id}"
    twice(bob.client(), f"{path}/said")
    twice(alice.client(), f"{path}/received")
    session.rollback()
    assert session.scalars(select(PaymentIntent)).one().state == "paid"
    assert bob.client().post(f"{path}/call-off").status_code == 409


def test_paying_anew_asked_twice_opens_one_new_payment(session, doing, coat, bob):
    order = ordered(doing, coat, bob, payment="bank_transfer", fulfilment="parcel")
    first = session.scalars(select(PaymentIntent)).one().id
    twice(bob.client(), f"/payments/{first}/call-off")
    again = twice(bob.client(), f"/orders/{order}/pay-anew")
    assert again != f"/payments/{first}" and session.scalar(select(func.count()).select_from(PaymentIntent)) == 2


# --- the way on from a refusal ------------------------------------------------------------------------------------


def again(answer, label="Try again"):
    found = re.findall(rf'<a class="[^"]*" href="([^"]+)"[^>]*>(?:<span>)?{label}', answer.text)
    assert len(found) <= 1
    return found[0] if found else ""


@pytest.mark.parametrize(("language", "label"), [("en", "Try again"), ("zh", "再试一次")])
@pytest.mark.parametrize("referrer", ["order", "none", "elsewhere"])
def test_try_again_after_a_refused_button_opens_a_page(parcel_paid, bob, language, label, referrer):
    client = bob.client(language=language)
    headers = {"order": {"Referer": f"http://localhost/orders/{parcel_paid}"}, "none": {}, "elsewhere": {"Referer": "//["}}[referrer]
    answer = client.post(f"/orders/{parcel_paid}/receive", headers=headers)
    assert answer.status_code == 409
    way = again(answer, label)
    assert way == f"/orders/{parcel_paid}"
    assert client.get(way).status_code == 200


def test_try_again_on_an_accepted_offer_leads_to_the_offer(coat, alice, bob, charlie, doing):
    offer = offered(bob.client(), coat).location
    with doing(charlie) as w:
        from market.orders import placing

        placing.reserve(w, coat)
    answer = alice.client().post(f"{offer}/accept")
    assert (answer.status_code, again(answer)) == (409, offer)


def test_a_page_that_was_only_opened_is_tried_again_itself(session, doing, coat, alice, bob):
    order = ordered(doing, coat, bob)
    answer = alice.client().get(f"/orders/{order}/ship")
    assert (answer.status_code, again(answer)) == (409, f"/orders/{order}/ship")


@pytest.mark.parametrize("sent", [{}, {"once": ""}, {"once": "  "}])
def test_an_offer_made_by_hand_without_a_key_counts_not_at_all(session, coat, bob, sent):
    """Nobody could tell whether it was sent before: it is said so, what was typed stays, and the page shown has a key."""
    client, path = bob.client(), f"/listings/{coat}/offer"
    answer = client.post(path, data={"amount": "150", **sent})
    assert answer.status_code == 422 and 'value="150"' in answer.text
    refused(answer, "nothing was done")
    assert "未做任何处理" in bob.client(language="zh").post(path, data={"amount": "150", **sent}).text
    assert session.scalar(select(func.count()).select_from(Bid)) == 0
    key = re.search(r'name="once"[^>]*value="([^"]{20,})"', answer.text)[1]
    assert twice(client, path, {"amount": "150", "once": key})
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Bid)) == 1


def test_what_is_said_in_a_case_counts_once_and_never_without_a_key(session, doing, coat, alice, bob):
    from market.aftersales import actions
    from market.aftersales.models import CaseLine

    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    with doing(bob) as w:
        asked = {"kind": "repair", "ground": "broken", "words": "拉链坏了"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    refused(bob.client().post(f"/cases/{case_id}/say", data={"words": "在吗"}), "nothing was done")
    twice(bob.client(), f"/cases/{case_id}/say", {"words": "在吗", "once": "k"})
    assert twice(alice.client(), f"/cases/{case_id}/accept"), "what moves the case needs none"
    session.rollback()
    assert session.scalars(select(CaseLine.what).order_by(CaseLine.id)).all() == ["asked", "said", "accepted"]
