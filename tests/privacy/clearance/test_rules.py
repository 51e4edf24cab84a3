"""When does a log clear a medium? Each refusal stands beside the genuine row it was made from."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data_files import Bilingual
from privacy.clearance.profile import MediumRule, Profile
from privacy.clearance.rules import (
    FAILS,
    RESOLUTION,
    TOP_SPEED,
    UNKNOWNS,
    Medium,
    Verdict,
    answer,
    judge,
    judge_media,
    select,
)
from privacy.evidence.model import DeviceRow, Evidence, Finding

SIZE = 500_107_862_016  # a 500 GB disk
HOUR = 3600

PROFILE = Profile(
    id="TEST",
    version="7",
    standard="a standard",
    title=Bilingual(zh="标题", en="title"),
    claim=Bilingual(zh="声明", en="claim"),
    issued=date(2025, 12, 2),
    in_force=date(2027, 1, 1),
    verification=True,
    records_kept_years=3,
    media=(
        MediumRule(kind="magnetic", least_passes=3, least_random_passes=1, known="press"),
        MediumRule(kind="semiconductor", least_passes=1, least_random_passes=0, known="press"),
    ),
    sources=(),
)

# three passes over a disk at about 150 MB/s, the last of them random, then a verified blank
DISK = DeviceRow(
    node="/dev/sda",
    serial="WD-WCC4E5KNRY27",
    model="WDC WD5000AAKX-6",
    capacity_bytes=SIZE,
    method="DoD Short",
    method_code="dodshort",
    passes_done=3,
    passes_asked=3,
    random_passes=1,
    random_asked=1,
    rounds=1,
    final_blank=True,
    verification="last",
    verified=True,
    bytes_written=SIZE,
    errors=0,
    status="erased",
    started="2026-11-22T03:17:58",
    finished="2026-11-22T08:17:58",
    bus="ATA",
    seconds=5 * HOUR,
    quickest_pass=HOUR,
)
# one random pass over a solid-state drive
DRIVE = replace(
    DISK,
    node="/dev/nvme0n1",
    serial="S4EWNF0M612345",
    method="PRNG Stream",
    method_code="prng",
    passes_done=1,
    passes_asked=1,
    bus="NVME",
    seconds=1200,
    quickest_pass=1000,
)


def log(*rows: DeviceRow, complete: bool = True, findings: tuple[Finding, ...] = ()) -> Evidence:
    return Evidence(
        sha256="00" * 32,
        format="nwipe-log",
        parser="nwipe 1",
        tool="nwipe",
        tool_version="0.33",
        complete=complete,
        devices=rows,
        findings=findings,
    )


def of_disk(row: DeviceRow = DISK, **asked: object) -> Verdict:
    return judge(log(row), None, PROFILE, "magnetic", **asked)  # type: ignore[arg-type]


def reasons(row: DeviceRow, medium: str = "magnetic", *, complete: bool = True) -> tuple[str, ...]:
    return judge(log(row, complete=complete), None, PROFILE, medium).reasons


# --- the genuine ones ------------------------------------------------------------------------------------


def test_a_disk_wiped_three_times_passes_and_names_the_rule_it_passed():
    verdict = of_disk()
    assert verdict == Verdict(
        verdict="pass", reasons=(), device=DISK, profile="TEST", profile_version="7", medium="magnetic",
        technique="overwrite", level="clear",
    )  # fmt: skip


def test_a_drive_wiped_once_passes_as_semiconductor_but_not_as_magnetic():
    assert judge(log(DRIVE), None, PROFILE, "semiconductor").verdict == "pass"
    assert judge(log(DRIVE), None, PROFILE, "semiconductor").medium == "semiconductor"
    assert reasons(DRIVE) == ("too_few_passes",)


def test_one_pass_of_zeros_is_enough_for_semiconductor_alone():
    zeros = replace(DRIVE, random_passes=0, random_asked=0)
    assert reasons(zeros, "semiconductor") == ()
    assert reasons(zeros) == ("too_few_passes", "no_random_pass")


def test_more_than_enough_is_enough():
    assert reasons(replace(DISK, passes_done=35, passes_asked=35, random_passes=8, seconds=60 * HOUR)) == ()


def test_what_does_not_matter_changes_nothing():
    for same in (
        replace(DISK, final_blank=False),
        replace(DISK, final_blank=None),
        replace(DISK, verification="all"),
        replace(DISK, hidden_sectors=False),
        replace(DISK, hidden_sectors=None),
        replace(DISK, usb_bridge=True),
        replace(DISK, bus="USB"),
        replace(DISK, seconds=None, quickest_pass=None),
        replace(DISK, model=None, node=None, started=None, finished=None),
    ):
        assert reasons(same) == ()


# --- one refusal each --------------------------------------------------------------------------------------

REFUSED = [
    ("failed", replace(DISK, status="failed")),
    ("aborted", replace(DISK, status="aborted")),
    ("errors", replace(DISK, errors=1, status="failed")),
    ("hidden_sectors", replace(DISK, hidden_sectors=True)),
    ("hidden_sectors", replace(DISK, hidden_sectors=True, hidden_unknown=True)),
    ("too_few_passes", replace(DISK, passes_done=2)),
    ("no_random_pass", replace(DISK, random_passes=0)),
    ("bytes_short", replace(DISK, bytes_written=SIZE - 1)),
    ("not_verified", replace(DISK, verified=False)),
    ("not_verified", replace(DISK, verified=False, verification="none")),
]


@pytest.mark.parametrize(("code", "row"), REFUSED, ids=[f"{code}-{at}" for at, (code, _) in enumerate(REFUSED)])
def test_each_unmet_rule_fails_with_its_own_code(code: str, row: DeviceRow):
    verdict = of_disk(row)
    assert verdict.verdict == "fail"
    assert code in verdict.reasons
    assert set(verdict.reasons) <= {code, "failed"}
    assert verdict.device == row


def test_a_mere_look_at_the_medium_fails_and_is_told_once():
    look = replace(DISK, verification="only", passes_done=0, passes_asked=0, random_passes=0, random_asked=0, bytes_written=0)
    assert of_disk(look).reasons == ("verify_only",)
    assert of_disk(look).verdict == "fail"


UNSAID = [
    ("no_serial", replace(DISK, serial=None)),
    ("no_serial", replace(DISK, serial="  ")),
    ("no_serial", replace(DISK, serial="To be filled by O.E.M.")),
    ("no_serial", replace(DISK, usb_bridge=True, bus="USB")),
    ("anonymised", replace(DISK, serial=None, anonymised=True)),
    ("truncated", replace(DISK, status=None)),
    ("truncated", replace(DISK, errors=None)),
    ("truncated", replace(DISK, passes_done=None)),
    ("truncated", replace(DISK, verified=None)),
    ("truncated", replace(DISK, verification=None)),
    ("capacity_unknown", replace(DISK, capacity_bytes=None)),
    ("capacity_unknown", replace(DISK, bytes_written=None)),
    ("hidden_unknown", replace(DISK, hidden_unknown=True)),
    ("method_unknown", replace(DISK, random_passes=None)),
]


@pytest.mark.parametrize(("code", "row"), UNSAID, ids=[f"{code}-{at}" for at, (code, _) in enumerate(UNSAID)])
def test_what_the_file_does_not_say_is_unknown_and_never_a_pass(code: str, row: DeviceRow):
    verdict = of_disk(row)
    assert (verdict.verdict, verdict.reasons) == ("unknown", (code,))


def test_fail_outranks_unknown_and_both_are_told_in_the_order_of_the_tables():
    both = replace(DISK, serial=None, verified=False, status="failed", capacity_bytes=None)
    assert of_disk(both).verdict == "fail"
    assert of_disk(both).reasons == ("failed", "not_verified", "no_serial", "capacity_unknown")


def test_the_answer_comes_from_the_tables():
    assert [answer([code]) for code in FAILS] == ["fail"] * len(FAILS)
    assert [answer([code]) for code in UNKNOWNS] == ["unknown"] * len(UNKNOWNS)
    assert answer([]) == "pass"
    assert answer(["no_serial", "errors"]) == "fail"
    assert answer(["a word nobody knows"]) == "unknown"


def test_the_contract_names_stand():
    assert set(FAILS) >= set(
        [
            "verify_only",
            "aborted",
            "failed",
            "not_verified",
            "too_few_passes",
            "no_random_pass",
            "bytes_short",
            "errors",
            "serial_mismatch",
            "hidden_sectors",
            "contradiction",
        ]
    )
    assert set(UNKNOWNS) >= {"no_serial", "anonymised", "truncated", "several_devices", "capacity_unknown"}
    assert not set(FAILS) & set(UNKNOWNS)


def test_a_medium_of_no_known_kind_is_nobody_s_guess():
    with pytest.raises(ValueError, match="paper"):
        judge(log(DISK), None, PROFILE, "paper")


def test_a_profile_may_do_without_the_tool_s_own_verification():
    lenient = replace(PROFILE, verification=False)
    assert judge(log(replace(DISK, verified=False)), None, lenient, "magnetic").verdict == "pass"
    assert judge(log(replace(DISK, verified=None)), None, lenient, "magnetic").verdict == "pass"


# --- the file ------------------------------------------------------------------------------------------------


def test_a_file_that_is_cut_off_or_contradicts_itself_never_passes():
    cut = judge(log(DISK, complete=False), None, PROFILE, "magnetic")
    assert (cut.verdict, cut.reasons) == ("unknown", ("truncated",))
    false = judge(log(DISK, findings=(Finding(code="contradiction", value=True),)), None, PROFILE, "magnetic")
    assert (false.verdict, false.reasons) == ("fail", ("contradiction",))


@pytest.mark.parametrize("code", ["ambiguous_rows", "serial_twice"])
def test_rows_that_could_be_two_devices_are_doubtful(code: str):
    verdict = judge(log(DISK, findings=(Finding(code=code, value=True),)), None, PROFILE, "magnetic")
    assert (verdict.verdict, verdict.reasons) == ("unknown", ("several_devices",))


@pytest.mark.parametrize("code", ["contradiction", "ambiguous_rows", "serial_twice"])
@pytest.mark.parametrize("value", [False, None])
def test_a_finding_that_is_not_true_accuses_nobody(code: str, value: bool | None):
    assert judge(log(DISK, findings=(Finding(code=code, value=value),)), None, PROFILE, "magnetic").verdict == "pass"


def test_other_findings_are_for_people():
    noted = (Finding(code="usb_bridge", value=True), Finding(code="encoding_gbk", value=True))
    assert judge(log(DISK, findings=noted), None, PROFILE, "magnetic").verdict == "pass"


def test_before_the_outcome_is_told_only_what_was_asked_for_counts():
    """A pass that isn't there may have been on the lost lines; a method of one pass can't have made three."""
    stopped = replace(DISK, status=None, passes_done=1, random_passes=0, verified=None)
    assert reasons(stopped, complete=False) == ("truncated",)
    too_short = replace(stopped, passes_asked=1, random_asked=0)
    assert reasons(too_short, complete=False) == ("too_few_passes", "no_random_pass", "truncated")
    unsaid = replace(stopped, passes_asked=None, random_asked=None)
    assert reasons(unsaid, complete=False) == ("truncated", "method_unknown")


def test_once_the_outcome_is_told_what_is_not_there_does_not_count():
    gap = replace(DISK, passes_done=2, random_passes=0, verified=False)
    expected = ("too_few_passes", "no_random_pass", "not_verified", "truncated")
    assert reasons(gap, complete=False) == expected
    # a whole log that tells no outcome: nothing was wiped
    idle = replace(DISK, status=None, passes_done=0, random_passes=0)
    assert reasons(idle) == ("too_few_passes", "no_random_pass", "truncated")


# --- which device ----------------------------------------------------------------------------------------------


def test_one_serial_in_any_spelling_but_never_a_part_of_it():
    for spelling in ("WD-WCC4E5KNRY27", "wd-wcc4e5knry27", " WD-WCC4E5KNRY27 ", "WCC4E5KNRY27", "ＷＣＣ４Ｅ５ＫＮＲＹ２７"):
        assert of_disk(serial=spelling).verdict == "pass"
    for other in ("WD-WCC4E5KNRY2", "WD-WCC4E5KNRY277", "WCC4E5KNRY2", "NRY27", "S3Z8NB0K712345X"):
        verdict = of_disk(serial=other)
        assert (verdict.verdict, verdict.reasons) == ("fail", ("serial_mismatch",))


@pytest.mark.parametrize("nothing", ["", "   ", "XXXXXXXXXXXXXXXXXXXX", "????????????????????", "00000000", "None"])
def test_asking_for_a_serial_that_names_nothing_is_unknown(nothing: str):
    assert of_disk(serial=nothing).reasons == ("no_serial",)
    assert judge(log(DISK, DRIVE), None, PROFILE, "magnetic", nothing).reasons == ("no_serial",)


def test_a_log_of_two_disks_needs_a_serial():
    both = log(DISK, DRIVE)
    unnamed = judge(both, None, PROFILE, "magnetic")
    assert (unnamed.verdict, unnamed.reasons, unnamed.device) == ("unknown", ("several_devices",), None)
    assert judge(both, None, PROFILE, "magnetic", DISK.serial).verdict == "pass"
    assert judge(both, None, PROFILE, "semiconductor", DRIVE.serial).device == DRIVE


def test_a_log_of_other_disks_fails_and_one_that_hides_their_names_is_unknown():
    absent = judge(log(DISK, DRIVE), None, PROFILE, "magnetic", "S3Z8NB0K712345X")
    assert (absent.verdict, absent.reasons, absent.device) == ("fail", ("serial_mismatch",), None)
    nameless = judge(log(DISK, replace(DRIVE, serial=None)), None, PROFILE, "magnetic", "S3Z8NB0K712345X")
    assert nameless.reasons == ("no_serial",)
    hidden = replace(DRIVE, serial=None, anonymised=True)
    assert judge(log(DISK, hidden), None, PROFILE, "magnetic", "S3Z8NB0K712345X").reasons == ("anonymised",)


def test_two_rows_of_one_serial_are_doubtful_however_they_are_chosen():
    again = replace(DISK, node="/dev/sdb", serial="wcc4e5knry27")
    for asked in (None, DISK.serial):
        verdict = judge(log(DISK, again), None, PROFILE, "magnetic", asked)
        assert (verdict.verdict, verdict.reasons) == ("unknown", ("several_devices",))
    assert judge(log(DISK, again), DISK, PROFILE, "magnetic").reasons == ("several_devices",)


def test_no_row_at_all_is_unknown():
    verdict = judge(log(), None, PROFILE, "magnetic", "WD-WCC4E5KNRY27")
    assert (verdict.verdict, verdict.reasons, verdict.device) == ("unknown", ("no_device",), None)
    assert judge(log(), None, PROFILE, "magnetic").reasons == ("no_device",)


def test_a_row_that_was_chosen_already_is_still_held_against_the_serial():
    assert judge(log(DISK, DRIVE), DISK, PROFILE, "magnetic").verdict == "pass"
    assert judge(log(DISK, DRIVE), DISK, PROFILE, "magnetic", DISK.serial).verdict == "pass"
    assert judge(log(DISK, DRIVE), DISK, PROFILE, "magnetic", DRIVE.serial).reasons == ("serial_mismatch",)


def test_a_lone_row_is_judged_even_if_it_is_another_s():
    verdict = judge(log(replace(DISK, verified=False)), None, PROFILE, "magnetic", DRIVE.serial)
    assert verdict.reasons == ("serial_mismatch", "not_verified")
    assert verdict.device is not None


def test_selecting_says_what_is_doubtful():
    assert select(log(DISK), None) == (DISK, [])
    assert select(log(DISK), "another") == (DISK, [])
    assert select(log(DISK, DRIVE), DRIVE.serial) == (DRIVE, [])
    assert select(log(DISK, DRIVE), None) == (None, ["several_devices"])
    assert select(log(), None) == (None, ["no_device"])


# --- size and time ----------------------------------------------------------------------------------------------


def test_every_pass_must_reach_the_end_of_the_medium_as_the_house_knows_it():
    assert of_disk(capacity=SIZE).verdict == "pass"
    assert of_disk(capacity=SIZE + 1).reasons == ("bytes_short",)
    assert of_disk(capacity=500_000_000_000).verdict == "pass"  # the label's round number
    assert of_disk(replace(DISK, capacity_bytes=None), capacity=SIZE).verdict == "pass"
    assert of_disk(replace(DISK, capacity_bytes=None), capacity=SIZE + 1).reasons == ("bytes_short",)


def test_a_small_number_in_the_register_does_not_excuse_a_half_wiped_disk():
    half = replace(DISK, bytes_written=SIZE // 2)
    assert of_disk(half, capacity=SIZE // 4).reasons == ("bytes_short",)


def test_facts_that_cannot_all_be_true():
    for impossible in (
        replace(DISK, passes_done=4),
        replace(DISK, random_passes=4),
        replace(DISK, bytes_written=SIZE + 512),
        replace(DISK, verification="none"),
        replace(DISK, seconds=-1),
    ):
        assert of_disk(impossible).reasons == ("contradiction",)
        assert of_disk(impossible).verdict == "fail"
    assert of_disk(replace(DISK, errors=1)).reasons == ("errors", "contradiction")


def test_unknown_parts_contradict_nothing():
    for row in (
        replace(DISK, passes_asked=None),
        replace(DISK, passes_done=3, random_passes=3),
        replace(DISK, seconds=None),
        replace(DISK, quickest_pass=None),
    ):
        assert of_disk(row).verdict == "pass"


def test_a_second_of_the_log_s_clock_may_have_been_almost_two():
    """Genuine samples of 64 MiB show passes of 0 s."""
    small = replace(DISK, capacity_bytes=64 * 1024**2, bytes_written=64 * 1024**2, seconds=0, quickest_pass=0)
    assert of_disk(small).verdict == "pass"


@pytest.mark.parametrize("medium", ["magnetic", "semiconductor"])
def test_nothing_is_written_faster_than_its_interface_carries(medium: str):
    most = TOP_SPEED[medium] * (10 + RESOLUTION)
    fast = replace(DISK, capacity_bytes=most, bytes_written=most, seconds=10 * HOUR, quickest_pass=10, bus="SCSI")
    assert reasons(fast, medium) == ()
    more = replace(fast, capacity_bytes=most + 1, bytes_written=most + 1)
    assert reasons(more, medium) == ("contradiction",)


def test_all_passes_together_need_their_time_too():
    whole = TOP_SPEED["magnetic"] * (20 + RESOLUTION)
    third = replace(DISK, capacity_bytes=whole // 3, bytes_written=whole // 3, seconds=20, quickest_pass=None)
    assert reasons(third) == ()
    assert reasons(replace(third, seconds=19)) == ("contradiction",)
    # with the final blank among them, where the file tells
    assert reasons(replace(third, total_written=whole + 1)) == ("contradiction",)
    assert reasons(replace(third, seconds=30, total_written=whole + whole // 3)) == ()


def test_sata_carries_no_more_than_six_gigabits():
    fast = replace(DISK, capacity_bytes=11 * 600_000_000, bytes_written=11 * 600_000_000, seconds=HOUR, quickest_pass=10)
    assert reasons(fast, "semiconductor") == ()
    assert reasons(replace(fast, quickest_pass=9), "semiconductor") == ("contradiction",)
    assert reasons(replace(fast, quickest_pass=9, bus="NVME"), "semiconductor") == ()


def test_what_came_out_of_memory_was_not_read_back():
    """A tool that reads through the computer's cache gets a small disk's blocks from there: no medium is that fast."""
    cached = replace(DISK, quickest_read=100)
    assert reasons(cached) == ("read_from_memory",)
    assert judge(log(cached), None, replace(PROFILE, verification=False), "magnetic").verdict == "pass"
    assert reasons(replace(DISK, quickest_read=834)) == ()
    assert reasons(replace(DISK, quickest_read=1)) == ("contradiction", "read_from_memory")
    assert judge(log(replace(DISK, quickest_read=1)), None, replace(PROFILE, verification=False), "magnetic").reasons == ("contradiction",)


def test_the_speeds_are_those_of_the_interfaces():
    assert TOP_SPEED == {"magnetic": 600_000_000, "semiconductor": 16_000_000_000}
    assert RESOLUTION == 1


# --- the whole device -----------------------------------------------------------------------------------------------


def laptop(**first: object) -> list[Medium]:
    """A laptop with a disk and a drive, each with its own log."""
    disk = Medium(ref="disk", kind="magnetic", serial=DISK.serial, evidence=log(DISK))
    drive = Medium(ref="drive", kind="semiconductor", serial=DRIVE.serial, evidence=log(DRIVE))
    return [replace(disk, **first), drive]  # type: ignore[arg-type]


def test_a_laptop_passes_when_both_of_its_media_pass():
    verdict = judge_media(laptop(), PROFILE)
    assert (verdict.verdict, verdict.reasons) == ("pass", ())
    assert [(ref, one.verdict) for ref, one in verdict.media] == [("disk", "pass"), ("drive", "pass")]


def test_one_log_may_cover_both_media():
    shared = log(DISK, DRIVE)
    media = [replace(one, evidence=shared) for one in laptop()]
    assert judge_media(media, PROFILE).verdict == "pass"


def test_a_medium_without_evidence_blocks_the_device():
    verdict = judge_media(laptop(evidence=None), PROFILE)
    assert (verdict.verdict, verdict.reasons) == ("unknown", ("not_covered",))
    refused = verdict.media[0][1]
    assert refused == Verdict(
        verdict="unknown",
        reasons=("not_covered",),
        device=None,
        profile="TEST",
        profile_version="7",
        medium="magnetic",
    )
    assert verdict.media[1][1].verdict == "pass"


def test_an_empty_inventory_is_no_pass():
    verdict = judge_media([], PROFILE)
    assert (verdict.verdict, verdict.reasons, verdict.media) == ("unknown", ("not_covered",), ())


def test_unknown_blocks_and_fail_outranks_it():
    unknown = judge_media(laptop(evidence=log(DISK, complete=False)), PROFILE)
    assert (unknown.verdict, unknown.reasons) == ("unknown", ("truncated",))
    media = laptop(evidence=log(DISK, complete=False))
    media.append(Medium(ref="card", kind="semiconductor", serial="1845E1D63A2F", evidence=log(DRIVE)))
    failed = judge_media(media, PROFILE)
    assert (failed.verdict, failed.reasons) == ("fail", ("serial_mismatch", "truncated"))


def test_a_medium_of_unknown_serial_does_not_borrow_the_only_row_of_a_file():
    assert judge_media(laptop(serial=None), PROFILE).reasons == ("no_serial",)


def test_two_media_of_one_serial_are_doubtful():
    media = laptop() + [Medium(ref="again", kind="magnetic", serial="wcc4e5knry27", evidence=log(DISK))]
    verdict = judge_media(media, PROFILE)
    assert (verdict.verdict, verdict.reasons) == ("unknown", ("several_devices",))
    assert [one.verdict for _, one in verdict.media] == ["unknown", "pass", "unknown"]


def test_the_register_s_capacity_counts_for_each_medium():
    assert judge_media(laptop(capacity=SIZE), PROFILE).verdict == "pass"
    assert judge_media(laptop(capacity=SIZE + 1), PROFILE).reasons == ("bytes_short",)


# --- for all rows -----------------------------------------------------------------------------------------------------

maybe_int = st.none() | st.integers(0, 10)
any_row = st.builds(
    DeviceRow,
    serial=st.sampled_from([None, "WD-WCC4E5KNRY27", "XXXXXXXX", "other"]),
    capacity_bytes=maybe_int,
    passes_done=maybe_int,
    passes_asked=maybe_int,
    random_passes=maybe_int,
    random_asked=maybe_int,
    verification=st.sampled_from([None, "none", "last", "all", "only"]),
    verified=st.sampled_from([None, False, True]),
    bytes_written=maybe_int,
    errors=maybe_int,
    status=st.sampled_from([None, "erased", "failed", "aborted"]),
    anonymised=st.booleans(),
    usb_bridge=st.booleans(),
    bus=st.sampled_from([None, "ATA", "USB"]),
    hidden_sectors=st.sampled_from([None, False, True]),
    seconds=maybe_int,
    quickest_pass=maybe_int,
)


@given(
    st.lists(any_row, max_size=3),
    st.booleans(),
    st.sampled_from(["magnetic", "semiconductor"]),
    st.sampled_from([None, "", "WD-WCC4E5KNRY27"]),
    maybe_int,
)
@settings(deadline=None)
def test_a_pass_means_every_rule_was_shown_to_be_met(
    rows: list[DeviceRow], complete: bool, medium: str, serial: str | None, capacity: int | None
):
    verdict = judge(log(*rows, complete=complete), None, PROFILE, medium, serial, capacity)
    assert set(verdict.reasons) <= {*FAILS, *UNKNOWNS}
    assert (verdict.verdict == "pass") == (not verdict.reasons)
    row = verdict.device
    if verdict.verdict == "pass":
        rule = PROFILE.rule_for(medium)
        assert complete and row is not None and row.status == "erased" and row.errors == 0
        assert row.verified is True and row.verification in ("last", "all")
        assert (row.passes_done or 0) >= rule.least_passes
        assert (row.random_passes if row.random_passes is not None else -1) >= rule.least_random_passes
        assert (row.bytes_written if row.bytes_written is not None else -1) >= max(row.capacity_bytes or 0, capacity or 0)
        assert row.serial not in (None, "XXXXXXXX") and not row.hidden_sectors and not row.anonymised
        assert serial is None or row.serial == serial
