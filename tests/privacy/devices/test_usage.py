"""Counters are read right after the wipe and again later; what grew beyond tolerance was used, and its clearance ends."""

import html
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core import clock, ids, secrets
from core.errors import Invalid, Refused
from core.goods.models import StorageMedium
from market.orders import actions as orders
from market.orders.models import Order
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.devices import queries, usage
from privacy.devices.claims import snapshot
from privacy.devices.reading_models import UsageSnapshot
from privacy.evidence.model import Counters
from privacy.wipes.models import Verification, WipeJob
from tests import stories
from tests.market_stories import checked, listed, ordered, state_of

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "wipe"
HDD = stories.disks("hdd")


def reading(serial: str, hours: int, cycles: int = 12, *, code: str = "", at: datetime | None = None, zone: str = "UTC", **changed) -> bytes:
    """What smartctl prints of a disk of ours, with its counters set, read now through a link that is named by the code."""
    told = json.loads((FOLDER / "id-hdd-smartctl.json").read_text(encoding="utf-8"))
    moment = at or clock.now()
    local = moment + {"UTC": timedelta(), "CST": timedelta(hours=8)}[zone]
    told["local_time"] = {"time_t": int(moment.timestamp()), "asctime": f"{local.astimezone(UTC):%a %b %d %H:%M:%S %Y} {zone}"}
    told["serial_number"] = serial
    told["power_on_time"] = {"hours": hours}
    told["power_cycle_count"] = cycles
    for one in told["ata_smart_attributes"]["table"]:
        if one["id"] in (9, 12):
            value = hours if one["id"] == 9 else cycles
            one["raw"] = {"value": value, "string": str(value)}
    if code:
        told["device"]["name"] = f"/tmp/{ids.grouped(code)}"
    return json.dumps({**told, **changed}).encode()


@pytest.fixture
def cleared(app, doing, session, alice, wang, zhao, shop):
    """A cleared laptop whose disk's counters were read right after its wipe: 1000 hours."""
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with doing(wang) as w:
        medium = usage.present_media(w.session, item_id)[0]
        snapshot(w, item_id, medium.id, 1, "after_wipe", Counters(power_on_hours=1000, power_cycles=10), "0" * 64)
    return item_id


def code_for(doing, who, item_id) -> str:
    with doing(who) as w:
        return usage.ask(w, item_id).code


@pytest.fixture
def clerk(people, shop):
    """Stands at the counter that keeps it."""
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


def receipt(session, order_id) -> str:
    code = secrets.decrypt(session.get_one(Order, order_id).receipt_code, "receipt")
    session.rollback()
    return code


def read_again(app, doing, who, item_id, raw, moment="check"):
    with doing(who) as w:
        return [growth.used for _, growth in usage.read_again(w, stories.bench(app), item_id, raw, moment)]


# --- the whole way, in the browser --------------------------------------------------------------------------------------------


def sent(raw: bytes, **more):
    return {"data": {"file": (io.BytesIO(raw), "s.json"), **more}, "content_type": "multipart/form-data"}


def at_the_verifier(doing, session, alice, wang, shop):
    """Counters read before the wipe and attached; then the wiping tool's log. Returns item, job and medium."""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    session.rollback()
    for raw, name in ((reading(HDD[0].serial, 990), "s.json"), (HDD[0].log, "w.log")):
        data = {"files": [(io.BytesIO(raw), name)]}
        assert wang.client().post(f"/wipes/{job_id}/evidence", data=data, content_type="multipart/form-data").status_code == 303
    medium = session.scalars(select(StorageMedium.id).where(StorageMedium.item_id == item_id)).one()
    assert session.get_one(WipeJob, job_id).state == "judged"
    session.rollback()
    return item_id, job_id, medium


