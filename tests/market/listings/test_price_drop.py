"""收藏 and lower prices: one word when it costs less than this person was ever told, and none otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.people.models import Notice
from core.people.notices import told_value
from market.listings import actions, blocking, terms
from market.listings.actions import Offer
from market.listings.models import Favourite, Listing
from market.listings.watching_rules import worth_telling


@pytest.fixture
def bob_keeps(coat, bob):
    assert bob.client().post(f"/listings/{coat}/favourite").status_code == 303


def priced(doing, alice, coat, minor):
    with doing(alice) as w:
        actions.edit(w, w.session.get_one(Listing, coat), Offer(title="波司登羽绒服 95新", price_minor=minor, district="330106"))


def told(session, person):
    session.rollback()
    query = select(Notice).where(Notice.account_id == person.id, Notice.kind == "favourites").order_by(Notice.id)
    return [tuple(told_value(one.values.get(name), "en") for name in ("now", "then")) for one in session.scalars(query)]


def test_bob_is_told_once_and_not_again_for_the_same_price(session, doing, coat, bob_keeps, alice, bob, charlie):
    priced(doing, alice, coat, 17900)
    assert told(session, bob) == [("¥179.00", "¥199.00")]
    for minor in (19900, 17900, 25000, 17900, 18000):
        priced(doing, alice, coat, minor)
    assert len(told(session, bob)) == 1, "up and down tells nothing new"
    priced(doing, alice, coat, 15000)
    assert told(session, bob)[1:] == [("¥150.00", "¥179.00")]
    assert told(session, charlie) == [] and told(session, alice) == []
    page = bob.client(language="zh").get("/inbox").text
    assert "降价了" in page and f"/listings/{coat}" == bob.client().get(page.split('href="/inbox/')[1].split('"')[0].join(["/inbox/", ""])).location


def test_whoever_keeps_it_later_knows_that_price(session, doing, coat, alice, bob):
    priced(doing, alice, coat, 15000)
    bob.client().post(f"/listings/{coat}/favourite")
    priced(doing, alice, coat, 19900)
    priced(doing, alice, coat, 15500)
    assert told(session, bob) == []
    priced(doing, alice, coat, 14000)
    assert told(session, bob) == [("¥140.00", "¥150.00")]


def test_whoever_keeps_it_no_longer_hears_nothing(session, doing, coat, bob_keeps, alice, bob):
    bob.client().post(f"/listings/{coat}/favourite")
    priced(doing, alice, coat, 10000)
    assert told(session, bob) == [] and session.scalars(select(Favourite)).first() is None


def test_none_of_ones_own_across_a_block_or_off_sale(session, doing, coat, bob_keeps, alice, bob, charlie):
    for person in (alice, charlie):
        person.client().post(f"/listings/{coat}/favourite")
    with doing(alice) as w:
        blocking.block(w, charlie.id)
    priced(doing, alice, coat, 15000)
    assert told(session, alice) == [] and told(session, charlie) == [] and len(told(session, bob)) == 1
    with doing(alice) as w:
        actions.pause(w, w.session.get_one(Listing, coat))
    priced(doing, alice, coat, 9900)
    assert len(told(session, bob)) == 1, "what isn't on sale isn't advertised"
    assert alice.client().post(f"/listings/{coat}/resume").status_code == 303
    assert told(session, bob)[1:] == [("¥99.00", "¥150.00")], "back on sale, at a price nobody was told"


def test_an_ended_listing_tells_nobody(session, doing, coat, bob_keeps, alice, bob):
    with doing(alice) as w:
        actions.withdraw(w, w.session.get_one(Listing, coat))
        from market.listings import watching

        w.session.get_one(Listing, coat).price_minor = 100
        assert watching.price_fell(w, w.session.get_one(Listing, coat), 19900) == 0
    assert told(session, bob) == []


def test_given_away_is_the_lowest_price_of_all(session, doing, coat, bob_keeps, alice, bob):
    with doing(alice) as w:
        terms.set_terms(w, w.session.get_one(Listing, coat), terms.Terms(gift=True))
    assert told(session, bob) == [(None, None)]
    assert "is given away now" in bob.client().get("/inbox").text


def test_a_row_from_before_prices_were_remembered(session, doing, coat, bob_keeps, alice, bob):
    with doing() as w:
        w.session.get_one(Favourite, (bob.id, coat)).told_minor = None
    priced(doing, alice, coat, 15000)
    assert told(session, bob) == [("¥150.00", "¥199.00")]


def test_fen_by_fen_tells_nothing_until_it_is_a_hundredth(session, doing, coat, bob_keeps, alice, bob):
    for minor in range(19899, 19799, -20):
        priced(doing, alice, coat, minor)
    assert told(session, bob) == []
    priced(doing, alice, coat, 19799)
    assert told(session, bob) == [("¥197.99", "¥199.00")]


@given(st.integers(1, 10**8), st.lists(st.integers(0, 10**8), max_size=40))
def test_whatever_the_price_does_each_word_is_lower_than_the_one_before(start, prices):
    known, words = start, []
    for price in prices:
        if worth_telling(known, price):
            words.append(price)
            known = price
    assert words == sorted(set(words), reverse=True) and all(one < start for one in words)
    assert not prices or min(prices) >= known or known - min(prices) <= 100
