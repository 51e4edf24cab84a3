"""People who look, and sellers with something to look at."""

import pytest

from tests.market_stories import checked, listed_coat, ordered, sold


@pytest.fixture
def rui(people):
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("循市审核", "platform"))
    return person


@pytest.fixture
def ran(people):
    person = people.person("Ran")
    people.give_role(person, "reviewer", people.organisation("循市复核", "platform"))
    return person


@pytest.fixture
def sells(doing, bob):
    """`sells(alice, price=…)`: a coat, listed, bought by Bob and handed over; returns the order's id."""

    def one(seller, *, buyer=None, org_id=None, kind="idle", **words):
        listing_id = listed_coat(doing, seller, **words)
        if org_id or kind != "idle":
            with doing() as w:
                from market.listings.models import Listing

                row = w.session.get_one(Listing, listing_id)
                row.org_id, row.seller_kind = org_id, kind
        order_id = ordered(doing, listing_id, buyer or bob)
        checked(doing, order_id, buyer or bob)
        sold(doing, order_id, seller)
        return order_id

    return one
