"""Marks by which partition tables, file systems, volumes and files are known. Data and plain checks, from the formats'
own descriptions (UEFI specification 5.3; kernel headers of ext4, xfs, btrfs, md; LUKS on-disk format; PNG, JFIF, PDF,
ZIP notes; SQLite file format).

A mark counts in a block that looks random only if chance is out of the question: `bits` says how many bits it fixes,
and `STRONG` are needed. In a block that isn't random a mark only gives the residue a name."""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

STRONG = 60
SECTOR = 512
Check = Callable[[bytes, int], bool]


@dataclass(frozen=True, slots=True)
class Signature:
    """`magic` stands `at` bytes after the start of what it marks, which starts at a sector. `check(data, start)` looks at
    more; `more` is how many further bits it fixes."""

    kind: str
    at: int
    magic: bytes
    more: int = 0
    check: Check | None = None

    @property
    def bits(self) -> int:
        return 8 * len(self.magic) + self.more


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _u32_big(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _power(number: int, least: int, most: int) -> bool:
    return least <= number <= most and number & (number - 1) == 0


def _partition_table(data: bytes, start: int) -> bool:
    """Four entries, each active or not, and at least one that has a type and a size."""
    entries = [data[start + 446 + 16 * i : start + 462 + 16 * i] for i in range(4)]
    if len(data) < start + SECTOR or any(entry[0] not in (0, 0x80) for entry in entries):
        return False
    return any(entry[4] and any(entry[12:]) for entry in entries)


def _boot_sector(data: bytes, start: int) -> bool:
    return data[start] in (0xEB, 0xE9)


def _ext(data: bytes, s: int) -> bool:
    """Block size 1024 << 0..6, revision 0 or 1, state 0..7, one of three ways to bear errors."""
    return _u32(data, s + 24) <= 6 and _u32(data, s + 76) <= 1 and _u16(data, s + 58) <= 7 and _u16(data, s + 60) <= 3


def _zip(data: bytes, s: int) -> bool:
    """Version to read it up to 6.3, stored or deflated, a name of 1 to 255 bytes that begins with no control character."""
    version, method, name = _u16(data, s + 4), _u16(data, s + 8), _u16(data, s + 26)
    return 10 <= version <= 63 and method in (0, 8) and 0 < name < 256 and data[s + 30 : s + 31] > b" "


def _jpeg(data: bytes, s: int) -> bool:
    """JFIF or Exif named right after the first marker's length."""
    return data[s + 3] in (0xE0, 0xE1) and data[s + 6 : s + 11] in (b"JFIF\0", b"Exif\0")


_BRANDS = (b"isom", b"iso2", b"mp41", b"mp42", b"M4V ", b"M4A ", b"qt  ", b"heic", b"heix", b"mif1", b"avif", b"3gp4", b"3gp5")


def _media_file(data: bytes, s: int) -> bool:
    return 8 <= _u32_big(data, s) <= 64 and data[s + 8 : s + 12] in _BRANDS


# What a disk or a volume begins with. UEFI 5.3.2 for gpt: signature, then revision 1.0.
VOLUMES = (
    Signature("gpt", 0, b"EFI PART\0\0\x01\0"),
    Signature("mbr", 510, b"\x55\xaa", 28, _partition_table),
    Signature("ext", 56, b"\x53\xef", 29 + 31 + 13 + 14, _ext),
    Signature("xfs", 0, b"XFSB", 28, lambda d, s: _power(_u32_big(d, s + 4), 512, 65536)),
    Signature("btrfs", 64, b"_BHRfS_M"),
    Signature("ntfs", 3, b"NTFS    "),
    Signature("exfat", 3, b"EXFAT   "),
    Signature("fat", 82, b"FAT32   ", 7, _boot_sector),
    Signature("fat", 54, b"FAT16   ", 7, _boot_sector),
    Signature("fat", 54, b"FAT12   ", 7, _boot_sector),
    Signature("apfs", 32, b"NXSB", 28, lambda d, s: _power(_u32(d, s + 36), 4096, 65536)),
    Signature("apfs", 32, b"APSB", 24, lambda d, s: _u32(d, s + 36) < 256),
    Signature("hfs+", 0, b"H+\0\x04", 28, lambda d, s: _power(_u32_big(d, s + 40), 512, 65536)),
    Signature("hfs+", 0, b"HX\0\x05", 28, lambda d, s: _power(_u32_big(d, s + 40), 512, 65536)),
    Signature("f2fs", 0, b"\x10\x20\xf5\xf2\x01\0", 12, lambda d, s: _u16(d, s + 6) <= 16),
    Signature("iso9660", 0, b"\x01CD001\x01", 8, lambda d, s: d[s + 7] == 0),
    Signature("luks", 0, b"LUKS\xba\xbe\0", 7, lambda d, s: d[s + 7] in (1, 2)),
    Signature("luks", 0, b"SKUL\xba\xbe\0", 8, lambda d, s: d[s + 7] == 2),
    Signature("bitlocker", 3, b"-FVE-FS-"),
    Signature("bitlocker", 0, b"-FVE-FS-"),
    Signature("raid", 0, b"\xfc\x4e\x2b\xa9\x01\0\0\0"),
    Signature("raid", 0, b"\xfc\x4e\x2b\xa9\0\0\0\0", 24, lambda d, s: _u32(d, s + 8) < 256),
    Signature("lvm", 0, b"LABELONE"),
    Signature("lvm", 4, b" LVM2 x[5A%r0N*>"),
    Signature("swap", 502, b"SWAPSPACE2"),
    Signature("swap", 502, b"SWAP-SPACE"),
)
# What a file begins with: at a sector's start always, anywhere in blocks that aren't random.
FILES = (
    Signature("sqlite", 0, b"SQLite format 3\0"),
    Signature("png", 0, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    Signature("jpeg", 0, b"\xff\xd8\xff", 7 + 39, _jpeg),
    Signature("jpeg", 0, b"\xff\xd8\xff\xdb"),
    Signature("pdf", 0, b"%PDF-1.", 5, lambda d, s: d[s + 7 : s + 8] in (b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7")),
    Signature("pdf", 0, b"%PDF-2.0"),
    Signature("zip", 0, b"PK\x03\x04", 9 + 15 + 8, _zip),
    Signature("ole2", 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    Signature("media", 4, b"ftyp", 26 + 28, _media_file),
)
ALL = VOLUMES + FILES
KINDS = tuple(dict.fromkeys(one.kind for one in ALL))


def _by_place() -> dict[int, dict[int, tuple[Signature, ...]]]:
    found: dict[int, dict[int, tuple[Signature, ...]]] = {}
    for one in ALL:
        firsts = found.setdefault(one.at, {})
        firsts[one.magic[0]] = (*firsts.get(one.magic[0], ()), one)
    return found


@functools.cache
def _places() -> list[tuple[int, dict[int, tuple[Signature, ...]], re.Pattern[bytes]]]:
    """For each place of a magic within its sector: what may begin with which byte, and a search for these bytes."""
    return [
        (at, firsts, re.compile(b"[%s]" % b"".join(re.escape(bytes([one])) for one in firsts), re.DOTALL))
        for at, firsts in _by_place().items()
    ]


@functools.cache
def _heads() -> re.Pattern[bytes]:
    return re.compile(b"|".join(b"(?=%s)" % re.escape(one.magic) for one in FILES), re.DOTALL)


def at_sectors(data: bytes) -> Iterator[tuple[int, Signature]]:
    """(start, signature) of all marks of structures that begin at a sector of the data; `data` begins at a sector."""
    for at, firsts, pattern in _places():
        for found in pattern.finditer(data[at::SECTOR]):
            start = found.start() * SECTOR
            for one in firsts[data[start + at]]:
                if data.startswith(one.magic, start + at) and (one.check is None or _holds(one, data, start)):
                    yield start, one


def anywhere(data: bytes) -> Iterator[tuple[int, Signature]]:
    """(start, signature) of files' marks at any byte."""
    for found in _heads().finditer(data):
        for one in FILES:
            start = found.start() - one.at
            if start >= 0 and data.startswith(one.magic, found.start()) and (one.check is None or _holds(one, data, start)):
                yield start, one


def _holds(one: Signature, data: bytes, start: int) -> bool:
    try:
        return one.check is None or one.check(data, start)
    except IndexError:  # cut off at the end of what was read
        return False
