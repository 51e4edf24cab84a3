"""Bob reserves on his phone, they meet, he checks; Alice takes the cash and scans his code. Nobody else sees it."""

import html
import re

import pytest
from sqlalchemy import select

from core import secrets
from core.goods.models import Identifier, Item
from market.listings.models import Listing
from market.orders.models import InPersonCheck, Order, Review
from privacy.clearance import actions as clearances
from privacy.clearance.models import Certificate
from privacy.wipes import rules as wipe_rules
from tests.market_stories import checked, listed_laptop, ordered, reserved, sold, state_of

YES = {"same_thing": "yes", "defects": "yes"}


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return listed_laptop(app, doing, alice, wang, zhao, shop)


def reserve(person, listing_id):
    return person.client().post(f"/listings/{listing_id}/reserve")


def order(person, listing_id):
    """Reserve, tick every stated defect on the page, order: cash when they meet. The path of the order."""
    client, look = person.client(), reserve(person, listing_id).location
    boxes = re.findall(r'type="checkbox"[^>]*name="((?:told|graded)_\w+)"|name="((?:told|graded)_\w+)"[^>]*type="checkbox"', client.get(look).text)
    ticks = {one or other: "y" for one, other in boxes}
    answer = client.post(look, data={**ticks, "fulfilment": "meet", "payment": "cash"})
    assert answer.status_code == 303, answer.text
    return look.removesuffix("/confirm")


def code_on(page):
    return html.unescape(re.search(r'class="code-large">([^<]+)<', page)[1])


def order_of(session, path):
    session.rollback()
    return session.get_one(Order, path.split("/")[2].split("?")[0])


def test_a_coat_from_reservation_to_review(session, coat, alice, bob):
    path = order(bob, coat)
    buyer, seller = bob.client(), alice.client()
    assert "Start the check" in buyer.get(path).text and "Start the check" not in seller.get(path).text
    assert buyer.post(f"{path}/check", data=YES).status_code == 303
    page = buyer.get(path).text
    code = code_on(page)
    assert "<svg" in page and code not in seller.get(path).text, "the seller learns it from the buyer only"
    filled = seller.get(f"{path}?code={code}").text
    assert f'value="{code}"' in filled
    assert seller.post(f"{path}/hand-over", data={"code": code.lower().replace("-", " ")}).status_code == 303
    assert order_of(session, path).state == "completed" and state_of(session, coat) == "sold"
    done = seller.get(path).text
    assert "Payment in person" in done and "hand-over\"" not in done
    for client, stars in ((buyer, "5"), (seller, "4")):
        assert client.post(f"{path}/review", data={"stars": stars, "words": "好 <b>"}).status_code == 303
        assert client.post(f"{path}/review", data={"stars": stars}).status_code == 409
    session.rollback()
    assert sorted(session.scalars(select(Review.stars))) == [4, 5] and "好 &lt;b&gt;" in buyer.get(path).text
    item_id = session.get_one(Listing, coat).item_id
    assert session.get_one(Item, item_id).owner_id == bob.id
    assert f"/items/{item_id}/sell" in buyer.get("/me/things").text, "it can be sold on"
    assert path in buyer.get("/me/orders").text and path in seller.get("/me/orders").text
    assert state_of(session, coat) == "sold" and seller.get(f"/listings/{coat}").status_code == 200


def test_a_laptop_is_checked_on_the_phone(session, laptop, bob):
    path = order(bob, laptop)
    client = bob.client(language="zh")
    page = client.get(f"{path}/check").text
    assert "PF2X****" in page and 'name="serial_tail"' in page and "PF2XK9A7" not in page
    answers = {**YES, "serial": "yes", "setup_screen": "yes", "no_account": "yes"}
    wrong = client.post(f"{path}/check", data={**answers, "serial_tail": "0000"})
    assert wrong.status_code == 422 and 'id="serial_tail-error"' in wrong.text and 'value="0000"' in wrong.text
    value = secrets.decrypt(session.scalars(select(Identifier.value)).first(), "identifier")
    assert client.post(f"{path}/check", data={**answers, "serial_tail": value[-4:].lower()}).status_code == 303
    assert order_of(session, path).state == "checked"
    assert client.get(f"{path}/check").status_code == 303, "done once"


def test_an_unanswered_question_is_said_at_it_and_the_others_stay(session, coat, bob):
    path = order(bob, coat)
    answer = bob.client().post(f"{path}/check", data={"defects": "yes"})
    assert answer.status_code == 422 and 'id="same_thing-error"' in answer.text
    assert re.search(r'name="defects" value="yes" checked', answer.text)
    assert session.scalars(select(InPersonCheck)).first() is None


