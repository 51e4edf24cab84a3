"""Attacks on who did it and where the device was since: one person in two roles, a certificate used twice, a device used after
its wipe, a disk that was put back or never entered. Attackers: staff and sellers, in the browser and with raw SQL."""

import io
import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, ids
from core.db import Database, stamp
from core.errors import Busy, Refused
from core.goods.models import Item, StorageMedium
from core.work import work
from market.listings import actions as selling
from market.listings.models import Listing
from market.listings.proof import permit_for
from privacy.clearance import actions as clearances
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.devices import after_work, usage
from privacy.devices.models import AfterWork
from privacy.devices.reading_models import UsageSnapshot
from privacy.sampling import marks
from privacy.sampling.models import SampleDraw
from privacy.sampling.people_models import OwnStatement
from privacy.wipes.models import WipeJob
from tests import stories
from tests.market_stories import listed, ordered, state_of
from tests.privacy.devices.test_usage import reading
from tests.privacy.test_custody import picture
from tests.stories import Disk

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")


# --- one person in two roles ------------------------------------------------------------------------------------------------


def test_who_wiped_or_owns_it_does_not_verify(people, on_bench, send, cleared, alice, wang, zhao, shop):
    job_id = on_bench(HDD[0])
    assert send(job_id, HDD[0].log).passed
    for who in (wang, alice):
        people.give_role(who, "wipe_verifier", shop)
        assert not cleared(job_id, verifier=who)
    assert cleared(job_id, verifier=zhao)


def test_nor_does_raw_sql_let_them(session, sql, on_bench, send, app, doing, alice, wang, zhao):
    job_id = on_bench(HDD[0])
    assert send(job_id, HDD[0].log).passed
    stories.signed(app, doing, job_id)
    job, now = session.get_one(WipeJob, job_id), stamp(clock.now())
    row = {"j": job_id, "i": job.item_id, "e": job.epoch, "o": job.operator_id, "w": job.owner_id, "n": now}
    session.rollback()
    statement = (
        "INSERT INTO verifications (id, job_id, item_id, epoch, operator_id, owner_id, verifier_id, decision, checks, reason, "
        "signed_in_at, at) VALUES (:id, :j, :i, :e, :o, :w, :v, 'accepted', '{}', '', :n, :n)"
    )
    for who in (wang, alice):
        with pytest.raises(IntegrityError):
            sql(statement, id=ids.new_id(), v=who.id, **row)
        with pytest.raises(IntegrityError):
            sql(statement, id=ids.new_id(), v=who.id, **{**row, "o": zhao.id, "w": zhao.id})
    assert sql(statement, id=ids.new_id(), v=zhao.id, **row) == 1


@pytest.mark.parametrize("same", [True, False])
def test_a_second_account_in_the_same_browser_is_marked(
    session, doing, alice, wang, zhao, shop, anonymous, sequence, same
):
    """Wang has a second account, called Zhao. He forgets that the browser has a name of its own."""
    from privacy.sampling import actions as drawing

    item_id = stories.laptop(doing, alice, disks=[HDD[0]])
    job_id = stories.consented(doing, item_id, alice)
    first, second = wang.client(), zhao.client()
    assert first.post(f"/wipes/{job_id}/start", data={"org": shop}).status_code == 303
    assert first.post(f"/wipes/{job_id}/count", data={"counted": "1"}).status_code == 303
    assert first.post(f"/wipes/{job_id}/locks", data=stories.LOCKS_OFF).status_code == 303
    first.post(f"/wipes/{job_id}/evidence", data={"files": [(io.BytesIO(HDD[0].log), "w.log")]}, content_type="multipart/form-data")
    assert first.post(f"/wipes/{job_id}/sign").status_code == 303
    if same:
        second.set_cookie("device", first.get_cookie("device").value)
    paper = second.post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id)).location
    assert marks.is_shared(session, job_id) == same
    assert ("signed in the same browser" in anonymous.get(paper).text) == same
    assert ("shared_device" in json.loads(session.scalars(select(Certificate.body)).one())) == same
    sequence()
    with doing() as w:
        drawing.draw_due(w)
    draw = session.scalars(select(SampleDraw)).one()
    assert ("shared_device" in draw.reasons) == same and (draw.share > 5 or not same)
    session.rollback()


