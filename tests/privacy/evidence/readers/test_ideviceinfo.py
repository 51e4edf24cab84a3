"""What ideviceinfo says of an iPhone before and after an erase. `Unactivated` doesn't mean that nobody's account holds it."""

import time
from typing import Any

import pytest

from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import ideviceinfo, read
from privacy.evidence.readers.text import read_text
from tests.harness.pace import soon
from tests.privacy.evidence.readers.fuzz import mutations
from tests.privacy.evidence.readers.reports import assert_read_as, changed, clashes, raw, readable, synthetic

BEFORE, AFTER, LIST = "synthetic-ideviceinfo-before.txt", "synthetic-ideviceinfo-after.txt", "synthetic-ideviceinfo.plist"


def locks(evidence: Evidence) -> dict[str, bool | None]:
    return {lock.kind: lock.on for lock in evidence.locks}


@pytest.mark.parametrize("entry", synthetic("ideviceinfo"), ids=lambda entry: str(entry["file"]))
def test_each_answer_is_read_as_it_was_written(entry: dict[str, Any]):
    assert_read_as(entry)


@pytest.mark.parametrize(
    ("line", "on"),
    [("IsAssociated: true\n", True), ("IsAssociated: false\n", False), ("", None), ("IsAssociated: maybe\n", None), ("IsAssociated: \n", None)],
)
def test_find_my_is_off_only_where_the_phone_says_so(line: str, on: bool | None):
    assert locks(read(changed(BEFORE, ("IsAssociated: true\n", line))))["find_my"] is on


def test_an_unactivated_phone_may_still_be_locked():
    evidence = read(raw(AFTER))
    assert evidence.has("after_reset") and locks(evidence)["activation"] is None and locks(evidence)["find_my"] is None
    assert (evidence.devices[0].status, evidence.devices[0].verified, evidence.kind) == (None, None, "state")


@pytest.mark.parametrize("state", ["FactoryActivated", "WildcardActivated", "SoftActivation"])
def test_an_activation_that_no_shop_gets_is_suspicious(state: str):
    evidence = read(changed(BEFORE, ("ActivationState: Activated", f"ActivationState: {state}")))
    assert evidence.has("suspicious_activation")
    assert next(finding.value for finding in evidence.findings if finding.code == "activated") is None


FORGERIES = [
    (BEFORE, "BrickState: false", "BrickState: true", "activation and brick state"),
    (BEFORE, "UniqueChipID: 4785074604081153", "UniqueChipID: 4785074604081154", "device id and chip id"),
    (BEFORE, "ChipID: 32816", "ChipID: 32800", "device id and chip id"),
    (BEFORE, "SerialNumber: F4GXXXXXN72X", "SerialNumber: F4GXXXXXN72X\nSerialNumber: F4GYYYYYN72X", "two values in one place"),
    (BEFORE, "IsAssociated: true", "IsAssociated: true\nIsAssociated: false", "two values in one place"),
    (LIST, "<integer>4785074604081153</integer>", "<integer>17</integer>", "device id and chip id"),
    (LIST, "<key>BrickState</key>", "<key>SerialNumber</key>\n\t<string>OTHER1</string>\n\t<key>BrickState</key>", "two values in one place"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), FORGERIES, ids=[f"{one[3]}-{at}" for at, one in enumerate(FORGERIES)])
def test_an_answer_forged_in_one_place_contradicts_itself(name: str, old: str, new: str, told: str):
    assert clashes(raw(name)) == ""
    assert told in clashes(changed(name, (old, new)))


def test_indented_keys_belong_to_another():
    evidence = read(changed(AFTER, ("ActivationState: Unactivated", " IsAssociated: false\nActivationState: Unactivated")))
    assert locks(evidence)["find_my"] is None


def test_two_readings_are_told_apart_by_the_phone_s_clock():
    one, other = read(raw(BEFORE)).devices[0], read(raw(AFTER)).devices[0]
    assert one.core and other.core and one.core != other.core
    assert read(raw(BEFORE).replace(b"F4GXXXXXN72X", b"F4GYYYYYN72X")).devices[0].core == one.core


def test_an_imei_with_a_wrong_check_digit_is_none():
    evidence = read(changed(BEFORE, ("356938035643809", "356938035643808")))
    assert evidence.has("imei_check_digit") and ("imei", "356938035643808") not in evidence.devices[0].identities


# --- hostile files ---------------------------------------------------------------------------------------------------------


def test_a_list_that_declares_anything_is_refused():
    text = raw(LIST).decode()
    for declared in (' [<!ENTITY x "false">]', ' [<!ENTITY x SYSTEM "file:///etc/hostname">]'):
        bad = text.replace('PropertyList-1.0.dtd"', f'PropertyList-1.0.dtd"{declared}').replace("<string>F4GXXXXXN72X", "<string>&x;")
        with pytest.raises(Unreadable) as caught:
            read(bad.encode())
        assert caught.value.code == "malformed"


def test_other_property_lists_are_not_read():
    with pytest.raises(Unreadable) as caught:
        read(b'<?xml version="1.0"?><plist version="1.0"><dict><key>Name</key><string>x</string></dict></plist>')
    assert caught.value.code == "unrecognised"


def test_binary_lists_are_refused():
    with pytest.raises(Unreadable):
        read(b"bplist00\xd1\x01\x02\x00")


@pytest.mark.slow
def test_ten_megabytes_take_less_than_a_second():
    for line in (b"Key: value\n", b" 0: 1\n", b"SerialNumber: X\n", b"x" * 4000 + b"\n"):
        text = read_text(raw(BEFORE) + line * min(10_000_000 // len(line), 59_000))
        begun = time.process_time()
        assert ideviceinfo.recognises(text)
        assert len(text.lines) < 20_000 or not ideviceinfo.read(text, "0" * 64).complete
        assert soon(begun, 1), line
    wide = raw(LIST).replace(b"</dict>\n</plist>", b"<key>a</key><true/>" * 20_000 + b"</dict>\n</plist>")
    begun = time.process_time()
    read(wide)
    assert soon(begun, 1)


def test_nul_gbk_and_turned_text():
    with pytest.raises(Unreadable):
        read(raw(BEFORE).replace(b"iPhone12,1", b"iPhone\0"))
    assert read(raw(BEFORE).decode().replace("iPhone12,1", "苹果手机").encode("gbk")).devices[0].model == "苹果手机"
    assert read(changed(BEFORE, ("iPhone12,1", "iPhone\u202e"))).devices[0].model == "iPhone\ufffd"


@pytest.mark.parametrize("name", [BEFORE, AFTER, LIST])
def test_fuzzed_answers_never_crash_and_never_claim_a_wipe(name: str):
    for data in mutations(raw(name), 400, name):
        evidence = readable(data)
        if evidence is not None and evidence.format == "ideviceinfo":
            assert all(row.status is None for row in evidence.devices) and not evidence.real_seen
            assert locks(evidence)["activation"] is None
