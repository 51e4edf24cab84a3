"""Captures of Android phones before and after a reset: states that never claim a wipe, with every unknown left unknown."""

import json
import time
from typing import Any

import pytest

from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import android, read
from privacy.evidence.readers.text import read_text
from tests.harness.pace import soon
from tests.privacy.evidence.readers.fuzz import mutations
from tests.privacy.evidence.readers.reports import assert_read_as, changed, clashes, raw, readable, synthetic

BEFORE, AFTER, BUNDLE = "synthetic-android-before.txt", "synthetic-android-after.txt", "synthetic-android-bundle.json"


def value(evidence: Evidence, code: str) -> object:
    return next((finding.value for finding in evidence.findings if finding.code == code), "missing")


def lock(evidence: Evidence, kind: str) -> bool | None:
    return next(one.on for one in evidence.locks if one.kind == kind)


@pytest.mark.parametrize("entry", synthetic("android-capture"), ids=lambda entry: str(entry["file"]))
def test_each_capture_is_read_as_it_was_written(entry: dict[str, Any]):
    assert_read_as(entry)


def test_findings_name_their_lines():
    evidence = read(raw(BEFORE))
    lines = raw(BEFORE).decode().split("\n")
    crypto = next(finding for finding in evidence.findings if finding.code == "encrypted")
    assert crypto.detail == "file" and [lines[at - 1].split("]")[0] for at in crypto.lines] == ["[ro.crypto.state", "[ro.crypto.type"]


def test_before_and_after_are_one_phone_and_two_readings():
    before, after = read(raw(BEFORE)).devices[0], read(raw(AFTER)).devices[0]
    assert before.serial == after.serial and before.identities == after.identities
    assert before.core and after.core and before.core != after.core


def test_nothing_asked_is_nothing_known():
    evidence = read(b"[ro.product.model]: [SM-X000]\n")
    for code in ("encrypted", "verified_boot", "boot_locked", "device_provisioned", "after_reset", "accounts", "sd_card", "esim"):
        assert value(evidence, code) is None, code
    assert {one.kind: one.on for one in evidence.locks} == {"accounts": None, "frp": None, "mdm": None}
    assert evidence.devices[0].core is None and evidence.devices[0].counters is None


@pytest.mark.parametrize(
    ("state", "kind", "encrypted", "detail"),
    [
        ("encrypted", "block", True, "block"),
        ("encrypted", "", True, None),
        ("unencrypted", "", False, None),
        ("unsupported", "", None, None),
        ("ENCRYPTED", "file", None, None),
    ],
)
def test_states_of_encryption(state: str, kind: str, encrypted: bool | None, detail: str | None):
    text = f"[ro.crypto.state]: [{state}]\n[ro.crypto.type]: [{kind}]\n"
    found = next(finding for finding in read(text.encode()).findings if finding.code == "encrypted")
    assert (found.value, found.detail) == (encrypted, detail)


def test_the_lock_of_a_reset_phone_is_on_only_where_it_says_so():
    assert lock(read(raw(AFTER) + b"secure_frp_mode=1\n"), "frp") is True
    assert lock(read(raw(AFTER)), "frp") is None
    assert lock(read(raw(AFTER).replace(b"no owners", b"Device Owner (User 0): ComponentInfo{com.mdm/.Admin}")), "mdm") is True


def test_the_reset_marker_needs_to_be_seen():
    denied = b"ls: /data/misc/bootstat/factory_reset: Permission denied"
    assert value(read(raw(AFTER)), "factory_reset_marker") is None
    there = b"-rw------- 1 system log 0 2026-11-20 10:22 /data/misc/bootstat/factory_reset"
    assert value(read(raw(AFTER).replace(denied, there)), "factory_reset_marker") is True
    gone = b"ls: /data/misc/bootstat/factory_reset: No such file or directory"
    assert value(read(raw(AFTER).replace(denied, gone)), "factory_reset_marker") is False