@pytest.mark.slow
def test_counters_from_the_wipe_to_the_hand_over(app, doing, session, alice, wang, zhao, shop):
    item_id, job_id, medium = at_the_verifier(doing, session, alice, wang, shop)
    verifier, look_path = zhao.client(), f"/wipes/{job_id}/media/{medium}/look"
    assert "no counters were read after its wipe" in verifier.get(f"/wipes/{job_id}/verify").text.lower()
    with pytest.raises(Refused, match="counters_missing"):
        stories.verified(app, doing, job_id, zhao)
    look = reading(HDD[0].serial, 1000)
    assert verifier.post(look_path, **sent(look)).status_code == 303
    assert "counted from this reading" in verifier.get(look_path).text
    number = stories.verified(app, doing, job_id, zhao)
    assert "Use is counted from" in verifier.get(f"/certificates/{number}").text
    listing = listed(doing, item_id, alice, title="X1")
    bench, path = wang.client(), f"/items/{item_id}/device"
    assert bench.post(path, **sent(reading(HDD[0].serial, 1001), moment="check")).status_code == 409, "without a code asked for"
    assert bench.post(f"{path}/code").status_code == 303
    page = bench.get(path).text
    code = queries.find_order(session, item_id).code
    session.rollback()
    assert ids.grouped(code) in page and f"/tmp/{ids.grouped(code)}" in page
    wrong = {
        "the very file of the wipe": (look, 409),
        "a file without the code": (reading(HDD[0].serial, 1001), 422),
        "the code of another day": (reading(HDD[0].serial, 1001, code="AAAA2222"), 422),
        "read before it was asked for": (reading(HDD[0].serial, 1001, code=code, at=clock.now() - timedelta(hours=1)), 422),
        "read tomorrow": (reading(HDD[0].serial, 1001, code=code, at=clock.now() + timedelta(days=1)), 422),
        "sizes that contradict each other": (reading(HDD[0].serial, 1001, code=code, user_capacity={"blocks": 5, "bytes": 67108864}), 422),
    }
    for why, (raw, status) in wrong.items():
        assert bench.post(path, **sent(raw, moment="check")).status_code == status, why
    assert state_of(session, listing) == "published"
    good = reading(HDD[0].serial, 1004, code=code, zone="CST")
    assert bench.post(path, **sent(good, moment="hand_over")).status_code == 303
    assert state_of(session, listing) == "published" and certificate_of(session, item_id).state == "issued"
    assert [one.moment for one in queries.snapshots_of(session, item_id)] == ["after_wipe", "hand_over"]
    session.rollback()
    record = bench.get(path).text
    assert "without the code · unsigned" in record and "carries the code · unsigned" in record
    assert bench.post(f"{path}/code").status_code == 303
    code = queries.find_order(session, item_id).code
    session.rollback()
    assert bench.post(path, **sent(good, moment="check")).status_code == 409, "brought before"
    assert bench.post(path, **sent(reading(HDD[0].serial, 1030, code=code), moment="check")).status_code == 303
    assert state_of(session, listing) == "waiting_wipe" and certificate_of(session, item_id).state == "void_by_use"
    session.rollback()


def test_who_is_not_its_keeper_gets_no_code(alice, bob, zhao, cleared):
    for who in (alice, bob):
        assert who.client().post(f"/items/{cleared}/device/code").status_code == 403


def test_a_look_with_a_known_or_old_file_begins_no_count(doing, session, alice, wang, zhao, shop):
    item_id, job_id, medium = at_the_verifier(doing, session, alice, wang, shop)
    verifier, look_path = zhao.client(), f"/wipes/{job_id}/media/{medium}/look"
    old = reading(HDD[0].serial, 1000, at=clock.now() - timedelta(hours=2))
    attached = wang.client().get(f"/wipes/{job_id}/bench").text
    assert attached.count("smartctl-json") >= 1
    kept = session.scalars(text("SELECT digest FROM evidence_files WHERE format = 'smartctl-json'")).one()
    session.rollback()
    from privacy.bench import bench_of

    raw = bench_of(verifier.application.extensions["xunshi"]).store.get(kept)
    assert verifier.post(look_path, **sent(raw)).status_code == 409, "the operator's file is no look of the verifier's"
    assert verifier.post(look_path, **sent(old)).status_code == 303
    assert "before the wipe" in verifier.get(look_path).text
    assert queries.snapshots_of(session, item_id) == []
    session.rollback()
    assert verifier.post(look_path, **sent(reading(HDD[0].serial, 1000))).status_code == 303
    assert [one.moment for one in queries.snapshots_of(session, item_id)] == ["after_wipe"]
    session.rollback()


