"""What an NVMe drive says of its sanitize: only a finished one whose data was never written over counts, whatever spelling."""

import json
from typing import Any

import pytest

from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import judge
from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import read
from tests.privacy.evidence.readers.answers import assert_read_as, codes, details, of_tool, raw, text
from tests.privacy.evidence.readers.hostile import survives

ENTRIES = of_tool("nvme-cli")
BLOCK = "synthetic-nvme-block.txt"
NESTED = "synthetic-nvme-nested-block.json"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_answer_is_read_as_what_the_device_is(entry: dict[str, Any]):
    assert_read_as(entry)


def edited(name: str, *changes: tuple[str, str]) -> Evidence:
    whole = text(name)
    for old, new in changes:
        assert old in whole
        whole = whole.replace(old, new)
    return read(whole.encode())


def nested(**changes: object) -> Evidence:
    value = json.loads(text(NESTED))
    for path, new in changes.items():
        *where, last = path.split("__")
        inner = value["nvme0"]
        for step in where:
            inner = inner[step]
        inner[last] = new
    return read(json.dumps(value).encode())


def state(evidence: Evidence) -> tuple[str | None, bool | None]:
    (row,) = evidence.devices
    assert row.counters is not None
    return row.status, row.counters.data_erased


def test_the_bits_of_the_status():
    for bits, status, erased in (
        ("0x101", "erased", True),
        ("0x104", "erased", True),
        ("0x102", None, True),  # running: the bit is the last sanitize's
        ("0x103", "failed", True),
        ("0x301", "erased", True),  # media verification cancelled
        ("0x201", "erased", False),  # the version can't have cut bits off that are there
        ("0x1", "erased", None),
        ("0x4", "erased", None),
        ("0x105", None, True),
    ):
        assert state(edited(BLOCK, ("0x101", bits))) == (status, erased), bits


def test_a_running_sanitize_is_not_a_finished_one():
    running = edited(BLOCK, ("0x101", "0x102"), ("65535", "21000"))
    assert running.has("in_progress") and running.devices[0].status is None
    # half of it edited: done, but only a part of the way
    halfway = edited(BLOCK, ("65535", "21000"))
    assert details(halfway) == {"sanitize_progress"} and halfway.devices[0].status is None


def test_the_erased_bit_cleared_is_data_written_since():
    assert edited(BLOCK, ("0x101", "0x201")).has("data_written_since")
    assert not read(raw(BLOCK)).has("data_written_since")
    assert nested(sstat__global_erased=0).has("data_written_since")


def test_a_status_that_may_have_been_cut_is_not_known():
    """nvme-cli 2.2 to 2.4 print the state alone, and text doesn't tell the version."""
    cut = edited(BLOCK, ("0x101", "0x1"))
    assert cut.has("masked_status") and not cut.has("data_written_since") and state(cut) == ("erased", None)
    assert judge(cut, None, get_profile("CN-GB46864-2025"), "semiconductor").verdict != "pass"


def test_absent_is_not_zero():
    value = json.loads(text(NESTED))
    for key in ("global_erased", "status"):
        less = json.loads(text(NESTED))
        del less["nvme0"]["sstat"][key]
        evidence = read(json.dumps(less).encode())
        assert state(evidence) != state(read(raw(NESTED))), key
    for odd in (None, "1", True, 2, -1, 1.0, [1], {"a": 1}):
        assert state(nested(sstat__global_erased=odd)) == ("erased", True if odd == "1" else None), odd
    del value["nvme0"]["cdw10_info"]
    evidence = read(json.dumps(value).encode())
    assert not evidence.complete and evidence.devices[0].technique is None


def test_a_log_without_a_serial_is_given_none():
    for name in (BLOCK, NESTED, "synthetic-nvme-flat.json"):
        assert read(raw(name)).devices[0].serial is None
    # also not the one of the controller printed above it: text doesn't tie them together
    together = read((text("nvme-id-ctrl.txt") + text(BLOCK)).encode())
    assert [row.serial for row in together.devices] == ["S4GENX0N731164", None]
    assert [row.technique for row in together.devices] == [None, "block_erase"]


