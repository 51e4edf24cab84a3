"""hdparm's answers, put together by device: a status without the command that led to it shows no technique."""

from typing import Any

import pytest

from privacy.evidence.model import Evidence
from privacy.evidence.readers import read
from tests.privacy.evidence.readers.answers import assert_read_as, codes, details, of_tool, raw, text
from tests.privacy.evidence.readers.hostile import survives

ENTRIES = of_tool("hdparm")
ERASED = "synthetic-hdparm-block-erased.txt"
FROZEN = "synthetic-hdparm-frozen.txt"
SSD = "hdparm-ssd.txt"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_answer_is_read_as_what_the_device_is(entry: dict[str, Any]):
    assert_read_as(entry)


def edited(name: str, *changes: tuple[str, str]) -> Evidence:
    whole = text(name)
    for old, new in changes:
        assert old in whole, old
        whole = whole.replace(old, new)
    return read(whole.encode())


def test_a_command_and_a_good_end_are_an_erase_and_a_good_end_alone_is_none():
    (row,) = read(raw(ERASED)).devices
    assert (row.technique, row.status) == ("block_erase", "erased")
    (row,) = read(raw("synthetic-hdparm-status-only.txt")).devices
    assert (row.technique, row.status) == (None, "erased")


def test_the_good_end_must_come_after_the_command():
    """The flag stays from the last sanitize until the next one ends."""
    whole = text("synthetic-hdparm-status-only.txt")
    begun = "\n/dev/sdb:\nIssuing SANITIZE_BLOCK_ERASE command\nOperation started in background\n"
    assert read((whole + begun).encode()).devices[0].status is None


def test_running_frozen_failed_and_contradictory_ends():
    assert edited(ERASED, ("SD0 Sanitize Idle", "SD2 Sanitize operation In Process")).devices[0].status is None
    assert "sanitize_outcome" in details(edited(ERASED, ("SD0 Sanitize Idle", "SD2 Sanitize operation In Process")))
    frozen = edited(ERASED, ("SD0 Sanitize Idle\n    Last Sanitize Operation Completed Without Error", "SD1 Sanitize Frozen"))
    assert frozen.devices[0].status is None and frozen.has("sanitize_frozen")
    assert read(raw("synthetic-hdparm-failed.txt")).devices[0].status == "failed"
    both = text(ERASED) + "Drive in SD3 Sanitize Operation Failed state\n"
    assert "sanitize_outcome" in details(read(both.encode())) and read(both.encode()).devices[0].status == "failed"


def test_a_drive_that_wasn_t_heard_said_nothing():
    """Without sense data the state is made of zeros, and 0 means idle."""
    heard = "Issuing SANITIZE_STATUS command\nSanitize status:\n    State:    SD0"
    unheard = heard.replace("Sanitize status", "SG_IO: bad/missing sense data, sb[]:  f0 00 0b\nSanitize status")
    evidence = edited(ERASED, (heard, unheard))
    assert evidence.devices[0].status is None and evidence.has("status_unheard")


def test_security_is_read_as_three_values():
    (row,) = read(raw(FROZEN)).devices
    assert (row.security_enabled, row.security_locked, row.security_frozen) == (False, False, True)
    assert read(raw(FROZEN)).locks[0].on is False
    assert read(raw("synthetic-hdparm-password-left.txt")).locks[0].on is True
    (row,) = read(raw(SSD)).devices
    assert row.security_enabled is None and read(raw(SSD)).locks[0].on is None
    half = edited(FROZEN, ("\tnot\tlocked\n", ""))
    assert not half.complete and half.devices[0].security_locked is None
    assert "locked_without_password" in details(edited(FROZEN, ("\tnot\tlocked", "\t\tlocked")))


def test_hidden_sectors_are_true_false_or_not_known():
    assert read(raw(SSD)).devices[0].hidden_sectors is False
    assert read(raw("synthetic-hdparm-hidden.txt")).devices[0].hidden_sectors is True
    assert read(raw(FROZEN)).devices[0].hidden_sectors is None
    # what a device answers that can't be asked: 0 of 1 sectors
    assert read(raw("hdparm-usb.txt")).devices[0].hidden_sectors is None
    assert "native_below_visible" in details(edited(SSD, ("131072/131072, HPA is disabled", "131072/4096, HPA is enabled")))
    more = edited(SSD, ("Real max sectors: 1", "Real max sectors: 262144"))
    assert more.devices[0].hidden_sectors is True
    doubtful = edited(SSD, ("131072/131072, HPA is disabled", "131072/262144(131072?), HPA setting seems invalid"))
    assert doubtful.devices[0].hidden_sectors is None


def test_two_devices_keep_their_own_answers():
    both = read((text("hdparm-hdd.txt") + text(SSD)).encode())
    assert [(row.node, row.serial) for row in both.devices] == [("/dev/sda", "WD-WX12A70R5K9T"), ("/dev/sdb", "S21PNXAG412077")]
    mixed = text("hdparm-hdd.txt") + text(SSD).replace("/dev/sdb", "/dev/sda")
    assert {"serial_disagrees", "model_disagrees", "rotation_disagrees"} <= details(read(mixed.encode()))


def test_garbled_and_missing_names():
    swapped = edited(SSD, ("Samsung SSD 860 EVO 500GB ", "aSsmnu gSS D68 0VE O05G0 B"), ("S21PNXAG412077", "2SP1XNGA140277"))
    assert swapped.has("byte_swapped") and swapped.devices[0].serial_source == "bridge"
    assert read(raw(SSD)).devices[0].serial_source == "ata"
    assert edited(SSD, ("S21PNXAG412077", "0123456789ABCDEF")).has("placeholder_serial")
    none = edited(SSD, ("\tSerial Number:      S21PNXAG412077      \n", ""))
    assert none.devices[0].serial is None and none.has("no_identity")


def test_an_identity_that_breaks_off_is_not_complete():
    whole = text(FROZEN)
    assert read(raw(FROZEN)).complete and not read(whole[: whole.index("Security:")].encode()).complete


def test_other_line_ends_and_encodings_make_no_difference():
    for version in (raw(ERASED).replace(b"\n", b"\r\n"), text(ERASED).encode("utf-16"), b"\xef\xbb\xbf" + raw(ERASED)):
        assert read(version).devices == read(raw(ERASED)).devices


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_damage_makes_no_erased_drive(entry: dict[str, Any]):
    finished = any(one.get("status") == "erased" for one in entry["expect"].get("devices", ()))

    def check(evidence: Evidence) -> None:
        assert finished or all(row.status != "erased" for row in evidence.devices)

    survives(raw(entry["file"]), entry["file"], 12, check)


def test_a_flood_of_headings_and_long_lines():
    flood = "".join(f"/dev/x{at}:\n max sectors   = 1/1, HPA is disabled\n" for at in range(20_000))
    evidence = read(flood.encode())
    assert len(evidence.devices) == 256 and not evidence.complete
    assert not read(raw(SSD) + b"A" * 5000 + b"\n").complete
    assert "long_lines" in codes(read(raw(SSD) + b"A" * 5000 + b"\n"))