def test_a_medium_that_was_never_read_may_be_accepted_and_the_paper_says_so(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    number = certificate_of(session, item_id).number
    body = json.loads(certificate_of(session, item_id).body)
    session.rollback()
    assert body["media"][0]["use_counted_from"] == ""
    assert "its counters weren" in zhao.client().get(f"/certificates/{number}").text


# --- what the comparison says -------------------------------------------------------------------------------------------------


def test_a_look_on_the_bench_ends_nothing(app, doing, session, cleared, wang):
    code = code_for(doing, wang, cleared)
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1004, code=code)) == [False]
    assert find_clearance(session, cleared) is not None
    assert [one.moment for one in queries.snapshots_of(session, cleared)] == ["after_wipe", "check"]


def test_a_night_of_gaming_ends_the_clearance(app, doing, session, cleared, wang):
    code = code_for(doing, wang, cleared)
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1030, code=code)) == [True]
    session.expire_all()
    assert find_clearance(session, cleared) is None
    assert session.query(Clearance).one().state == "void_by_use"
    assert session.query(Certificate).one().state == "void_by_use"


def test_counters_that_run_backwards_end_it_too(app, doing, session, cleared, wang):
    code = code_for(doing, wang, cleared)
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 900, code=code)) == [True]
    assert find_clearance(session, cleared) is None


def test_also_backwards_from_the_reading_in_between(app, doing, session, cleared, wang):
    """1006 hours were read; who brings 1002 afterwards brings another disk, or a file that somebody wrote."""
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1006, code=code_for(doing, wang, cleared))) == [False]
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1002, code=code_for(doing, wang, cleared))) == [True]
    assert find_clearance(session, cleared) is None


def test_another_disks_reading_says_nothing(app, doing, session, cleared, wang):
    code = code_for(doing, wang, cleared)
    with pytest.raises(Invalid, match="no_counters"):
        read_again(app, doing, wang, cleared, reading(HDD[1].serial, 1004, code=code))
    assert find_clearance(session, cleared) is not None


def test_without_a_first_reading_there_is_nothing_to_compare(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    code = code_for(doing, wang, item_id)
    with pytest.raises(Refused, match="no_baseline"):
        read_again(app, doing, wang, item_id, reading(HDD[0].serial, 1004, code=code))
    assert queries.snapshots_of(session, item_id) == []


def test_a_code_is_good_for_a_day_and_for_one_reading(app, doing, session, cleared, wang):
    code = code_for(doing, wang, cleared)
    with clock.stopped_at(clock.now() + timedelta(hours=25)), pytest.raises(Refused, match="no_code"):
        read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1001, code=code))
    read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1001, code=code))
    with pytest.raises(Refused, match="no_code"):
        read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1002, code=code))


def test_work_after_the_wipe_is_the_new_beginning(app, doing, session, cleared, wang):
    with doing(wang) as w:
        medium = usage.present_media(w.session, cleared)[0]
        snapshot(w, cleared, medium.id, 1, "after_work", Counters(power_on_hours=1020, power_cycles=40), "1" * 64)
    code = code_for(doing, wang, cleared)
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1025, 41, code=code)) == [False]
    assert find_clearance(session, cleared) is not None


def test_the_database_takes_no_file_twice(doing, session, cleared, wang):
    row = "INSERT INTO usage_snapshots (id, item_id, medium_id, epoch, moment, digest, by, at) SELECT 'x', item_id, medium_id, epoch, 'check', {digest}, by, at FROM usage_snapshots"
    with pytest.raises(DatabaseError, match="a reading of its own"):
        session.execute(text(row.format(digest="digest")))
    session.rollback()
    with pytest.raises(DatabaseError, match="a reading of its own"):
        session.execute(text(row.format(digest="(SELECT e.digest FROM evidence_files e)")))
    session.rollback()
    assert session.scalars(select(UsageSnapshot)).one().moment == "after_wipe"
    session.rollback()


# --- what the hand-over page asks ---------------------------------------------------------------------------------------------


