"""Which of this market's sales teach about prices, walked by the people who make them; and that nobody can be found in what is told."""

from datetime import timedelta

from appraisal.prices import actions, queries
from core import clock, ports, price_ports
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from core.money import Money
from core.work import Actor
from market.aftersales import actions as cases
from market.aftersales import exchanging
from market.aftersales.models import Case
from market.listings import actions as listings
from market.listings.models import Listing
from market.listings.terms import Terms, set_terms
from market.orders import paying
from market.orders.comparables import pair_of
from market.orders.models import Order
from tests.exchange_stories import given
from tests.market_stories import checked, listed, ordered, sold


def told(session):
    today = clock.local(clock.now()).date()
    session.rollback()
    return list(price_ports.comparable_sales(session, today - timedelta(days=30), today))


def times(session):
    today = clock.local(clock.now()).date()
    session.rollback()
    return list(price_ports.offered_times(session, today - timedelta(days=30), today))


def guitar(doing, owner, **attributes):
    given = {"kind": "吉他", "brand": "雅马哈", "model": "FG800", "year": "2021"} | attributes
    with doing(owner) as w:
        said = {one.code: "无" if one.kind == "text" else "no" for one in get_card("other").disclosures}
        return take_in(w, owner.id, Intake(card=get_card("other"), attributes=given, disclosures=said, smart="no")).id


def sale(doing, seller, buyer, price=50_000):
    listing = listed(doing, guitar(doing, seller), seller, title="雅马哈 FG800 吉他", price=price)
    order = ordered(doing, listing, buyer)
    checked(doing, order, buyer)
    sold(doing, order, seller)
    return order


def test_a_completed_sale_is_told_with_what_its_price_depends_on_and_nobody(session, doing, alice, bob):
    order = sale(doing, alice, bob)
    (one,) = told(session)
    assert (one.category, one.brand, one.model, one.attributes["year"]) == ("other", "雅马哈", "FG800", "2021")
    assert (one.price, one.currency, one.sold_on, one.channel) == (50_000, "CNY", clock.local(clock.now()).date(), "idle")
    assert one.grade == "" and one.told == () and not one.related
    people = {alice.id, bob.id, order, session.get_one(Order, order).listing_id, session.get_one(Order, order).number}
    assert not any(name in repr(one) for name in people)


def test_the_pair_is_the_same_whoever_of_them_sells(session, doing, alice, bob, charlie):
    sale(doing, alice, bob)
    sale(doing, bob, alice)
    sale(doing, alice, charlie)
    there, back, other = told(session)
    assert there.pair == back.pair == pair_of(alice.id, bob.id) and other.pair != there.pair and len(there.pair) == 64


def test_what_is_only_ordered_teaches_nothing_yet(session, doing, alice, bob):
    listing = listed(doing, guitar(doing, alice), alice, title="雅马哈 FG800 吉他", price=50_000)
    order = ordered(doing, listing, bob)
    assert told(session) == []
    checked(doing, order, bob)
    sold(doing, order, alice)
    assert len(told(session)) == 1


def test_an_asking_price_never_comes_in(session, doing, alice):
    listed(doing, guitar(doing, alice), alice, title="雅马哈 FG800 吉他", price=77_700)
    assert told(session) == []
    (one,) = times(session)
    assert one.sold is False and "77700" not in repr(one) and not hasattr(one, "price")


def test_a_sale_that_is_refunded_in_part_leaves(session, doing, alice, bob):
    order = sale(doing, alice, bob)
    assert len(told(session)) == 1
    with doing() as w:
        paying.refund(w, w.session.get_one(Order, order), Money(100, "CNY"), "test", "agreed")
    assert told(session) == []


def test_a_sale_in_dispute_leaves_and_comes_back_when_the_dispute_is_dropped(session, doing, alice, bob):
    order = sale(doing, alice, bob)
    with doing(bob) as w:
        case_id = cases.open_case(w, w.session.get_one(Order, order), kind="refund", ground="not_as_told", words="弦断了", amount=100).id
    assert session.get_one(Order, order).state != "completed" and told(session) == []
    with doing(bob) as w:
        cases.withdraw(w, w.session.get_one(Case, case_id))
    assert session.get_one(Order, order).state == "completed" and len(told(session)) == 1


def test_a_sale_that_ended_in_an_exchange_leaves_and_one_in_a_repair_stays(session, doing, alice, bob, charlie):
    """Bob's faulty guitar went back for another one; Charlie's was mended, so its price is the price of what he has."""
    exchanged, mended = sale(doing, alice, bob, 50_000), sale(doing, alice, charlie, 40_000)
    instead = listed(doing, guitar(doing, alice), alice, title="另一把", price=70_000)
    asked = [in_case(doing, order, alice, who, kind) for order, who, kind in
             ((exchanged, bob, "exchange"), (mended, charlie, "repair"))]  # fmt: skip
    assert told(session) == []
    with doing(alice) as w:
        exchanging.choose(w, w.session.get_one(Case, asked[0]), instead)
    for case_id in asked:
        with doing(alice) as w:
            cases.take_back(w, w.session.get_one(Case, case_id))
    given(doing, asked[0], alice, bob)
    with doing(charlie) as w:
        cases.made_good(w, w.session.get_one(Case, asked[1]))
    rows = [session.get_one(Order, one) for one in (exchanged, mended)]
    assert [(one.state, one.refunded_minor) for one in rows] == [("completed", 0)] * 2, "both are settled without money"
    assert [one.price for one in told(session)] == [40_000]


