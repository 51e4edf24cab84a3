"""A shop wipes one disk, today, with the real tool: the harness that makes evidence really makes it."""

from pathlib import Path

import pytest

from tests.harness import emulated_guest
from tests.harness.emulated_disks import NVME_MODEL, Disk, EmulationError, missing, run

SIZE = 64 << 20
WIPE = "nwipe --autonuke --nogui --method=dodshort --verify=last --logfile=/out/wipe.log $(node Z9AKM4T7)"


@pytest.fixture
def emulation() -> None:
    reason = missing()
    if reason:
        pytest.skip(reason)


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.usefixtures("emulation")
def test_a_fresh_log_names_the_disk_and_its_size(tmp_path: Path) -> None:
    job = f"blockdev --getsize64 $(node Z9AKM4T7) >/out/size\n{WIPE}"
    files = run(job, [Disk("hdd", "Z9AKM4T7", "ST1000DM010-2EP102")], tmp_path)
    assert files["size"].read_text().strip() == str(SIZE)
    log = files["wipe.log"].read_text()
    assert "/dev/sda has serial number Z9AKM4T7" in log
    assert f"/dev/sda, sect/blk/dev 512/4096/{SIZE}" in log
    assert log.count(f"{SIZE} bytes written to /dev/sda") == 4  # three passes and the blank
    assert "| Erased |" in log


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.usefixtures("emulation")
def test_a_job_that_never_ends_is_an_error_and_not_an_empty_result(tmp_path: Path) -> None:
    with pytest.raises(EmulationError, match="not finished after 5 s"):
        run("sleep 1000", [Disk("ssd", "2013E29B7F4D", "CT500MX500SSD1")], tmp_path, limit=5)


def test_a_machine_without_qemu_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulated_guest, "ON_HOST", ("qemu-system-of-nobody",))
    monkeypatch.setattr(emulated_guest, "IN_GUEST", ())
    assert "not installed here: qemu-system-of-nobody" in (missing() or "")


def test_a_machine_that_can_get_no_kernel_is_told_so_and_one_that_has_it_needs_no_apt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("ON_HOST", "IN_GUEST"):
        monkeypatch.setattr(emulated_guest, name, ())
    monkeypatch.setattr(emulated_guest, "CACHE", tmp_path)
    (tmp_path / "apt-cache").write_text("#!/bin/sh\necho 'E: No packages found' >&2; exit 100\n")
    (tmp_path / "apt-cache").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert "no linux-image package" in (missing() or "")
    (tmp_path / "kernel").mkdir()
    assert missing() is None


@pytest.mark.parametrize(
    ("serial", "model"),
    [("", "ST500LM030"), ("X" * 21, "ST500LM030"), ("A,B", "ST500LM030"), ("A", "M" * 41)],
)
def test_an_identity_that_no_disk_can_carry_is_refused(serial: str, model: str) -> None:
    with pytest.raises(ValueError, match="serial"):
        Disk("hdd", serial, model)


def test_an_nvme_drive_takes_only_the_model_that_qemu_gives_it() -> None:
    assert Disk("nvme", "S4GENX0N508213").model == NVME_MODEL
    with pytest.raises(ValueError, match="NVMe"):
        Disk("nvme", "S4GENX0N508213", "Samsung SSD 970 EVO")


def test_seven_sata_disks_are_one_too_many(tmp_path: Path) -> None:
    disks = [Disk("hdd", f"Z9AKM4T{number}", "ST1000DM010-2EP102") for number in range(7)]
    with pytest.raises(ValueError, match="6 SATA ports"):
        run("true", disks, tmp_path)
