"""Snapshots of eReuse: what a run told, what was only intended, and the forgeries that have been seen in the wild."""

import json
import time
from typing import Any

import pytest

from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from tests.harness.pace import soon
from tests.privacy.evidence.readers.fuzz import mutations, value_mutations
from tests.privacy.evidence.readers.reports import assert_read_as, clashes, edited, raw, readable, synthetic, why

OLD = "synthetic-ereuse-workbench.json"
NEW = "synthetic-ereuse-script.json"


@pytest.mark.parametrize("entry", synthetic("ereuse-snapshot"), ids=lambda entry: str(entry["file"]))
def test_each_snapshot_is_read_as_it_was_written(entry: dict[str, Any]):
    assert_read_as(entry)


def disk(value: Any, number: int) -> Any:
    return [one for one in value["components"] if one["type"] in ("HardDrive", "SolidStateDrive")][number]


def erase(value: Any, number: int) -> Any:
    return disk(value, number)["actions"][0]


# --- what was only intended ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        [["", ""]],
        ["Successful"],
        [{"type": "EraseSectors", "severity": "Info", "steps": []}],
        {"result": "erased"},
        "shred -vn 1 /dev/sda",
    ],
)
def test_the_script_s_erase_list_proves_nothing_whatever_it_holds(claims: Any):
    evidence = read(edited(NEW, lambda value: value.update(erase=claims)))
    assert evidence.kind == "statement" and evidence.has("erase_not_executed")
    assert all((row.status, row.passes_done, row.verified, row.technique) == (None, None, None, None) for row in evidence.devices)


def test_a_snapshot_that_intends_nothing_is_a_reading():
    evidence = read(edited(NEW, lambda value: value.update(erase=[])))
    assert evidence.kind == "state" and evidence.has("nothing_wiped") and not evidence.has("erase_not_executed")
    assert evidence.devices[0].counters is not None


def test_inner_and_outer_serial_of_the_script():
    def swap(value: Any) -> None:
        inner = json.loads(value["data"]["smartctl"])
        inner[0]["serial_number"] = "WD-WCC2E9999X99"
        value["data"]["smartctl"] = json.dumps(inner)

    assert clashes(raw(NEW)) == ""
    assert "inner and outer serial: /data/smartctl/0" in clashes(edited(NEW, swap))


def test_an_inner_text_that_is_no_json_leaves_a_gap():
    for text in ("{", "NaN", '[{"a":1,"a":2}]', "[" * 100_000, "17"):
        evidence = read(edited(NEW, lambda value, text=text: value["data"].update(smartctl=text)))  # type: ignore[misc]
        assert not evidence.complete and evidence.devices == ()


# --- forgeries -------------------------------------------------------------------------------------------------------------


def instant(value: Any) -> None:
    for one in (erase(value, 2), *erase(value, 2)["steps"]):
        one["endTime"] = one["startTime"]


def copied(value: Any) -> None:
    disk(value, 3)["actions"] = [erase(value, 2)]


def outside(value: Any) -> None:
    erase(value, 0)["steps"][1]["endTime"] = "2023-05-11T14:31:02.660999+00:00"


def before(value: Any) -> None:
    erase(value, 0)["steps"][0]["startTime"] = "2023-05-11T08:05:40.000000+00:00"


def disagreeing(value: Any) -> None:
    erase(value, 1)["severity"] = "Info"


def renamed(value: Any) -> None:
    disk(value, 0)["serialNumber"] = "Z1D5JQ8M"


def another_type(value: Any) -> None:
    disk(value, 0)["type"] = "SolidStateDrive"


def twice(value: Any) -> None:
    value["components"].append({**disk(value, 0), "type": "SolidStateDrive", "actions": []})


def no_steps(value: Any) -> None:
    erase(value, 0)["steps"] = []


def unverified_end(value: Any) -> None:
    erase(value, 0)["steps"].reverse()


def endless(value: Any) -> None:
    erase(value, 0)["endTime"] = "2024-05-11T14:31:02.660913+00:00"


FORGERIES = [
    (instant, "instant erase"),
    (copied, "the same erase on two media"),
    (outside, "step outside its job"),
    (before, "step outside its job"),
    (disagreeing, "severity of job and steps"),
    (renamed, "inner and outer serial"),
    (another_type, "type of medium and rotation rate"),
    (twice, "one serial, two types of medium"),
    (no_steps, "no steps"),
    (unverified_end, "steps and method"),
    (endless, "job goes on after its last step"),
]


