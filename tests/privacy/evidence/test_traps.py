"""Each trap of a real tool's log, and each forgery, made from a genuine log by the smallest edit. The genuine twin passes."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from privacy.evidence.readers import read
from tests.privacy.evidence.logs import (
    DISK,
    DODSHORT,
    DRIVE,
    NEWEST,
    TWO_DISKS,
    Edit,
    details,
    raw,
    text,
    verdict_of,
)

GENUINE = (DODSHORT, NEWEST, "nwipe-0.38-hdd-dodshort.log", "nwipe-0.34-hdd-dodshort-verify-all.log")


def seen(log: Edit) -> set[str]:
    return details(read(str(log).encode()))


def refused(log: Edit, detail: str, reason: str, serial: str | None = None) -> None:
    """The log is refused for this reason, and the reader names what it saw."""
    verdict = verdict_of(str(log), serial=serial)
    assert verdict.verdict != "pass"
    assert reason in verdict.reasons, verdict.reasons
    assert detail in seen(log)


@pytest.mark.parametrize("name", GENUINE)
def test_the_genuine_twins_pass(name: str):
    assert verdict_of(raw(name)).verdict == "pass"
    assert details(read(raw(name))) == set()


def test_edits_that_mean_nothing_change_nothing():
    for same in (
        Edit.of(DODSHORT).drop("hwmon"),
        Edit.of(DODSHORT).drop("bios-"),
        Edit.of(DODSHORT).drop("prng stream is active"),
        Edit.of(DODSHORT).after("Starting pass 2/3", "[2026/11/22 06:40:44]    info: a line of a version to come"),
        Edit.of(DODSHORT).after("Nwipe successfully", "", "poweroff in 60 s"),
    ):
        assert verdict_of(str(same)).verdict == "pass"


# --- the tool's own traps ----------------------------------------------------------------------------------


def test_a_verify_only_run_says_erased_and_fails():
    assert "Erased" in text("nwipe-0.34-hdd-verify-zero.log")
    assert verdict_of(raw("nwipe-0.34-hdd-verify-zero.log")).reasons == ("verify_only",)


def test_a_verify_only_run_dressed_up_as_a_wipe_contradicts_itself():
    dressed = Edit.of("nwipe-0.34-hdd-verify-zero.log").change("Verify Zeros (0x00)", "DoD Short")
    refused(dressed, "script", "contradiction")


def test_success_without_a_started_wipe_proves_nothing():
    idle = Edit(text(DODSHORT).split("\n")).until("Invoking method")
    idle = Edit([*idle.lines, *text(DODSHORT).split("\n")[-3:]])
    verdict = verdict_of(str(idle))
    assert verdict.verdict != "pass" and "too_few_passes" in verdict.reasons
    assert read(str(idle).encode()).has("nothing_wiped")


@pytest.mark.parametrize("word", ["UABORTED", "-FAILED-", "INSANITY", " erased "])
def test_any_other_status_than_erased_refuses(word: str):
    assert verdict_of(str(Edit.of(DODSHORT).change("| Erased |", f"|{word}|"))).verdict != "pass"


@pytest.mark.parametrize(
    "name",
    ["nwipe-0.34-hdd-aborted.log", "nwipe-0.34-hdd-aborted-early.log", "nwipe-0.34-hdd-write-error.log",
     "nwipe-0.34-hdd-verify-one-mismatch.log", "nwipe-0.42-hdd-write-error.log", "nwipe-0.40-hdd-read-error.log"],
)  # fmt: skip
def test_a_bad_status_painted_over_is_noticed(name: str):
    painted = Edit.of(name).each(lambda line: line.replace("UABORTED", " Erased ").replace("-FAILED-", " Erased "))
    verdict = verdict_of(str(painted))
    assert verdict.verdict != "pass" and {"contradiction", "truncated", "verify_only"} & set(verdict.reasons)


def test_a_bad_status_and_its_errors_painted_over_are_noticed():
    painted = Edit.of("nwipe-0.34-hdd-write-error.log").change("-FAILED-", " Erased ")
    painted = painted.change("                    4", "                    0")
    refused(painted, "erased_with_errors", "contradiction")
    painted = painted.drop("Nwipe exited with errors on device")
    refused(painted, "closing_disagrees", "contradiction")
    whole = "Nwipe successfully completed. See summary table for details."
    errors = "Nwipe exited with errors, check the log & summary table for individual drive status."
    refused(painted.change(errors, whole), "erased_with_errors", "contradiction")


def test_a_log_under_an_older_version_s_name_is_noticed():
    """The older a log, the fewer lines it needs."""
    old = Edit.of(NEWEST).change("banner       = nwipe 0.42", "banner       = nwipe 0.34")
    refused(old, "version_disagrees", "contradiction")
    refused(old.change("info: nwipe 0.42", "info: nwipe 0.34"), "newer_lines", "contradiction")
    for strange in ("0.42rc", "zero", "0.42.9"):
        assert "version_unknown" in verdict_of(str(Edit.of(NEWEST).change("nwipe 0.42", f"nwipe {strange}"))).reasons, strange


def test_a_day_on_which_the_version_was_not_there_yet_is_told():
    """A live system's clock is often wrong, so this refuses nothing; the grade tells (test_grade)."""
    for name, year, early in ((NEWEST, "2019", True), (NEWEST, "1971", True), (DODSHORT, "2021", True), (DODSHORT, "2023", False), (NEWEST, "2026", False)):
        log = str(Edit.of(name).change("[2026/", f"[{year}/"))
        assert read(log.encode()).has("clock_before_version") == early, (name, year)
        assert verdict_of(log).verdict == "pass"


