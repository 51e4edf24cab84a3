"""The promise, tried by raw SQL on the engine of this run: no data-bearing item is listed, reserved or sold without a
valid clearance of this very item and epoch. Every hole has a genuine twin that passes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.goods import custody
from core.goods.models import Item
from market.listings.models import Listing
from market.listings.queries import find_listing
from privacy.clearance.models import Clearance
from privacy.clearance.queries import find_clearance
from tests import stories
from tests.market_stories import listed, listed_coat, listed_laptop, state_of


@pytest.fixture
def on_sale(app, doing, alice, wang, zhao, shop):
    """Alice's laptop, wiped by Wang, verified by Zhao, on sale."""
    return listed_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def waiting(doing, alice):
    """Another laptop of Alice's that nobody has wiped; its listing waits."""
    from market.listings import actions

    item_id = stories.laptop(doing, alice, serial="PF9ZZ801", disks=[stories.disks()[3]])
    with doing(alice) as w:
        offer = actions.Offer(title="未清除的笔记本", price_minor=100000, district="330106")
        listing = actions.draft(w, w.session.get_one(Item, item_id), alice.id, offer, seller_kind="idle")
        actions.wait_for_wipe(w, listing)
        return listing.id


def refuse(session, sql, **values):
    with pytest.raises(DatabaseError):
        session.execute(text(sql), values)
        session.flush()
    session.rollback()


@pytest.mark.parametrize("state", ["published", "paused", "reserved", "sold"])
def test_raw_sql_cannot_show_a_device_without_clearance(session, waiting, state):
    refuse(session, "UPDATE listings SET state = :s WHERE id = :i", s=state, i=waiting)
    assert state_of(session, waiting) == "waiting_wipe"


@pytest.mark.parametrize("state", ["published", "paused", "reserved", "sold"])
def test_raw_sql_cannot_borrow_another_items_clearance(session, waiting, on_sale, state):
    other = session.get_one(Listing, on_sale)
    refuse(
        session, "UPDATE listings SET state = :s, clearance_id = :c, epoch = :e WHERE id = :i",
        s=state, c=other.clearance_id, e=other.epoch, i=waiting,
    )  # fmt: skip


def test_raw_sql_cannot_call_a_device_harmless(session, waiting):
    refuse(session, "UPDATE listings SET data_bearing = false WHERE id = :i", i=waiting)
    listing = session.get_one(Listing, waiting)
    refuse(session, "UPDATE items SET data_bearing = false WHERE id = :i", i=listing.item_id)
    refuse(session, "UPDATE items SET category = 'clothing' WHERE id = :i", i=listing.item_id)


def test_raw_sql_cannot_move_a_live_listing_to_another_item(session, waiting, on_sale):
    item_id = session.get_one(Listing, waiting).item_id
    refuse(session, "UPDATE listings SET item_id = :x WHERE id = :i", x=item_id, i=on_sale)


def test_raw_sql_cannot_take_the_clearance_off_a_live_listing(session, on_sale):
    refuse(session, "UPDATE listings SET clearance_id = NULL, epoch = NULL WHERE id = :i", i=on_sale)


def test_raw_sql_cannot_insert_a_listing_that_is_live_already(session, on_sale, waiting):
    columns = (
        "item_id, data_bearing, seller_id, seller_kind, title, description, category, price_minor, currency, negotiable, "
        "district, review, created_at, changed_at"
    )
    sql = (
        f"INSERT INTO listings (id, state, clearance_id, epoch, {columns}) "
        f"SELECT :n, 'published', :c, :e, {columns} FROM listings WHERE id = :i"
    )
    other = session.get_one(Listing, on_sale)
    refuse(session, sql, n="a" * 26, c=None, e=None, i=waiting)
    refuse(session, sql, n="a" * 26, c=other.clearance_id, e=other.epoch, i=waiting)