@pytest.mark.xfail(strict=True, reason="two accounts with two contacts in two browsers are two people to the program: only papers and faces tell. "
                   "Roles are given by managers, pairs and drawn tries are shown to inspectors")  # fmt: skip
def test_a_second_account_in_another_browser_is_noticed(session, app, doing, on_bench, send, cleared, zhao):
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log)
    assert cleared(job_id, verifier=zhao)
    assert marks.is_shared(session, job_id)


# --- a certificate for a second time ---------------------------------------------------------------------------------------


def test_after_a_sale_the_new_owner_lists_it_without_a_new_wipe(session, doing, app, laptop, alice, bob, wang, zhao, shop, send, cleared):

    first = listed(doing, laptop, alice, title="X1")
    assert state_of(session, first) == "published", "the twin: with its clearance"
    from tests.market_stories import checked, sold

    order = ordered(doing, first, bob)
    assert checked(doing, order, bob, tail="K9A7")
    sold(doing, order, alice)
    told = {"title": "X1", "price": "1500", "district": "330106", "condition": "light_use", "description": ""}
    shots = [(io.BytesIO(stories.picture()), f"{n}.jpg") for n in range(4)]
    again = bob.client().post(f"/items/{laptop}/sell", data={**told, "photos": shots})
    assert again.status_code == 303
    listing = again.location.split("/")[-1]
    assert state_of(session, listing) == "waiting_wipe"
    assert bob.client().post(f"/listings/{listing}/publish").status_code == 409
    job_id = stories.started(doing, laptop, bob, wang, shop)
    assert send(job_id, HDD[0].log).reasons == {"replayed"} and not cleared(job_id)


@pytest.mark.parametrize(
    ("why", "reason"),
    [("returned", "warranty"), ("repaired", "board"), ("loaned", "trial"), ("released_unsealed", "no_bag"), ("seal_broken", "")],
)
def test_out_of_hands_the_listing_comes_down_and_stays_down(session, doing, laptop, alice, wang, why, reason):
    """Said on the custody page by who keeps it; nothing is sold on a wipe of before."""
    listing = listed(doing, laptop, alice, title="X1")
    path = f"/items/{laptop}/seal-broken" if why == "seal_broken" else f"/items/{laptop}/custody/let-go/{why}"
    assert wang.client().post(path, data={f"{why}-reason": reason}).status_code == 303
    assert session.get_one(Item, laptop).epoch == 2
    assert state_of(session, listing) == "waiting_wipe"
    assert alice.client().post(f"/listings/{listing}/publish").status_code == 409
    assert certificate_of(session, laptop).state != "issued"
    session.rollback()


def test_a_withdrawn_listing_may_come_back_on_the_same_clearance(session, doing, laptop, alice):
    """The twin: it never left its custody."""
    listing = listed(doing, laptop, alice, title="X1")
    client = alice.client()
    assert client.post(f"/listings/{listing}/pause").status_code == 303
    assert client.post(f"/listings/{listing}/resume").status_code == 303
    assert state_of(session, listing) == "published"


# --- used after its wipe -----------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(doing, session, alice, wang, zhao, shop, send, cleared):
    """Its disk counts its use, and the verifier read it right after the wipe: 1000 hours, 12 starts. All of it in the browser."""
    item_id = stories.laptop(doing, alice, serial="PF2XK9A9", disks=[HDD[0]])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    send(job_id, reading(HDD[0].serial, 990))
    assert send(job_id, HDD[0].log).state == "judged" and not cleared(job_id), "nobody has read its counters since"
    medium = session.scalars(select(StorageMedium.id).where(StorageMedium.item_id == item_id)).one()
    session.rollback()
    sent = {"file": (io.BytesIO(reading(HDD[0].serial, 1000)), "s.json")}
    path = f"/wipes/{job_id}/media/{medium}/look"
    assert zhao.client().post(path, data=sent, content_type="multipart/form-data").status_code == 303
    assert cleared(job_id)
    return item_id


