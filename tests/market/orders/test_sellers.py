"""What buyers said of Alice stands with Alice: on her page, beside her things, and nowhere a name too many."""

import re

import pytest

from core import clock, ids, ports
from core.people.models import Account, SellerFile
from core.people.rules import months_later
from core.people.states import ACCOUNT
from core.states import walk
from market.listings.actions import withdraw
from market.listings.models import Listing
from market.orders import actions
from market.orders.models import Order
from tests.market_stories import checked, listed_coat, ordered, sold


def trade(doing, seller, buyer, stars=None, words="", back=None, title="波司登羽绒服 95新"):
    """One whole sale; the buyer's stars and words about the seller, and the seller's stars `back`."""
    order_id = ordered(doing, listed_coat(doing, seller, title=title), buyer)
    checked(doing, order_id, buyer)
    sold(doing, order_id, seller)
    for who, given_stars, said in ((buyer, stars, words), (seller, back, "爽快的买家")):
        if given_stars:
            with doing(who) as w:
                actions.review(w, w.session.get_one(Order, order_id), given_stars, said)
    return order_id


def page_of(person, visitor, language="en", **args):
    return visitor.client(language=language).get(f"/sellers/{person.id}", query_string=args)


def test_reviews_stand_with_the_seller_and_beside_the_things_on_sale(doing, coat, alice, bob, charlie):
    for stars, words in ((5, "很守时"), (4, "如描述 <b>"), (5, "")):
        trade(doing, alice, bob, stars, words)
    page = page_of(alice, charlie).text
    assert "很守时" in page and "如描述 &lt;b&gt;" in page and "4.7 of 5 · 3 reviews" in page
    assert re.search(r'class="stat-value">3<', page), "three sales"
    assert f"/listings/{coat}" in page and "Private idle goods" in page
    beside = charlie.client().get(f"/listings/{coat}").text
    assert f'href="/sellers/{alice.id}"' in beside and "4.7 of 5" in beside and "3 reviews" in beside
    assert "4.7 分" in page_of(alice, charlie, "zh").text


def test_two_voices_are_no_average(doing, coat, alice, bob, charlie):
    for _ in range(2):
        trade(doing, alice, bob, 5)
    for text in (page_of(alice, charlie).text, charlie.client().get(f"/listings/{coat}").text):
        assert "2 reviews" in text and "of 5 ·" not in text and "5.0" not in text


def test_nobody_learns_who_bought_what(doing, coat, alice, bob, people):
    trade(doing, alice, bob, 5, "好卖家", back=2, title="丝绸围巾")
    page = page_of(alice, people.person("Dora")).text
    assert "好卖家" in page and "丝绸围巾" in page and "Bob" not in page and bob.id not in page
    assert not re.search(r"@|\*{3}", page.split("<main")[1].split("</main")[0]), "no contact, not even a masked one"


def test_the_two_directions_stay_apart(session, doing, alice, bob, charlie):
    trade(doing, alice, bob, 5, "好卖家", back=2, title="丝绸围巾")
    trade(doing, bob, charlie, 4, "也不错")
    page = page_of(bob, alice).text
    sells, buys = page.split('id="reviews"')[1].split('id="bought"')
    assert "也不错" in sells and "爽快的买家" not in sells
    assert "爽快的买家" in buys and "也不错" not in buys and "丝绸围巾" not in page, "what Bob bought is his own affair"
    assert 'id="bought"' not in page_of(alice, bob).text, "Alice has bought nothing"
    assert ports.standing(session, bob.id).reviews == 1, "beside his things stands what buyers said"


def test_who_sells_nothing_has_no_page(session, doing, coat, alice, bob, anonymous):
    assert anonymous.get(f"/sellers/{alice.id}").status_code == 200
    for nobody in (bob.id, "nothing", "x" * 300):
        assert anonymous.get(f"/sellers/{nobody}").status_code == 404
    with doing(alice) as w:
        withdraw(w, w.session.get_one(Listing, coat))
    assert anonymous.get(f"/sellers/{alice.id}").status_code == 404 and ports.standing(session, alice.id).href == ""


def test_a_suspended_seller_is_not_shown(doing, coat, alice, bob):
    assert page_of(alice, bob).status_code == 200
    with doing() as w:
        walk(w, ACCOUNT, w.session.get_one(Account, alice.id), "suspend")
    assert page_of(alice, bob).status_code == 404
    assert f"/sellers/{alice.id}" not in bob.client().get(f"/listings/{coat}").text


def test_no_reviews_yet_and_nothing_on_sale(doing, coat, alice, bob):
    page = page_of(alice, bob).text
    assert "No reviews yet" in page and "needs no papers" in page
    ordered(doing, coat, bob)
    assert "Reserved" in page_of(alice, bob).text, "reserved things are on the shelf, marked"
    trade(doing, bob, alice)
    assert "Nothing on sale at the moment" in page_of(bob, alice).text


def test_a_checked_business_shows_when_it_was_checked_and_is_checked_again(doing, coat, alice, bob):
    with doing() as w:
        w.session.add(SellerFile(
            id=ids.new_id(), account_id=alice.id, org_id=None, kind="operator", licence_no="91330106MA2CFRXT2J",
            verified_at=w.now, next_check_at=months_later(w.now, 6), verified_by="system:test",
        ))  # fmt: skip
    page = page_of(alice, bob).text
    assert "Business operator" in page and "Checked again by" in page and "91330106" not in page
    assert str(clock.local(months_later(clock.now(), 6)).year) in page


def test_what_a_clerk_sells_for_a_shop_is_the_shops(session, doing, coat, alice, bob, shop):
    with doing() as w:
        w.session.get_one(Listing, coat).org_id = shop
    assert page_of(alice, bob).status_code == 404
    page = bob.client().get(f"/listings/{coat}").text
    assert "西湖旧货行" in page and "/sellers/" not in page


def test_the_order_leads_to_the_seller(doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    for person in (alice, bob):
        assert f'href="/sellers/{alice.id}"' in person.client().get(f"/orders/{order_id}").text


@pytest.mark.slow
def test_twenty_a_page_each_list_for_itself(doing, alice, bob):
    for n in range(21):
        trade(doing, alice, bob, 5, f"第{n}条", back=3)
    first, second = page_of(alice, bob).text, page_of(alice, bob, reviews="2").text
    assert first.count("of 5 stars") == 20 and "第20条" in first and "第0条" not in first
    assert "第0条" in second and "第20条" not in second and "5.0 of 5 · 21 reviews" in second
    trade(doing, bob, alice)
    assert page_of(bob, alice).text.count("of 5 stars") == 20 and "?bought=2" in page_of(bob, alice).text
    assert page_of(bob, alice, bought="2").text.count("of 5 stars") == 1
    for odd in ("0", "-1", "x", "99999999", "²", ""):
        assert page_of(alice, bob, reviews=odd, shelf=odd, bought=odd).status_code == 200
