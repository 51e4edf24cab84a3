"""Real block devices: loop devices with real file systems, and real read errors. Needs root; says so when it can't."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.privacy.readback.images import BLOCK, JPEG, MIB, image, kinds, noise, offsets, read

pytestmark = pytest.mark.root


def run(*words: object) -> str:
    return subprocess.run([*map(str, words)], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def looped(path: Path, *how: str) -> Iterator[Path]:
    if os.geteuid() != 0 or not shutil.which("losetup"):
        pytest.skip("needs root and losetup")
    try:
        device = run("losetup", *how, "--find", "--show", path)
    except subprocess.CalledProcessError as problem:
        pytest.skip(f"no loop device to be had: {problem.stderr.strip()}")
    try:
        yield Path(device)
    finally:
        run("losetup", "--detach", device)


@contextmanager
def mounted(device: Path, at: Path) -> Iterator[Path]:
    at.mkdir()
    try:
        run("mount", device, at)
    except subprocess.CalledProcessError as problem:
        pytest.skip(f"can't mount: {problem.stderr.strip()}")
    try:
        yield at
    finally:
        run("umount", at)


def test_a_disk_with_a_file_system_then_half_wiped_then_wiped(tmp_path):
    if not shutil.which("mkfs.ext4"):
        pytest.skip("needs mkfs.ext4")
    path = image(tmp_path, bytes(160 * MIB))
    with looped(path) as device:
        run("mkfs.ext4", "-q", device)
        with mounted(device, tmp_path / "there") as folder:
            (folder / "holiday.jpg").write_bytes(JPEG + noise(200_000))
        used = read(device)
        assert used["verdict"] == "residue" and {"ext", "jpeg"} <= kinds(used)
        assert (used["device"], used["cache"], used["size"]) == (True, "dropped", 160 * MIB)
        # quick wipe of the beginning: the picture and the copies of the superblock stay
        run("dd", "if=/dev/zero", f"of={device}", "bs=1M", "count=8", "conv=notrunc,fsync")
        half = read(device)
        assert half["verdict"] == "residue" and {"ext", "jpeg"} <= kinds(half) and min(offsets(half)) >= 8 * MIB
        run("dd", "if=/dev/zero", f"of={device}", "bs=1M", "count=160", "conv=notrunc,fsync")
        assert read(device)["verdict"] == "clean"
        assert read(device, k=500, seed=b"s")["verdict"] == "clean"


def test_it_is_opened_for_reading_only(tmp_path):
    with looped(image(tmp_path, noise(MIB)), "--read-only") as device:
        assert read(device)["verdict"] == "clean"


def test_sectors_that_cannot_be_read_are_listed_not_skipped(tmp_path):
    """The end of the backing file is gone, in the middle of a block: the kernel answers EIO."""
    size, left = 4 * MIB, 3 * MIB + 5 * BLOCK + 1024
    path = image(tmp_path, bytes(size))
    with looped(path) as device:
        os.truncate(path, left)
        run("blockdev", "--flushbufs", device)
        value = read(device)
        first = left // BLOCK * BLOCK
        assert (value["verdict"], value["reasons"]) == ("unknown", ["bad_blocks"])
        assert value["bad"] == [*range(first, size, BLOCK)] and value["hits"] == []
        assert value["bad_sectors"] == (size - left) // 512
        assert value["blocks_read"] + value["bad_total"] == size // BLOCK
        assert value["map"]["cells"].endswith("!" * 100) and value["map"]["cells"].startswith("000")
        assert value["probability"]["found"] == "0.000000" and value["probability"]["smallest_run"] is None


def test_residue_in_the_readable_half_of_a_bad_block_outranks_unknown(tmp_path):
    size, left = MIB, MIB - BLOCK + 1024
    data = bytearray(size)
    data[left - 512 : left - 500] = b"From: alice@"
    path = image(tmp_path, bytes(data))
    with looped(path) as device:
        os.truncate(path, left)
        run("blockdev", "--flushbufs", device)
        value = read(device)
        assert (value["verdict"], value["reasons"]) == ("residue", ["residue", "bad_blocks"])
        assert offsets(value) == value["bad"] == [size - BLOCK]
        assert value["hits"][0]["at"] == left - 512