@pytest.fixture
def read_now(session, wang):
    """`read_now(item, serial, hours)`: the point asks for a code and brings a file; the answer's status."""

    def go(item_id, serial, hours, *, code=None, raw=None, **changed):
        client = wang.client()
        assert client.post(f"/items/{item_id}/device/code").status_code == 303
        found = usage.queries.find_order(session, item_id).code
        session.rollback()
        raw = raw or reading(serial, hours, code=found if code is None else code, **changed)
        data = {"moment": "hand_over", "file": (io.BytesIO(raw), "s.json")}
        return client.post(f"/items/{item_id}/device", data=data, content_type="multipart/form-data").status_code

    return go


@pytest.mark.parametrize(("hours", "stands"), [(1004, True), (1030, False), (900, False)])
def test_counters_tell_that_it_was_used(session, doing, counted, alice, read_now, hours, stands):
    """A night of games, or a disk that counts backwards, takes the listing down at once."""
    listing = listed(doing, counted, alice, title="X1")
    assert read_now(counted, HDD[0].serial, hours) == 303
    assert state_of(session, listing) == ("published" if stands else "waiting_wipe")
    assert (find_clearance(session, counted) is not None) == stands
    assert certificate_of(session, counted).state == ("issued" if stands else "void_by_use")
    session.rollback()


def test_another_disks_counters_are_no_answer(session, counted, read_now):
    """The one who used it brings the reading of a sister."""
    assert read_now(counted, HDD[1].serial, 1001) == 422


def test_an_old_reading_is_no_answer(session, app, counted, read_now):
    """The one who used it brings the reading of the wipe again, that with another line end, one kept from before, one with a code that
    was typed from memory, and one that doesn't add up."""
    kept = session.scalars(select(UsageSnapshot.digest)).one()
    session.rollback()
    first = stories.bench(app).store.get(kept)
    assert read_now(counted, "", 0, raw=first) == 409
    assert read_now(counted, "", 0, raw=first + b"\n") == 422
    assert read_now(counted, HDD[0].serial, 1001, at=clock.now() - timedelta(hours=9)) == 422
    assert read_now(counted, HDD[0].serial, 1001, code="AAAA2222") == 422
    assert read_now(counted, HDD[0].serial, 1001, user_capacity={"blocks": 1, "bytes": 67108864}) == 422
    assert read_now(counted, HDD[0].serial, 1001) == 303, "the twin: read now, with the code"


@pytest.mark.xfail(strict=True, reason="smartctl signs nothing: whoever has the code can write a reading of any number. The station tool signs, and the device "
                   "record shows which readings it signed")  # fmt: skip
def test_an_edited_reading_is_told_apart(session, counted, read_now):
    """1300 hours were on the screen; the one who used it types 1001."""
    assert read_now(counted, HDD[0].serial, 1001) != 303


def test_work_after_the_wipe_hides_no_use(session, app, doing, alice, wang, zhao, shop, send, cleared):
    """`It only stood on the bench`: work after the wipe ends with a reading of now, or doesn't end."""
    item_id = stories.laptop(doing, alice, serial="PF2XK9B9", disks=[HDD[1]])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    assert send(job_id, HDD[1].log).state == "judged"
    assert wang.client().post(f"/wipes/{job_id}/after-work", data={"purpose": "tests"}).status_code == 303
    work = session.scalars(select(AfterWork)).one()
    path, code = f"/after-works/{work.id}/end", work.code
    session.rollback()

    def ended(*readings):
        data = {**dict.fromkeys(after_work.CHECKS, "y"), "photo": (io.BytesIO(picture()), "p.jpg")}
        data["readings"] = [(io.BytesIO(raw), "s.json") for raw in readings]
        return zhao.client().post(path, data=data, content_type="multipart/form-data").status_code

    assert ended() == 422 and not cleared(job_id)
    assert ended(reading(HDD[1].serial, 1000)) == 422 and not cleared(job_id)
    assert ended(reading(HDD[1].serial, 1000, code=code)) == 303 and cleared(job_id)


