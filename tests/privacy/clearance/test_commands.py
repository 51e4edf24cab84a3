"""A wipe by the medium's own command: what its controller attests, and what it doesn't. Each refusal beside its genuine twin.

No committed file shows a sanitize of a real drive, so these rows are written as the readers would give them."""

from dataclasses import replace

import pytest

from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import judge
from privacy.evidence.model import Counters, DeviceRow, Evidence, Finding

CN, NIST, HK = (get_profile(one) for one in ("CN-GB46864-2025", "NIST-800-88r2", "HK-G3"))

# an NVMe drive that says: block erase ended, nothing written since
NVME = DeviceRow(
    node="nvme0",
    serial="S4EWNF0M612345",
    model="Samsung SSD 970 EVO",
    capacity_bytes=500_107_862_016,
    status="erased",
    errors=None,
    bus="NVME",
    medium="semiconductor",
    technique="block_erase",
    serial_source="nvme",
    counters=Counters(data_erased=True),
)
# a SATA drive: ATA has no mark of later writes
SATA = replace(NVME, node="/dev/sda", bus="ATA", serial="1845E1D63A2F", serial_source="ata", counters=None)
DISK = replace(SATA, serial="WD-WCC4E5KNRY27", medium="magnetic", technique="security_erase_enhanced")


def state(row: DeviceRow, *findings: Finding, **more: object) -> Evidence:
    values: dict[str, object] = {
        "sha256": "00" * 32, "format": "nvme-json", "parser": "nvme 1", "tool": "nvme-cli", "tool_version": "2.3",
        "complete": True, "devices": (row,), "findings": findings, "kind": "state",
    }  # fmt: skip
    return Evidence(**{**values, **more})  # type: ignore[arg-type]


def reasons(row: DeviceRow, *findings: Finding, profile=CN, medium: str = "semiconductor", **more: object) -> tuple[str, ...]:
    return judge(state(row, *findings, **more), None, profile, medium).reasons


def said(code: str, value: bool | None = True, node: str | None = None) -> Finding:
    return Finding(code=code, value=value, node=node)


def test_a_block_erase_that_ended_passes_without_passes_sizes_or_read_back():
    verdict = judge(state(NVME), None, CN, "semiconductor")
    assert (verdict.verdict, verdict.reasons, verdict.technique, verdict.level) == ("pass", (), "block_erase", "purge")
    assert reasons(SATA) == ()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (replace(NVME, status="failed"), ("failed",)),
        (replace(NVME, status="aborted"), ("aborted",)),
        (replace(NVME, errors=1, status="failed"), ("failed", "errors")),
        (replace(NVME, status=None), ("truncated",)),
        (replace(NVME, counters=Counters(data_erased=False)), ("data_written_since",)),
        (replace(NVME, counters=Counters(data_erased=None)), ("erasure_unconfirmed",)),
        (replace(NVME, counters=None), ("erasure_unconfirmed",)),
        (replace(SATA, bus=None), ("erasure_unconfirmed",)),
        (replace(SATA, security_enabled=True), ("security_left_on",)),
        (replace(SATA, native_bytes=500_107_862_017), ("hidden_sectors",)),
        (replace(NVME, serial_source="bridge"), ("no_serial",)),
        (replace(NVME, serial_source="typed"), ("no_serial",)),
    ],
)
def test_what_speaks_against_it(row: DeviceRow, told: tuple[str, ...]):
    assert reasons(row) == told


@pytest.mark.parametrize(
    "row",
    [
        replace(NVME, errors=0),
        replace(SATA, counters=Counters(data_erased=None, power_on_hours=5)),
        replace(SATA, counters=Counters(data_erased=True)),
        replace(SATA, security_enabled=False),
        replace(SATA, security_enabled=None),
        replace(SATA, native_bytes=500_107_862_016),
        replace(SATA, native_bytes=None),
        replace(SATA, native_bytes=500_107_862_017, capacity_bytes=None),
        replace(NVME, serial_source=None),
    ],
)
def test_and_what_does_not(row: DeviceRow):
    assert reasons(row) == ()


def test_ata_s_missing_mark_excuses_no_later_write():
    assert reasons(replace(SATA, counters=Counters(data_erased=False))) == ("data_written_since",)


def test_a_status_that_is_not_there_says_why():
    row = replace(NVME, status=None)
    assert reasons(row, said("in_progress")) == ("in_progress",)
    assert reasons(row, said("never_wiped")) == ("never_wiped",)
    assert reasons(row, said("never_wiped"), said("in_progress")) == ("never_wiped",)
    assert reasons(row, said("in_progress", node="nvme0")) == ("in_progress",)
    assert reasons(row, said("in_progress", node="nvme1")) == ("truncated",)
    assert reasons(row, said("in_progress", False), said("never_wiped", None)) == ("truncated",)
    assert judge(state(row, said("never_wiped")), None, CN, "semiconductor").verdict == "fail"
    assert judge(state(row, said("in_progress")), None, CN, "semiconductor").verdict == "unknown"