FORGERIES = [
    (BEFORE, "[ro.serialno]: [R5XX0000X09]", "[ro.serialno]: [R5XX0000X10]", "inner and outer serial"),
    (BEFORE, "[ro.boot.flash.locked]: [1]", "[ro.boot.flash.locked]: [0]", "boot lock"),
    (BEFORE, "  Accounts: 2", "  Accounts: 0", "accounts"),
    (BEFORE, "[ro.crypto.state]: [encrypted]", "[ro.crypto.state]: [encrypted]\n[ro.crypto.state]: [unencrypted]", "two values in one place"),
    (BEFORE, "device_provisioned=1", "device_provisioned=0\ndevice_provisioned=1", "two values in one place"),
    (AFTER, "  Accounts: 0", "  Accounts: 1", "accounts before set-up"),
    (AFTER, "no owners", "no owners\nDevice Owner (User 0)", "owners"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), FORGERIES, ids=[one[3] for one in FORGERIES])
def test_a_capture_forged_in_one_place_contradicts_itself(name: str, old: str, new: str, told: str):
    assert clashes(raw(name)) == ""
    assert told in clashes(changed(name, (old, new)))


def test_an_imei_with_a_wrong_check_digit_is_none():
    evidence = read(changed(BEFORE, ("490154203237518", "490154203237519")))
    assert evidence.devices[0].identities == () and evidence.has("imei_check_digit")


def test_accounts_of_several_users_are_added_up():
    evidence = read(changed(BEFORE, ("  Accounts: 2", "  Accounts: 0\nUser UserInfo{10:Work:30}:\n  Accounts: 2")))
    found = next(finding for finding in evidence.findings if finding.code == "accounts")
    assert (found.value, found.detail) == (True, "2")


def test_account_names_are_not_kept():
    """Whose phone it was is nobody's business here."""
    shown = repr(read(raw(BEFORE)))
    assert "somebody@example.com" not in shown and "13800000000" not in shown


def test_a_phone_that_says_it_was_erased_says_nothing():
    evidence = read(changed(AFTER, ("SM-X000", "ERASED"), ("[ro.crypto.type]: [file]", "[ro.crypto.type]: [wiped]")))
    row = evidence.devices[0]
    assert (row.model, row.status, row.verified, row.technique, evidence.kind) == ("ERASED", None, None, None, "state")


def test_an_emulator_is_told():
    assert read(raw(BEFORE) + b"[ro.kernel.qemu]: [1]\n").has("emulator")


# --- hostile files ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ten_megabytes_take_less_than_a_second():
    for line in (b"a_b_c=1\n", b"[ro.x]: [1]\n", b"  Accounts: 1\n", b"IMEI: 490154203237518\n", b"private mounted null\n", b"x" * 90 + b"\n"):
        text = read_text(raw(BEFORE) + line * 59_000)
        begun = time.process_time()
        assert android.recognises(text)
        android.read(text, "0" * 64)
        assert soon(begun, 1), line
    with pytest.raises(Unreadable, match="too_big"):
        read_text(raw(BEFORE) + b"a_b_c=1\n" * 390_000)


def test_json_bundles_are_strict():
    bundle = raw(BUNDLE).decode()
    for bad in (bundle.replace("{", '{"adb shell getprop": "", ', 1), bundle[:-4], "[" * 5000 + bundle, bundle.replace('"adb', "NaN,"), "{}"):
        with pytest.raises(Unreadable):
            read(bad.encode())
    big = json.dumps({"getprop": "[ro.product.model]: [X]\n" * 150_000})
    begun = time.process_time()
    with pytest.raises(Unreadable):  # larger than any such dump: it is not read at all
        read(big.encode())
    assert soon(begun, 1)


def test_nul_gbk_and_turned_text():
    with pytest.raises(Unreadable):
        read(raw(BEFORE).replace(b"SM-X000", b"SM\0X"))
    assert read(raw(BEFORE).decode().replace("SM-X000", "红米手机").encode("gbk")).devices[0].model == "红米手机"
    assert read(changed(BEFORE, ("SM-X000", "SM\u202eX"))).devices[0].model == "SM\ufffdX"


@pytest.mark.parametrize("name", [BEFORE, AFTER, BUNDLE])
def test_fuzzed_captures_never_crash_and_never_claim_a_wipe(name: str):
    for data in mutations(raw(name), 400, name):
        evidence = readable(data)
        if evidence is not None and evidence.format == "android-capture":
            assert all(row.status is None and row.verified is None for row in evidence.devices) and not evidence.real_seen
