"""Reports in Blancco's shape: a statement at most, and the shape alone is worth nothing."""

import json
import time
from typing import Any

import pytest

from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.evidence.readers.text import LARGEST
from tests.harness.pace import soon
from tests.privacy.evidence.readers.fuzz import mutations, value_mutations
from tests.privacy.evidence.readers.reports import assert_read_as, changed, clashes, edited, raw, readable, synthetic, why

XML = "synthetic-blancco.xml"
CONSTANTS = "synthetic-blancco-constants.xml"
MOBILE = "synthetic-blancco-mobile.json"


@pytest.mark.parametrize("entry", synthetic("blancco-report"), ids=lambda entry: str(entry["file"]))
def test_each_report_is_read_as_it_was_written(entry: dict[str, Any]):
    assert_read_as(entry)


def test_the_script_that_fills_the_shape_with_constants_shows_no_run():
    evidence = read(raw(CONSTANTS))
    assert evidence.kind == "statement" and not evidence.complete
    assert {"times without a date: /erasure/0", "instant erase: /erasure/0"} <= set(why(evidence))
    assert evidence.devices[0].core is None


GOOD_END = "2024-06-03T16:41:10+0200"
FORGERIES = [
    ("capacity", [("976773168", "976773169")], "more bytes than the disk has"),
    ("failed sectors", [('name="state" type="string">Failed', 'name="state" type="string">Successful')], "erased with errors"),
    ("backwards", [(GOOD_END, "2024-06-03T14:09:10+0200")], "ends before it begins"),
    ("instant", [(GOOD_END, "2024-06-03T14:10:02+0200")], "instant erase"),
    ("elapsed", [("02:31:08", "12:31:08")], "duration and times"),
    ("rounds", [('"overwriting_rounds" type="uint">1', '"overwriting_rounds" type="uint">3')], "rounds"),
]


@pytest.mark.parametrize(("name", "edits", "told"), FORGERIES, ids=[one[0] for one in FORGERIES])
def test_a_report_forged_in_one_place_contradicts_itself(name: str, edits: list[tuple[str, str]], told: str):
    assert clashes(raw(XML)) == ""
    assert told in clashes(changed(XML, *edits))


def test_inner_and_outer_serial():
    text = raw(XML).decode()
    head, mark, tail = text.partition("<blancco_hardware_report>")
    assert "inner and outer serial: /erasure/0" in clashes((head + mark + tail.replace("WD-WCC2E0000X05", "WD-WCC2E9999X99")).encode())
    assert clashes((head + mark + tail.replace("WD-WCC2E0000X05", " wcc2e0000x05 ")).encode()) == ""


def test_faster_than_any_interface():
    fast = changed(XML, ("02:31:08", "00:00:08"), (GOOD_END, "2024-06-03T14:10:10+0200"))
    assert "duration and speed: /erasure/0" in clashes(fast)


def test_two_states_in_one_erasure_are_not_one():
    both = changed(XML, ('<entry name="state" type="string">Failed', '<entry name="state" type="string">Successful</entry><entry name="state" type="string">Failed'))
    assert "two values in one place" in clashes(both)

    def merged(value: Any) -> None:
        erasure = value["reports"][0]["blancco_data"]["blancco_erasure_report"]["erasures"][0]["erasure"]
        erasure.append({"state": "Failed"})

    assert "two values in one place" in clashes(edited(MOBILE, merged))


def test_a_copied_erase_is_noticed_under_another_serial():
    text = raw(XML).decode()
    first = text[text.index('<entries name="erasure">') : text.index('<entries name="erasure">', text.index('<entries name="erasure">') + 9)]
    copy = text.replace("</entries>\n</blancco_erasure_report>", first.replace("X05", "X06") + "</entries>\n</blancco_erasure_report>")
    assert "the same erase on two media" in clashes(copy.encode())


@pytest.mark.parametrize(("said", "on"), [("On", True), ("Off", False), ("Unknown", None), ("", None), ("ERASED", None)])
def test_a_lock_is_only_off_where_the_report_says_so(said: str, on: bool | None):
    evidence = read(changed(MOBILE, ('"find_my_iphone": "On"', f'"find_my_iphone": "{said}"')))
    assert {lock.kind: lock.on for lock in evidence.locks} == {"find_my": on, "mdm": False}