CLASHES: dict[str, tuple[Evidence, str]] = {
    "passes of a block erase": (edited(BLOCK, ("0x101", "0x119")), "passes_of_no_overwrite"),
    "two of three passes": (edited("synthetic-nvme-overwrite-3.txt", ("0x119", "0x111")), "passes_disagree"),
    "done without an action": (edited(BLOCK, ("0x2\n", "0\n")), "sanitize_action"),
    "done by leaving the failure mode": (edited(BLOCK, ("0x2\n", "0x1\n")), "sanitize_action"),
    "number and words": (nested(sstat__status="(1) Most Recent Sanitize Command Failed."), "sanitize_words"),
    "progress beyond": (nested(sprog=65536), "sanitize_progress"),
    "state machine at work": (nested(sanitize_state_information={"sanitize_state": "(1) Restricted processing"}), "sanitize_state"),
    "a label twice": (edited("nvme-id-ctrl.txt", ("fr        : 7.2.22", "fr        : 7.2.22\nsn        : OTHER01")), "said_twice"),
}


@pytest.mark.parametrize("name", CLASHES)
def test_what_can_t_all_be_true_is_a_contradiction(name: str):
    evidence, detail = CLASHES[name]
    assert detail in details(evidence) and evidence.has("contradiction")


def test_sixteen_passes_are_written_as_none():
    """OWPASS 0 asks for sixteen, and the count of passes made has room for them."""
    sixteen = edited("synthetic-nvme-overwrite-3.txt", ("0x119", "0x181"), ("0x33", "0x3"))
    assert (sixteen.devices[0].passes_done, sixteen.devices[0].passes_asked) == (16, 16) and not details(sixteen)


def test_numbers_out_of_all_bounds_are_none():
    huge = edited("nvme-smart-log.json", ('"data_units_written":"0"', '"data_units_written":"' + "9" * 39 + '"'))
    assert "number_out_of_range" in details(huge)
    for odd in ("-1", "1e3", "abc", "9" * 41):
        counters = edited("nvme-smart-log.json", ('"data_units_written":"0"', f'"data_units_written":"{odd}"')).devices[0].counters
        assert counters is not None and counters.bytes_written is None, odd
    assert "number_out_of_range" in details(edited("nvme-id-ns.json", ('"nsze":131072', '"nsze":' + "9" * 30)))
    assert edited("nvme-id-ns.json", ('"ds":9', '"ds":4000')).devices[0].capacity_bytes is None


def test_thousands_may_be_set_apart_and_lines_end_as_on_windows():
    spaced = edited("nvme-smart-log.txt", ("Data Units Written\t\t\t: 0 (0.00 B)", "Data Units Written\t\t\t: 12,345 (6.32 GB)"))
    assert spaced.devices[0].counters is not None and spaced.devices[0].counters.bytes_written == 12_345 * 512_000
    assert read(raw(BLOCK).replace(b"\n", b"\r\n")).devices == read(raw(BLOCK)).devices


def test_names_of_nothing_are_no_names():
    named = edited("nvme-id-ns.json", ('"eui64":"0000000000000000"', '"eui64":"0025385b01234567"'))
    assert named.devices[0].identities == (("eui64", "0025385b01234567"),)
    assert read(raw("nvme-id-ns.json")).devices[0].identities == ()
    odd = edited("nvme-id-ctrl.json", ("S4GENX0N731164      ", "00000000000000000000"))
    assert odd.has("placeholder_serial")
    assert edited("nvme-id-ctrl.json", ('"sn":"S4GENX0N731164      "', '"sn":""')).complete is False


def test_a_text_that_breaks_off_is_not_complete():
    for name, last in ((BLOCK, "Estimated Time For Crypto"), ("nvme-id-ctrl.txt", "sqes "), ("nvme-smart-log.txt", "num_err_log")):
        lines = text(name).split("\n")
        end = next(at for at, line in enumerate(lines) if line.startswith(last))
        for at in range(1, end):
            assert not read("\n".join(lines[:at]).encode()).complete, (name, at)
        assert read("\n".join(lines[: end + 1]).encode()).complete
    with pytest.raises(Unreadable):
        read(text(NESTED)[:-10].encode())


def test_hundreds_of_outputs_are_not_all_read():
    evidence = read((text(BLOCK) * 400).encode())
    assert len(evidence.devices) == 256 and not evidence.complete


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_damage_makes_no_erased_drive(entry: dict[str, Any]):
    """Nothing that wasn't a finished block erase becomes one by an accident."""
    finished = any(one.get("status") == "erased" for one in entry["expect"].get("devices", ()))

    def check(evidence: Evidence) -> None:
        if not finished and entry["real"]:
            assert all(row.status != "erased" for row in evidence.devices)

    survives(raw(entry["file"]), entry["file"], 12, check)


def test_findings_of_a_never_sanitized_drive():
    assert "never_wiped" in codes(read(raw("synthetic-nvme-nested-never.json")))
    assert "never_wiped" not in codes(read(raw(NESTED)))
