"""Counters are read right after the wipe and again later; what grew beyond tolerance was used, and its clearance ends."""

import json
from pathlib import Path

import pytest

from core.errors import Invalid, Refused
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import find_clearance
from privacy.devices import queries, usage
from privacy.devices.claims import snapshot
from privacy.evidence.model import Counters
from tests import stories

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "wipe"
HDD = stories.disks("hdd")


def reading(serial: str, hours: int, cycles: int = 12) -> bytes:
    """What smartctl prints of a disk of ours, with its counters set."""
    told = json.loads((FOLDER / "id-hdd-smartctl.json").read_text(encoding="utf-8"))
    told["serial_number"] = serial
    told["power_on_time"] = {"hours": hours}
    told["power_cycle_count"] = cycles
    return json.dumps(told).encode()


@pytest.fixture
def cleared(app, doing, session, alice, wang, zhao, shop):
    """A cleared laptop whose disk's counters were read right after its wipe: 1000 hours."""
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with doing(wang) as w:
        medium = usage.present_media(w.session, item_id)[0]
        snapshot(w, item_id, medium.id, 1, "after_wipe", Counters(power_on_hours=1000, power_cycles=10), "0" * 64)
    return item_id


def read_again(app, doing, who, item_id, raw, moment="check"):
    with doing(who) as w:
        return [growth.used for _, growth in usage.read_again(w, stories.bench(app), item_id, raw, moment)]


def test_a_look_on_the_bench_ends_nothing(app, doing, session, cleared, wang):
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1004)) == [False]
    assert find_clearance(session, cleared) is not None
    assert [one.moment for one in queries.snapshots_of(session, cleared)] == ["after_wipe", "check"]


def test_a_night_of_gaming_ends_the_clearance(app, doing, session, cleared, wang):
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1030)) == [True]
    session.expire_all()
    assert find_clearance(session, cleared) is None
    assert session.query(Clearance).one().state == "void_by_use"
    assert session.query(Certificate).one().state == "void_by_use"


def test_counters_that_run_backwards_end_it_too(app, doing, session, cleared, wang):
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 900)) == [True]
    assert find_clearance(session, cleared) is None


def test_another_disks_reading_says_nothing(app, doing, session, cleared, wang):
    with pytest.raises(Invalid, match="no_counters"):
        read_again(app, doing, wang, cleared, reading(HDD[1].serial, 1004))
    assert find_clearance(session, cleared) is not None


def test_without_a_first_reading_there_is_nothing_to_compare(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    with pytest.raises(Refused, match="no_baseline"):
        read_again(app, doing, wang, item_id, reading(HDD[0].serial, 1004))
    assert queries.snapshots_of(session, item_id) == []


def test_work_after_the_wipe_is_the_new_beginning(app, doing, session, cleared, wang):
    with doing(wang) as w:
        medium = usage.present_media(w.session, cleared)[0]
        snapshot(w, cleared, medium.id, 1, "after_work", Counters(power_on_hours=1020, power_cycles=40), "1" * 64)
    assert read_again(app, doing, wang, cleared, reading(HDD[0].serial, 1025, 41)) == [False]
    assert find_clearance(session, cleared) is not None


def test_a_logs_names_are_kept_as_claims(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    claims = queries.claims_of(session, item_id)
    assert {one.kind for one in claims} >= {"serial"} and all(HDD[0].serial not in one.masked for one in claims)