# --- media: missed, put back, replaced ----------------------------------------------------------------------------------------


def test_two_disks_and_one_certificate(session, doing, alice, wang, zhao, shop, send, cleared):
    """The operator enters one of two disks. Counting, he tells the truth: the register has one."""
    item_id = stories.laptop(doing, alice, disks=[HDD[0]])
    job_id = stories.consented(doing, item_id, alice)
    client = wang.client()
    client.post(f"/wipes/{job_id}/start", data={"org": shop})
    assert client.post(f"/wipes/{job_id}/count", data={"counted": "2"}).status_code == 422
    assert not send(job_id, HDD[0].log).passed, "nothing is judged before it is counted"
    assert client.post(f"/wipes/{job_id}/media", data={"kind": "ssd", "serial": SSD[0].serial}).status_code == 303
    assert client.post(f"/wipes/{job_id}/count", data={"counted": "2"}).status_code == 303
    assert client.post(f"/wipes/{job_id}/locks", data=stories.LOCKS_OFF).status_code == 303
    assert send(job_id, SSD[0].kind_file).state == "wiping"
    assert send(job_id, HDD[0].log).state == "wiping" and not cleared(job_id)
    assert send(job_id, SSD[0].log).state == "judged" and cleared(job_id)


def test_the_verifier_counts_another_number(on_bench, send, cleared):
    """The operator lied; the verifier has eyes."""
    job_id = on_bench(HDD[0])
    send(job_id, HDD[0].log)
    assert not cleared(job_id, counted=2) and not cleared(job_id, counted=0)
    assert cleared(job_id, counted=1)


def test_a_disk_entered_after_the_clearance(session, doing, laptop, sql, unguarded, wang):
    """Taken out before the wipe and put back after it, or changed for another: while a clearance stands no medium comes or goes."""
    with pytest.raises(IntegrityError, match="while a clearance"):
        sql(
            "INSERT INTO storage_media (id, item_id, kind, medium, serial, digest, masked, model, state, added_at) SELECT :n, item_id, kind, "
            "medium, serial, :d, masked, model, state, added_at FROM storage_media WHERE item_id = :i", n=ids.new_id(), d="0" * 64, i=laptop,
        )  # fmt: skip
    for change in ("state = 'removed'", f"digest = '{'1' * 64}'"):
        with pytest.raises(IntegrityError):
            sql(f"UPDATE storage_media SET {change} WHERE item_id = :i", i=laptop)
    assert find_clearance(session, laptop) is not None
    session.rollback()