def test_a_file_that_only_tells_how_a_medium_is_proves_no_wipe():
    idle = replace(NVME, technique=None)
    assert reasons(idle) == ("not_a_wipe",)
    assert reasons(idle, said("never_wiped")) == ("never_wiped",)
    assert reasons(replace(idle, security_enabled=True)) == ("security_left_on", "not_a_wipe")
    assert reasons(replace(idle, hidden_sectors=True)) == ("hidden_sectors", "not_a_wipe")


def test_a_statement_is_refused_as_such_whatever_it_claims():
    assert reasons(NVME, kind="statement") == ("statement_only",)
    assert reasons(replace(NVME, technique=None), kind="statement") == ("statement_only",)
    assert judge(state(NVME, kind="statement"), None, CN, "semiconductor").verdict == "unknown"


def test_a_format_of_which_no_real_file_was_read_is_no_proof_yet():
    assert reasons(NVME, real_seen=False) == ("format_unproven",)
    assert reasons(NVME, kind="statement", real_seen=False) == ("statement_only",)


def test_a_version_nobody_knows_is_not_believed():
    assert reasons(NVME, said("version_unknown")) == ("version_unknown",)
    assert reasons(NVME, said("version_unknown", None)) == ()


def test_a_host_s_overwrite_and_the_medium_s_own_are_two_techniques():
    own = replace(NVME, technique="overwrite")
    assert judge(state(own), None, CN, "semiconductor").technique == "sanitize_overwrite"
    assert judge(state(own), None, NIST, "semiconductor").level == "purge"
    logged = judge(state(own, kind="run"), None, CN, "semiconductor")
    assert logged.technique == "overwrite" and "capacity_unknown" in logged.reasons


# --- which profile takes which technique, and the level it reaches ------------------------------------------------------

TAKEN = {
    ("semiconductor", "block_erase"): ("purge", "purge", "purge"),
    ("semiconductor", "crypto_erase"): (None, "purge", None),
    ("semiconductor", "security_erase"): (None, "clear", None),
    ("semiconductor", "security_erase_enhanced"): (None, "clear", None),
    ("semiconductor", "overwrite"): ("purge", "purge", None),
    ("semiconductor", "format"): (None, None, None),
    ("semiconductor", "trim"): (None, None, None),
    ("semiconductor", "factory_reset"): (None, None, None),
    ("magnetic", "overwrite"): (None, "purge", None),
    ("magnetic", "security_erase"): (None, "clear", None),
    ("magnetic", "security_erase_enhanced"): (None, "purge", None),
    ("magnetic", "crypto_erase"): (None, "purge", None),
    ("magnetic", "block_erase"): (None, None, None),
}


@pytest.mark.parametrize(("medium", "technique"), sorted(TAKEN))
def test_one_command_three_standards(medium: str, technique: str):
    """Crypto erase is purge for NIST, never enough alone in Hong Kong, and not named by the mainland's standard."""
    row = replace(DISK if medium == "magnetic" else SATA, technique=technique)
    for profile, level in zip((CN, NIST, HK), TAKEN[medium, technique], strict=True):
        verdict = judge(state(row), None, profile, medium)
        assert verdict.reasons == (() if level else ("technique_insufficient",)), profile.id
        assert verdict.level == level


def test_the_row_of_a_device_may_take_other_techniques_than_its_kind():
    cut = replace(SATA, technique="format")
    assert reasons(cut, profile=NIST) == ("technique_insufficient",)
    nvme = NIST.find_row("laptop", "nvme")
    assert nvme and judge(state(cut), None, NIST, "semiconductor", accepts=nvme.accepts).level == "clear"
    assert judge(state(SATA), None, CN, "semiconductor", accepts={"overwrite": "clear"}).reasons == ("technique_insufficient",)


def test_the_other_kind_than_was_registered_fails_only_where_something_is_registered():
    """The stricter rule could be dodged by entering a disk as flash."""
    disk = replace(SATA, medium="magnetic")
    assert judge(state(disk), None, CN, "semiconductor", registered=True).reasons == ("medium_mismatch",)
    assert judge(state(disk), None, CN, "semiconductor", registered=True).verdict == "fail"
    assert judge(state(disk), None, CN, "semiconductor").reasons == ()
    assert judge(state(SATA), None, CN, "semiconductor", registered=True).reasons == ()
    assert judge(state(replace(SATA, medium=None)), None, CN, "semiconductor", registered=True).reasons == ()
    assert judge(state(replace(SATA, medium=None), devices=()), None, CN, "semiconductor", registered=True).reasons == ("no_device",)


def test_a_level_is_told_for_a_pass_only():
    assert judge(state(replace(NVME, status="failed")), None, CN, "semiconductor").level is None
    assert judge(state(replace(NVME, status="failed")), None, CN, "semiconductor").technique == "block_erase"
    assert judge(state(NVME, devices=()), None, CN, "semiconductor").technique is None
