"""Fresh evidence from real tools: Debian's kernel under QEMU, with made-up disks that have serial numbers.

`run` boots a guest without network, whose only disks are the ones asked for, runs a shell job in it and gives
back every file the job left in /out. In the guest: busybox, nwipe, nvme, hdparm, smartctl, dmidecode, lsblk,
blockdev, and a function `node SERIAL` that prints the disk's device node (names may change from boot to boot,
serials don't).

The emulation is in software, so that it needs no help from the processor. Debian packages needed:
qemu-system-x86 busybox-static kmod cpio nwipe nvme-cli hdparm smartmontools dmidecode.
"""

import subprocess
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.harness.emulated_guest import EmulationError, initrd, missing, vmlinuz

__all__ = ["NVME_MODEL", "Disk", "EmulationError", "missing", "run"]

SATA_PORTS = 6
NVME_MODEL = "QEMU NVMe Ctrl"  # QEMU has no option for it


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk of the guest. `fault` is a QEMU blkdebug configuration, for a disk that fails on purpose."""

    kind: Literal["hdd", "ssd", "nvme"]
    serial: str
    model: str = NVME_MODEL
    size_mib: int = 64
    fault: str | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.serial) <= 20 or not 0 < len(self.model) <= 40:
            raise ValueError("a serial has 1 to 20 characters, a model 1 to 40")
        if "," in self.serial + self.model:
            raise ValueError("QEMU's options don't take a comma in a serial or model")
        if self.kind == "nvme" and self.model != NVME_MODEL:
            raise ValueError(f"QEMU gives every NVMe drive the model {NVME_MODEL!r}")


def run(
    job: str, disks: Sequence[Disk], out: Path, limit: int = 400, programs: Mapping[str, Path] | None = None
) -> dict[str, Path]:
    """Boot with these disks, run `job` (busybox sh), and write what it left in /out to `out`: name -> file.

    `limit` is in seconds of the host's clock. `programs` are further executables by the name they get in the
    guest; the libraries they link come along. Raises EmulationError if the job's end isn't reached in time.
    """
    with tempfile.TemporaryDirectory(prefix="xunshi-emulated-") as folder:
        work = Path(folder)
        options = _drives(disks, work)
        options += ["-kernel", str(vmlinuz()), "-initrd", str(initrd(job, programs or {}, work))]
        _boot([*options, "-append", f"console=ttyS0 loglevel=4 panic=1 DISKS={len(disks)}"], work, limit)
        return _collect(work, out)


def _drives(disks: Sequence[Disk], work: Path) -> list[str]:
    sata = [disk for disk in disks if disk.kind != "nvme"]
    if len(sata) > SATA_PORTS:
        raise ValueError(f"the guest has {SATA_PORTS} SATA ports")
    options = ["-device", "ahci,id=ahci"]
    for number, disk in enumerate(disks):
        image = _image(disk, work / f"disk{number}")
        options += ["-drive", f"id=d{number},file={image},format=raw,if=none,cache=unsafe"]
        if disk.kind == "nvme":
            options += ["-device", f"nvme,drive=d{number},serial={disk.serial}"]
        else:
            rate = 7200 if disk.kind == "hdd" else 1  # ATA: 1 means non-rotating
            port = f"ide-hd,drive=d{number},bus=ahci.{sata.index(disk)}"
            options += ["-device", f"{port},serial={disk.serial},model={disk.model},rotation_rate={rate}"]
    return options


def _image(disk: Disk, path: Path) -> str:
    with path.open("wb") as file:
        file.truncate(disk.size_mib << 20)
    if disk.fault is None:
        return str(path)
    path.with_suffix(".fault").write_text(disk.fault)
    return f"blkdebug:{path.with_suffix('.fault')}:{path}"


def _boot(options: list[str], work: Path, limit: int) -> None:
    command = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", *options]
    command += ["-no-reboot", "-nodefaults", "-display", "none", "-monitor", "none", "-nic", "none"]
    command += ["-serial", f"file:{work}/console", "-serial", f"file:{work}/out.tar"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise EmulationError(f"the guest was not finished after {limit} s\n{_console(work)}") from None
    if done.returncode:
        raise EmulationError(f"QEMU: {done.stderr.decode(errors='replace').strip()}")


def _console(work: Path) -> str:
    file = work / "console"
    return file.read_text(errors="replace")[-4000:] if file.exists() else "(no console)"


def _collect(work: Path, out: Path) -> dict[str, Path]:
    out.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    try:
        with tarfile.open(work / "out.tar") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is not None:  # None for folders
                    found[Path(member.name).name] = out / Path(member.name).name
                    found[Path(member.name).name].write_bytes(content.read())
    except (OSError, tarfile.TarError) as problem:
        raise EmulationError(f"the job sent nothing readable ({problem})\n{_console(work)}") from None
    return found
