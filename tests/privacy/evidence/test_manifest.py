"""Every real log in the fixtures is judged as its manifest says, which was reasoned out without the reader."""

import hashlib

import pytest

from privacy.evidence.readers import read
from tests.conftest import samples
from tests.privacy.evidence.logs import PROFILE, Expected, details, expectations, manifest, raw, verdict_of


@pytest.mark.parametrize("expected", expectations(), ids=str)
def test_each_real_log_is_judged_as_what_happened(expected: Expected):
    verdict = verdict_of(raw(expected.file), expected.medium, expected.serial)
    assert verdict.verdict in expected.verdicts, verdict.reasons
    assert expected.reasons <= set(verdict.reasons)
    assert (verdict.verdict == "pass") == (not verdict.reasons)
    assert (verdict.profile, verdict.profile_version) == (PROFILE.id, PROFILE.version)


def test_the_corpus_holds_all_three_verdicts_and_many_versions():
    said = [expected.verdicts[0] for expected in expectations()]
    assert min(said.count("pass"), said.count("fail"), said.count("unknown")) >= 10
    assert len({str(entry["version"]) for entry in manifest()}) >= 6


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: str(entry["file"]))
def test_each_real_log_is_read_as_what_the_guest_knows(entry: dict[str, object]):
    evidence = read(raw(str(entry["file"])))
    assert evidence.sha256 == hashlib.sha256(raw(str(entry["file"]))).hexdigest() == entry["sha256"]
    assert (evidence.tool, evidence.tool_version) == ("nwipe", entry["version"])
    assert not any(finding.code == "contradiction" for finding in evidence.findings), details(evidence)
    assert evidence.complete == ("killed" not in str(entry["file"])), details(evidence)
    sizes = {disk["serial"]: disk["capacity_bytes"] for disk in entry["disks"]}  # type: ignore[attr-defined]
    for row in evidence.devices:
        if row.serial is not None and row.capacity_bytes is not None:
            assert row.capacity_bytes == sizes[row.serial]


SAMPLES = [
    ("nwipe-hdd-dodshort-verified.log", "magnetic", "WD-WCC4E5KNRY27", "pass", set()),
    ("nwipe-ssd-random.log", "semiconductor", "S3Z8NB0K712345X", "pass", set()),
    ("nwipe-ssd-random.log", "magnetic", "S3Z8NB0K712345X", "fail", {"too_few_passes"}),
    ("nwipe-zero.log", "semiconductor", None, "unknown", {"no_serial"}),
    ("nwipe-zero.log", "magnetic", None, "fail", {"too_few_passes", "no_random_pass", "no_serial"}),
    ("nwipe-verify-only.log", "magnetic", None, "fail", {"verify_only", "no_serial"}),
]


@pytest.mark.parametrize(("name", "medium", "serial", "verdict", "reasons"), SAMPLES)
def test_the_shared_samples(name: str, medium: str, serial: str | None, verdict: str, reasons: set[str]):
    said = verdict_of(samples("wipe", name).read_bytes(), medium, serial)
    assert (said.verdict, set(said.reasons)) == (verdict, reasons)
