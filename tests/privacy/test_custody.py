"""A clearance lives in recorded custody: moves between staff leave it standing, getting out of hands ends it."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.ports import ClearanceEnded, subscribe
from privacy.clearance import actions, moving, verifying
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.permit import Cleared
from privacy.clearance.queries import certificate_of, find_clearance, find_last
from privacy.clearance.verifying import Keeping
from privacy.wipes.models import WipeJob
from tests import stories

HDD = stories.disks("hdd")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#336699").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def cleared(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def item_of(w, item_id):
    return w.session.get_one(Item, item_id)


def ends(session, item_id):
    session.expire_all()
    return find_last(session, item_id).state, certificate_of(session, item_id).state


def test_moves_between_staff_leave_it_standing(doing, session, people, wang, shop, cleared):
    agency = people.organisation("滨江鉴定", "agency")
    li = people.person("Li Na")
    people.give_role(li, "appraiser", agency)
    for place, org in [("shelf", shop), ("courier", shop), ("appraiser", agency)]:
        with doing(wang) as w:
            moving.hand_on(w, cleared, place=place, org_id=org)
    with pytest.raises(Forbidden), doing(wang) as w:
        moving.hand_on(w, cleared, place="shelf", org_id=shop)
    with doing(li) as w:
        moving.hand_on(w, cleared, place="counter", org_id=shop)
    assert isinstance(find_clearance(session, cleared), Cleared)
    places = [line.place for line in custody.history(session, cleared)]
    assert places == ["owner", "bench", "shelf", "courier", "appraiser", "counter"]


def test_nobody_else_moves_it(doing, alice, bob, shop, cleared):
    for who in (alice, bob):
        with pytest.raises(Forbidden), doing(who) as w:
            moving.hand_on(w, cleared, place="shelf", org_id=shop)


@pytest.mark.parametrize(
    ("why", "clearance", "certificate"),
    [
        ("repaired", "custody_raised", "superseded"),
        ("loaned", "custody_raised", "superseded"),
        ("returned", "custody_raised", "superseded"),
        ("released_unsealed", "custody_raised", "superseded"),
        ("seal_broken", "void_by_use", "void_by_use"),
        ("sold", "delivered", "delivered"),
    ],
)
def test_out_of_hands_ends_it(doing, session, wang, cleared, why, clearance, certificate):
    told = []
    subscribe(ClearanceEnded, lambda w, event: told.append(event.why))
    with doing(wang) as w:
        assert custody.raise_epoch(w, item_of(w, cleared), why) == 2
    assert told == [why]
    assert find_clearance(session, cleared) is None
    assert ends(session, cleared) == (clearance, certificate)


def test_handing_back_without_a_seal_raises_the_epoch_whatever_is_said(doing, session, alice, wang, cleared):
    with doing(wang) as w:
        line = custody.move(w, item_of(w, cleared), holder_kind="person", holder_id=alice.id, place="owner", why="to_shelf")
        assert (line.why, line.epoch) == ("released_unsealed", 2)
    assert find_clearance(session, cleared) is None


def test_sold_and_handed_over(doing, session, bob, wang, cleared):
    with doing(wang) as w:
        custody.move(w, item_of(w, cleared), holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
    certificate = certificate_of(session, cleared)
    assert certificate.state == "delivered" and certificate.delivered_at is not None
    assert custody.find_holder(session, cleared).epoch == 2


def test_back_with_its_owner_in_a_numbered_bag(app, doing, session, alice, wang, cleared):
    bench = stories.bench(app)
    for keeping, code in [
        (Keeping(kept="sealed_bag"), "seal_number_missing"),
        (Keeping(kept="sealed_bag", seal_number="HZ 004711"), "seal_photo_missing"),
    ]:
        with pytest.raises(Invalid, match=code), doing(wang) as w:
            verifying.seal(w, bench, find_last(w.session, cleared), keeping)
    with doing(wang) as w:
        keeping = Keeping(kept="sealed_bag", seal_number="HZ 004711", photo=picture())
        verifying.seal(w, bench, find_last(w.session, cleared), keeping)
    assert isinstance(find_clearance(session, cleared), Cleared)
    line = custody.find_holder(session, cleared)
    assert (line.place, line.holder_id, line.seal_number) == ("sealed_bag", alice.id, "HZ 004711")
    with doing(alice) as w:
        actions.report_broken_seal(w, cleared)
    assert ends(session, cleared) == ("void_by_use", "void_by_use")


def test_the_bag_comes_back_to_a_counter_whole(app, doing, session, wang, shop, cleared):
    with doing(wang) as w:
        keeping = Keeping(kept="sealed_bag", seal_number="HZ 004711", photo=picture())
        verifying.seal(w, stories.bench(app), find_last(w.session, cleared), keeping)
    with doing(wang) as w:
        moving.hand_on(w, cleared, place="counter", org_id=shop)
    assert isinstance(find_clearance(session, cleared), Cleared)


def test_a_stranger_reports_no_seal(doing, session, bob, cleared):
    with pytest.raises(Forbidden), doing(bob) as w:
        actions.report_broken_seal(w, cleared)
    assert isinstance(find_clearance(session, cleared), Cleared)


def test_its_time_is_over(doing, session, cleared):
    with doing() as w:
        actions.expire_due(w)
    assert isinstance(find_clearance(session, cleared), Cleared)
    with clock.stopped_at(clock.now() + timedelta(days=181)):
        assert find_clearance(session, cleared) is None, "even before the sweep"
        with doing() as w:
            actions.expire_due(w)
    assert ends(session, cleared) == ("expired", "expired")


def test_after_an_end_a_new_wipe_begins_a_new_epoch(app, doing, session, alice, wang, zhao, shop, cleared):
    with doing(zhao) as w:
        actions.revoke(w, certificate_of(w.session, cleared), "verifier_error")
    assert ends(session, cleared) == ("revoked", "revoked")
    stories.consented(doing, cleared, alice)
    session.expire_all()
    assert session.get_one(Item, cleared).epoch == 2


def test_only_those_who_may_take_it_back(doing, session, alice, wang, bob, ines, cleared):
    for who in (alice, wang, bob):
        with pytest.raises(Forbidden), doing(who) as w:
            actions.revoke(w, certificate_of(w.session, cleared), "data_found")
    with pytest.raises(Invalid), doing(ines) as w:
        actions.revoke(w, certificate_of(w.session, cleared), "because")
    with doing(ines) as w:
        actions.revoke(w, certificate_of(w.session, cleared), "data_found")
    assert ends(session, cleared) == ("revoked", "revoked")


def test_a_delivered_certificate_can_still_be_taken_back(doing, session, ines, wang, cleared):
    with doing(wang) as w:
        custody.raise_epoch(w, item_of(w, cleared), "sold")
    with doing(ines) as w:
        actions.revoke(w, certificate_of(w.session, cleared), "inspection")
    assert ends(session, cleared) == ("delivered", "revoked")


def test_a_wipe_under_way_ends_when_the_device_gets_out_of_hands(app, doing, session, alice, wang, shop, zhao):
    item_id = stories.laptop(doing, alice, serial="PF2XK9C3", disks=HDD[3:4])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[3:4])
    with doing(wang) as w:
        moving.hand_back(w, item_id)
    assert session.get_one(WipeJob, job_id).state == "cancelled"
    with pytest.raises(Refused), doing(zhao) as w:
        verifying.reject(w, w.session.get_one(WipeJob, job_id), reason="lock", signed_in_at=w.now)


def test_an_ending_that_is_refused_above_undoes_everything(doing, session, wang, cleared):
    def refuse(w, event):
        raise Refused("not_now", "Not now.")

    from core import ports

    subscribe(ClearanceEnded, refuse)
    try:
        with pytest.raises(Refused, match="not_now"), doing(wang) as w:
            custody.raise_epoch(w, item_of(w, cleared), "loaned")
    finally:
        ports._subscribers[ClearanceEnded].remove(refuse)
    session.expire_all()
    assert session.get_one(Item, cleared).epoch == 1 and isinstance(find_clearance(session, cleared), Cleared)
    assert session.scalars(select(Clearance.state)).all() == ["valid"]
    assert session.scalars(select(Certificate.state)).all() == ["issued"]