def in_case(doing, order, seller, buyer, kind):
    """Its seller agreed to exchange or repair it."""
    with doing(buyer) as w:
        case_id = cases.open_case(w, w.session.get_one(Order, order), kind=kind, ground="not_as_told", words="弦断了").id
    with doing(seller) as w:
        cases.answer(w, w.session.get_one(Case, case_id), True, "")
    return case_id


def test_a_gift_teaches_no_price_and_isnt_waited_for(session, doing, alice, bob):
    listing = listed(doing, guitar(doing, alice), alice, title="雅马哈 FG800 吉他")
    with doing(alice) as w:
        set_terms(w, w.session.get_one(Listing, listing), Terms(gift=True))
    order = ordered(doing, listing, bob)
    checked(doing, order, bob)
    sold(doing, order, alice)
    assert session.get_one(Order, order).kind == "gift" and told(session) == times(session) == []
    sale(doing, alice, bob)
    assert len(told(session)) == len(times(session)) == 1


def test_what_staff_buy_in_their_own_shop_is_no_price_between_strangers(session, doing, alice, bob, wang, shop, people):
    listing = listed(doing, guitar(doing, alice), alice, title="雅马哈 FG800 吉他", price=50_000)
    with doing() as w:
        w.session.get_one(Listing, listing).org_id = shop
    order = ordered(doing, listing, wang)
    checked(doing, order, wang)
    sold(doing, order, alice)
    assert [one.related for one in told(session)] == [True]
    sale(doing, alice, bob)
    assert sorted(one.related for one in told(session)) == [False, True]


def test_defects_that_were_told_are_those_of_the_contract(session, doing, alice, bob):
    with doing(alice) as w:
        said = {one.code: "no" for one in get_card("other").disclosures if one.kind != "text"}
        worn = {one.code: "面板开裂" for one in get_card("other").disclosures if one.kind == "text"}
        given = Intake(card=get_card("other"), attributes={"kind": "吉他", "model": "FG800"}, disclosures=said | worn, smart="no")
        item = take_in(w, alice.id, given).id
    order = ordered(doing, listed(doing, item, alice, title="FG800", price=30_000), bob)
    checked(doing, order, bob)
    sold(doing, order, alice)
    assert set(told(session)[0].told) == set(worn) != set()


def test_time_on_offer_ends_with_the_contract_or_counts_on(session, doing, alice, bob):
    now = clock.now()
    with clock.stopped_at(now - timedelta(days=9)):
        first = listed(doing, guitar(doing, alice), alice, title="FG800 一", price=50_000)
        listed(doing, guitar(doing, alice), alice, title="FG800 二", price=50_000)
        gone = listed(doing, guitar(doing, alice), alice, title="FG800 三", price=50_000)
    with clock.stopped_at(now - timedelta(days=7)), doing(alice) as w:
        listings.withdraw(w, w.session.get_one(Listing, gone))
    with clock.stopped_at(now - timedelta(days=4)):
        order = ordered(doing, first, bob)
    checked(doing, order, bob)
    sold(doing, order, alice)
    assert sorted(((one.until - one.since).days, one.sold) for one in times(session)) == [(2, False), (5, True), (9, False)]


def test_five_real_sales_among_others_give_a_number_and_a_refund_takes_it_away(session, doing, alice, bob, charlie, wang, zhao, li, monkeypatch):
    """Through the whole house: the market's own sales, learned from by the appraisal room."""
    from tests.appraisal.prices.conftest import Beside

    others = Beside()
    others.sold(30, "Pixel 6", 150_000)
    monkeypatch.setitem(ports._providers["comparable_sales"], "beside", others.comparable_sales)
    orders = [sale(doing, alice, buyer, 50_000 + 700 * nth) for nth, buyer in enumerate((bob, charlie, wang, zhao))]

    def learned():
        actions.refit(session, Actor("system:test"), clock.now())
        session.rollback()
        (one,) = queries.find_guides(session, "fg800").guides
        return one

    assert learned().p50_minor is None
    orders.append(sale(doing, alice, li, 52_000))
    assert 45_000 < (learned().p50_minor or 0) < 58_000
    with doing() as w:
        paying.refund(w, w.session.get_one(Order, orders[0]), Money(50_000, "CNY"), "test", "agreed")
    assert learned().p50_minor is None and learned().sales == 4


def test_the_grade_is_the_one_of_the_contract(session, doing, alice, bob):
    listing = listed(doing, guitar(doing, alice), alice, title="雅马哈 FG800 吉他", price=50_000)
    with doing() as w:
        w.session.get_one(Listing, listing).grade = "B"
    order = ordered(doing, listing, bob)
    checked(doing, order, bob)
    sold(doing, order, alice)
    with doing() as w:  # whatever the listing says afterwards
        w.session.get_one(Listing, listing).grade = None
    assert [one.grade for one in told(session)] == ["B"]