def test_a_log_that_was_closed_by_the_user_or_with_errors_has_a_row_that_says_so():
    for closing in (
        "Nwipe was aborted by the user. Check the summary table for the drive status.",
        "Nwipe exited with errors, check the log & summary table for individual drive status.",
        "Nwipe was aborted by the user prior to the wipe starting.",
    ):
        whole = "Nwipe successfully completed. See summary table for details."
        refused(Edit.of(DODSHORT).change(whole, closing), "closing_disagrees", "contradiction")


def test_an_abort_that_claims_success_is_noticed():
    aborted = "Nwipe was aborted by the user. Check the summary table for the drive status."
    log = Edit.of("nwipe-0.34-hdd-aborted.log")
    refused(log.change(aborted, "Nwipe successfully completed. See summary table for details."), "closing_disagrees",
            "contradiction")  # fmt: skip


def test_one_disk_of_two_may_fail_without_the_other():
    """The shorter serial begins the longer one's; the shorter failed."""
    both = raw("nwipe-0.34-ssd-prefix-one-fails.log")
    assert verdict_of(both, "semiconductor", "S2RANX0H613905X").verdict == "pass"
    assert verdict_of(both, "semiconductor", "S2RANX0H613905").verdict == "fail"
    assert verdict_of(both, "semiconductor", "S2RANX0H61390").reasons == ("serial_mismatch",)
    assert verdict_of(both, "semiconductor").reasons == ("several_devices",)


def test_two_devices_whose_names_are_cut_alike_are_doubtful():
    """The tables show the last eight characters of a name: then a row can't be given to a device with certainty."""
    names = {"/dev/sda": "/dev/mapper/one-cryptdisk", "/dev/sdc": "/dev/mapper/two-cryptdisk"}
    alike = Edit.of(TWO_DISKS)
    for short, long in names.items():
        alike = alike.change(short, long).change(f"     {short[5:]} |", f"{long[-8:]} |")
    evidence = read(str(alike).encode())
    assert evidence.has("ambiguous_rows")
    assert [row.serial for row in evidence.devices] == [DISK, DRIVE]
    for serial in (DISK, DRIVE):
        verdict = verdict_of(str(alike), serial=serial)
        assert (verdict.verdict, verdict.reasons) == ("unknown", ("several_devices",))


def test_a_name_that_was_cut_but_fits_one_device_only_is_no_trouble():
    cut = Edit.of(DODSHORT).change("/dev/sda", "/dev/mapper/one-cryptdisk").change("     sda |", "ryptdisk |")
    assert verdict_of(str(cut)).verdict == "pass"


def test_a_row_of_a_device_nobody_started_is_noticed():
    extra = "       sdz | Erased |   0 B/s | 00:00:05 | DISK/OTHER"
    refused(Edit.of(DODSHORT).after("| Erased |", extra), "row_of_no_device", "contradiction")