def test_a_disk_taken_out_is_destroyed_or_the_job_never_ends(session, doing, alice, wang, zhao, shop, send, cleared, app):
    """`It has no disk any more`: gone without photo, destruction and witness, it keeps the whole device from being cleared."""
    from privacy.devices import taking_out

    item_id = stories.laptop(doing, alice, disks=[HDD[0], SSD[0]])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    assert send(job_id, HDD[0].log).passed
    ssd = session.scalars(select(StorageMedium.id).where(StorageMedium.kind == "ssd")).one()
    session.rollback()
    path, client = f"/wipes/{job_id}/media/{ssd}", wang.client()
    assert client.post(f"{path}/out", data={"way": "destroy"}, content_type="multipart/form-data").status_code == 422
    assert client.post(f"{path}/out", data={"way": "returned", "photo": (io.BytesIO(picture()), "p.jpg")}, content_type="multipart/form-data").status_code == 422
    assert client.post(f"{path}/out", data={"way": "destroy", "photo": (io.BytesIO(picture()), "p.jpg")}, content_type="multipart/form-data").status_code == 303
    assert not cleared(job_id)
    with doing(wang) as w:
        job, medium = w.session.get_one(WipeJob, job_id), w.session.get_one(StorageMedium, ssd)
        done = taking_out.destroy(
            w, stories.bench(app), job, medium, method="shred", millimetres=2, contractor="", photo=picture(),
        ).id  # fmt: skip
    assert not cleared(job_id)
    assert wang.client().post(f"/destructions/{done}/witness").status_code == 403
    assert zhao.client().post(f"/destructions/{done}/witness").status_code == 303
    assert cleared(job_id)


def test_a_disk_called_mistyped_after_it_failed(session, doing, wang, on_bench, send, cleared):
    """A failed disk is no slip of the pen."""
    from tests.privacy.evidence.logs import DISK, raw

    job_id = on_bench(HDD[0], Disk(DISK, "hdd", ""))
    send(job_id, HDD[0].log)
    assert send(job_id, raw("nwipe-0.34-hdd-aborted.log")).reasons >= {"aborted"}
    item_id = session.get_one(WipeJob, job_id).item_id
    entered = select(StorageMedium.id).where(StorageMedium.item_id == item_id).order_by(StorageMedium.id)
    name = session.scalars(entered).all()[-1]
    session.rollback()
    answer = wang.client().post(f"/wipes/{job_id}/media/correct", data={"medium": name, "to": "mistyped"})
    assert answer.status_code == 409 and not cleared(job_id)
    assert send(job_id, raw("nwipe-0.34-hdd-dodshort.log")).state == "judged" and cleared(job_id)


def test_one_disk_is_not_in_two_devices(doing, alice, bob, laptop):
    from core.errors import Invalid

    with pytest.raises(Invalid, match="medium_taken"):
        stories.laptop(doing, bob, serial="PF9ZZ802", disks=[HDD[0]])
    assert stories.laptop(doing, bob, serial="PF9ZZ802", disks=[HDD[1]])


# --- list while voiding ---------------------------------------------------------------------------------------------------------


def test_listing_and_revoking_at_once_over_two_connections(app, database: Database, doing, session, alice, wang, zhao, shop):
    """Whoever comes first: never a live listing on an ended clearance."""
    seen = set()
    for nth in range(4):
        item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop, nth=nth)
        with doing(alice) as w:
            offer = selling.Offer(title="X1", price_minor=100000, district="330106")
            listing_id = selling.draft(w, w.session.get_one(Item, item_id), alice.id, offer, seller_kind="idle").id
        start, told = threading.Barrier(2), []

        def publish(listing_id=listing_id, item_id=item_id, start=start, told=told):
            with database.session() as mine:
                start.wait()
                try:
                    with work(mine, alice.actor, clock.now()) as w:
                        permit = permit_for(w.session, item_id)
                        if permit is None:
                            raise Refused("not_cleared", selling.NOT_CLEARED)
                        selling.publish(w, w.session.get_one(Listing, listing_id), permit)
                        told.append("listed")
                except (Refused, Busy, IntegrityError) as no:
                    told.append(type(no).__name__)

        def revoke(item_id=item_id, start=start, told=told):
            with database.session() as mine:
                start.wait()
                try:
                    with work(mine, zhao.actor, clock.now()) as w:
                        clearances.revoke(w, certificate_of(w.session, item_id), "data_found")
                        told.append("revoked")
                except (Busy, IntegrityError) as no:
                    told.append(type(no).__name__)

        threads = [threading.Thread(target=one) for one in ((publish, revoke) if nth % 2 else (revoke, publish))]
        [one.start() for one in threads]
        [one.join(30) for one in threads]
        session.rollback()
        clearance = session.scalars(select(Clearance).where(Clearance.item_id == item_id)).one()
        listing = session.get_one(Listing, listing_id)
        assert not (listing.state == "published" and clearance.state != "valid"), told
        assert "revoked" in told or clearance.state == "valid"
        seen.update(told)
        session.rollback()
    assert "revoked" in seen


