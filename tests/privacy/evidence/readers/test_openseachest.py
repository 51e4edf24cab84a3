"""openSeaChest's answers: started is not done, and the drive it talks of must be one."""

from typing import Any

import pytest

from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import read
from tests.privacy.evidence.readers.answers import assert_read_as, details, of_tool, raw, text
from tests.privacy.evidence.readers.hostile import survives

ENTRIES = of_tool("openSeaChest")
BLOCK = "synthetic-seachest-block.txt"
INFO = "synthetic-seachest-info.txt"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_answer_is_read_as_what_the_device_is(entry: dict[str, Any]):
    assert_read_as(entry)


def edited(name: str, *changes: tuple[str, str]) -> Evidence:
    whole = text(name)
    for old, new in changes:
        assert old in whole, old
        whole = whole.replace(old, new)
    return read(whole.encode())


def test_such_files_prove_no_more_than_a_statement_until_a_real_one_was_read():
    assert not read(raw(BLOCK)).real_seen


def test_two_ends_of_one_sanitize_are_a_contradiction():
    both = edited(BLOCK, ("Sanitize command passed!", "Sanitize command passed!\nSanitize command failed!"))
    assert "outcome_disagrees" in details(both) and both.devices[0].status == "failed"


def test_an_end_without_a_beginning_names_no_technique():
    headless = edited(BLOCK, ("Starting Sanitize Block Erase\n", ""))
    assert headless.devices[0].technique is None and not headless.complete


@pytest.mark.parametrize(
    "words",
    ["Cannot run sanitize operation because drive is sanitize frozen.", "Sanitize command not supported by the device.",
     "Sanitize command was blocked by the OS.", "Unknown error in sanitize command."],
)  # fmt: skip
def test_every_refusal_is_a_failure(words: str):
    assert edited(BLOCK, ("Sanitize command passed!", words)).devices[0].status == "failed"


def test_a_range_overwritten_by_the_host_counts_its_bytes():
    whole = edited(INFO, ("Supported\n", "Supported\n\nSuccessfully overwrote LBAs 0 to 976773167\n"))
    (row,) = whole.devices
    assert (row.technique, row.status, row.passes_done, row.bytes_written) == ("overwrite", "erased", 1, 500107862016)
    assert row.random_passes is None  # the tool doesn't print the pattern
    part = edited(INFO, ("Supported\n", "Supported\n\nSuccessfully overwrote LBAs 0 to 1000\n")).devices[0]
    assert part.bytes_written == 1001 * 512
    later = edited(INFO, ("Supported\n", "Supported\n\nSuccessfully overwrote LBAs 10 to 976773167\n")).devices[0]
    assert later.bytes_written is None
    beyond = edited(INFO, ("Supported\n", "Supported\n\nSuccessfully overwrote LBAs 0 to 976773168\n"))
    assert "more_than_capacity" in details(beyond)
    assert edited(INFO, ("Supported\n", "Supported\n\nFailed to overwrite LBAs 0 to 976773167\n")).devices[0].status == "failed"
    assert edited(INFO, ("Supported\n", "Supported\n\nSuccessfully trimmed/unmapped LBAs 0 to 9\n")).devices[0].technique == "trim"


def test_a_security_erase_may_have_been_the_weaker_one():
    assert read(raw("synthetic-seachest-security.txt")).devices[0].technique == "security_erase"


def test_a_run_under_another_serial_is_known_again():
    copy = edited(BLOCK, ("Z1D5JQ8M", "Z1D5JQ8N"), ("ST500DM002-1BD142", "ST500DM002-1BD999"))
    assert copy.devices[0].core == read(raw(BLOCK)).devices[0].core is not None
    assert edited(BLOCK, ("20261122T093655", "20261122T093656")).devices[0].core != copy.devices[0].core


def test_two_devices_and_two_runs():
    both = read((text(BLOCK) + text(INFO).replace("/dev/sg1", "/dev/sg2").replace("Z1D5JQ8M", "Z1D5JQ8N")).encode())
    assert [row.serial for row in both.devices] == ["Z1D5JQ8M", "Z1D5JQ8N"] and both.has("several_runs")
    assert [row.status for row in both.devices] == ["erased", None]


def test_names_that_name_nothing_and_no_tool_at_all():
    assert edited(BLOCK, ("Z1D5JQ8M", "0000000000")).has("placeholder_serial")
    with pytest.raises(Unreadable):
        read(text(BLOCK).split("\n\n", 1)[1].encode())
    assert not edited(BLOCK, (" Today: 20261122T093655\tUser: root\n", "")).complete


def test_windows_spelling_makes_no_difference():
    for version in (raw(BLOCK).replace(b"\n", b"\r\n"), text(BLOCK).encode("utf-16")):
        assert read(version).devices == read(raw(BLOCK)).devices
    assert edited(BLOCK, ("/dev/sg1", "\\\\.\\PhysicalDrive1")).devices[0].node == "\\\\.\\PhysicalDrive1"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_damage_makes_no_erased_drive(entry: dict[str, Any]):
    finished = any(one.get("status") == "erased" for one in entry["expect"]["devices"])

    def check(evidence: Evidence) -> None:
        assert finished or all(row.status != "erased" for row in evidence.devices)

    survives(raw(entry["file"]), entry["file"], 15, check)
