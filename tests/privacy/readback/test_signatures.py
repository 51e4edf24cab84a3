"""Every mark is found where it belongs and not when it is only half there."""

import struct

import pytest

from privacy.readback.signatures import ALL, KINDS, anywhere, at_sectors
from tests.privacy.readback.images import BLOCK, JPEG, PNG, image, kinds, planted, read

ENTRY = bytes([0x80, 0, 2, 0, 0x83, 0, 0, 0]) + struct.pack("<II", 2048, 100000)
SAMPLES = {
    "gpt": (0, b"EFI PART\0\0\x01\0\x5c\0\0\0"),
    "mbr": (446, ENTRY + bytes(48) + b"\x55\xaa"),
    "ext": (24, struct.pack("<I", 2) + bytes(28) + b"\x53\xef\x01\0\x01\0" + bytes(14) + struct.pack("<I", 1)),
    "xfs": (0, b"XFSB" + struct.pack(">I", 4096)),
    "btrfs": (64, b"_BHRfS_M"),
    "ntfs": (0, b"\xeb\x52\x90NTFS    "),
    "exfat": (0, b"\xeb\x76\x90EXFAT   "),
    "fat": (0, b"\xeb\x58\x90mkfs.fat" + bytes(71) + b"FAT32   "),
    "apfs": (32, b"NXSB" + struct.pack("<I", 4096)),
    "hfs+": (0, b"H+\0\x04" + bytes(36) + struct.pack(">I", 4096)),
    "f2fs": (0, b"\x10\x20\xf5\xf2\x01\0\x0e\0"),
    "iso9660": (0, b"\x01CD001\x01\0"),
    "luks": (0, b"LUKS\xba\xbe\0\x02"),
    "bitlocker": (3, b"-FVE-FS-"),
    "raid": (0, b"\xfc\x4e\x2b\xa9\x01\0\0\0"),
    "lvm": (0, b"LABELONE"),
    "swap": (502, b"SWAPSPACE2"),
    "sqlite": (0, b"SQLite format 3\0"),
    "png": (0, PNG),
    "jpeg": (0, JPEG),
    "pdf": (0, b"%PDF-1.7\n"),
    "zip": (0, b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(16) + struct.pack("<HH", 19, 0) + b"[Content_Types].xml"),
    "ole2": (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "media": (0, b"\0\0\0\x18ftypmp42"),
}


def test_every_kind_has_a_sample():
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_mark_alone_on_a_zeroed_disk_is_found_and_named(tmp_path, kind):
    at, what = SAMPLES[kind]
    value = read(image(tmp_path, planted(bytes(64 * BLOCK), 40 * BLOCK + 512 + at, what)))
    assert value["verdict"] == "residue" and kind in kinds(value)
    assert {hit["offset"] for hit in value["hits"]} == {40 * BLOCK}


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.kind}-{one.magic[:4].hex()}")
def test_a_mark_with_one_wrong_byte_is_none(one):
    at, what = next((at, what) for kind, (at, what) in SAMPLES.items() if kind == one.kind)
    good = bytes(at) + what + bytes(512)
    for place in range(len(one.magic)):
        data = bytearray(good)
        data[one.at : one.at + len(one.magic)] = one.magic
        data[one.at + place] ^= 0x10
        assert one not in [found for _, found in (*at_sectors(bytes(data)), *anywhere(bytes(data)))]


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.kind}-{one.magic[:4].hex()}")
def test_a_mark_that_is_cut_off_by_the_end_is_no_fault(one):
    for length in range(one.at + len(one.magic), one.at + len(one.magic) + 40):
        data = (bytes(one.at) + one.magic + bytes(600))[:length]
        list(at_sectors(data)), list(anywhere(data))