def test_paying_while_voiding(session, doing, laptop, alice, bob, zhao):
    """Reserved and checked, then the certificate is taken back: it can't be handed over any more."""
    from core import secrets
    from market.orders.models import Order
    from tests.market_stories import checked

    order_id = ordered(doing, listed(doing, laptop, alice, title="X1"), bob)
    assert checked(doing, order_id, bob, tail="K9A7")
    code = secrets.decrypt(session.get_one(Order, order_id).receipt_code, "receipt")
    number = certificate_of(session, laptop).number
    session.rollback()
    assert zhao.client().post(f"/certificates/{number}/revoke", data={"reason": "data_found"}).status_code == 303
    assert alice.client().post(f"/orders/{order_id}/hand-over", data={"code": code}).status_code == 409
    assert session.get_one(Item, laptop).owner_id == alice.id
    session.rollback()


# --- the owner's own wipe ---------------------------------------------------------------------------------------------------------


def state_own(who, item_id, raw):
    data = {"file": (io.BytesIO(raw), "w.log")}
    return who.client().post(f"/items/{item_id}/own-file", data=data, content_type="multipart/form-data")


def at_bench(doing, alice, wang, shop, serial="PF3ATOWN7"):
    item_id = stories.laptop(doing, alice, serial=serial, disks=[HDD[0]])
    return item_id, stories.started(doing, item_id, alice, wang, shop)


@pytest.mark.parametrize("how", ["as it is", "other line ends", "taken back before"])
def test_a_home_wipe_is_not_laundered_by_an_operator(session, doing, alice, wang, shop, send, cleared, how):
    """Alice wiped it herself and said so; Wang hands the very run in as his own."""
    item_id, job_id = at_bench(doing, alice, wang, shop)
    assert state_own(alice, item_id, HDD[0].log).status_code == 303
    if how == "taken back before":
        statement = session.scalars(select(OwnStatement.id)).one()
        session.rollback()
        assert alice.client().post(f"/own-files/{statement}/remove").status_code == 303
    raw = HDD[0].log.replace(b"\n", b"\r\n") if how == "other line ends" else HDD[0].log
    found = send(job_id, raw)
    assert found.reasons == {"wiped_at_home"} and not found.passed
    assert not cleared(job_id)


def test_a_run_of_the_operators_own_passes_beside_it(doing, alice, wang, shop, send, cleared):
    """The twin: what Alice stated was another disk's run; hers was wiped anew at the bench."""
    item_id, job_id = at_bench(doing, alice, wang, shop)
    assert state_own(alice, item_id, HDD[1].log).status_code == 303
    assert send(job_id, HDD[0].log).passed and cleared(job_id)


def test_nor_does_raw_sql_launder_it(session, sql, unguarded, doing, alice, wang, shop, send):
    item_id, job_id = at_bench(doing, alice, wang, shop)
    state_own(alice, item_id, HDD[0].log)
    send(job_id, HDD[0].log)
    copy = (
        "INSERT INTO judgements (id, job_id, evidence_id, medium_id, digest, profile, profile_version, parser_version, verdict, "
        "reasons, device, findings, rule, level, grade, challenge, core, others, at, third_person) SELECT :n, job_id, evidence_id, "
        "medium_id, digest, profile, profile_version, parser_version, 'pass', '[]', device, findings, rule, level, grade, "
        "challenge, NULL, others, at, third_person FROM judgements"
    )
    with pytest.raises(IntegrityError, match="wiped at home"):
        sql(copy, n=ids.new_id())