def test_two_nodes_with_one_serial_are_doubtful():
    """A dock gives every disk its own serial; one disk may show up twice."""
    twin = next(line for line in Edit.of(DODSHORT).lines if "Found /dev/sda" in line)
    doubled = Edit.of(DODSHORT).after("Found /dev/sda", twin.replace("/dev/sda", "/dev/sdb"))
    assert verdict_of(str(doubled)).reasons == ("several_devices",)


def test_a_dock_s_serial_binds_nothing():
    warning = "[2026/11/22 06:40:40] warning: /dev/sda USB bridge, no pass-through support"
    docked = Edit.of(DODSHORT).change(",  ATA,", ",  USB,")
    assert verdict_of(str(docked)).verdict == "pass"
    assert verdict_of(str(docked.after("Found /dev/sda", warning))).reasons == ("no_serial",)


def test_hidden_sectors_that_were_not_wiped_fail():
    stars = "[2026/11/22 06:49:46] warning:  *********************************"
    shown = "[2026/11/22 06:49:46] warning:  *** HIDDEN SECTORS DETECTED ! *** on /dev/sda"
    hidden = Edit.of(NEWEST).drop("No hidden sectors on").after("Found /dev/sda", stars, shown, stars)
    assert verdict_of(str(hidden)).reasons == ("hidden_sectors",)
    # in other words, or without a device, it holds for all
    reworded = hidden.change("*** HIDDEN SECTORS DETECTED ! *** on /dev/sda", "HIDDEN SECTORS DETECTED (262144)")
    assert verdict_of(str(reworded)).reasons == ("hidden_sectors",)
    # taking the middle line out leaves the frame
    refused(hidden.drop("HIDDEN SECTORS"), "hidden_sectors_line", "truncated")
    # a version that didn't look for them says nothing about them
    refused(Edit.of(DODSHORT).after("Found /dev/sda", shown.replace("06:49:46", "06:40:41")), "newer_lines", "hidden_sectors")


def test_hidden_sectors_that_the_tool_could_not_tell_are_unknown():
    """From 0.35 on the tool looks for them; what it couldn't see, or doesn't say, nobody knows."""
    nothing = "    info: No hidden sectors on /dev/sda"
    unsure = " warning: HIDDEN SECTORS INDETERMINATE! on /dev/sda, Some USB adapters & memory sticks don't support ATA pass-through"
    for name in (NEWEST, "nwipe-0.36-hdd-dodshort.log", "nwipe-0.40-hdd-dodshort.log"):
        for doubtful in (Edit.of(name).change(nothing, unsure), Edit.of(name).drop("No hidden sectors on")):
            verdict = verdict_of(str(doubtful))
            assert (verdict.verdict, verdict.reasons) == ("unknown", ("hidden_unknown",)), name
            assert [one.value for one in read(str(doubtful).encode()).findings if one.code == "hidden_sectors"] == [None]
        assert verdict_of(raw(name)).verdict == "pass"
    for name in ("nwipe-0.42-nvme-prng.log", "nwipe-0.40-nvme-prng.log"):  # NVMe has nothing of the kind
        assert verdict_of(raw(name), "semiconductor").verdict == "pass"
    # nor does another bus on paper help: the node's name says what it is
    for bus in ("NVME", " MMC", "VIRT"):
        refused(Edit.of(NEWEST).drop("No hidden sectors on").change("/dev/sda,  ATA ", f"/dev/sda, {bus} "), "bus_disagrees", "contradiction")


def test_a_disk_that_admits_to_more_than_was_wiped_fails_whatever_the_log_says():
    more = Edit.of(NEWEST).change("HPA values 131072 / 131072 on", "HPA values 131072 / 262144 on")
    refused(more, "hidden_sectors_disagree", "hidden_sectors")
    dco = Edit.of(NEWEST).change(
        "NWipe: DCO Real max sectors reported as 1 on", "NWipe: DCO Real max sectors reported as 131073 on"
    )
    refused(dco, "hidden_sectors_disagree", "hidden_sectors")
    total = Edit.of(NEWEST).change("         67108864 |           100.00%", "        134217728 |            50.00%")
    assert "hidden_sectors" in verdict_of(str(total)).reasons


# --- two places that should agree ----------------------------------------------------------------------------

