"""Words that fit the thing and the reader: what a gift costs, what can be switched on, where a parcel goes, when to try again."""

import re

import pytest

from core.limits import TooMany
from core.web import limiter
from market.listings.models import Listing
from market.orders.models import Order
from tests.market_stories import (
    addressed,
    by_parcel,
    confirmed,
    listed_coat,
    listed_laptop,
    ordered,
    reserved,
    sent,
)


def on_its_way(doing, owner, buyer, listing_id):
    """A gift by parcel, sent. Returns the order's page."""
    order_id = reserved(doing, by_parcel(doing, owner, listing_id, gift=True), buyer)
    confirmed(doing, order_id, buyer, fulfilment="parcel")
    addressed(doing, order_id, buyer)
    sent(doing, order_id, owner)
    return f"/orders/{order_id}"


def test_only_where_something_is_paid_a_listing_speaks_of_paying(session, doing, alice, bob):
    sale, gift = (listed_coat(doing, alice, title=title) for title in ("卖的大衣", "送的大衣"))
    by_parcel(doing, alice, gift, gift=True)
    assert session.get_one(Listing, gift).gift
    sold = bob.client().get(f"/listings/{sale}").text + bob.client(language="zh").get(f"/listings/{sale}").text
    free = bob.client().get(f"/listings/{gift}").text + bob.client(language="zh").get(f"/listings/{gift}").text
    assert "who holds the money meanwhile" in sold and "货款由谁保管" in sold
    assert "nothing is paid for it" in free and "money meanwhile" not in free and "货款" not in free and "付款方式" not in free


def test_a_coat_isnt_switched_on(doing, alice, bob):
    path = on_its_way(doing, alice, bob, listed_coat(doing, alice))
    page, zh = bob.client().get(path).text, bob.client(language="zh").get(path).text
    assert "Open it and look at it." in page and "switch it on" not in page and "开机" not in zh


def test_a_laptop_is(app, doing, alice, bob, wang, zhao, shop):
    path = on_its_way(doing, alice, bob, listed_laptop(app, doing, alice, wang, zhao, shop))
    assert "switch it on" in bob.client().get(path).text and "开机" in bob.client(language="zh").get(path).text


def test_a_parcel_is_in_transit_to_a_person_at_an_address(session, doing, alice, bob):
    order_id = reserved(doing, by_parcel(doing, alice, listed_coat(doing, alice), gift=True), bob)
    confirmed(doing, order_id, bob, fulfilment="parcel")
    asked = bob.client(language="zh").get(f"/orders/{order_id}/address").text
    assert re.search(r"<h1[^>]*>\s*收件地址", asked) and "去向" not in asked
    assert "Delivery address" in bob.client().get(f"/orders/{order_id}/address").text
    addressed(doing, order_id, bob)
    label = alice.client(language="zh").get(f"/orders/{order_id}/ship").text
    assert "<dt>姓名</dt>" in label and "<dt>名称</dt>" not in label
    sent(doing, order_id, alice)
    assert session.get_one(Order, order_id).state == "shipped"
    zh = bob.client(language="zh").get(f"/orders/{order_id}").text
    assert "运送中<" in zh and "In transit" in bob.client().get(f"/orders/{order_id}").text


@pytest.mark.parametrize(("language", "said"), [("en", r"Try again in (\d+) seconds"), ("zh", r"请在 (\d+) 秒后再试")])
def test_too_many_wrong_codes_say_when_to_try_again(monkeypatch, doing, alice, bob, language, said):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    client = alice.client(language=language)
    answers = [client.post(f"/orders/{order_id}/hand-over", data={"code": "0000-0000"}) for _ in range(7)]
    limiter.reset()
    assert [one.status_code for one in answers[:6]] == [422] * 6 and not re.search(said, answers[5].text)
    assert answers[6].status_code == 429
    wait = int(re.search(said, answers[6].text).group(1))
    assert 0 < wait <= 60 and answers[6].headers["Retry-After"] == str(wait)


def test_a_long_wait_is_told_in_minutes():
    assert (TooMany(120).values["count"], TooMany(121).values["count"]) == (120, 3)
    assert "seconds" in TooMany(120).sentence and "minutes" in TooMany(121).sentence


def test_saved_terms_say_so(doing, alice):
    path = f"/listings/{listed_coat(doing, alice, price=20000)}/terms"
    client = alice.client(language="zh")
    refused = client.post(path, data={"floor": "abc", "policy": "private_sale"}, follow_redirects=True)
    assert refused.status_code == 422 and "条件已保存" not in refused.text
    saved = client.post(path, data={"floor": "150", "policy": "private_sale"}, follow_redirects=True)
    assert saved.status_code == 200 and "条件已保存" in saved.text
    assert "条件已保存" not in client.get(path).text, "said once"
