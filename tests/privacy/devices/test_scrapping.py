"""报废 needs a reason, a proof and a receiver; what can hold data needs every medium wiped or destroyed."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core.errors import Forbidden, Invalid, Refused
from core.goods.models import Identifier, Item, StorageMedium
from market.listings.models import Listing
from privacy.clearance.actions import end_clearance
from privacy.clearance.queries import certificate_of, find_clearance, find_valid
from privacy.devices import scrapping
from tests import market_stories, stories
from tests.privacy.devices.test_leaving import HDD, SSD, destroy, take_out, witness


def scrap(doing, who, item_id, reason="unsold", receiver="杭州再生资源有限公司"):
    with doing(who) as w:
        return scrapping.scrap(w, item_id, reason=reason, receiver=receiver).proof


def state(session, item_id):
    session.expire_all()
    return session.get(Item, item_id).state


def test_a_coat_needs_no_proof(doing, session, alice):
    item_id = stories.coat(doing, alice)
    assert scrap(doing, alice, item_id) == "no_data"
    assert state(session, item_id) == "scrapped"
    with pytest.raises(Refused):
        scrap(doing, alice, item_id)


def test_a_laptop_that_was_never_wiped_is_not_scrapped(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    with pytest.raises(Refused, match="no_proof"):
        scrap(doing, alice, item_id)
    stories.clear(app, doing, item_id, alice, wang, zhao, shop, HDD[:1])
    assert scrap(doing, wang, item_id) == "wiped"
    assert state(session, item_id) == "scrapped"


def test_what_cannot_be_wiped_is_destroyed_first(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=SSD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    medium_id = session.scalars(select(StorageMedium.id)).one()
    session.rollback()
    take_out(app, doing, wang, job_id, medium_id)
    with pytest.raises(Refused, match="no_proof"):
        scrap(doing, wang, item_id, reason="unwipeable")
    witness(doing, zhao, destroy(app, doing, wang, job_id, medium_id))
    assert scrap(doing, wang, item_id, reason="unwipeable") == "destroyed"


def test_the_wipe_of_an_earlier_epoch_proves_nothing(app, doing, session, alice, wang, zhao, shop):
    from core.goods import custody

    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with doing(alice) as w:
        custody.raise_epoch(w, w.session.get_one(Item, item_id), "seal_broken")
    assert find_clearance(session, item_id) is None
    with pytest.raises(Refused, match="no_proof"):
        scrap(doing, wang, item_id)


def test_it_comes_off_the_shelf_but_not_out_of_a_buyers_hands(app, doing, session, alice, bob):
    listing = market_stories.listed_coat(doing, alice)
    item_id = session.get(Listing, listing).item_id
    session.rollback()
    order = market_stories.reserved(doing, listing, bob)
    with pytest.raises(Refused, match="reserved_now"):
        scrap(doing, alice, item_id)
    assert state(session, item_id) == "active" and order
    other = market_stories.listed_coat(doing, alice, title="另一件")
    other_item = session.get(Listing, other).item_id
    session.rollback()
    scrap(doing, alice, other_item)
    session.expire_all()
    assert session.get(Listing, other).state == "withdrawn"


def test_reason_receiver_and_who(doing, session, alice, bob):
    item_id = stories.coat(doing, alice)
    with pytest.raises(Invalid, match="reason_missing"):
        scrap(doing, alice, item_id, reason="boredom")
    with pytest.raises(Invalid, match="receiver_missing"):
        scrap(doing, alice, item_id, receiver="  ")
    with pytest.raises(Forbidden):
        scrap(doing, bob, item_id)
    assert state(session, item_id) == "active"
    scrap(doing, alice, item_id)


def test_its_serial_is_free_for_nobody_but_no_longer_live(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    scrap(doing, wang, item_id)
    assert not any(session.scalars(select(Identifier.live).where(Identifier.item_id == item_id)))


def test_the_database_asks_for_the_proof_too(doing, session, alice):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    row = {"i": item_id, "a": alice.id, "t": "2026-11-22T00:00:00.000000Z"}
    insert = "INSERT INTO scrappings (id, item_id, reason, proof, receiver, receipt, by, at) VALUES ('s', :i, 'unsold', '{}', 'x', '', :a, :t)"
    insert = insert.replace(" by,", ' "by",')
    for proof in ("no_data", "wiped", "destroyed"):
        with pytest.raises(DatabaseError, match="scrapped with proof|no proof for scrapping"):
            session.execute(text(insert.format(proof)), row)
        session.rollback()
    with pytest.raises(DatabaseError, match="scrapped on record"):
        session.execute(text("UPDATE items SET state = 'scrapped' WHERE id = :i"), row)
    session.rollback()


@pytest.fixture
def cleared(app, doing, session, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def scrapped_in_the_browser(who, item_id):
    data = {"reason": "unsold", "receiver": "杭州再生资源有限公司"}
    return who.client().post(f"/items/{item_id}/scrap", data=data).status_code == 303


def test_a_revoked_proof_is_no_proof(app, doing, session, cleared, alice, wang, zhao):
    """Data was found on it: it doesn't go to a recycler on the very paper that was taken back."""
    number = certificate_of(session, cleared).number
    session.rollback()
    assert zhao.client().post(f"/certificates/{number}/revoke", data={"reason": "data_found"}).status_code == 303
    assert not scrapped_in_the_browser(alice, cleared) and not scrapped_in_the_browser(wang, cleared)
    assert state(session, cleared) == "active"
    session.rollback()
    row = {"i": cleared, "a": alice.id, "t": "2026-11-22T00:00:00.000000Z"}
    insert = (
        "INSERT INTO scrappings (id, item_id, reason, proof, receiver, receipt, \"by\", at) "
        "VALUES ('s', :i, 'unsold', 'wiped', 'x', '', :a, :t)"
    )
    with pytest.raises(DatabaseError, match="no proof for scrapping"):
        session.execute(text(insert), row)
    session.rollback()


def test_nor_is_one_that_ended_by_use(doing, session, cleared, alice):
    with doing() as w:
        end_clearance(w, find_valid(w.session, cleared), "used")
    assert not scrapped_in_the_browser(alice, cleared) and state(session, cleared) == "active"


def test_one_that_merely_ran_out_still_tells_what_was_wiped(doing, session, cleared, alice):
    """The twin: nothing speaks against the wipe, its time to be sold is over."""
    with doing() as w:
        end_clearance(w, find_valid(w.session, cleared), "expired")
    assert scrapped_in_the_browser(alice, cleared) and state(session, cleared) == "scrapped"


def test_destroyed_it_needs_no_paper(app, doing, session, alice, wang, zhao, shop, cleared):
    """After the revocation: wiped once more, or destroyed."""
    number = certificate_of(session, cleared).number
    session.rollback()
    zhao.client().post(f"/certificates/{number}/revoke", data={"reason": "data_found"})
    job_id = stories.started(doing, cleared, alice, wang, shop)
    medium_id = session.scalars(select(StorageMedium.id).where(StorageMedium.item_id == cleared)).one()
    session.rollback()
    take_out(app, doing, wang, job_id, medium_id)
    witness(doing, zhao, destroy(app, doing, wang, job_id, medium_id))
    assert scrap(doing, wang, cleared) == "destroyed"