DISAGREE = [
    ("  method   = DoD Short", "  method   = Gutmann Wipe", "method_disagrees"),
    ("Invoking method 'DoD Short'", "Invoking method 'PRNG Stream'", "method_disagrees"),
    ("B/s, DoD Short, 1R", "B/s, DoD 5220.22-M, 1R", "method_disagrees"),
    ("  rounds   = 1", "  rounds   = 2", "rounds_disagrees"),
    (", 1R+B+VL", ", 3R+B+VL", "rounds_disagrees"),
    ("  verify   = 1 (last pass)", "  verify   = 2 (all passes)", "verify_disagrees"),
    (", 1R+B+VL", ", 1R+B+VA", "verify_disagrees"),
    (", 1R+B+VL", ", 1R+NB+VL", "blank_disagrees"),
    ("S/N=WD-WCAYU4R7X19K", "S/N=WD-WCAYU4R7X19L", "serial_disagrees"),
    ("has serial number WD-WCAYU4R7X19K", "has serial number WD-OTHER", "serial_disagrees"),
    ("WDC WD5000AAKX-6/WD-WCAYU4R7X19K", "WDC WD5000AAKX-6/WD-OTHER", "identity_disagrees"),
    ("WDC WD5000AAKX-6/WD", "SOME OTHER DISK/WD", "identity_disagrees"),
    ("  67 MB, S/N", " 500 GB, S/N", "size_disagrees"),
    ("512/4096/67108864", "512/4096/33554432", "more_than_capacity"),
    ("00:00:05", "05:00:05", "duration_disagrees"),
    ("  quiet    = 0", "  quiet    = 1", "quiet_disagrees"),
    ("       sda |           0 |", "       sda |           7 |", "erased_with_errors"),
    ("[SUCCESS] Blanked device /dev/sda", "[FAILURE] /dev/sda may not be blanked", "erased_with_errors"),
    ("Starting pass 2/3", "Starting pass 1/3", "script"),
    ("Finished pass 3/3", "Finished pass 3/4", "script"),
    ("round 1/1, on /dev/sda", "round 2/1, on /dev/sda", "script"),
    ("[2026/11/22 06:40:4", "[2026/02/30 06:40:4", "no_such_time"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "detail"), DISAGREE, ids=[f"{d}-{at}" for at, (*_, d) in enumerate(DISAGREE)])
def test_a_line_that_disagrees_with_another_is_noticed(old: str, new: str, detail: str):
    refused(Edit.of(DODSHORT).change(old, new, times=1 if detail in ("script",) else 0), detail, "contradiction")


def test_the_newest_log_has_one_more_place_that_must_agree():
    refused(Edit.of(NEWEST).change("sda |          67108864", "sda |          67108352"), "bytes_disagree", "contradiction")


def test_one_line_s_time_out_of_order_is_noticed_but_not_a_network_clock_s_small_step():
    step = Edit.of(DODSHORT).change("[2026/11/22 06:40:45]", "[2026/11/22 06:40:42]", times=1)
    assert "clock_backwards" not in seen(step)
    refused(Edit.of(DODSHORT).change("[2026/11/22 06:40:45]", "[2026/11/22 05:40:45]", times=1), "clock_backwards",
            "contradiction")  # fmt: skip


def test_a_time_written_in_another_way_than_the_tool_s_is_no_time():
    """Found by fuzzing: a zone in place of the seconds can't be compared with times that have none."""
    for odd in ("2026-11-22T06:40+01", "2026/11/22 06:40:4Z", "2026/11/22T06:40:45", "20261122T064045.000"):
        log = Edit.of(DODSHORT).change("[2026/11/22 06:40:45]", f"[{odd.ljust(19)}]", times=1)
        assert verdict_of(str(log)).verdict != "pass"


def test_lines_that_stand_there_twice_are_noticed():
    log = Edit.of(DODSHORT)
    for part, detail in (
        ("Finished pass 1/3", "script"),
        ("bytes written", "script"),
        ("Invoking method", "script"),
        ("  method   =", "option_twice"),
        ("  verify   =", "option_twice"),
        ("Total Throughput", "total_twice"),
        ("| Erased |", "row_of_no_device"),
    ):
        line = next(line for line in log.lines if part in line)
        refused(log.after(part, line), detail, "contradiction")


def test_two_tables_of_a_kind_are_noticed():
    lines = Edit.of(DODSHORT).lines
    begin = next(at for at, line in enumerate(lines) if "Drive Status" in line)
    again = Edit([*lines[: begin + 5], *lines[begin:]])
    refused(again, "table_twice", "contradiction")


