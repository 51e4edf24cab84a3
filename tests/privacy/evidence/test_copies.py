"""One wipe handed in twice under two names, versions that never were, and the lines an operator may write himself."""

import re

import pytest

from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers import read
from privacy.evidence.readers.nwipe_versions import DEVELOPMENT
from tests.privacy.evidence.logs import DISK, DODSHORT, DRIVE, NEWEST, TWO_DISKS, Edit, details, manifest, raw, text

NVME = "nwipe-0.42-nvme-prng.log"


def rows(log: str | Edit | bytes) -> tuple[DeviceRow, ...]:
    return read(log if isinstance(log, bytes) else str(log).encode()).devices


def test_no_two_genuine_wipes_have_one_core():
    """But for disks wiped side by side in one file, equal to the second: that file may prove each of them."""
    files = [[row.core for row in rows(raw(str(entry["file"]))) if row.started] for entry in manifest()]
    cores = [core for found in files for core in set(found)]
    assert None not in cores and len(set(cores)) == len(cores) and sum(map(len, files)) > 90


def test_a_run_that_never_began_has_none():
    assert [row.core for row in rows(raw("nwipe-0.42-hdd-aborted-before-start.log"))] == [None]


@pytest.mark.parametrize("name", [DODSHORT, NEWEST, "nwipe-0.34-hdd-gutmann.log", "nwipe-0.40-hdd-aborted.log"])
def test_the_same_log_under_another_name_is_known_again(name: str):
    (own,) = rows(raw(name))
    renamed = re.sub(re.escape(str(own.serial)), "WD-WCC1S0000001", text(name)).replace(str(own.model), "OTHER MODEL")
    renamed = renamed.replace("/dev/sda", "/dev/sdq").replace("       sda |", "       sdq |")
    (copy,) = rows(renamed.encode())
    assert copy.core == own.core and copy.serial == "WD-WCC1S0000001"


def test_another_second_another_figure_another_core():
    (own,) = rows(raw(DODSHORT))
    for old, new in (("06:40:47", "06:40:48"), ("67108864 bytes written", "67108863 bytes written")):
        (other,) = rows(Edit.of(DODSHORT).change(old, new, times=1))
        assert other.core != own.core


def test_a_figure_that_says_nothing_about_the_wipe_makes_no_other_run():
    """Speed, version, tables, a method's other name, the options beside it: none of them is in the core."""
    (own,) = rows(raw(NEWEST))
    for old, new in (
        ("114 MB/s", "115 MB/s"), ("nwipe 0.42", "nwipe 0.41"), ("SplitMix64", "Twister"), ("00:00:03", "00:00:04"), ("100.00%", "99.99%"),
        ("|                    0", "|"), ("sync         = 100000", "sync         = 1"), ("[2026/11/22 06:49:53]", "[2026/11/22 06:49:54]"),
        ("[2026/11/22 06:49:46]", "[2026/11/22 06:49:45]"), ("info: HPA values", "info: APH values"),
    ):  # fmt: skip
        (other,) = rows(Edit.of(NEWEST).change(old, new))
        assert other.core == own.core, old
    zeros = "nwipe-0.34-hdd-zero.log"
    (own,) = rows(raw(zeros))
    (other,) = rows(Edit.of(zeros).change("Fill With Zeros", "Zero Fill"))
    assert other.core == own.core


def test_twins_wiped_side_by_side_share_a_core_in_one_file():
    """Two disks of one model, started in the same second and equally fast; `ProvenRun` lets the first file prove both."""
    lines = [line for line in text(TWO_DISKS).split("\n") if not re.search(r"/dev/sdc|  sdc ", line)]
    twice = []
    for line in lines:
        twice.append(line)
        if re.search(r"/dev/sda|  sda ", line):
            twice.append(line.replace("sda", "sdc").replace(DISK, DRIVE))
    one, two = rows("\n".join(twice).encode())
    assert (one.serial, two.serial) == (DISK, DRIVE) and one.started == two.started
    assert one.core == two.core is not None


# --- versions -------------------------------------------------------------------------------------------------------------


