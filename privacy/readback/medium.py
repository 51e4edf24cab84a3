"""A medium opened for reading only: a block device or an image of one. Sizes and offsets are bytes."""

import errno
import os
import re
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.i18n import N_
from privacy.readback.faults import Unusable

# include/uapi/linux/fs.h: _IOR(0x12, 114, size_t) and _IO(0x12, 97)
_BLKGETSIZE64, _BLKFLSBUF = 0x80081272, 0x1261
# What drives, transports and device mappers answer for a sector that can't be read; EINVAL: the drive has none so small.
BAD = frozenset({errno.EIO, errno.ENODATA, errno.EREMOTEIO, errno.ETIMEDOUT, errno.EILSEQ, errno.EINVAL})
SECTOR = 512


@dataclass(frozen=True, slots=True)
class Identity:
    """What the system says about the drive; the empty text where it says nothing. A USB bridge may answer for itself."""

    model: str = ""
    serial: str = ""
    wwid: str = ""
    bus: str = ""


@dataclass(frozen=True, slots=True)
class Medium:
    """`cache`: dropped (what is read comes from the drive), kept (the system may answer from memory), file (an image)."""

    fd: int
    path: str
    size: int
    is_device: bool
    rotational: bool | None
    identity: Identity | None
    cache: str
    fingerprint: tuple[int, ...]


@contextmanager
def opened(path: str) -> Iterator[Medium]:
    """Open a block device or a regular file; `-` is stdin if it is one of these. Raises Unusable."""
    fd = _open(path)
    try:
        yield _look(fd, path)
    finally:
        os.close(fd)


def _open(path: str) -> int:
    try:
        if path == "-":
            return os.dup(0)
        # O_NONBLOCK: a named pipe must not hold us up; it means nothing to files and disks
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as problem:
        reason = os.strerror(problem.errno) if isinstance(problem, OSError) and problem.errno else ""
        values = {"file": repr(path), "reason": reason}
        raise Unusable("missing", N_("%(file)s can't be opened: %(reason)s"), values=values) from problem


def _look(fd: int, path: str) -> Medium:
    about = os.fstat(fd)
    device = stat.S_ISBLK(about.st_mode)
    if not device and not stat.S_ISREG(about.st_mode):
        raise Unusable("no_medium", N_("%(file)s is neither a block device nor an image file."), values={"file": repr(path)})
    size = _device_size(fd) if device else about.st_size
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_SEQUENTIAL)
    changed = () if device else (about.st_dev, about.st_ino, about.st_mtime_ns)
    return Medium(
        fd, path, size, device,
        _rotational(about.st_rdev) if device else None,
        _identity(about.st_rdev) if device else None,
        _drop_cache(fd) if device else "file",
        (size, about.st_rdev, *changed),
    )  # fmt: skip


def _device_size(fd: int) -> int:
    import fcntl

    try:
        return int(struct.unpack("Q", fcntl.ioctl(fd, _BLKGETSIZE64, bytes(8)))[0])
    except OSError:
        return os.lseek(fd, 0, os.SEEK_END)


def _drop_cache(fd: int) -> str:
    """A wipe may still stand in the system's memory only: write out and forget, so that the drive itself answers."""
    import fcntl

    try:
        fcntl.ioctl(fd, _BLKFLSBUF, 0)
    except OSError:  # needs CAP_SYS_ADMIN
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        return "kept"
    return "dropped"


def _sysfs(rdev: int) -> Path | None:
    """The folder of the whole disk, also for a partition."""
    try:
        here = Path(f"/sys/dev/block/{os.major(rdev)}:{os.minor(rdev)}").resolve(strict=True)
    except OSError:
        return None
    return here.parent if (here / "partition").exists() else here


def _word(path: Path) -> str:
    """One line of sysfs, printable, without the blanks that drives fill up with."""
    try:
        text = path.read_bytes()[:200].decode("ascii", "replace")
    except OSError:
        return ""
    return re.sub(r"[^\x21-\x7e]+", " ", text).strip()


def _rotational(rdev: int) -> bool | None:
    disk = _sysfs(rdev)
    return {"1": True, "0": False}.get(_word(disk / "queue" / "rotational")) if disk else None


def _identity(rdev: int) -> Identity | None:
    disk = _sysfs(rdev)
    if disk is None:
        return None
    device = disk / "device"
    wwid = _word(disk / "wwid") or _word(device / "wwid")
    bus = "usb" if "/usb" in str(disk) else "nvme" if "/nvme" in str(disk) else "ata" if "/ata" in str(disk) else ""
    found = Identity(_word(device / "model"), _word(device / "serial") or _unit_serial(device), wwid, bus)
    return found if any((found.model, found.serial, found.wwid)) else None


def _unit_serial(device: Path) -> str:
    """SCSI and SATA disks: the unit serial number page (SPC-4, 7.8.16), four bytes of head."""
    try:
        page = (device / "vpd_pg80").read_bytes()
    except OSError:
        return ""
    return re.sub(r"[^\x21-\x7e]+", " ", page[4:204].decode("ascii", "replace")).strip()
