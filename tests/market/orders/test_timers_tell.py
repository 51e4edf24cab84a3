"""Every clock of the trade writes into the message centre: nobody learns of a date only by looking."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.money import Money
from core.people.models import Notice
from market.ledger import unclaimed
from market.ledger.actions import Line, post
from market.listings import actions as listings
from market.listings.models import Listing
from market.orders import offering, swapping, timers
from market.orders.swap_models import Swap
from tests import stories
from tests.market_stories import listed, listed_coat, reserved


def told(session, person):
    session.rollback()
    query = select(Notice).where(Notice.account_id == person.id).order_by(Notice.id)
    return [(one.kind, one.sentence) for one in session.scalars(query)]


@pytest.fixture
def later(doing):
    def run(step, **by):
        with clock.stopped_at(clock.now() + timedelta(**by)), doing() as w:
            step(w)

    return run


def test_a_swap_that_nobody_answered_is_told_to_both(session, doing, later, alice, bob):
    coat, scarf = listed_coat(doing, alice), listed(doing, stories.coat(doing, bob), bob, title="围巾")
    with doing(bob) as w:
        swapping.propose(w, w.session.get_one(Listing, coat), w.session.get_one(Listing, scarf))
    later(swapping.expire, days=2)
    assert session.scalars(select(Swap.state)).one() == "proposed", "not before its time"
    for _ in range(2):
        later(swapping.expire, days=4)
    assert told(session, bob) == [("orders", "Your swap for “%(title)s” got no answer in time.")]
    assert told(session, alice)[1:] == [("orders", "The swap that was offered for “%(title)s” ran out.")]


def test_an_offer_a_reservation_and_a_listing_that_run_out(session, doing, later, alice, bob):
    coat = listed_coat(doing, alice)
    with doing(alice) as w:
        w.session.get_one(Listing, coat).negotiable = True
    with doing(bob) as w:
        offering.offer(w, w.session.get_one(Listing, coat), Money(15000, "CNY"))
    later(offering.expire, hours=25)
    assert told(session, bob)[-1][1].startswith("Your price of %(amount)s for “%(title)s” got no answer")
    reserved(doing, coat, bob)
    later(timers.expire_reservations, hours=49)
    assert [told(session, one)[-1] for one in (alice, bob)] == [("orders", "The reservation of “%(title)s” ran out.")] * 2
    later(listings.expire_old, days=200)
    assert told(session, alice)[-1] == ("listings", "“%(title)s” was on sale for 90 days and has expired.")


def test_money_that_nobody_fetched_is_told_to_its_owner_or_to_who_manages_the_place(session, doing, people, shop, alice, bob, charlie):
    people.give_role(bob, "shop_manager", shop)
    people.give_role(charlie, "shop_clerk", shop)
    for owner, key in ((alice.id, "a"), (shop, "b")):
        with doing() as w:
            lines = [Line("provider_clearing", "stripe", Money(-5000, "CNY")), Line("seller_payable", owner, Money(5000, "CNY"))]
            post(w, "sale", key, f"test/{key}", lines)
        with doing() as w:
            unclaimed.set_aside(w, "seller_payable", owner)
    assert told(session, alice) == [("money", "Money of yours waits to be fetched. It stays yours.")]
    assert told(session, bob) == [("money", "Money of your organisation waits to be fetched.")] and told(session, charlie) == []
    link = session.scalars(select(Notice.link).where(Notice.account_id == bob.id)).one()
    assert bob.client().get(link).status_code == 200, "where it leads is open to him"