def banner(version: str) -> Evidence:
    """The newest log with another version's name on it."""
    return read(str(Edit.of(NEWEST).change("nwipe 0.42", f"nwipe {version}")).encode())


def test_every_version_in_the_corpus_existed():
    for entry in manifest():
        evidence = read(raw(str(entry["file"])))
        assert not evidence.has("version_unknown") and "version_never_existed" not in details(evidence), entry["file"]


def test_a_version_that_never_was_is_a_contradiction():
    for version in ("0.29", "0.13", "0.01"):
        assert "version_never_existed" in details(banner(version)), version


def test_versions_newer_than_this_reader_and_strange_builds_are_not_known():
    for version in ("0.43", "0.51", "1.0", "0.42.7", "0.41.9", "0.34-1+b1", "0.4"):
        assert banner(version).has("version_unknown") or "version_never_existed" in details(banner(version)), version
    assert banner("0.43").has("version_unknown") and "version_never_existed" not in details(banner("0.43"))


def test_states_of_development_that_the_history_shows_are_known():
    for version in ("0.41.1", "0.38.2", "0.35.9", "0.34.88 Development code, not for production use!"):
        evidence = banner(version)
        assert not evidence.has("version_unknown") and "version_never_existed" not in details(evidence), version
    assert {"0.29.004", "0.30.011", "0.40.02"} <= DEVELOPMENT and "0.34.2" not in DEVELOPMENT


def test_versions_older_than_any_log_that_was_read_are_not_known():
    for version in ("0.32", "0.32.028", "0.31", "0.30", "0.24"):
        assert banner(version).has("version_unknown") and "version_never_existed" not in details(banner(version)), version


# --- what else a row tells ------------------------------------------------------------------------------------------------


def test_whose_serial_it_is():
    assert [row.serial_source for row in rows(raw(NVME))] == ["nvme"]
    assert [row.serial_source for row in rows(raw(DODSHORT))] == ["ata"]
    assert [row.serial_source for row in rows(raw("nwipe-0.34-loop-no-serial.log"))] == [None]
    bridged = Edit.of(DODSHORT).after("Found /dev/sda", "[2026/11/22 06:40:40] warning: /dev/sda USB bridge, no passthru support")
    assert [row.serial_source for row in rows(bridged)] == ["bridge"]


def test_solid_state_is_known_where_the_tool_says_so_and_a_disk_never():
    assert [row.medium for row in rows(raw("nwipe-0.42-ssd-prng.log"))] == ["semiconductor"]
    assert [row.medium for row in rows(raw(NVME))] == ["semiconductor"]
    # before 0.35 the tool knew no solid state, and later it doesn't recognise every one
    assert [row.medium for row in rows(raw("nwipe-0.34-ssd-prng.log"))] == [None]
    assert [row.medium for row in rows(raw(NEWEST))] == [None]


def test_the_native_size_is_told_where_nothing_is_hidden():
    assert [row.native_bytes for row in rows(raw(NEWEST))] == [67108864]
    assert [row.native_bytes for row in rows(raw(DODSHORT))] == [None]


def test_where_a_challenge_can_stand():
    note = "技术员：王师傅 XS-7F3K-2026\n".encode()
    assert read(note + raw(DODSHORT)).texts == ("技术员：王师傅 XS-7F3K-2026",)
    report = raw(NEWEST) + b"Creating PDF report in /reports/XS-7F3K-2026\n"
    assert read(report).texts == ("/reports/XS-7F3K-2026",)
    assert read(raw(DODSHORT)).texts == () and read(raw(NEWEST)).texts == ()
    # a disk may call itself anything: what it says is no note
    hostile = Edit.of(DODSHORT).change("WDC WD5000AAKX-6", "XS-7F3K-2026    ")
    assert read(str(hostile).encode()).texts == ()


def test_an_overwrite_is_called_one_and_a_look_is_not():
    assert [row.technique for row in rows(raw(DODSHORT))] == ["overwrite"]
    assert [row.technique for row in rows(raw("nwipe-0.34-hdd-verify-zero.log"))] == [None]
