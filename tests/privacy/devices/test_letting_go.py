"""Given for repair, lent, returned, handed back without a seal: said on the page first, with a reason, and the clearance ends."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from privacy.clearance import moving
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.devices import departures, letting_go
from privacy.devices.models import Departure
from privacy.wipes.models import WipeJob
from tests import stories
from tests.market_stories import listed, state_of

HDD = stories.disks("hdd")


@pytest.fixture
def cleared(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def epoch(session, item_id):
    session.rollback()
    found = session.get_one(Item, item_id).epoch
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("what", "reason", "now"),
    [
        ("repaired", "battery", "Away for repair"),
        ("loaned", "trial", "Lent out"),
        ("returned", "changed_mind", "At the counter"),
        ("released_unsealed", "owner_wish", "With its owner"),
    ],
)
def test_staff_say_so_on_the_custody_page_and_the_listing_comes_down(session, doing, alice, wang, cleared, what, reason, now):
    listing = listed(doing, cleared, alice, title="X1")
    client, path = wang.client(), f"/items/{cleared}/custody"
    before = client.get(path).text
    assert f"{path}/let-go/{what}" in before and "wiped again before it is sold" in before, "told before it is done"
    assert client.post(f"{path}/let-go/{what}", data={}).status_code == 422
    assert state_of(session, listing) == "published" and epoch(session, cleared) == 1
    assert client.post(f"{path}/let-go/{what}", data={f"{what}-reason": reason}).status_code == 303
    assert state_of(session, listing) == "waiting_wipe" and epoch(session, cleared) == 2
    assert find_clearance(session, cleared) is None and certificate_of(session, cleared).state == "superseded"
    line = custody.find_holder(session, cleared)
    assert (line.why, line.epoch) == (what, 2)
    gone = session.scalars(select(Departure)).one()
    assert (gone.what, gone.reason, gone.by, gone.line_id) == (what, reason, wang.id, line.id)
    session.rollback()
    page = alice.client().get(path).text
    assert now in page and departures.REASONS[what][reason] in page.replace("&#39;", "'")


def test_the_twin_a_move_between_shelf_and_bench_ends_nothing(session, doing, alice, wang, shop, cleared):
    listing = listed(doing, cleared, alice, title="X1")
    assert wang.client().post(f"/items/{cleared}/custody", data={"place": "shelf", "org": shop}).status_code == 303
    assert state_of(session, listing) == "published" and epoch(session, cleared) == 1


def test_the_owner_says_it_of_a_thing_in_its_bag(app, doing, session, alice, wang, cleared):
    from privacy.clearance import verifying
    from privacy.clearance.queries import find_last
    from tests.privacy.test_custody import picture

    with doing(wang) as w:
        keeping = verifying.Keeping(kept="sealed_bag", seal_number="HZ 004711", photo=picture())
        verifying.seal(w, stories.bench(app), find_last(w.session, cleared), keeping)
    client, path = alice.client(), f"/items/{cleared}/custody"
    page = client.get(path).text
    assert f"{path}/let-go/repaired" in page and f"{path}/let-go/loaned" in page
    assert f"{path}/let-go/returned" not in page and f"{path}/let-go/released_unsealed" not in page, "these are the counter's"
    assert client.post(f"{path}/let-go/loaned", data={"loaned-reason": "stand_in"}).status_code == 303
    line = custody.find_holder(session, cleared)
    assert (line.place, line.holder_id, line.why) == ("owner", alice.id, "loaned")
    assert certificate_of(session, cleared).state == "superseded"


def test_nobody_else_says_it(doing, session, bob, ines, alice, cleared):
    for who in (bob, ines):
        assert who.client().post(f"/items/{cleared}/custody/let-go/repaired", data={"repaired-reason": "battery"}).status_code == 403
    for what in ("returned", "released_unsealed"):
        reason = next(iter(letting_go.REASONS[what]))
        assert alice.client().post(f"/items/{cleared}/custody/let-go/{what}", data={f"{what}-reason": reason}).status_code == 403
        with pytest.raises(Forbidden), doing(alice) as w:
            letting_go.let_go(w, cleared, what=what, reason=reason)
    assert find_clearance(session, cleared) is not None


@pytest.mark.parametrize(("what", "reason"), [("repaired", "trial"), ("repaired", ""), ("loaned", "battery"), ("sold", "x"), ("seal_broken", "battery")])
def test_only_a_reason_of_its_own_counts(doing, session, wang, cleared, what, reason):
    with pytest.raises(Invalid, match="reason_missing"), doing(wang) as w:
        letting_go.let_go(w, cleared, what=what, reason=reason)
    assert find_clearance(session, cleared) is not None
    with doing(wang) as w:
        letting_go.let_go(w, cleared, what="repaired", reason="battery")


def test_back_from_repair_it_is_wiped_anew(app, doing, session, alice, wang, zhao, shop, cleared):
    with doing(wang) as w:
        letting_go.let_go(w, cleared, what="repaired", reason="board")
    assert not custody.is_with_staff(session, cleared), "it is away"
    with pytest.raises(Refused, match="away_already"), doing(wang) as w:
        letting_go.let_go(w, cleared, what="loaned", reason="event")
    with doing(wang) as w:
        moving.hand_on(w, cleared, place="counter", org_id=shop)
    assert custody.is_with_staff(session, cleared) and epoch(session, cleared) == 2
    session.rollback()
    stories.started(doing, cleared, alice, wang, shop)
    session.rollback()
    assert epoch(session, cleared) == 2, "the epoch rose once, when it was given away"


def test_a_wipe_under_way_ends_with_it(app, doing, session, alice, wang, shop):
    item_id = stories.laptop(doing, alice, serial="PF2XK9C3", disks=HDD[3:4])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[3:4])
    assert wang.client().post(f"/items/{item_id}/custody/let-go/repaired", data={"repaired-reason": "screen"}).status_code == 303
    assert session.get_one(WipeJob, job_id).state == "cancelled"


def test_a_buyer_brings_it_back_to_the_counter(doing, session, alice, bob, wang, shop, cleared):
    with doing(alice) as w:
        custody.move(w, w.session.get_one(Item, cleared), holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
    assert certificate_of(session, cleared).state == "delivered"
    client, path = wang.client(), f"/items/{cleared}/custody"
    page = client.get(path)
    assert page.status_code == 200 and f"{path}/let-go/returned" in page.text and f"{path}/let-go/repaired" not in page.text
    assert client.post(f"{path}/let-go/returned", data={"returned-reason": "not_as_described", "returned-org": shop}).status_code == 303
    line = custody.find_holder(session, cleared)
    assert (line.place, line.holder_id, line.why, line.epoch) == ("counter", shop, "returned", 3)
    assert certificate_of(session, cleared).state == "delivered", "history stays"


def test_the_database_keeps_what_was_said(doing, session, wang, cleared):
    with doing(wang) as w:
        letting_go.let_go(w, cleared, what="repaired", reason="battery")
    for change in ("UPDATE departures SET reason = 'screen'", "DELETE FROM departures"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))
        session.rollback()
    row = "INSERT INTO departures (id, item_id, line_id, what, reason, by, at) SELECT 'x', item_id, line_id, 'loaned', reason, by, at FROM departures"
    with pytest.raises(DatabaseError):
        session.execute(text(row))
    session.rollback()