def test_a_geometry_that_is_told_twice_must_be_the_same():
    other = "[2026/11/22 06:40:42]  notice: /dev/sda, sect/blk/dev 512/4096/134217728"
    refused(Edit.of(DODSHORT).after("sect/blk/dev", other), "geometry_disagrees", "contradiction")


def test_a_row_unlike_any_is_noticed():
    refused(Edit.of(DODSHORT).change("| Erased |", "| Erased"), "row_unlike_any", "contradiction")


def test_more_than_a_disk_can_take_is_a_contradiction():
    """A terabyte in seconds."""
    tera = Edit.of(DODSHORT).each(lambda line: line.replace("67108864", "1000204886016").replace(" 67 MB", " 1000 GB"))
    assert verdict_of(str(tera)).reasons == ("contradiction", "read_from_memory")


def timed(name: str, *, write: int, read_: int, size: int = 1_000_204_886_016) -> Edit:
    """The log as it would stand for a disk of `size` bytes whose passes took so many seconds each."""
    begun, late, last, lines = None, 0, 0, []
    shown = f"{size // 10**9:4d} GB" if size >= 10**10 else f"{size // 10**6:4d} MB"
    for line in Edit.of(name).each(lambda one: re.sub(r" {2,3}67 MB", f" {shown}", one.replace("67108864", str(size)))).lines:
        hit = re.match(r"\[([0-9/]{10} [0-9:]{8})\] ", line)
        if hit is None:
            lines.append(line)
            continue
        late += write if " bytes written to " in line else read_ if " bytes read from " in line else 0
        now = datetime.strptime(hit[1], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC) + timedelta(seconds=late)
        begun = now if begun is None and "Invoking" in line else begun
        last = int((now - begun).total_seconds()) if begun and "Blanked device" in line else last
        lines.append(f"[{now:%Y/%m/%d %H:%M:%S}] {line[hit.end() :]}")
    moved = size * sum(" bytes written to " in line or " bytes read from " in line for line in lines)
    took = f"{last // 3600:02d}:{last // 60 % 60:02d}:{last % 60:02d}"
    return Edit([re.sub(r" [0-9]+ MB/s", f" {moved // last // 1_000_000} MB/s", re.sub(r"\| 00:00:0[0-9] \|", f"| {took} |", line)) for line in lines])


@pytest.mark.parametrize("name", [DODSHORT, NEWEST])
def test_a_disk_is_neither_written_nor_read_faster_than_it_turns(name: str):
    assert verdict_of(str(timed(name, write=7200, read_=7000))).verdict == "pass"
    assert verdict_of(str(timed(name, write=1700, read_=1700))).verdict == "pass"  # 588 MB/s
    for seconds in (833, 1000, 1600):
        assert verdict_of(str(timed(name, write=seconds, read_=7000))).reasons == ("contradiction",), seconds
    # out of the computer's memory, which is no medium; and faster than that
    assert verdict_of(str(timed(name, write=7200, read_=100))).reasons == ("read_from_memory",)
    assert verdict_of(str(timed(name, write=7200, read_=0))).reasons == ("contradiction", "read_from_memory")


def test_a_small_disk_is_timed_by_the_second():
    assert verdict_of(str(timed(DODSHORT, write=1, read_=1, size=1_199_999_488))).verdict == "pass"
    assert verdict_of(str(timed(DODSHORT, write=1, read_=1, size=1_200_000_512))).reasons == ("read_from_memory",)


def test_the_speed_in_the_last_table_belongs_to_the_rest():
    slow, fast = timed(NEWEST, write=7200, read_=7000), timed(DODSHORT, write=7200, read_=7000)
    assert verdict_of(str(slow)).verdict == verdict_of(str(fast)).verdict == "pass"
    for old, new in ((" 139 MB/s", " 300 MB/s"), (" 139 MB/s", "  64 MB/s"), (" 139 MB/s", "   0 B/s"), (" 139 MB/s", "fast/s")):
        refused(slow.change(old, new), "throughput_disagrees", "contradiction")
    for cell in ("   1 B/s", " 999 TB/s", " 300 MB/s"):
        refused(fast.change("   0 B/s | ", f"{cell} | "), "throughput_disagrees", "contradiction")
    both = Edit.of("nwipe-0.42-two-disks.log")
    total = next(line for line in both.lines if "Total Throughput" in line)
    speed = re.search(r"Throughput\s+(\d+) MB/s", total)
    assert speed is not None and verdict_of(str(both), serial=DISK).verdict == "pass"
    refused(both.change(total, total.replace(speed[1], str(int(speed[1]) + 40))), "throughput_disagrees", "contradiction", serial=DISK)


