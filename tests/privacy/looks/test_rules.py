"""What a second look at a medium says: it agrees, it contradicts, or it leaves it open, and each reason for itself."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from privacy.devices.rules import Usage
from privacy.evidence.model import Counters, DeviceRow, Evidence, Finding
from privacy.looks.rules import AGAINST, REASONS, SAMPLED, Answer, Asked, left_by, read_back, seed_of, state_read
from privacy.readback.report import ReadBack

WHEN = datetime(2026, 11, 30, tzinfo=UTC)
CLEAN = ReadBack(
    sha256="ab" * 32, verdict="clean", reasons=(), size=1000, mode="sample", expected="zero", pattern_key=None, blocks_read=5000,
    classes={}, hits=(), bad=(), bad_total=0, seed="5a" * 32, k=SAMPLED, chance="", smallest_run=None, identity=None, is_device=True,
    cache="", serial="S1", serial_agrees=True, challenge="ABCD-EFGH", started=WHEN, finished=WHEN, resumed=0, tool_version="1",
    key_id="k", signed=True,
)  # fmt: skip
ASKED = Asked(seed="5a" * 32, challenge="ABCDEFGH", same_serial=True, size=1000, left="zero")


def test_the_seed_is_of_both():
    assert seed_of("00ff", "a1") == hashlib.sha256(b"\x00\xff\xa1").hexdigest() != seed_of("a1", "00ff")


def test_what_contradicts_is_told_like_everything_else():
    assert set(REASONS) > AGAINST and len(AGAINST) == 8


# --- the medium's state, read again ------------------------------------------------------------------------------------------

READ = Evidence(sha256="ab" * 32, format="smartctl", parser="x", tool="smartctl", tool_version="7", complete=True, devices=(DeviceRow(serial="S1"),))
AFTER_WIPE = Usage(power_on_hours=100, power_cycles=10, bytes_written=5000)


def row(**counters):
    return DeviceRow(serial="S1", security_enabled=False, counters=Counters(**counters))


def test_a_medium_that_rested_agrees():
    assert state_read(READ, row(power_on_hours=101, power_cycles=11, bytes_written=5000), AFTER_WIPE) == Answer("agrees", (), "E3")
    assert state_read(READ, row(data_erased=True), None) == Answer("agrees", (), "E3")


def test_a_file_that_contradicts_itself():
    torn = replace(READ, findings=(Finding(code="contradiction", value=True),))
    assert state_read(torn, row(data_erased=True), None) == Answer("contradicts", ("contradiction",))


def test_a_file_about_another_medium_or_none():
    assert state_read(READ, None, None) == Answer("contradicts", ("other_medium",))
    nameless = replace(READ, devices=(DeviceRow(),))
    assert state_read(nameless, None, None) == state_read(replace(READ, devices=()), None, None) == Answer("unknown", ("no_serial",))


@pytest.mark.parametrize("when", ["too_old", "ahead"])
def test_a_file_of_another_time_says_nothing(when):
    assert state_read(READ, row(data_erased=True), None, when=when) == Answer("unknown", (when,))


def test_what_was_written_used_or_locked_since():
    assert state_read(READ, row(data_erased=False), None) == Answer("contradicts", ("written_since",))
    assert state_read(READ, replace(row(data_erased=True), security_enabled=True), None) == Answer("contradicts", ("locked",))
    assert state_read(READ, row(power_on_hours=109), AFTER_WIPE) == Answer("contradicts", ("counters_grew",))
    assert state_read(READ, row(power_on_hours=108), AFTER_WIPE) == Answer("agrees", (), "E3")
    every = replace(row(power_cycles=99, data_erased=False), security_enabled=True)
    assert state_read(READ, every, AFTER_WIPE).reasons == ("written_since", "locked", "counters_grew")


@pytest.mark.parametrize(("grown", "name"), [({"power_cycles": 17}, "power_cycles"), ({"bytes_written": 5001 + 2**20}, "bytes_written")])
def test_each_counter_is_compared(grown, name):
    assert state_read(READ, row(**grown), AFTER_WIPE).reasons == ("counters_grew",)
    assert state_read(READ, row(**{name: grown[name] - 1}), AFTER_WIPE).result == "agrees"


def test_starts_and_the_drives_own_word_are_compared():
    assert state_read(READ, row(boot_count=4), Usage(boot_count=3)).reasons == ("counters_grew",)
    assert state_read(READ, row(boot_count=3), Usage(boot_count=3)).result == "agrees"
    assert state_read(READ, row(data_erased=False), Usage(data_erased=True)).reasons == ("written_since", "counters_grew")


def test_a_file_that_says_nothing():
    nothing = Answer("unknown", ("says_nothing",))
    assert state_read(READ, DeviceRow(serial="S1"), None) == state_read(READ, DeviceRow(serial="S1"), AFTER_WIPE) == nothing
    assert state_read(READ, row(power_on_hours=5), None) == state_read(READ, row(boot_count=5), AFTER_WIPE) == nothing


# --- what the last pass left -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "left"), [
    (None, None), ({}, None), ({"technique": "block_erase", "final_blank": True}, None), ({"final_blank": True}, None),
    ({"technique": "overwrite", "final_blank": True}, "zero"), ({"technique": "overwrite", "final_blank": True, "method": "PRNG Stream"}, "zero"),
    ({"technique": "overwrite", "final_blank": False, "method": "PRNG Stream"}, "random"),
    ({"technique": "overwrite", "final_blank": False, "method": "RCMP TSSIT OPS-II"}, "random"),
    ({"technique": "overwrite", "final_blank": False, "method": "DoD Short"}, "random"),
    ({"technique": "overwrite", "final_blank": False, "method": "BMB21-2019"}, None),
    ({"technique": "overwrite", "final_blank": False, "method": "Fill With Zeros"}, "zero"),
    ({"technique": "overwrite", "final_blank": False, "method": "Fill With Ones"}, "ff"),
    ({"technique": "overwrite", "final_blank": None, "method": "Fill With Ones"}, None),
    ({"technique": "overwrite", "method": "PRNG Stream"}, None), ({"technique": "overwrite", "final_blank": False, "method": "Magic"}, None),
    ({"technique": "overwrite", "final_blank": False}, None),
])  # fmt: skip
def test_what_the_last_pass_left(told, left):
    assert left_by(told) == left


# --- the medium, read back ---------------------------------------------------------------------------------------------------


def test_a_clean_read_back_agrees():
    assert read_back(CLEAN, ASKED) == Answer("agrees", (), "E4")
    assert read_back(CLEAN, replace(ASKED, size=None, left=None)) == Answer("agrees", (), "E4")
    assert read_back(replace(CLEAN, challenge="abcd-efgh"), ASKED).result == "agrees"


def test_a_full_one_needs_no_seed():
    full = replace(CLEAN, mode="full", seed=None, k=None)
    assert read_back(full, ASKED).result == "agrees" and read_back(replace(full, mode="sample"), ASKED).reasons == ("other_seed",)


@pytest.mark.parametrize(("changed", "reason", "result"), [
    ({"signed": False}, "not_signed", "unknown"), ({"signed": None}, "not_signed", "unknown"), ({"size": 999}, "other_size", "contradicts"),
    ({"challenge": "AAAA-AAAA"}, "other_challenge", "unknown"), ({"challenge": None}, "other_challenge", "unknown"),
    ({"seed": "00" * 32}, "other_seed", "unknown"), ({"k": SAMPLED - 1}, "other_seed", "unknown"), ({"k": None}, "other_seed", "unknown"),
    ({"is_device": False}, "image", "unknown"), ({"verdict": "residue"}, "residue", "contradicts"),
    ({"verdict": "unknown"}, "bad_blocks", "unknown"), ({"expected": "ff"}, "not_as_left", "contradicts"),
    ({"expected": "keystream", "pattern_key": "k1"}, "other_pattern", "unknown"),
])  # fmt: skip
def test_each_thing_that_is_not_as_asked(changed, reason, result):
    assert read_back(replace(CLEAN, **changed), ASKED) == Answer(result, (reason,))


@pytest.mark.parametrize(("same", "answer"), [
    (True, Answer("agrees", (), "E4")), (False, Answer("contradicts", ("other_medium",))), (None, Answer("unknown", ("no_own_serial",))),
])  # fmt: skip
def test_of_which_medium_it_is(same, answer):
    assert read_back(CLEAN, replace(ASKED, same_serial=same)) == answer


def test_random_fill_tells_nothing_and_a_key_of_our_own_does():
    random = replace(CLEAN, expected="random")
    assert read_back(random, replace(ASKED, left="random")) == Answer("unknown", ("random_tells_nothing",))
    assert read_back(random, ASKED) == Answer("contradicts", ("not_as_left", "random_tells_nothing"))
    keyed, ours = replace(CLEAN, expected="keystream", pattern_key="k1"), replace(ASKED, pattern="k1", left="random")
    assert read_back(keyed, ours) == Answer("agrees", (), "E4")
    for other in (replace(keyed, pattern_key="k2"), replace(CLEAN, pattern_key="k1"), replace(keyed, pattern_key=None)):
        assert read_back(other, ours) == Answer("unknown", ("other_pattern",))