def test_one_no_stops_it_and_the_seller_is_told(session, coat, alice, bob):
    path = order(bob, coat)
    bob.client().post(f"{path}/check", data={**YES, "defects": "no"})
    assert order_of(session, path).state == "check_failed" and state_of(session, coat) == "paused"
    assert "stopped at the check" in alice.client().get("/inbox").text


def test_the_order_leads_to_its_payment_and_both_may_open_it(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    for who in (alice, bob):
        client = who.client()
        href = re.search(r'href="(/payments/[^"]+)"', client.get(f"/orders/{order_id}").text)[1]
        assert client.get(href).status_code == 200


def test_a_certificate_taken_back_stops_the_order_and_both_read_why(app, session, doing, alice, bob, wang, zhao, shop):
    listing = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = ordered(doing, listing, bob)
    number = session.scalars(select(Certificate.number)).one()
    assert "was taken back" not in bob.client().get(f"/orders/{order_id}").text
    with doing(zhao) as w:
        clearances.revoke(w, w.session.scalars(select(Certificate)).one(), "data_found")
    reason = wipe_rules.REVOCATIONS["data_found"].split(".")[0]
    for who in (bob, alice):
        inbox, page = html.unescape(who.client().get("/inbox").text), html.unescape(who.client().get(f"/orders/{order_id}").text)
        assert number in inbox and reason in inbox
        assert "Its wipe certificate was taken back." in page and f'href="/certificates/{number}"' in page
    assert reason in html.unescape(bob.client().get(f"/certificates/{number}").text)
    assert "已被撤销" in bob.client(language="zh").get("/inbox").text


def test_a_wrong_code_is_said_at_its_field(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    client, path = alice.client(), f"/orders/{order_id}"
    early = client.post(f"{path}/hand-over", data={"code": "2345-6789"})
    assert early.status_code in (409, 422)
    checked(doing, order_id, bob)
    for typed in ("", "2345-6789", "x" * 31, "\x00", "ＡＢＣ"):
        answer = client.post(f"{path}/hand-over", data={"code": typed})
        assert answer.status_code == 422 and 'id="code-error"' in answer.text, typed
    assert order_of(session, path).state == "checked"
    assert bob.client().post(f"{path}/hand-over", data={"code": "x"}).status_code == 403, "the buyer can't say it for the seller"


def test_the_race_is_told(session, coat, alice, bob, charlie):
    path = reserve(bob, coat).location
    late = reserve(charlie, coat)
    assert late.status_code == 409 and "Somebody else was quicker" in late.text
    assert reserve(bob, coat).location == path, "asked again, the same reservation"
    assert reserve(alice, coat).status_code == 403
    assert charlie.client().get(f"/listings/{coat}").status_code == 200


def test_an_order_is_its_two_peoples(doing, coat, bob, charlie, wang, ines, root, anonymous):
    path = f"/orders/{reserved(doing, coat, bob)}"
    for person in (charlie, wang):
        assert person.client().get(path).status_code == 404
        for verb in ("check", "cancel", "hand-over", "review"):
            assert person.client().post(f"{path}/{verb}").status_code == 404
    for person in (ines, root):
        page = person.client().get(path)
        assert page.status_code == 200 and "/cancel" not in page.text
        assert person.client().post(f"{path}/cancel").status_code == 403
    assert "sign-in" in anonymous.post(f"/listings/{coat}/reserve").location


def test_either_calls_it_off_and_it_is_on_sale_again(session, doing, coat, alice, bob):
    for person in (alice, bob):
        path = f"/orders/{reserved(doing, coat, bob)}"
        assert person.client().post(f"{path}/cancel").status_code == 303
        assert state_of(session, coat) == "published"
        assert person.client().post(f"{path}/cancel").status_code == 303
        assert person.client().post(f"{path}/hand-over", data={"code": "X"}).status_code in (403, 409, 422)


def test_a_review_without_stars_keeps_its_words(doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    for stars in ("", "6", "-1", "five", "²"):
        answer = bob.client().post(f"/orders/{order_id}/review", data={"stars": stars, "words": "很守时"})
        assert answer.status_code == 422 and 'id="stars-error"' in answer.text and "很守时" in answer.text, stars


def test_no_orders_yet(bob):
    assert "No orders yet" in bob.client().get("/me/orders").text