# --- lines that are missing ------------------------------------------------------------------------------------

NEEDED = [
    "Found /dev/sda",
    "Program options are set",
    "  banner   =",
    "  prng     =",
    "  method   =",
    "  rounds   =",
    "  verify   =",
    "has serial number",
    "sect/blk/dev",
    "Invoking method",
    "Starting round",
    "Starting pass 1/3",
    "Finished pass 2/3",
    "Finished final round",
    "Blanking device",
    "Verifying that /dev/sda",
    "bytes read from",
    "Verified that /dev/sda",
    "Blanked device",
    "Pass Errors",
    "       sda |           0",
    "HH:MM:SS",
    "| Erased |",
    "Total Throughput",
    "Nwipe successfully",
]


@pytest.mark.parametrize("part", NEEDED)
def test_each_line_the_tool_always_writes_is_missed(part: str):
    evidence = read(str(Edit.of(DODSHORT).drop(part)).encode())
    assert not evidence.complete
    verdict = verdict_of(str(Edit.of(DODSHORT).drop(part)))
    assert verdict.verdict != "pass" and "truncated" in verdict.reasons


def test_a_table_without_its_end_is_cut_off():
    lines = text(DODSHORT).split("\n")
    for part in ("       sda |           0", "| Erased |"):
        at = next(at for at, line in enumerate(lines) if part in line)
        refused(Edit([*lines[: at + 1], *lines[at + 2 :]]), "table_end", "truncated")


def test_the_newest_tool_s_third_table_is_missed_too():
    lines = text(NEWEST).split("\n")
    begin = next(at for at, line in enumerate(lines) if "Erasure Summary" in line)
    refused(Edit([*lines[:begin], *lines[begin + 6 :]]), "table", "truncated")


def test_one_pass_s_bytes_missing_is_a_gap():
    at = next(at for at, line in enumerate(Edit.of(DODSHORT).lines) if "bytes written" in line)
    lines = Edit.of(DODSHORT).lines
    refused(Edit([*lines[:at], *lines[at + 1 :]]), "script", "truncated")


@pytest.mark.parametrize("name", [DODSHORT, NEWEST])
@pytest.mark.parametrize("part", ["Starting pass 2/3", "Blanking device", "Pass Errors", "Drive Status", "Nwipe succ"])
def test_a_log_that_is_cut_off_is_read_but_unknown(name: str, part: str):
    cut = Edit.of(name).until(part)
    verdict = verdict_of(str(cut))
    assert (verdict.verdict, verdict.reasons) == ("unknown", ("truncated",))
    assert not read(str(cut).encode()).complete


def test_the_closing_sentence_must_be_whole():
    whole = text(DODSHORT)
    assert verdict_of(whole.rstrip("\n")).verdict == "pass"
    assert verdict_of(whole.rstrip("\n")[:-1]).verdict == "unknown"


def test_a_method_s_name_made_up_is_unknown():
    verdict = verdict_of(str(Edit.of(DODSHORT).change("DoD Short", "Quantum Foam")))
    assert (verdict.verdict, verdict.reasons) == ("unknown", ("method_unknown",))


# --- runs in one file ---------------------------------------------------------------------------------------------


def test_two_runs_on_two_disks_are_told_apart_by_serial():
    one, other = text(DODSHORT), text("nwipe-0.34-hdd-dodshort-rounds-2.log")
    both = one + other
    assert verdict_of(both).reasons == ("several_devices",)
    assert verdict_of(both, serial=DISK).verdict == "pass"
    assert verdict_of(both, serial="Z1D5JQ8M").verdict == "pass"
    assert verdict_of(both, serial=DRIVE).reasons == ("serial_mismatch",)


