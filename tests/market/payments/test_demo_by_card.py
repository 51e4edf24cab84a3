"""The demonstration's sellers can be paid by card from the first minute on, and its page shows the way; not where no stand-in stands."""

import pytest
from sqlalchemy import select

from core.people.demo import add_demo_person
from market.demo import card
from market.listings.models import Listing
from market.payments.offer import find_payout_account
from market.payments.side_models import PayoutAccount
from tests.market_stories import listed_coat, reserved


@pytest.fixture
def tang(doing, people):
    """A demo person with a coat on sale; and Bob, a demo person who buys."""
    from tests.conftest import Person

    with doing() as w:
        ids = [add_demo_person(w, name, f"{name[-5:-1].strip('(').lower()}@demo.example").id for name in ("唐小满 (Tang)", "陈博 (Bob)")]
    return tuple(Person(one, "demo", people._open) for one in ids)


def test_every_demo_seller_has_an_account_that_is_ready(app, session, bank, doing, tang, alice):
    seller, buyer = tang
    listed_coat(doing, seller)
    listed_coat(doing, alice)
    card.open_accounts(app)
    session.rollback()
    row = find_payout_account(session, seller.id)
    assert row is not None and row.state == "ready"
    assert [one.owner_id for one in session.scalars(select(PayoutAccount))] == [seller.id], "only who sells, and only demo people"
    made = len(bank.things("account"))
    card.open_accounts(app)
    assert len(bank.things("account")) == made, "the next start finds them"
    page = buyer.client().get(f"/orders/{reserved(doing, session.scalars(select(Listing.id)).first(), buyer)}/confirm").text
    assert 'value="stripe"' in page


def test_the_page_shows_the_way_with_something_to_buy(app, session, bank, doing, tang, anonymous):
    seller, buyer = tang
    assert "Paying by card" in anonymous.get("/demo").text and "/listings/" not in anonymous.get("/demo").text
    first, second = listed_coat(doing, seller), listed_coat(doing, seller)
    assert f"/listings/{first}" in anonymous.get("/demo").text
    reserved(doing, first, buyer)
    assert f"/listings/{first}" in anonymous.get("/demo").text, "what he is in the middle of stays"
    reserved(doing, second, buyer)
    page = anonymous.get("/demo").text
    assert "4242 4242 4242 4242" in page and page.count("<h1") == 1


def test_without_the_stand_in_there_is_neither(app, session, doing, tang, anonymous):
    listed_coat(doing, tang[0])
    card.open_accounts(app)
    assert session.scalars(select(PayoutAccount)).first() is None
    assert "Paying by card" not in anonymous.get("/demo").text