@pytest.mark.parametrize(("forgery", "told"), FORGERIES, ids=[one[0].__name__ for one in FORGERIES])
def test_a_snapshot_forged_in_one_place_contradicts_itself(forgery: Any, told: str):
    assert clashes(raw(OLD)) == ""
    assert told in clashes(edited(OLD, forgery))


def test_a_copied_erase_keeps_its_core_under_another_serial():
    rows = read(edited(OLD, copied)).devices
    assert rows[2].core == rows[3].core is not None and rows[2].serial != rows[3].serial
    assert rows[0].core != rows[2].core


def test_unknown_words_are_unknown():
    def strange(value: Any) -> None:
        erase(value, 0)["steps"][1]["type"] = "StepMagic"
        erase(value, 2)["severity"] = "Warning"

    rows = read(edited(OLD, strange)).devices
    assert (rows[0].passes_done, rows[0].random_passes) == (None, None)
    assert rows[2].status is None and rows[2].verified is None


def test_a_destroyed_or_uploaded_medium_is_only_stated():
    def stated(value: Any) -> None:
        erase(value, 0)["type"] = "EraseDataWipe"

    evidence = read(edited(OLD, stated))
    assert evidence.kind == "statement" and evidence.has("stated_only")
    assert (evidence.devices[0].status, evidence.devices[0].technique) == (None, None)


def test_a_rounded_size_is_not_a_size():
    for size in (500107, 500107.0, 500108.5, "500107.862016", -1.5, None, [1]):
        rows = read(edited(OLD, lambda value, size=size: disk(value, 0).update(size=size))).devices  # type: ignore[misc]
        assert rows[0].capacity_bytes is None, size
    assert read(raw(OLD)).devices[0].capacity_bytes == 500_107_862_016


def test_the_events_of_older_versions_are_read_too():
    def older(value: Any) -> None:
        value["version"] = "11.0a3"
        for component in value["components"]:
            component["events"] = component.pop("actions")

    assert [row.status for row in read(edited(OLD, older)).devices] == ["erased", "failed", "erased", None]


def test_a_usb_dock_s_serial_is_the_dock_s():
    row = read(edited(OLD, lambda value: disk(value, 0).update(interface="USB"))).devices[0]
    assert row.usb_bridge and row.serial_source == "bridge"


# --- hostile files ---------------------------------------------------------------------------------------------------------


def test_a_wide_listing_or_thousands_of_steps_take_no_time():
    def crowded(value: Any) -> None:
        step = erase(value, 0)["steps"][0]
        erase(value, 0)["steps"] = [step] * 2_000
        value["debug"]["lshw"] = [{"children": [{"class": "disk"}] * 100}] * 10

    data = edited(OLD, crowded)
    begun = time.process_time()
    assert "more steps than any method has" in clashes(data)
    assert soon(begun, 1)


def test_more_erasures_than_any_computer_has_disks_are_refused():
    with pytest.raises(Unreadable) as caught:
        read(edited(OLD, lambda value: value.update(components=[disk(value, 0)] * 3000)))
    assert caught.value.code == "too_many_devices"


@pytest.mark.parametrize("name", [OLD, NEW])
def test_fuzzed_snapshots_never_crash_and_never_show_a_wipe_that_was_not(name: str):
    for data in mutations(raw(name), 300, name):
        evidence = readable(data)
        if evidence is None or evidence.format != "ereuse-snapshot":
            continue
        assert not evidence.real_seen
        if name == NEW and evidence.kind != "run":
            assert all(row.status is None for row in evidence.devices)
        failed = [row for row in evidence.devices if row.serial == "9VM0000X02" and row.method == "EraseBasic"]
        assert all(row.status != "erased" or why(evidence) for row in failed)


@pytest.mark.parametrize("name", [OLD, NEW])
def test_snapshots_of_unexpected_shapes_never_crash(name: str):
    for value in value_mutations(json.loads(raw(name)), 300, name):
        evidence = readable(json.dumps(value).encode())
        assert evidence is None or not evidence.real_seen


def test_inner_json_of_unexpected_shapes_never_crashes():
    snapshot = json.loads(raw(NEW))
    for part in ("smartctl", "inxi"):
        for inner in value_mutations(json.loads(snapshot["data"][part]), 100, part):
            value = {**snapshot, "data": {**snapshot["data"], part: json.dumps(inner)}}
            evidence = readable(json.dumps(value).encode())
            assert evidence is None or all(row.status is None for row in evidence.devices)
