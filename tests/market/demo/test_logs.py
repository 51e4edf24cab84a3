"""The committed logs are what their manifest says, pass the deployment's profile, and leave the list once used."""

from pathlib import Path

import pytest

from market.demo import logs
from market.demo.logs import Log, all_logs, find_log, unused_logs
from market.demo.shelves import all_shelved
from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import judge
from privacy.evidence.readers import read
from tests.stories import Disk, laptop

PROFILE = get_profile("CN-GB46864-2025")


@pytest.mark.parametrize("log", all_logs(), ids=lambda log: log.serial)
def test_every_log_passes_for_its_medium_and_for_no_other_serial(log: Log) -> None:
    evidence = read(log.raw)
    good = judge(evidence, None, PROFILE, log.medium, serial=log.serial, capacity=log.capacity_bytes)
    assert (good.verdict, list(good.reasons)) == ("pass", [])
    assert log.capacity_bytes == 64 * 1024 * 1024 and good.device.capacity_bytes == log.capacity_bytes
    other = judge(evidence, None, PROFILE, log.medium, serial="ZZZ999ZZZ", capacity=None)
    assert other.verdict == "fail" and "serial_mismatch" in other.reasons
    assert log.finished.year >= 2026


def test_a_single_pass_is_too_little_for_a_hard_disk() -> None:
    ssd = next(log for log in all_logs() if log.medium == "semiconductor")
    assert judge(read(ssd.raw), None, PROFILE, "magnetic", serial=ssd.serial, capacity=None).verdict == "fail"


def test_twelve_stay_unused_by_the_shelves() -> None:
    taken = {one.wipe.log for one in all_shelved() if one.wipe}
    left = [log for log in all_logs() if log.file not in taken]
    assert len(left) >= 12 and {log.medium for log in left} == {"magnetic", "semiconductor"}


def test_a_used_log_leaves_the_list(session, doing, alice) -> None:
    assert unused_logs(session) == list(all_logs())
    first = all_logs()[0]
    laptop(doing, alice, disks=[Disk(first.serial, "hdd", first.file)])
    assert unused_logs(session) == list(all_logs()[1:])


@pytest.mark.parametrize("name", ["manifest.json", "README.md", "../listings.toml", "/etc/passwd", "", "x.log", "Z9AKM4T7"])
def test_only_names_of_the_manifest_are_found(name: str) -> None:
    assert find_log(name) is None


def test_a_changed_file_is_not_handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = all_logs()[0]
    (tmp_path / log.file).write_bytes(log.raw + b"\n")
    monkeypatch.setattr(logs, "FOLDER", tmp_path)
    with pytest.raises(RuntimeError):
        _ = log.raw
