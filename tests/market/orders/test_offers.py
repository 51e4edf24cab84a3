"""Bargaining: private, one answer at a time, a day each; the floor is kept secret; accepted is reserved at that price."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core import clock
from core.errors import Busy, Invalid, Refused
from core.money import Money
from core.people.actions import accounts
from core.people.models import Account, Organisation
from core.ports import PersonClosing, happened
from core.work import Actor, work
from market.listings.models import Listing
from market.listings.terms import Terms, set_terms
from market.orders import offering, placing, swapping
from market.orders.contract import seller_line
from market.orders.models import Order
from market.orders.offer_models import Bid
from market.orders.swap_models import Swap
from tests.market_stories import confirmed, listed_coat, ordered, state_of


@pytest.fixture
def coat(doing, alice):
    listing_id = listed_coat(doing, alice, price=20000)
    with doing() as w:
        w.session.get_one(Listing, listing_id).negotiable = True
    return listing_id


def offered(doing, listing_id, buyer, minor):
    with doing(buyer) as w:
        return offering.offer(w, w.session.get_one(Listing, listing_id), Money(minor, "CNY")).id


def countered(doing, offer_id, who, minor):
    with doing(who) as w:
        return offering.counter(w, w.session.get_one(Bid, offer_id), Money(minor, "CNY")).id


def said(doing, offer_id, who, verb):
    with doing(who) as w:
        getattr(offering, verb)(w, w.session.get_one(Bid, offer_id))


def test_offer_counter_accept_and_the_contract_has_that_price(session, doing, coat, alice, bob):
    first = offered(doing, coat, bob, 15000)
    second = countered(doing, first, alice, 18000)
    said(doing, second, bob, "accept")
    order = session.scalars(select(Order)).one()
    assert (order.price_minor, order.buyer_id, state_of(session, coat)) == (18000, bob.id, "reserved")
    assert [one.state for one in offering.thread(session, coat, bob.id)] == ["countered", "accepted"]
    confirmed(doing, order.id, bob)
    assert session.get_one(Order, order.id).snapshot["price_minor"] == 18000


def test_the_seller_accepts_and_the_buyer_has_the_reservation(session, doing, coat, alice, bob):
    said(doing, offered(doing, coat, bob, 15000), alice, "accept")
    order = session.scalars(select(Order)).one()
    assert (order.buyer_id, order.seller_id, order.price_minor) == (bob.id, alice.id, 15000)


@pytest.mark.parametrize(("minor", "code"), [(20000, "offer_amount_asking"), (25000, "offer_amount_asking"), (0, "offer_amount_range")])
def test_an_offer_is_more_than_nothing_and_less_than_asked(doing, coat, bob, minor, code):
    with pytest.raises(Invalid, match=code):
        offered(doing, coat, bob, minor)


def test_a_fixed_price_is_not_bargained_about(doing, alice, bob):
    with pytest.raises(Invalid, match="offer_not_negotiable"):
        offered(doing, listed_coat(doing, alice), bob, 100)


def test_below_the_private_floor_it_is_declined_at_once_and_the_floor_stays_secret(session, doing, coat, bob):
    with doing() as w:
        w.session.get_one(Listing, coat).floor_minor = 17000
    assert session.get_one(Bid, offered(doing, coat, bob, 16999)).state == "declined"
    assert session.get_one(Bid, offered(doing, coat, bob, 17000)).state == "open"
    client = bob.client()
    for path in (f"/listings/{coat}", f"/listings/{coat}/offer"):
        assert "170.00" not in client.get(path).text.replace("¥170.00", "", 1) or path.endswith("offer")


def test_one_open_offer_a_pair_and_others_may_offer_too(session, doing, coat, alice, bob, charlie):
    mine, theirs = offered(doing, coat, bob, 15000), offered(doing, coat, charlie, 16000)
    with pytest.raises(Refused, match="offer_open"):
        offered(doing, coat, bob, 15500)
    said(doing, theirs, alice, "accept")
    with pytest.raises(Busy):
        said(doing, mine, alice, "accept")
    assert session.scalars(select(Order)).one().buyer_id == charlie.id


def test_nobody_answers_their_own_and_nobody_else_answers_at_all(doing, coat, alice, bob, charlie):
    first = offered(doing, coat, bob, 15000)
    for who in (bob, charlie):
        with pytest.raises(Refused, match="your_own_offer"):
            said(doing, first, who, "accept")
    with pytest.raises(Refused, match="not_yours"):
        said(doing, first, alice, "withdraw")
    said(doing, first, bob, "withdraw")
    with pytest.raises(Refused, match="not_in_this_state"):
        said(doing, first, alice, "accept")


def test_after_a_day_it_has_expired(session, doing, coat, alice, bob):
    first = offered(doing, coat, bob, 15000)
    late = clock.now() + timedelta(hours=24, minutes=1)
    with pytest.raises(Refused, match="offer_expired"), work(session, Actor(alice.id), late) as w:
        offering.accept(w, w.session.get_one(Bid, first))
    with work(session, Actor("system:t"), late) as w:
        offering.expire(w)
    assert session.get_one(Bid, first).state == "expired"
    assert "no answer" in bob.client().get("/inbox").text


def test_ten_rounds_are_enough(doing, coat, alice, bob):
    last = offered(doing, coat, bob, 10000)
    for round_ in range(9):
        last = countered(doing, last, alice if round_ % 2 == 0 else bob, 11000 + round_)
    with pytest.raises(Invalid, match="offer_too_many"):
        countered(doing, last, bob if round_ % 2 == 0 else alice, 12000)


def test_nobody_offers_on_their_own_thing_or_on_a_taken_one(doing, coat, alice, bob, charlie):
    with pytest.raises(Refused, match="own_thing"):
        offered(doing, coat, alice, 100)
    with doing(charlie) as w:
        placing.reserve(w, coat)
    with pytest.raises(Busy, match="not_on_sale"):
        offered(doing, coat, bob, 15000)


@pytest.mark.parametrize("values", [{"amount_minor": 1}, {"state": "accepted"}, {"by_buyer": False}])
def test_the_database_keeps_an_offers_words(doing, coat, bob, values):
    offered(doing, coat, bob, 15000)
    with pytest.raises(IntegrityError), doing(bob) as w:
        w.session.execute(update(Bid).values(**values))


def test_on_the_phone(session, coat, alice, bob, charlie):
    buyer, seller = bob.client(language="zh"), alice.client()
    assert f"/listings/{coat}/offer" in buyer.get(f"/listings/{coat}").text
    for typed in ("", "abc", "200", "-5", "1" * 30, "\x00"):
        answer = buyer.post(f"/listings/{coat}/offer", data={"amount": typed, "once": "a"})
        assert answer.status_code == 422 and 'id="amount-error"' in answer.text, typed
    path = buyer.post(f"/listings/{coat}/offer", data={"amount": "150", "once": "b"}).location
    assert seller.get(path).status_code == 200 and charlie.client().get(path).status_code == 403
    assert "150.00" in seller.get("/me/offers").text
    answered = seller.post(f"{path}/counter", data={"amount": "180"}).location
    assert buyer.post(f"{answered}/accept").location.startswith("/orders/")
    assert state_of(session, coat) == "reserved"


# --- offers that nobody may take any more --------------------------------------------------------------------------


def swapped_for(doing, coat, owner):
    jacket = listed_coat(doing, owner, title="冲锋衣")
    with doing(owner) as w:
        return swapping.propose(w, w.session.get_one(Listing, coat), w.session.get_one(Listing, jacket)).id


def test_who_is_suspended_buys_and_swaps_nothing(app, session, doing, coat, alice, bob, charlie):
    mine, theirs, swap = offered(doing, coat, bob, 15000), offered(doing, coat, charlie, 14000), swapped_for(doing, coat, bob)
    with app.app_context(), doing() as w:
        accounts.suspend(w, bob.id, "fraud")
    assert (session.get_one(Bid, mine).state, session.get_one(Swap, swap).state) == ("withdrawn", "withdrawn")
    with pytest.raises(Refused, match="not_in_this_state"):
        said(doing, mine, alice, "accept")
    said(doing, theirs, alice, "accept")
    assert session.scalars(select(Order)).one().buyer_id == charlie.id, "who isn't suspended buys as ever"


def test_who_leaves_takes_offers_along(app, session, doing, coat, bob, charlie):
    mine, theirs, swap = offered(doing, coat, bob, 15000), offered(doing, coat, charlie, 14000), swapped_for(doing, coat, bob)
    with app.app_context(), doing(bob) as w:
        happened(w, PersonClosing(bob.id))
    assert (session.get_one(Bid, mine).state, session.get_one(Swap, swap).state) == ("withdrawn", "withdrawn")
    assert session.get_one(Bid, theirs).state == "open"


@pytest.mark.parametrize("state", ["suspended", "active"])
def test_an_offer_from_before_still_asks_for_an_open_account(session, doing, coat, alice, bob, state):
    mine = offered(doing, coat, bob, 15000)
    with doing() as w:  # as a suspension of an earlier release left it
        w.session.execute(update(Account).where(Account.id == bob.id).values(state=state))
    if state == "suspended":
        with pytest.raises(Refused, match="buyer_gone"):
            said(doing, mine, alice, "accept")
        assert state_of(session, coat) == "published"
    else:
        said(doing, mine, alice, "accept")
        assert state_of(session, coat) == "reserved"


def test_what_is_given_away_has_no_offers_any_more(session, doing, coat, alice, bob):
    mine = offered(doing, coat, bob, 15000)
    with doing(alice) as w:
        set_terms(w, w.session.get_one(Listing, coat), Terms(by_parcel=True))
    assert session.get_one(Bid, mine).state == "open", "other terms change nothing about it"
    with doing(alice) as w:
        set_terms(w, w.session.get_one(Listing, coat), Terms(gift=True))
    assert session.get_one(Bid, mine).state == "declined"
    session.rollback()
    assert alice.client().post(f"/offers/{mine}/accept").status_code == 409
    assert "免费预订" in bob.client(language="zh").get("/inbox").text
    with doing(bob) as w:
        assert placing.reserve(w, coat).kind == "gift"


def test_an_offer_that_was_open_when_it_became_a_gift_is_refused_at_its_acceptance(session, doing, coat, alice, bob):
    mine = offered(doing, coat, bob, 15000)
    with doing() as w:  # as an earlier release left it
        w.session.execute(update(Listing).where(Listing.id == coat).values(gift=True, price_minor=0, floor_minor=None))
    with pytest.raises(Refused, match="given_away"):
        said(doing, mine, alice, "accept")
    assert state_of(session, coat) == "published"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_notice_of_an_offer_writes_money_as_its_reader_does(doing, coat, alice, bob, language):
    offered(doing, coat, bob, 12345)
    page = alice.client(language=language).get("/inbox").text
    assert "¥123.45" in page and "CNY" not in page


def test_a_shop_is_called_by_its_english_name_in_english_only(session, doing, coat, shop, bob):
    with doing() as w:
        w.session.get_one(Organisation, shop).name_en = "West Lake Second-hand"
    with doing() as w:
        w.session.get_one(Listing, coat).org_id = shop
    order = placing_page(doing, coat, bob)
    english, chinese = (bob.client(language=one).get(order).text for one in ("en", "zh"))
    assert "West Lake Second-hand" in english and "西湖旧货行" not in english
    assert "西湖旧货行" in chinese and "West Lake Second-hand" not in chinese


def test_an_orders_frozen_copy_keeps_both_names_of_the_shop(session, doing, coat, shop, bob):
    with doing() as w:
        w.session.get_one(Organisation, shop).name_en = "West Lake Second-hand"
    with doing() as w:
        w.session.get_one(Listing, coat).org_id = shop
    order_id = ordered(doing, coat, bob)
    with doing() as w:
        w.session.get_one(Organisation, shop).name_en = "Another name since"
    english, chinese = (bob.client(language=one).get(f"/orders/{order_id}").text for one in ("en", "zh"))
    assert "West Lake Second-hand" in english and "西湖旧货行" not in english and "Another name" not in english
    assert "西湖旧货行" in chinese and "West Lake Second-hand" not in chinese
    session.rollback()
    told = session.get_one(Order, order_id).snapshot
    assert seller_line(told, "en").startswith("West Lake Second-hand · ") and seller_line(told, "zh").startswith("西湖旧货行 · ")
    del told["seller"]["name_en"]
    assert seller_line(told, "en").startswith("西湖旧货行 · "), "an order from before kept the Chinese name only"


def placing_page(doing, coat, bob):
    with doing(bob) as w:
        return f"/orders/{placing.reserve(w, coat).id}/confirm"