def test_two_runs_on_one_disk_are_doubtful_even_if_one_passes():
    zeros, wiped = text("nwipe-0.34-hdd-zero.log"), text(DODSHORT)
    for both in (zeros + wiped, wiped + zeros, wiped + wiped):
        assert verdict_of(both, serial=DISK).verdict != "pass"
        assert "several_devices" in verdict_of(both, serial=DISK).reasons


def test_a_run_that_was_cut_off_is_not_healed_by_the_next():
    torn = str(Edit.of("nwipe-0.34-hdd-dodshort-rounds-2.log").until("Drive Status")) + "\n" + text(DODSHORT)
    assert "truncated" in verdict_of(torn, serial=DISK).reasons
    assert verdict_of(torn, serial=DISK).verdict != "pass"


def test_one_run_s_options_do_not_serve_the_next():
    """The second run verified nothing; the first did."""
    both = text("nwipe-0.34-hdd-dodshort-rounds-2.log") + text("nwipe-0.34-hdd-dodshort-verify-off.log")
    assert verdict_of(both, serial=DISK).reasons == ("not_verified",)
    assert verdict_of(both, serial="Z1D5JQ8M").verdict == "pass"


# --- a device's own text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    ["Erased", "| Erased |", "X, 67 MB, S/N=FAKE", "<script>alert(1)</script>", "%s%n", "[SUCCESS] Blanked", "/dev/sda"],
)
def test_a_model_may_be_called_anything(model: str):
    named = Edit.of(DODSHORT).each(lambda line: line.replace("WDC WD5000AAKX-6", model[:17]))
    evidence = read(str(named).encode())
    assert evidence.devices[0].serial == DISK
    assert verdict_of(str(named)).verdict == "pass"
    failed = Edit.of("nwipe-0.34-hdd-write-error.log").each(lambda line: line.replace("WDC WD3200AAJS-0", model[:17]))
    assert verdict_of(str(failed)).verdict == "fail"


def test_a_model_with_a_line_end_in_it_writes_no_lines_of_its_own():
    """The firmware's name holds a whole row of the last table, or a finished pass."""
    broken = Edit.of(DODSHORT).change("WDC WD5000AAKX-6/", "X\n       sdb | Erased |   0 B/s | 00:00:05 | X/")
    assert verdict_of(str(broken)).verdict != "pass"
    failed = Edit.of("nwipe-0.34-hdd-write-error.log")
    forged = failed.change("WDC WD3200AAJS-0/", "X\n       sda | Erased |   0 B/s | 00:00:05 | WDC WD3200AAJS-0/")
    assert verdict_of(str(forged)).verdict != "pass"


def test_an_invisible_letter_in_a_name_is_shown():
    row = read(str(Edit.of(DODSHORT).change("WDC WD5000AAKX-6", "WDC\u202eWD5000AAKX")).encode()).devices[0]
    assert row.model == "WDC\ufffdWD5000AAKX"


# --- before 0.31 ------------------------------------------------------------------------------------------------


def oldest() -> Edit:
    """What 0.30 wrote, by its source: no error table, no "bytes read", another last line."""
    lines = Edit.of(DODSHORT).drop("bytes read from").lines
    begin = next(at for at, line in enumerate(lines) if "Error Summary" in line)
    log = Edit([*lines[:begin], *lines[begin + 6 :]]).change("nwipe 0.33", "nwipe 0.30")
    log = log.change("!   Device | Status", "! Device | Status").change("       sda | Erased", "     sda | Erased")
    return log.change("Nwipe successfully completed. See summary table for details.", "Nwipe successfully exited.")


def test_the_oldest_logs_are_read_by_their_own_rules():
    """They are read without a contradiction, but none was ever seen, and no table says that there was no error: unknown."""
    for version in ("0.30", "0.24"):
        verdict = verdict_of(str(oldest().change("nwipe 0.30", f"nwipe {version}")))
        assert (verdict.verdict, verdict.reasons) == ("unknown", ("truncated", "version_unknown"))
    assert verdict_of(str(Edit.of(DODSHORT).change("nwipe 0.33", "nwipe 0.32"))).reasons == ("version_unknown",)
    assert verdict_of(str(oldest().change("nwipe 0.30", "nwipe 0.33"))).verdict != "pass"
    trouble = "[2026/11/22 06:40:47]   error: 3 verification errors on '/dev/sda'."
    assert verdict_of(str(oldest().after("Blanked device", trouble))).verdict != "pass"