def test_raw_sql_cannot_end_a_clearance_under_a_live_listing(session, on_sale):
    clearance_id = session.get_one(Listing, on_sale).clearance_id
    sql = "UPDATE clearances SET state = 'revoked', ended_at = issued_at WHERE id = :i"
    refuse(session, sql, i=clearance_id)
    refuse(session, "DELETE FROM clearances WHERE id = :i", i=clearance_id)


def test_raw_sql_cannot_raise_the_epoch_under_a_clearance(session, on_sale):
    item_id = session.get_one(Listing, on_sale).item_id
    refuse(session, "UPDATE items SET epoch = epoch + 1 WHERE id = :i", i=item_id)


def test_an_ended_clearance_brings_nothing_back(session, doing, alice, on_sale):
    item_id = session.get_one(Listing, on_sale).item_id
    with doing(alice) as w:
        custody.raise_epoch(w, w.session.get_one(Item, item_id), "repaired")
    assert state_of(session, on_sale) == "waiting_wipe"
    assert find_clearance(session, item_id) is None
    refuse(session, "UPDATE listings SET state = 'published' WHERE id = :i", i=on_sale)
    old = session.scalars(text_clearance(item_id)).one()
    refuse(session, "UPDATE clearances SET state = 'valid', ended_at = NULL WHERE id = :i", i=old.id)
    refuse(session, "UPDATE items SET epoch = 1 WHERE id = :i", i=item_id)


def text_clearance(item_id):
    from sqlalchemy import select

    return select(Clearance).where(Clearance.item_id == item_id)


def test_two_live_listings_of_one_thing_are_refused(session, doing, alice):
    listing_id = listed_coat(doing, alice)
    listing = session.get_one(Listing, listing_id)
    columns = (
        "item_id, data_bearing, seller_id, seller_kind, title, description, category, price_minor, currency, negotiable, "
        "district, review, created_at, changed_at, state"
    )
    sql = f"INSERT INTO listings (id, {columns}) SELECT :n, {columns} FROM listings WHERE id = :i"
    refuse(session, sql, n="b" * 26, i=listing.id)


def test_a_frozen_item_cannot_be_put_on_sale_by_raw_sql(session, doing, alice):
    listing_id = listed_coat(doing, alice)
    with doing(alice) as w:
        from market.listings import actions

        actions.pause(w, w.session.get_one(Listing, listing_id))
    item_id = session.get_one(Listing, listing_id).item_id
    session.rollback()
    with doing() as w:
        w.session.execute(text("UPDATE items SET state = 'frozen' WHERE id = :i"), {"i": item_id})
    refuse(session, "UPDATE listings SET state = 'published' WHERE id = :i", i=listing_id)


def test_the_genuine_twin_passes_all_of_them(session, on_sale, doing, alice):
    """A cleared laptop is published, paused, put back on sale; a coat needs none of it."""
    from market.listings import actions

    with doing(alice) as w:
        actions.pause(w, w.session.get_one(Listing, on_sale))
    with doing(alice) as w:
        listing = w.session.get_one(Listing, on_sale)
        actions.publish(w, listing, find_clearance(w.session, listing.item_id))
    assert state_of(session, on_sale) == "published"
    assert find_listing(session, on_sale).item.data_bearing
    coat = listed(doing, stories.coat(doing, alice), alice)
    assert state_of(session, coat) == "published"


def test_publish_takes_no_permit_of_another_item(session, app, doing, alice, waiting, on_sale):
    from core.errors import Refused
    from market.listings import actions
    from privacy.clearance.permit import NotNeeded

    with doing(alice) as w:
        listing = w.session.get_one(Listing, waiting)
        other = w.session.get_one(Listing, on_sale)
        stolen = find_clearance(w.session, other.item_id)
        for permit in (stolen, NotNeeded(listing.item_id), NotNeeded(other.item_id)):
            with pytest.raises(Refused, match="not_cleared"):
                actions.publish(w, listing, permit)