def test_unknown_states_are_unknown():
    evidence = read(changed(XML, ('name="state" type="string">Successful', 'name="state" type="string">Erased with exceptions')))
    assert evidence.devices[0].status is None and evidence.has("unknown_state")


# --- hostile files ---------------------------------------------------------------------------------------------------------

BODY = raw(XML).split(b"?>\n", 1)[1]
PLIST = b'<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd" [<!ENTITY x "Successful">]>'
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 12))
HOSTILE = {
    "outside file": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.replace(b"Successful", b"&x;"),
    "outside type": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">' + BODY,
    "parameter": b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>' + BODY,
    "laughs": b'<!DOCTYPE r [<!ENTITY l0 "lol">' + LAUGHS + b"]>" + BODY.replace(b"Successful", b"&l11;"),
    "quadratic": b'<!DOCTYPE r [<!ENTITY x "' + b"x" * 100_000 + b'">]>' + BODY.replace(b"Successful", b"&x;" * 50_000),
    "disguised as a plist": PLIST + BODY.replace(b"Successful", b"&x;"),
    "deep": b"<a>" * 200_000,
    "wide": b"<root>" + b"<b/>" * 3_000_000,
    "attributes": b"<root " + b" ".join(b"a%d='1'" % number for number in range(900_000)) + b"/>",
    "nul": BODY.replace(b"Successful", b"Success\0ful"),
    "truncated": BODY[: len(BODY) // 2],
    "broken text": BODY.replace(b"Successful", b"\xff\xfe\xfd"),
    "strange encoding": b'<?xml version="1.0" encoding="utf-7"?>' + BODY,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_at_once(name: str):
    begun = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read(HOSTILE[name])
    assert caught.value.code == "malformed"
    assert soon(begun, 1)


def test_ten_megabytes_and_the_limit():
    begun = time.process_time()
    assert read(BODY + b"<!-- " + b"x" * 10_000_000 + b" -->").devices
    assert soon(begun, 1)
    with pytest.raises(Unreadable) as caught:
        read(BODY + b" " * LARGEST)
    assert caught.value.code == "too_big"


def test_a_report_from_a_chinese_windows():
    text = raw(XML).decode().replace('encoding="UTF-8"', 'encoding="gb2312"').replace("XS-JOB-7Q4KXW2M", "工单七号")
    evidence = read(text.encode("gbk"))
    assert "工单七号" in evidence.texts and evidence.devices[0].status == "erased"


def test_marks_that_turn_the_reading_direction_are_shown():
    evidence = read(changed(XML, ("WDC WD5000AAKX-001CA0", "WDC\u202e001CA0")))
    assert evidence.devices[0].model == "WDC\ufffd001CA0"


def test_huge_numbers_are_no_numbers():
    row = read(changed(XML, ("976773168", "9" * 200), ("500107862016", "9" * 19))).devices[0]
    assert (row.bytes_written, row.capacity_bytes) == (None, None)


def test_a_long_flat_list_costs_nothing():
    data = b'{"reports":[{"blancco_data":{"blancco_erasure_report":{"erasures":[' + b"1," * 140_000 + b"1]}}}]}"
    begun = time.process_time()
    assert read(data).devices == ()
    assert soon(begun, 1)


@pytest.mark.parametrize("name", [XML, CONSTANTS, MOBILE])
def test_fuzzed_reports_never_crash_and_stay_statements(name: str):
    for data in mutations(raw(name), 300, name):
        evidence = readable(data)
        if evidence is not None and evidence.format == "blancco-report":
            assert (evidence.kind, evidence.real_seen, evidence.signed_by) == ("statement", False, None)
            failed = [row for row in evidence.devices if row.errors]
            assert all(row.status != "erased" or why(evidence) or row.errors for row in failed)


def test_reports_of_unexpected_shapes_never_crash():
    for value in value_mutations(json.loads(raw(MOBILE)), 300, MOBILE):
        evidence = readable(json.dumps(value).encode())
        assert evidence is None or evidence.kind == "statement"
