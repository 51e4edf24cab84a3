"""docs/algorithms/evidence-readers.md and wipe-evidence.md: outputs made up from the tools' documentation, with their spoiled twins;
what the readers say and how `flask evidence judge` judges, expected from the documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.independent import own_texts as texts
from tests.independent.running import Ran, flask, process, refused, shaped

FAIL = {
    "verify_only", "aborted", "failed", "errors", "contradiction", "serial_mismatch", "hidden_sectors", "never_wiped",
    "data_written_since", "technique_insufficient", "medium_mismatch", "security_left_on", "too_few_passes", "no_random_pass",
    "bytes_short", "not_verified",
}  # fmt: skip
NIST, CN, HK = "NIST-800-88r2", "CN-GB46864-2025", "HK-G3"


def stored(text: str | dict[str, Any] | bytes, folder: Path) -> Path:
    if isinstance(text, dict):
        text = json.dumps(text, indent=2)
    path = folder / "synthetic-independent.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def read(text: str | dict[str, Any] | bytes, folder: Path) -> dict[str, Any]:
    ran = flask("evidence", "read", stored(text, folder), "--json")
    assert ran.code == 0, ran.err
    (answer,) = shaped(ran, "evidence-read")
    return answer


def judge(
    text: str | dict[str, Any] | bytes, folder: Path, profile: str = NIST, medium: str = "semiconductor", *more: str
) -> dict[str, Any]:
    ran = flask("evidence", "judge", stored(text, folder), "--profile", profile, "--medium", medium, "--json", *more)
    answer = shaped(ran, "evidence-judge")
    failing, told = FAIL & set(answer["reasons"]), answer["reasons"]
    assert answer["verdict"] == ("fail" if failing else "unknown" if told else "pass")
    assert ran.code == (0 if answer["verdict"] == "pass" else 1)
    return answer


def findings(answer: dict[str, Any]) -> dict[str, Any]:
    return {finding["code"]: finding["value"] for finding in answer["findings"]}


def locks(answer: dict[str, Any]) -> dict[str, Any]:
    return {lock["kind"]: lock["on"] for lock in answer["locks"]}


# --- nvme sanitize-log


FORMS = {
    "text": lambda *a, **k: texts.sanitize_text(*a, **k),
    "flat": lambda *a, **k: texts.sanitize_json(*a, **k),
    "nested": lambda *a, **k: texts.sanitize_json(*a, under="nvme0", **k),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("sstat", "scdw10", "technique"), [
    (0x101, 2, "block_erase"), (0x101, 4, "crypto_erase"), (0x119, 0x33, "overwrite"), (0x104, 0x202, "block_erase"),
])  # fmt: skip
def test_a_sanitize_that_ended_well(form, sstat, scdw10, technique, tmp_path):
    text = FORMS[form](sstat, scdw10=scdw10)
    answer = read(text, tmp_path)
    (device,) = answer["devices"]
    assert (answer["format"], answer["tool"]) == ("nvme-cli-text" if form == "text" else "nvme-cli-json", "nvme-cli")
    assert (answer["complete"], answer["real_seen"], answer["signed_by"]) == (True, False, None)
    assert (device["technique"], device["status"], device["serial"]) == (technique, "erased", None)
    assert device["counters"]["data_erased"] is True
    assert device["core"] is None
    assert device["passes_done"] == (3 if technique == "overwrite" else device["passes_done"])
    judged = judge(text, tmp_path)
    assert judged["verdict"] == "unknown", "a sanitize log names no device"
    assert {"no_serial", "format_unproven"} <= set(judged["reasons"])
    assert judged["technique"].endswith(technique)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("sstat", "sprog", "scdw10", "reason"), [
    (0x103, 65535, 2, "failed"), (0x000, 65535, 0, "never_wiped"), (0x101, 400, 2, "contradiction"),
    (0x101, 65535, 0, "contradiction"), (0x119, 65535, 2, "contradiction"), (0x111, 65535, 0x33, "contradiction"),
])  # fmt: skip
def test_a_sanitize_that_shows_otherwise_fails(form, sstat, sprog, scdw10, reason, tmp_path):
    answer = judge(FORMS[form](sstat, sprog, scdw10), tmp_path)
    assert answer["verdict"] == "fail"
    assert reason in answer["reasons"]


@pytest.mark.parametrize("form", FORMS)
def test_a_running_sanitize_is_unknown(form, tmp_path):
    text = FORMS[form](0x102, 3761)
    assert findings(read(text, tmp_path))["in_progress"] is True
    answer = judge(text, tmp_path)
    assert answer["verdict"] == "unknown"
    assert "in_progress" in answer["reasons"]


def test_sixteen_passes_are_written_as_zero(tmp_path):
    text = texts.sanitize_text(0x181, scdw10=0x03)
    assert read(text, tmp_path)["devices"][0]["passes_done"] == 16
    assert "contradiction" not in judge(text, tmp_path)["reasons"]


def test_a_cut_off_status_is_not_known(tmp_path):
    """`0x1` in text: bit 8 may have been cut off by nvme-cli 2.2 to 2.4."""
    answer = read(texts.sanitize_text(0x1), tmp_path)
    assert findings(answer)["masked_status"] is True
    assert answer["devices"][0]["counters"]["data_erased"] is None
    judged = judge(texts.sanitize_text(0x1), tmp_path)
    assert (judged["verdict"], "erasure_unconfirmed" in judged["reasons"]) == ("unknown", True)


def test_a_status_spelt_out_counts(tmp_path):
    written = texts.sanitize_text(0x1, spelt=texts.spelt_out_before(0x1))
    assert findings(read(written, tmp_path))["data_written_since"] is True
    assert "data_written_since" in judge(written, tmp_path)["reasons"]
    for sstat in (0x101, 0x1):
        erased = texts.sanitize_text(sstat, spelt=texts.spelt_out_before(0x101))
        assert read(erased, tmp_path)["devices"][0]["counters"]["data_erased"] is True
        assert judge(erased, tmp_path)["verdict"] == "unknown"


def test_a_status_spelt_out_by_newer_versions_counts_too(tmp_path):
    written = texts.sanitize_text(0x1, spelt=texts.spelt_out(0x1))
    assert findings(read(written, tmp_path)).get("data_written_since") is True
    assert "data_written_since" in judge(written, tmp_path)["reasons"]
    erased = texts.sanitize_text(0x101, spelt=texts.spelt_out(0x101))
    assert read(erased, tmp_path)["devices"][0]["counters"]["data_erased"] is True
    assert "contradiction" not in judge(erased, tmp_path)["reasons"]


def test_in_json_the_mark_is_a_key_of_its_own(tmp_path):
    for under in (None, "nvme0n1"):
        assert "data_written_since" in judge(texts.sanitize_json(0x1, under=under), tmp_path)["reasons"]
        missing = judge(texts.sanitize_json(0x101, under=under, erased=False), tmp_path)
        assert (missing["verdict"], "erasure_unconfirmed" in missing["reasons"]) == ("unknown", True)


def test_number_and_words_of_the_status_have_to_agree(tmp_path):
    assert "contradiction" in judge(texts.sanitize_json(0x101, words=3), tmp_path)["reasons"]


def test_number_and_spelt_words_of_the_status_have_to_agree(tmp_path):
    torn = texts.sanitize_text(0x101, spelt=texts.spelt_out_before(0x101, words=3))
    assert "contradiction" in judge(torn, tmp_path)["reasons"]
    for spelt in (texts.spelt_out, texts.spelt_out_before):
        for number, other in ((0x101, 0x103), (0x101, 0x001), (0x101, 0x109), (0x119, 0x111), (0x104, 0x101)):
            torn = texts.sanitize_text(number, scdw10=0x33 if number == 0x119 else 2, spelt=spelt(other))
            assert "contradiction" in judge(torn, tmp_path)["reasons"], (spelt.__name__, hex(number), hex(other))
        whole = texts.sanitize_text(0x119, scdw10=0x33, spelt=spelt(0x119))
        assert "contradiction" not in judge(whole, tmp_path)["reasons"]
        # a number whose upper bits were cut off says nothing of them
        assert "contradiction" not in judge(texts.sanitize_text(0x1, spelt=spelt(0x101)), tmp_path)["reasons"]


def test_media_verification_cancelled_is_told(tmp_path):
    assert findings(read(texts.sanitize_text(0x301), tmp_path))["media_verification_cancelled"] is True


@pytest.mark.parametrize(
    ("scdw10", "sstat", "technique"), [(2, 0x101, "block"), (0x13, 0x109, "overwrite"), (4, 0x101, "crypto")]
)
@pytest.mark.parametrize(
    ("profile", "enough"), [(NIST, {"block", "overwrite", "crypto"}), (CN, {"block", "overwrite"}), (HK, {"block"})]
)
def test_what_each_profile_accepts_of_flash(profile, enough, technique, scdw10, sstat, tmp_path):
    answer = judge(texts.sanitize_text(sstat, scdw10=scdw10), tmp_path, profile)
    assert ("technique_insufficient" in answer["reasons"]) == (technique not in enough)
    assert answer["verdict"] == ("unknown" if technique in enough else "fail")


def test_a_spoiled_log_is_no_better(tmp_path):
    """Without one of its lines, or with one twice and two values, a good log is never judged pass or taken as whole."""
    lines = texts.sanitize_text(0x101).splitlines(keepends=True)
    for nth in range(3):
        ran = flask("evidence", "read", stored("".join(lines[:nth] + lines[nth + 1 :]), tmp_path), "--json")
        if ran.code == 0:
            (answer,) = ran.json
            assert not answer["complete"] or answer["devices"][0]["technique"] is None
        else:
            refused(ran)
    twice = "".join(lines) + "Sanitize Status                        (SSTAT) :  0x103\n"
    assert "contradiction" in judge(twice, tmp_path)["reasons"]


@pytest.mark.parametrize(
    "text",
    ['{"sprog": 65535, "sprog": 1, "sstat": {}}', '{"sprog": NaN, "sstat": {}}', '{"sprog": 65535, "sstat": ', "[]", "", "hello"],
)
def test_what_is_no_evidence_is_refused(text, tmp_path):
    refused(flask("evidence", "read", stored(text, tmp_path), "--json"))
    refused(flask("evidence", "judge", stored(text, tmp_path), "--profile", NIST, "--medium", "magnetic", "--json"))


# --- smartctl


def test_a_disk_asked_by_smartctl(tmp_path):
    answer = read(texts.smart_ata(), tmp_path)
    (device,) = answer["devices"]
    assert (answer["format"], answer["tool"], answer["tool_version"], answer["kind"]) == (
        "smartctl-json",
        "smartctl",
        "7.3",
        "state",
    )
    assert (device["serial"], device["model"], device["node"]) == ("IND-HD-0001", "INDEPENDENT HD 500", "/dev/sda")
    assert (device["capacity_bytes"], device["medium"], device["technique"]) == (976_773_168 * 512, "magnetic", None)
    assert (device["security_enabled"], device["security_frozen"]) == (False, False)
    counted = device["counters"]
    assert (counted["power_on_hours"], counted["power_cycles"], counted["bytes_written"]) == (4321, 77, 2_000_000 * 512)
    assert any("50014ee"[:1] in value for _, value in device["identities"])
    judged = judge(texts.smart_ata(), tmp_path, NIST, "magnetic", "--serial", "IND-HD-0001")
    assert (judged["verdict"], "not_a_wipe" in judged["reasons"]) == ("unknown", True)


def test_a_flash_drive_asked_by_smartctl(tmp_path):
    answer = read(texts.smart_nvme(), tmp_path)
    (device,) = answer["devices"]
    assert (device["serial"], device["model"], device["medium"]) == ("IND-NV-0001", "INDEPENDENT SSD 512", "semiconductor")
    assert device["capacity_bytes"] == 512_110_190_592
    counted = device["counters"]
    assert (counted["power_on_hours"], counted["power_cycles"], counted["bytes_written"]) == (678, 55, 12_345 * 512_000)
    assert judge(texts.smart_nvme(), tmp_path)["verdict"] == "unknown"
    solid = read(texts.smart_ata(rotation_rate=0), tmp_path)
    assert solid["devices"][0]["medium"] == "semiconductor"


HEALTH = texts.smart_nvme()["nvme_smart_health_information_log"]


@pytest.mark.parametrize("spoiled", [
    texts.smart_ata(user_capacity={"blocks": 976_773_168, "bytes": 976_773_168 * 512 + 512}),
    texts.smart_ata(local_time={"time_t": 1795334400 + 86_400 * 9, "asctime": "Sun Nov 22 08:00:00 2026 UTC"}),
    texts.smart_ata(power_on_time={"hours": 12}),
    texts.smart_ata(power_cycle_count=3),
    texts.smart_ata(nvme_smart_health_information_log=HEALTH),
    texts.smart_nvme(power_on_time={"hours": 1}),
    texts.smart_nvme(power_cycle_count=1),
    texts.smart_nvme(user_capacity={"blocks": 5, "bytes": 512_110_190_592}),
    texts.smart_nvme(ata_smart_attributes=texts.smart_ata()["ata_smart_attributes"]),
    texts.smart_nvme(rotation_rate=7200),
], ids=["size", "clock", "hours", "cycles", "nvme log of a disk", "hours of flash", "cycles of flash", "size of flash", "ata log of flash",
        "flash that turns"])  # fmt: skip
def test_two_answers_to_one_question_are_a_contradiction(spoiled, tmp_path):
    assert findings(read(spoiled, tmp_path)).get("contradiction") is True
    assert "contradiction" in judge(spoiled, tmp_path, NIST, "magnetic")["reasons"]


@pytest.mark.parametrize("said", ["4321h+12m+34.567s", "4321 (Average 4400)", "4321"])
def test_hours_in_the_ways_that_makers_print_them_are_no_contradiction(said, tmp_path):
    """smartctl prints attribute 9 as its maker counts; a drive that counts minutes has another name for it."""
    disk = texts.smart_ata()
    disk["ata_smart_attributes"]["table"][0]["raw"] = {"value": 148_000_000_004_321, "string": said}
    assert "contradiction" not in findings(read(disk, tmp_path))
    disk["ata_smart_attributes"]["table"][0] |= {"name": "Power_On_Half_Minutes", "raw": {"value": 518_520, "string": "518520"}}
    assert "contradiction" not in findings(read(disk, tmp_path))
    assert "contradiction" not in findings(read(texts.smart_nvme(rotation_rate=0), tmp_path))


def test_a_failing_disk_and_a_password_are_told(tmp_path):
    failing = texts.smart_ata(smart_status={"passed": False})
    failing["smartctl"]["exit_status"] = 8
    assert findings(read(failing, tmp_path))["smart_failing"] is True
    locked = {"state": 41, "string": "ENABLED, PW level HIGH, NOT FROZEN [SEC5]", "enabled": True, "frozen": False}
    answer = read(texts.smart_ata(ata_security=locked), tmp_path)
    assert answer["devices"][0]["security_enabled"] is True
    assert locks(answer)["ata_password"] is True


def test_a_placeholder_is_no_serial(tmp_path):
    for serial in ("0000", "To be filled by O.E.M."):
        assert findings(read(texts.smart_ata(serial_number=serial), tmp_path))["placeholder_serial"] is True
        assert "no_serial" in judge(texts.smart_ata(serial_number=serial), tmp_path, NIST, "magnetic")["reasons"]


@pytest.mark.parametrize("bend", [lambda t: t.replace('"rotation_rate": 7200', '"rotation_rate": 7200, "rotation_rate": 0'),
                                  lambda t: t.replace("7200", "NaN"), lambda t: t[:-30], lambda t: t.replace("7200", "1" * 41)])  # fmt: skip
def test_json_that_two_readers_could_read_as_two_documents_is_refused(bend, tmp_path):
    text = json.dumps(texts.smart_ata())
    assert bend(text) != text
    refused(flask("evidence", "read", stored(bend(text), tmp_path), "--json"))


# --- hdparm


def test_a_disk_asked_by_hdparm(tmp_path):
    answer = read(texts.hdparm(), tmp_path)
    (device,) = answer["devices"]
    assert (answer["format"], answer["tool"], answer["kind"]) == ("hdparm-text", "hdparm", "state")
    assert (device["serial"], device["model"], device["node"]) == ("IND-HD-0002", "INDEPENDENT DISK 500", "/dev/sda")
    assert (device["capacity_bytes"], device["medium"], device["technique"]) == (976_773_168 * 512, "magnetic", None)
    assert (device["security_enabled"], device["security_locked"], device["security_frozen"]) == (False, False, True)
    judged = judge(texts.hdparm(), tmp_path, NIST, "magnetic")
    assert (judged["verdict"], "not_a_wipe" in judged["reasons"]) == ("unknown", True)
    assert read(texts.hdparm(rotation="Solid State Device"), tmp_path)["devices"][0]["medium"] == "semiconductor"


def test_hidden_sectors_by_hdparm(tmp_path):
    n = 976_773_168
    whole = read(texts.hdparm() + texts.max_sectors(n, n), tmp_path)["devices"][0]
    assert (whole["native_bytes"], whole["hidden_sectors"]) == (n * 512, False)
    clipped = texts.hdparm(sectors=n - 2048) + texts.max_sectors(n - 2048, n)
    answer = read(clipped, tmp_path)
    assert (answer["devices"][0]["native_bytes"], answer["devices"][0]["hidden_sectors"]) == (n * 512, True)
    assert findings(answer)["hidden_sectors"] is True
    wiped = clipped + texts.issued("SANITIZE_OVERWRITE") + texts.sanitize_status()
    assert "hidden_sectors" in judge(wiped, tmp_path, NIST, "magnetic")["reasons"]


@pytest.mark.parametrize(("text", "reason"), [
    (texts.hdparm(sectors=976_771_120) + texts.max_sectors(976_771_120, 976_773_168), "hidden_sectors"),
    (texts.hdparm(enabled=True, frozen=False), "security_left_on"),
])  # fmt: skip
def test_of_an_asked_disk_all_that_applies_is_told(text, reason, tmp_path):
    assert judge(text, tmp_path, NIST, "magnetic")["reasons"] == [reason, "not_a_wipe"]
    assert judge(texts.hdparm(), tmp_path, NIST, "magnetic")["reasons"] == ["not_a_wipe"]


@pytest.mark.parametrize("spoiled", [
    texts.hdparm() + texts.hdparm(serial="IND-HD-0003"),
    texts.hdparm() + texts.max_sectors(976_773_168, 900_000_000),
    texts.hdparm(locked=True),
    texts.hdparm() + texts.issued("SANITIZE_BLOCK_ERASE") + texts.sanitize_status("SD2 Sanitize operation In Process", progress="    Progress: 0x41c2 (25%)\n"),
], ids=["two serials", "native below visible", "locked without a password", "ended and running"])  # fmt: skip
def test_hdparm_contradictions(spoiled, tmp_path):
    assert findings(read(spoiled, tmp_path)).get("contradiction") is True
    assert "contradiction" in judge(spoiled, tmp_path, NIST, "magnetic")["reasons"]


def test_a_password_on_the_disk(tmp_path):
    answer = read(texts.hdparm(enabled=True, frozen=False), tmp_path)
    assert answer["devices"][0]["security_enabled"] is True
    assert locks(answer)["ata_password"] is True
    assert locks(read(texts.hdparm(), tmp_path)).get("ata_password") in (None, False)


@pytest.mark.parametrize(("command", "technique"), [
    ("SANITIZE_BLOCK_ERASE", "block_erase"), ("SANITIZE_CRYPTO_SCRAMBLE", "crypto_erase"), ("SANITIZE_OVERWRITE", "overwrite"),
])  # fmt: skip
def test_which_sanitize_it_was_is_known_from_the_command_only(command, technique, tmp_path):
    solid = texts.hdparm(rotation="Solid State Device")
    whole = solid + texts.issued(command) + texts.sanitize_status()
    (device,) = read(whole, tmp_path)["devices"]
    assert (device["technique"], device["status"]) == (technique, "erased")
    assert "not_a_wipe" not in judge(whole, tmp_path)["reasons"]
    (without,) = read(solid + texts.sanitize_status(), tmp_path)["devices"]
    assert without["technique"] is None
    assert judge(solid + texts.sanitize_status(), tmp_path)["verdict"] == "unknown"
    before = read(solid + texts.sanitize_status() + texts.issued(command), tmp_path)["devices"][0]
    assert before["status"] != "erased", "the good end must come after the command"


NO_SENSE = "SG_IO: bad/missing sense data, sb[]:  70 00 05 00 00 00 00 0a 00 00 00 00 20 00 00 00\n"


@pytest.mark.parametrize("place", ["between", "after", "first, as `2>&1` into a file puts it"])
def test_an_answer_that_the_drive_never_sent(place, tmp_path):
    status = texts.sanitize_status(well=False)
    whole = {
        "between": status.replace("Sanitize status", NO_SENSE + "Sanitize status"), "after": status + NO_SENSE,
    }.get(place, NO_SENSE + status)  # fmt: skip
    text = texts.hdparm() + texts.issued("SANITIZE_BLOCK_ERASE") + whole
    assert judge(text, tmp_path)["verdict"] != "pass"
    assert findings(read(text, tmp_path)).get("status_unheard") is True


# --- manage-bde


@pytest.mark.parametrize(("conversion", "share", "protection", "on"), [
    ("Fully Encrypted", "100.0%", "Protection On", True), ("Fully Decrypted", "0.0%", "Protection Off", False),
    ("Used Space Only Encrypted", "100.0%", "Protection On", True), ("Encryption in Progress", "42.7%", "Protection Off", None),
])  # fmt: skip
def test_volumes_under_bitlocker(conversion, share, protection, on, tmp_path):
    text = texts.BITLOCKER + texts.bitlocker(conversion, share, protection, protectors="TPM" if share != "0.0%" else "")
    answer = read(text, tmp_path)
    assert (answer["format"], answer["tool"], answer["devices"]) == ("manage-bde-text", "manage-bde", [])
    assert (answer["complete"], answer["tool_version"]) == (True, "10.0.19041")
    assert "contradiction" not in findings(answer)
    if on is not None:
        assert locks(answer) == {"bitlocker": on}
    assert findings(answer).get("used_space_only") is (
        True if conversion.startswith("Used") else findings(answer).get("used_space_only")
    )
    assert judge(text, tmp_path)["verdict"] == "unknown"


def test_the_chinese_windows_says_the_same(tmp_path):
    on = read(texts.bitlocker_zh("完全加密", "100.0%", "保护已启用"), tmp_path)
    off = read(texts.bitlocker_zh("完全解密", "0.0%", "保护关闭"), tmp_path)
    assert (on["format"], locks(on), locks(off)) == ("manage-bde-text", {"bitlocker": True}, {"bitlocker": False})
    gbk = read(texts.bitlocker_zh("完全解密", "0.0%", "保护关闭").encode("gbk"), tmp_path)
    assert (locks(gbk), findings(gbk)["encoding_gbk"]) == ({"bitlocker": False}, True)
    wide = read(b"\xff\xfe" + texts.bitlocker_zh("完全解密", "0.0%", "保护关闭").encode("utf-16-le"), tmp_path)
    assert (locks(wide), findings(wide)["encoding_utf16"]) == ({"bitlocker": False}, True)


@pytest.mark.parametrize("volume", [
    texts.bitlocker("Fully Encrypted", "50.0%", "Protection On"), texts.bitlocker("Fully Decrypted", "100.0%", "Protection Off"),
    texts.bitlocker("Fully Decrypted", "0.0%", "Protection On"), texts.bitlocker("Fully Encrypted", "100.0%", "Protection On", protectors=""),
    texts.bitlocker("Fully Encrypted", "100.0%", "Protection On").replace("    Lock Status", "    Conversion Status:    Fully Decrypted\n    Lock Status"),
], ids=["half", "all of a decrypted one", "protection on nothing", "protected by nobody", "a label twice"])  # fmt: skip
def test_manage_bde_contradictions(volume, tmp_path):
    assert findings(read(texts.BITLOCKER + volume, tmp_path)).get("contradiction") is True


# --- phones


def test_an_erased_iphone(tmp_path):
    answer = read(texts.iphone(), tmp_path)
    (device,) = answer["devices"]
    assert (answer["format"], answer["tool"], answer["kind"]) == ("ideviceinfo", "ideviceinfo", "state")
    assert device["serial"] == "INDP0000001"
    kinds = {kind.lower(): value.lower() for kind, value in device["identities"]}
    assert "490154203237518" in kinds.values()
    assert any(value.replace("-", "").endswith(f"{texts.ECID:016x}") for value in kinds.values())
    assert locks(answer).get("find_my") is None
    assert locks(answer).get("activation") is None
    assert locks(answer)["passcode"] is False
    assert judge(texts.iphone(), tmp_path)["verdict"] == "unknown"


def test_find_my_is_off_only_where_it_is_said(tmp_path):
    assert locks(read(texts.iphone() + "IsAssociated: false\n", tmp_path))["find_my"] is False
    assert locks(read(texts.iphone() + "IsAssociated: true\n", tmp_path))["find_my"] is True
    assert locks(read(texts.iphone(PasswordProtected="true"), tmp_path))["passcode"] is True
    assert findings(read(texts.iphone(ActivationState="Activated"), tmp_path))["activated"] is True


@pytest.mark.parametrize("spoiled", [
    texts.iphone(ActivationState="Activated", BrickState="true"), texts.iphone(UniqueChipID=str(texts.ECID + 1)),
    texts.iphone(ChipID=str(0x8101)), texts.iphone() + "SerialNumber: INDP0000002\n",
], ids=["activated and bricked", "another ECID", "another chip", "two serials"])  # fmt: skip
def test_iphone_contradictions(spoiled, tmp_path):
    assert findings(read(spoiled, tmp_path)).get("contradiction") is True


def test_an_imei_whose_check_digit_is_wrong_is_told(tmp_path):
    said = [findings(read(texts.iphone(InternationalMobileEquipmentIdentity=imei), tmp_path)).get("imei_check_digit")
            for imei in ("490154203237518", "490154203237519")]  # fmt: skip
    assert said[0] != said[1]


def test_an_android_phone(tmp_path):
    answer = read(texts.android(), tmp_path)
    (device,) = answer["devices"]
    assert (answer["format"], answer["tool"], answer["kind"]) == ("android-capture", "adb", "state")
    assert device["serial"] == "INDA000001"
    said = findings(answer)
    assert (said["encrypted"], said["boot_locked"], said["verified_boot"]) == (True, True, True)
    assert locks(answer).get("frp") is None, "a partition for it says nothing of an account"
    assert judge(texts.android(), tmp_path)["verdict"] == "unknown"
    open_one = read(
        texts.android(
            ro__boot__flash__locked="0", ro__boot__vbmeta__device_state="unlocked", ro__boot__verifiedbootstate="orange"
        ),
        tmp_path,
    )
    assert (findings(open_one)["boot_locked"], findings(open_one)["verified_boot"]) == (False, False)


@pytest.mark.parametrize("spoiled", [
    texts.android(ro__boot__serialno="INDA000002"), texts.android(ro__boot__vbmeta__device_state="unlocked"),
    texts.android() + "[ro.crypto.state]: [unencrypted]\n",
], ids=["two serials", "the bootloader's two answers", "two values of one name"])  # fmt: skip
def test_android_contradictions(spoiled, tmp_path):
    assert findings(read(spoiled, tmp_path)).get("contradiction") is True


def test_several_files_as_a_process(tmp_path):
    paths = []
    for nth, text in enumerate((texts.sanitize_text(0x101), texts.hdparm(), texts.android())):
        paths.append(tmp_path / f"synthetic-independent-{nth}.txt")
        paths[-1].write_text(text, encoding="utf-8")
    ran: Ran = process("flask", "evidence", "read", *paths, "--json")
    assert [one["format"] for one in ran.json] == ["nvme-cli-text", "hdparm-text", "android-capture"]
    assert [one["file"] for one in ran.json] == [str(path) for path in paths]
