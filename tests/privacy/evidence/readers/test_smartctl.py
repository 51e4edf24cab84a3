"""smartctl says who a device is and how much it was used, and never that it was wiped."""

import json
from typing import Any

import pytest

from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers import read
from tests.conftest import samples
from tests.privacy.evidence.readers.answers import assert_read_as, codes, details, of_tool, raw, text
from tests.privacy.evidence.readers.hostile import survives

ENTRIES = of_tool("smartctl")
HDD = "smartctl-hdd.json"
NVME = "smartctl-nvme.json"
# as a drive that keeps device statistics prints them (ACS, general statistics page)
STATISTICS = {
    "pages": [{
        "number": 1, "name": "General Statistics", "revision": 1, "table": [
            {"offset": 16, "name": "Power-on Hours", "size": 4, "value": 14551, "flags": {"valid": True}},
            {"offset": 24, "name": "Logical Sectors Written", "size": 6, "value": 64777770148, "flags": {"valid": True}},
        ],
    }],
}  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_answer_is_read_as_what_the_device_is(entry: dict[str, Any]):
    assert_read_as(entry)


def changed(name: str, **changes: object) -> Evidence:
    value = json.loads(text(name))
    for path, new in changes.items():
        *where, last = path.split("__")
        inner = value
        for step in where:
            inner = inner.setdefault(step, {})
        inner[last] = new
    return read(json.dumps(value).encode())


def row(evidence: Evidence) -> DeviceRow:
    (only,) = evidence.devices
    return only


def test_times_version_and_kind():
    evidence = read(raw(HDD))
    assert (evidence.tool_version, evidence.kind, evidence.real_seen) == ("7.3", "state", True)
    assert row(evidence).finished == "2026-11-22T09:36:55"
    assert [finding.detail for finding in evidence.findings if finding.code == "time_zone"] == ["UTC"]


def test_written_bytes_are_sectors_times_their_size_or_nvme_s_thousands():
    assert row(read(raw(HDD))).counters is not None and row(read(raw(HDD))).counters.bytes_written is None  # type: ignore[union-attr]
    told = row(changed(HDD, ata_device_statistics=STATISTICS)).counters
    assert told is not None and told.bytes_written == 64777770148 * 512
    four = row(changed(HDD, ata_device_statistics=STATISTICS, logical_block_size=4096, user_capacity={"bytes": 67108864})).counters
    assert four is not None and four.bytes_written == 64777770148 * 4096
    doubtful = json.loads(json.dumps(STATISTICS).replace("true", "false"))
    told = row(changed(HDD, ata_device_statistics=doubtful)).counters
    assert told is not None and told.bytes_written is None
    told = row(changed(NVME, nvme_smart_health_information_log__data_units_written=7773431)).counters
    assert told is not None and told.bytes_written == 7773431 * 512_000


def test_the_world_wide_name_is_spelt_as_on_the_label():
    assert row(changed(HDD, wwn={"naa": 5, "oui": 9528, "id": 61213911380})).identities == (("wwn", "5002538e40a22954"),)
    assert row(changed(HDD, wwn={"naa": 0, "oui": 0, "id": 0})).identities == ()
    assert row(changed(HDD, wwn={"naa": 99, "oui": 9528, "id": 1})).identities == ()
    eui = changed(NVME, nvme_namespaces=[{"id": 1, "eui64": {"oui": 9528, "ext_id": 0x5B01234363}}])
    assert row(eui).identities == (("eui64", "0025385b01234363"),)


def test_a_password_left_on_and_the_three_values():
    left = changed(HDD, ata_security={"state": 41, "string": "ENABLED", "enabled": True, "frozen": False, "locked": False})
    assert left.has("security_left_on") and left.locks[0].on is True and row(left).security_frozen is False
    clean = changed(HDD, ata_security={"state": 33, "string": "Disabled", "enabled": False, "frozen": True})
    assert not clean.has("security_left_on") and clean.locks[0].on is False
    assert (row(clean).security_enabled, row(clean).security_locked, row(clean).security_frozen) == (False, None, True)
    assert read(raw(HDD)).locks[0].on is None
    assert row(changed(HDD, ata_security={"enabled": "false"})).security_enabled is None


def test_bridges():
    assert row(read(raw(HDD))).usb_bridge is False  # Linux reaches every SATA drive by `sat`
    for kind in ("usbjmicron", "usbsunplus", "sntjmicron"):
        bridged = changed(HDD, device__type=kind)
        assert row(bridged).usb_bridge and bridged.has("usb_bridge") and row(bridged).serial_source == "ata"
    forced = changed("smartctl-scsi.json", smartctl__argv=["smartctl", "-d", "scsi", "-j", "/dev/sdc"])
    assert row(forced).serial_source == "bridge" and row(read(raw("smartctl-scsi.json"))).serial_source == "scsi"
    swapped = changed(HDD, model_name="DW CDW01PSXZ2-Z401", serial_number="DWW-1XA2075RK9T ")
    assert swapped.has("byte_swapped") and row(swapped).serial_source == "bridge"