def test_the_hand_over_is_told_when_to_read(app, doing, session, cleared, alice, wang, zhao, shop):
    due = usage.reading_due(session, cleared)
    assert (due.due, due.why, due.href) == (True, "due", f"/items/{cleared}/device") and len(due.media) == 1
    session.rollback()
    read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1001, code=code_for(doing, wang, cleared)), "hand_over")
    assert (usage.reading_due(session, cleared).due, usage.reading_due(session, cleared).why) == (False, "read")
    session.rollback()
    with clock.stopped_at(clock.now() + timedelta(hours=25)):
        assert usage.reading_due(session, cleared).due
    session.rollback()
    other = stories.wiped_laptop(app, doing, alice, wang, zhao, shop, nth=1)
    assert (usage.reading_due(session, other).due, usage.reading_due(session, other).why) == (False, "not_counted")
    session.rollback()
    assert usage.reading_due(session, stories.coat(doing, alice)) is None, "a coat counts nothing"
    session.rollback()


def test_the_counter_gives_nothing_out_before_its_counters_were_read(app, doing, session, cleared, alice, bob, wang, clerk):
    order_id = ordered(doing, listed(doing, cleared, alice, title="X1"), bob)
    checked(doing, order_id, bob, tail=stories.tail_of(session, cleared))
    code = receipt(session, order_id)
    with doing(alice) as w:
        orders.hand_over(w, w.session.get_one(Order, order_id), code)
    page = clerk.client().get(f"/orders/{order_id}").text
    assert "read once more before it is handed over" in page and f'href="/items/{cleared}/device"' in page
    answer = clerk.client().post(f"/orders/{order_id}/hand-out", data={"code": code})
    assert answer.status_code == 409 and "First read the counters of" in answer.text
    assert session.get_one(Order, order_id).state == "paid"
    session.rollback()
    read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1001, code=code_for(doing, wang, cleared)), "hand_over")
    assert "not used since its wipe" in clerk.client().get(f"/orders/{order_id}").text
    assert clerk.client().post(f"/orders/{order_id}/hand-out", data={"code": code}).status_code == 303
    session.expire_all()
    assert session.get_one(Order, order_id).state == "completed"


def test_used_in_the_shop_since_the_wipe_it_is_not_given_out(app, doing, session, cleared, alice, bob, wang):
    order_id = ordered(doing, listed(doing, cleared, alice, title="X1"), bob)
    checked(doing, order_id, bob, tail=stories.tail_of(session, cleared))
    code = receipt(session, order_id)
    with doing(alice) as w:
        orders.hand_over(w, w.session.get_one(Order, order_id), code)
    read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1100, code=code_for(doing, wang, cleared)), "hand_over")
    session.expire_all()
    order = session.get_one(Order, order_id)
    assert (order.state, order.ended_why) in (("cancelled", "used"), ("refunded", "used"))
    session.rollback()
    assert "used after its wipe" in bob.client().get(f"/orders/{order_id}").text


def test_a_verifier_reads_the_counters_or_states_that_they_cannot_be_read(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])
    stories.signed(app, doing, job_id)
    data = stories.verify_data(session, job_id)
    told = {key: value for key, value in data.items() if key != "no_counters"}
    answer = zhao.client().post(f"/wipes/{job_id}/verify", data=told, content_type="multipart/form-data")
    assert answer.status_code == 422 and 'id="no_counters-error"' in answer.text
    number = stories.verified(app, doing, job_id, zhao)
    session.expire_all()
    assert "not counted: its counters weren't read" in html.unescape(zhao.client().get(f"/certificates/{number}").text)
    assert session.scalars(select(Verification)).one().checks["no_counters"] is True


def test_in_a_sealed_bag_the_seal_tells(app, doing, session, cleared, wang):
    from privacy.clearance import verifying
    from privacy.clearance.queries import find_last
    from tests.privacy.test_custody import picture

    with doing(wang) as w:
        keeping = verifying.Keeping(kept="sealed_bag", seal_number="HZ 004711", photo=picture())
        verifying.seal(w, stories.bench(app), find_last(w.session, cleared), keeping)
    due = usage.reading_due(session, cleared)
    assert (due.due, due.why) == (False, "sealed")
    session.rollback()
