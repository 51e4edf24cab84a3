"""A line that leads away from the market: its sender looks first, the receiver is warned, and an order needs contact details."""

import pytest
from sqlalchemy import select

from market.listings.models import Message
from tests.market_stories import ordered, reserved

PHONE, ASIDE = "打我 138 1234 5678", "线下付给我便宜五十"


def said(session):
    session.rollback()
    return [(one.body, one.found, one.warned) for one in session.scalars(select(Message).order_by(Message.id))]


@pytest.mark.parametrize(("language", "head", "what", "send"), [
    ("en", "Look once more before you send it", "a mobile number", "Send it all the same"),
    ("zh", "发送前请再看一眼", "手机号", "仍要发送"),
])  # fmt: skip
def test_the_sender_sees_what_and_why_and_may_send_it_all_the_same(session, coat, bob, language, head, what, send):
    path, client = f"/listings/{coat}/talk/{bob.id}", bob.client(language=language)
    page = client.post(path, data={"body": PHONE})
    assert page.status_code == 422 and said(session) == []
    for words in (head, what, "<b class=\"break\">138 1234 5678</b>", send, 'name="sure" value="yes"', f">\r\n{PHONE}</textarea>"):
        assert words in page.text, words
    assert client.post(path, data={"body": PHONE, "sure": "yes"}).status_code == 303
    assert said(session) == [(PHONE, ["mobile"], True)]


def test_ordinary_words_go_at_once(session, coat, bob):
    body = "ISBN 9787111547426 那本 138 元，175/92A 的衣服周六 18:30 见可以吗？单号 SF1381234567890"
    assert bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": body}).status_code == 303
    assert said(session) == [(body, [], False)]


def test_with_a_contract_standing_contact_details_go_at_once_but_paying_past_it_is_asked_and_warned_of(session, doing, coat, alice, bob):
    ordered(doing, coat, bob)
    path = f"/listings/{coat}/talk/{bob.id}"
    assert bob.client().post(path, data={"body": PHONE}).status_code == 303, "they have to find each other"
    assert "Careful" not in alice.client().get(path).text
    assert alice.client().post(path, data={"body": ASIDE}).status_code == 422
    assert alice.client().post(path, data={"body": ASIDE, "sure": "yes"}).status_code == 303
    assert [(found, warned) for _, found, warned in said(session)] == [([], False), (["elsewhere"], True)]
    assert "Careful with your money" in bob.client().get(path).text and "Careful: paying outside the market" in bob.client().get(path).text
    assert "Careful with your money" not in alice.client().get(path).text and "You were asked first" in alice.client().get(path).text


def test_a_mere_reservation_is_no_contract(session, doing, coat, bob):
    reserved(doing, coat, bob)
    assert bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": PHONE}).status_code == 422
    assert said(session) == []


def test_an_address_of_the_house_is_no_way_out(session, coat, bob):
    body = f"http://localhost/listings/{coat} 就是这件"
    assert bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": body}).status_code == 303
    assert said(session)[0][1] == []


def test_the_first_line_of_a_talk_is_preceded_by_a_word_of_caution(coat, bob):
    client, path = bob.client(), f"/listings/{coat}/talk/{bob.id}"
    assert "Nobody from the market asks you for codes" in client.get(path).text
    client.post(path, data={"body": "还在吗"})
    assert "Nobody from the market asks you for codes" not in client.get(path).text


def test_what_was_found_is_escaped_where_it_is_shown(coat, bob):
    page = bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": "https://x.example/<script>alert(1)</script>"})
    assert page.status_code == 422 and "<script>alert" not in page.text
