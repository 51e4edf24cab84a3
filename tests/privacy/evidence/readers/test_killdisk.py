"""KillDisk's certificate as text: a statement, whatever it says."""

import time
from typing import Any

import pytest

from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from tests.harness.pace import soon
from tests.privacy.evidence.readers.fuzz import mutations
from tests.privacy.evidence.readers.reports import assert_read_as, changed, clashes, raw, readable, synthetic

FILE = "synthetic-killdisk.txt"


@pytest.mark.parametrize("entry", synthetic("killdisk-text"), ids=lambda entry: str(entry["file"]))
def test_the_certificate_is_read_as_it_was_written(entry: dict[str, Any]):
    assert_read_as(entry)


def test_a_product_may_be_called_anything():
    row = read(changed(FILE, ("ST3500418AS", "Status: Success"), ("Status: Stopped", "Status: Failed"))).devices
    assert (row[0].model, row[0].status, row[1].status) == ("Status: Success", "erased", "failed")


def test_a_second_status_contradicts_the_first():
    assert clashes(raw(FILE)) == ""
    assert "two values in one place" in clashes(changed(FILE, ("Status: Stopped", "Status: Stopped\nStatus: Success")))


def test_an_instant_wipe_is_none():
    assert "instant erase" in clashes(changed(FILE, ("05:12:44", "00:00:00")))


def test_unknown_words_are_unknown():
    evidence = read(changed(FILE, ("Status: Success", "Status: Great")))
    assert evidence.devices[0].status is None and evidence.has("unknown_state")
    assert read(changed(FILE, ("Verification: 100%", "Verification: maybe"))).devices[0].verified is None


def test_a_key_that_is_missing_leaves_a_gap():
    assert not read(changed(FILE, ("Serial Number: 9VM0000X07\n", ""))).complete


def test_a_letter_about_killdisk_is_no_certificate():
    for text in ("I ran KillDisk, Status: Success", "KillDisk\nDevice Name: X\nStatus: Success"):
        with pytest.raises(Unreadable) as caught:
            read(text.encode())
        assert caught.value.code == "unrecognised"


def test_a_certificate_in_gbk_and_ten_megabytes():
    data = raw(FILE).decode().replace("LENOVO", "联想电脑").replace(": ", "： ").encode("gbk")
    evidence = read(data)
    assert evidence.has("encoding_gbk") and evidence.devices[0].status == "erased"
    begun = time.process_time()
    long_line = read(data + b"x" * 10_000_000)
    assert long_line.devices[0].status == "erased", "one endless line says nothing more"
    with pytest.raises(Unreadable):  # more lines than any such certificate has: it is not read at all
        read(data + b"Memory: 8\n" * 100_000)
    assert soon(begun, 2)


def test_fuzzed_certificates_never_crash_and_stay_statements():
    for data in mutations(raw(FILE), 500, FILE):
        evidence = readable(data)
        if evidence is not None and evidence.format == "killdisk-text":
            assert (evidence.kind, evidence.real_seen) == ("statement", False)
