"""How far a device's wipe is, as its seller reads it on the listing and among the own things; and what is said when it goes up."""

import re

import pytest

from core.goods.models import Item
from market.listings import actions
from market.listings.actions import Offer
from privacy.wipes import actions as wipes
from privacy.wipes.models import WipeJob
from tests import stories
from tests.market_stories import listed_coat

HDD = stories.disks("hdd")


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def waiting(doing, alice):
    """A laptop whose listing waits for its wipe: (item, listing)."""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    with doing(alice) as w:
        offer = Offer(title="ThinkPad X1", price_minor=280000, district="330106")
        listing = actions.draft(w, w.session.get_one(Item, item_id), alice.id, offer, seller_kind="idle")
        actions.wait_for_wipe(w, listing)
        return item_id, listing.id


def test_the_mark_follows_the_wipe(app, doing, session, alice, wang, zhao, shop, waiting):
    item_id, listing_id = waiting
    client = alice.client()

    def page() -> str:
        return words(client.get(f"/listings/{listing_id}"))

    assert "Not wiped yet" in page() and "Have it wiped" in page() and "Wipe under way" not in page()
    job_id = stories.started(doing, item_id, alice, wang, shop)
    assert "Wipe under way" in page() and "Follow the wipe" in page() and "Have it wiped" not in page()
    with doing(wang) as w:
        wipes.give_up(w, w.session.get_one(WipeJob, job_id), "broken")
    assert "Not wiped yet" in page() and "Have it wiped" in page()
    stories.clear(app, doing, item_id, alice, wang, zhao, shop, HDD[:1])
    ready = page()
    assert "Ready to go on sale" in ready and "Wiped and verified" in ready
    assert "Waiting for information wiping" not in ready and "Have it wiped" not in ready
    assert ready.index("Publish") < ready.index("ThinkPad X1", ready.index("Ready to go on sale")), "above the photos"
    things = words(client.get("/me/things"))
    assert "Ready to go on sale" in things and "Publish" in things
    said = client.post(f"/listings/{listing_id}/publish", follow_redirects=True)
    assert "It is on sale now" in words(said)
    assert "On sale" in words(client.get("/me/things")) and "Ready to go" not in words(client.get("/me/things"))


def test_each_step_of_a_listing_is_answered(doing, alice):
    listing_id = listed_coat(doing, alice)
    client = alice.client()
    for verb, said in (("pause", "Paused: nobody finds it"), ("resume", "It is on sale again"), ("withdraw", "Taken off the market")):
        assert said in words(client.post(f"/listings/{listing_id}/{verb}", follow_redirects=True)), verb


def test_a_district_is_chosen_by_nobody_but_the_seller(doing, alice):
    listing_id = listed_coat(doing, alice)
    client = alice.client()
    sent = {"title": "Coat", "price": "100", "district": "", "condition": "light_use"}
    answer = client.post(f"/listings/{listing_id}/edit", data=sent)
    assert answer.status_code == 422 and 'id="district-error"' in answer.text
    assert client.post(f"/listings/{listing_id}/edit", data={**sent, "district": "330106"}).status_code == 303


@pytest.mark.parametrize(("language", "name"), [("en", "West Lake"), ("zh", "西湖")])
def test_a_shop_is_called_in_the_readers_language(language, name):
    from core.people.models import Organisation
    from core.people.names import shown_org

    assert shown_org(Organisation(name="西湖", name_en="West Lake"), language) == name
    assert shown_org(Organisation(name="西湖", name_en=""), language) == "西湖"
