"""A hostile corpus grown from genuine logs: whatever is cut, doubled, swapped or overwritten, nothing crashes, nothing
hangs, and no refusal ever turns into a pass."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.evidence.readers.text import LARGEST
from tests.harness.pace import soon
from tests.privacy.evidence.logs import DISK, DODSHORT, NEWEST, PROFILE, Expected, expectations, raw, text, verdict_of
from tests.privacy.evidence.readers.hostile import HANGS
from tests.soak import SOAKING, soak

pytestmark = pytest.mark.slow  # seconds a test; `make quick` leaves it out, CI runs it

REFUSED = [expected for expected in expectations() if "pass" not in expected.verdicts]
# in a log of several disks a line may be about another one
SHARED = ("two-disks", "two-runs", "of-two", "prefix", "then-wiped")
PASSED = [
    expected
    for expected in expectations()
    if expected.verdicts == ("pass",) and not any(word in expected.file for word in SHARED)
]
# lines of passing logs that say something which has to be there
SEMANTIC = re.compile(
    r"Program options|banner|method|rounds|verify|serial number|sect/blk|Total device bytes|Invoking|Starting|Finished|"
    r"Blanking|Verif|\[SUCCESS\]|bytes (?:written|read)|\|.*\|| Throughput|Nwipe success|Found /dev/\S+, .*S/N=\S|prng  |FAIL|ABORT|exited|aborted"
)


def says(log: str | bytes, expected: Expected) -> str:
    """The verdict, or `unreadable`."""
    try:
        return verdict_of(log, expected.medium, expected.serial).verdict
    except Unreadable:
        return "unreadable"


def damaged(lines: list[str], at: int) -> list[list[str]]:
    """One line lost, doubled, swapped with the next, cut in half, its numbers made nothing, its bad news made good."""
    line, before, after = lines[at], lines[:at], lines[at + 1 :]
    return [
        [*before, *after],
        [*before, line, line, *after],
        [*before, *after[:1], line, *after[1:]],
        [*before, line[: len(line) // 2], *after],
        [*before, re.sub(r"\b[1-9][0-9]*\b", "0", line), *after],
        [*before, re.sub(r"-FAILED-|UABORTED|INSANITY", " Erased ", line), *after],
        [*before, line.replace("FAILURE", "SUCCESS").replace("exited with errors", "successfully completed"), *after],
        [*before, re.sub(r"X{4,}|\?{4,}", DISK, line), *after],
        [*before, line.replace("(off)", "(last pass)").replace("+NV", "+VL"), *after],
        [*before, line.replace("Verify Zeros (0x00)", "DoD Short").replace("Fill With Zeros", "DoD Short"), *after],
    ]


def meaning(lines: list[str]) -> list[int]:
    return [at for at, line in enumerate(lines) if SEMANTIC.search(line) and "debug:" not in line]


def some(numbers: list[int], expected: Expected, count: int) -> list[int]:
    return random.Random(expected.file).sample(numbers, min(count, len(numbers)))


def stays_refused(expected: Expected, lines: list[str], at: int) -> None:
    for version in damaged(lines, at):
        if version != lines:
            assert says("\n".join(version), expected) != "pass", f"line {at + 1}: {lines[at]}"


@pytest.mark.parametrize("expected", REFUSED, ids=str)
def test_no_single_damaged_line_turns_a_refusal_into_a_pass(expected: Expected):
    lines = text(expected.file).split("\n")
    for at in some(meaning(lines), expected, 8):
        stays_refused(expected, lines, at)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("expected", REFUSED, ids=str)
def test_none_of_all_lines_damaged_turns_a_refusal_into_a_pass(expected: Expected):
    lines = text(expected.file).split("\n")
    for at in range(len(lines)) if SOAKING else meaning(lines):
        stays_refused(expected, lines, at)


def is_missed(expected: Expected, lines: list[str], at: int) -> None:
    assert says("\n".join([*lines[:at], *lines[at + 1 :]]), expected) != "pass", lines[at]


@pytest.mark.parametrize("expected", PASSED[::3], ids=str)
def test_no_line_with_a_meaning_can_be_taken_out_of_a_pass(expected: Expected):
    lines = text(expected.file).split("\n")
    for at in some(meaning(lines), expected, 20):
        is_missed(expected, lines, at)


@pytest.mark.slow
@pytest.mark.parametrize("expected", PASSED, ids=str)
def test_none_of_all_lines_with_a_meaning_can_be_taken_out_of_a_pass(expected: Expected):
    lines = text(expected.file).split("\n")
    for at in meaning(lines):
        is_missed(expected, lines, at)


@given(st.integers(0, len(raw(DODSHORT))))
@settings(max_examples=soak(1_000), deadline=None)
def test_a_log_cut_off_anywhere_never_passes(at: int):
    whole = raw(DODSHORT)
    cut = whole[:at]
    try:
        verdict = verdict_of(cut).verdict
    except Unreadable:
        return
    assert (verdict == "pass") == (at >= len(whole.rstrip()))


@given(st.integers(0, len(raw(NEWEST)) - 1), st.binary(min_size=1, max_size=40))
@settings(max_examples=soak(600), deadline=None)
def test_bytes_written_over_a_log_crash_nothing(at: int, junk: bytes):
    whole = raw(NEWEST)
    try:
        verdict_of(whole[:at] + junk + whole[at + len(junk) :], serial=DISK)
    except Unreadable as problem:
        assert problem.code in ("binary", "not_text", "unrecognised")


@given(st.binary(max_size=400))
@settings(max_examples=soak(1_000), deadline=None)
def test_any_bytes_at_all_are_read_or_refused_with_a_sentence(junk: bytes):
    try:
        read(junk)
    except Unreadable as problem:
        assert problem.sentence.endswith(".") and problem.code


@given(st.lists(st.sampled_from(text(DODSHORT).split("\n")), max_size=120))
@settings(max_examples=soak(600), deadline=None)
def test_genuine_lines_in_any_order_pass_only_as_the_genuine_log(lines: list[str]):
    log = "\n".join(lines)
    assert says(log, Expected("", None, "magnetic", (), frozenset())) in ("unreadable", "fail", "unknown")


@given(st.text(max_size=200))
@settings(max_examples=soak(1_000), deadline=None)
def test_a_serial_may_be_any_text(asked: str):
    verdict = verdict_of(raw(DODSHORT), serial=asked)
    assert verdict.verdict == "pass" or set(verdict.reasons) <= {"serial_mismatch", "no_serial"}


STAMP = "[2026/11/22 06:55:00]  notice: "
OPTIONS = "".join(
    f"{STAMP}{line}\n"
    for line in (
        "Program options are set as follows...",
        "  banner   = nwipe 0.33",
        "  prng     = Isaac64",
        "  method   = Gutmann Wipe",
        "  rounds   = 999999999",
        "  verify   = 2 (all passes)",
    )
)
HUGE = {
    "a million rounds": OPTIONS + f"{STAMP}Invoking method 'Gutmann Wipe' on /dev/x\n" * 10_000,
    "many devices": OPTIONS + "".join(f"{STAMP}Starting round 1 of 1 on /dev/x{at}\n" for at in range(1_000)),
    "many options": OPTIONS * 1_000,
    "one long line": f"{STAMP}Nwipe " + "A" * 4_000_000,
    "many spaces": f"{STAMP}Found /dev/x, A,{' ' * 3_900}x\n" * 500 + f"{STAMP}Nwipe ",
    "many commas": (f"{STAMP}Found /dev/x, A" + ", 1 B, S/N=" * 300 + "\n") * 300,
    "many escapes": f"{STAMP}Nwipe " + "\x1b[0;0" * 200_000,
    "many rows": OPTIONS + "!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number\n---\n"
    + "         x | Erased |   0 B/s | 00:00:03 | M/S\n" * 10_000,
    "huge numbers": OPTIONS + f"{STAMP}/dev/x, sect/blk/dev 512/4096/{'9' * 5_000}\n"
    + f"{STAMP}{'9' * 4_000} bytes written to /dev/x\n{STAMP}Starting pass {'9' * 9}/{'9' * 9}, round 1/1, on /dev/x\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_a_flood_is_read_in_reasonable_time_and_never_passes(name: str):
    begun = time.process_time()
    try:
        evidence = read(HUGE[name].encode())
    except Unreadable as problem:
        assert problem.code == "too_big"
        return
    finally:
        assert soon(begun, HANGS)
    assert not evidence.complete
    assert verdict_of(HUGE[name], serial=DISK).verdict != "pass"


def test_five_megabytes_of_a_genuine_log_take_no_second():
    """A wipe of days that wrote its progress every minute; the log still passes."""
    lines = text(DODSHORT).split("\n")
    at = next(at for at, line in enumerate(lines) if "Starting pass 1/3" in line)
    progress = "[2026/11/22 06:40:42]    info: /dev/sda: 12.34%, round 1 of 1, pass 1 of 3, eta 00:00:10, [writing]"
    log = "\n".join([*lines[: at + 1], *([progress] * 55_000), *lines[at + 1 :]])
    assert len(log) > 5_000_000
    begun = time.process_time()
    assert verdict_of(log).verdict == "pass"
    assert soon(begun, HANGS)


def test_the_limit_is_the_size_and_not_the_patience():
    with pytest.raises(Unreadable) as caught:
        read(raw(DODSHORT) + b"\n" * LARGEST)
    assert caught.value.code == "too_big" and caught.value.values == {"limit": 16}
    nearly = raw(DODSHORT) + b" " * (LARGEST - len(raw(DODSHORT)))
    assert read(nearly).devices


def test_more_devices_than_any_house_has_are_refused():
    crowd = OPTIONS + "".join(f"{STAMP}Invoking method 'Gutmann Wipe' on /dev/x{at}\n" for at in range(1_001))
    with pytest.raises(Unreadable) as caught:
        read(crowd.encode())
    assert caught.value.code == "too_many_devices"
    assert PROFILE.id