def test_serials_that_name_nothing():
    for serial in ("0000000000", "0123456789ABCDEF", "N/A"):
        assert changed(HDD, serial_number=serial).has("placeholder_serial")
    nameless = json.loads(text(HDD))
    del nameless["serial_number"]
    evidence = read(json.dumps(nameless).encode())
    assert row(evidence).serial is None and not evidence.complete


CLASHES: dict[str, tuple[dict[str, object], str]] = {
    "blocks and bytes": ({"user_capacity": {"blocks": 131072, "bytes": 67108865}}, "size_disagrees"),
    "two clocks": ({"local_time": {"time_t": 1637039918, "asctime": "Sun Nov 22 09:36:55 2026 UTC"}}, "clock_disagrees"),
    "locked without a password": ({"ata_security": {"enabled": False, "locked": True}}, "locked_without_password"),
    "another protocol's log": ({"nvme_smart_health_information_log": {"power_on_hours": 1}}, "protocol_disagrees"),
    "hours twice": ({"nvme_smart_health_information_log": {"power_on_hours": 9}}, "counters_disagree"),
    "read without opening it": ({"smartctl__exit_status": 2}, "read_though_not_opened"),
    "failing, and no bit says so": ({"smart_status": {"passed": False}}, "smart_status"),
    "a disk of sextillions": ({"user_capacity": {"blocks": 2**70, "bytes": 2**79}}, "number_out_of_range"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASHES)
def test_what_can_t_all_be_true_is_a_contradiction(name: str):
    changes, detail = CLASHES[name]
    assert detail in details(changed(HDD, **changes))
    assert details(read(raw(HDD))) == set()


def test_clocks_of_all_zones_agree_with_themselves():
    for offset, zone in ((8 * 3600, "CST"), (-3 * 3600 - 1800, "NST"), (5 * 3600 + 2700, "+0545")):
        stamp = 1795340215 - offset  # what UTC was when the clock on the wall said 09:36:55
        zoned = changed(HDD, local_time={"time_t": stamp, "asctime": f"Sun Nov 22 09:36:55 2026 {zone}"})
        assert not details(zoned) and row(zoned).finished == "2026-11-22T09:36:55"


def test_exit_bits():
    assert changed(HDD, smartctl__exit_status=8).has("smart_failing")
    assert changed(HDD, smartctl__exit_status=4).has("command_failed")
    assert not read(raw(HDD)).has("smart_failing")
    for odd in (None, -1, 256, "x"):
        assert not changed(HDD, smartctl__exit_status=odd).complete


def test_a_reading_under_another_serial_is_known_again():
    used = {"nvme_smart_health_information_log__data_units_written": 7773431}
    one = row(changed(NVME, **used))
    other = row(changed(NVME, **used, serial_number="S4GENX0N999999", model_name="Other", local_time__time_t=1795343819,
                        local_time__asctime="Sun Nov 22 10:36:59 2026 UTC", device__name="/dev/nvme1n1"))  # fmt: skip
    assert one.core == other.core is not None
    assert row(changed(NVME, nvme_smart_health_information_log__data_units_written=7773432)).core != one.core
    # two new disks count alike, and are no copies of each other
    assert row(read(raw(NVME))).core is None


def test_the_shared_samples_of_others():
    ata = read(samples("wipe", "scrutiny__smart-ata-full.json").read_bytes())
    assert row(ata).identities == (("wwn", "5002538e40a22954"),) and row(ata).security_enabled is False
    assert row(ata).counters is not None and row(ata).counters.bytes_written == 64777770148 * 512  # type: ignore[union-attr]
    # their clock was edited for a test of theirs, and that shows
    assert details(ata) == {"clock_disagrees"}
    nvme = read(samples("wipe", "scrutiny__smart-nvme.json").read_bytes())
    assert (row(nvme).serial, row(nvme).serial_source) == ("BTNH93710FS91P0B", "nvme")
    assert not details(read(samples("wipe", "smartctl-hdd.json").read_bytes()))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_damage_makes_no_wiped_drive(entry: dict[str, Any]):
    def check(evidence: Evidence) -> None:
        assert all(one.status is None and one.technique is None for one in evidence.devices)

    survives(raw(entry["file"]), entry["file"], 25, check)


def test_odd_shapes_of_every_value():
    """Each value replaced by things of another kind: read or refused, never a crash."""
    value = json.loads(text(HDD))
    for key in value:
        for odd in (None, [], {}, "x", -1, 2**100, True, [[[]]], {"a": {"b": []}}):
            evidence = read(json.dumps({**value, key: odd}).encode()) if key not in ("json_format_version", "smartctl") else None
            assert evidence is None or codes(evidence) is not None
