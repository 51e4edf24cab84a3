"""What stands on a medium is seen: every single byte, every fill, marks of data, and what can't be read."""

import os
import random
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from privacy.readback.faults import Unusable
from privacy.readback.keystream import Keystream
from privacy.readback.medium import opened
from privacy.readback.scan import UNIT, Found, Scanner
from privacy.readback.workers import scanned
from tests.privacy.readback.images import BLOCK, JPEG, MIB, PNG, TEXT, image, kinds, noise, offsets, planted, read

KEY = bytes(range(32))


def keyed(size: int, key: bytes = KEY) -> bytes:
    return Keystream(key).at(0, size)


def test_a_wiped_disk_is_clean(tmp_path):
    value = read(image(tmp_path, bytes(3 * MIB)))
    assert (value["verdict"], value["expected"], value["blocks_read"], value["hits"]) == ("clean", "zero", 768, [])
    assert set(value["map"]["cells"]) == {"0"}


def test_five_hundred_single_bytes_are_all_found(tmp_path):
    places = random.Random(7).sample(range(8 * MIB), 500)
    data = bytearray(8 * MIB)
    for place in places:
        data[place] = 1 + place % 255
    value = read(image(tmp_path, bytes(data)))
    assert value["verdict"] == "residue"
    assert offsets(value) == sorted({place // BLOCK * BLOCK for place in places})
    firsts = {min(p for p in places if p // BLOCK == place // BLOCK) for place in places}
    assert {hit["at"] for hit in value["hits"]} == firsts


SIZE = UNIT + 3 * BLOCK + 100


@pytest.fixture(scope="module")
def blank():
    with tempfile.TemporaryDirectory() as folder:
        yield image(Path(folder), bytes(SIZE))


@settings(max_examples=120, deadline=None)
@given(at=st.integers(0, SIZE - 1), value=st.integers(1, 255))
@example(at=0, value=1)
@example(at=SIZE - 1, value=128)
@example(at=UNIT - 1, value=255)
@example(at=UNIT, value=255)
def test_any_single_byte_anywhere_in_zeros_is_found(blank, at, value):
    with blank.open("r+b") as file:
        file.seek(at)
        file.write(bytes([value]))
    try:
        found = read(blank)
    finally:
        with blank.open("r+b") as file:
            file.seek(at)
            file.write(b"\0")
    assert (found["verdict"], offsets(found)) == ("residue", [at // BLOCK * BLOCK])
    assert found["hits"][0]["at"] in (at, at // BLOCK * BLOCK)


@pytest.mark.parametrize("fill", [b"\xff", b"\x55", b"\x92\x49\x24", b"\xaa\x55", b"0123456789abcdef"])
def test_a_disk_of_one_fill_is_clean_and_one_odd_byte_in_it_is_residue(tmp_path, fill):
    size = 2 * MIB
    data = (fill * (size // len(fill) + 1))[:size]
    clean = read(image(tmp_path, data))
    assert clean["verdict"] == "clean" and clean["expected"] == ("ff" if fill == b"\xff" else "pattern")
    dirty = read(image(tmp_path, planted(data, 1_234_567, b"!")))
    assert (dirty["verdict"], offsets(dirty)) == ("residue", [1_234_567 // BLOCK * BLOCK])


def test_two_fills_are_not_one_wipe(tmp_path):
    value = read(image(tmp_path, b"\x55" * MIB + b"\xaa" * BLOCK))
    assert (value["verdict"], kinds(value), offsets(value)) == ("residue", {"pattern"}, [MIB])
    value = read(image(tmp_path, bytes(MIB) + b"\xff" * BLOCK))
    assert (value["verdict"], kinds(value)) == ("residue", {"ff"})


def test_what_was_asked_for_counts_not_the_majority(tmp_path):
    path = image(tmp_path, b"\xff" * MIB)
    assert read(path)["verdict"] == read(path, expect="ff")["verdict"] == "clean"
    asked = read(path, expect="zero")
    assert (asked["verdict"], asked["expected"], asked["blocks_dirty"]) == ("residue", "zero", 256)


def test_random_fill_is_clean_and_a_picture_in_it_is_not(tmp_path):
    data = noise(4 * MIB)
    clean = read(image(tmp_path, data))
    assert (clean["verdict"], clean["expected"], clean["classes"]["random"]) == ("clean", "random", 1024)
    # compressed picture data looks random itself: only its mark tells
    dirty = read(image(tmp_path, planted(data, 300 * BLOCK, PNG)))
    assert (dirty["verdict"], dirty["hits"]) == ("residue", [{"offset": 300 * BLOCK, "kind": "png", "at": 300 * BLOCK}])


@pytest.mark.parametrize("what", [TEXT * 40, bytes(BLOCK), b"\xff" * BLOCK, noise(2048) + bytes(2048), noise(2048) * 2])
def test_a_block_that_is_not_random_stands_out_in_random_fill(tmp_path, what):
    data = noise(MIB)
    value = read(image(tmp_path, planted(data, 100 * BLOCK, what[:BLOCK])))
    assert (value["verdict"], offsets(value)) == ("residue", [100 * BLOCK])


def test_the_keystream_of_the_job_is_clean_only_with_its_key(tmp_path):
    path, key = image(tmp_path, keyed(2 * MIB + 700)), image(tmp_path, KEY, "key")
    right = read(path, pattern_key=key)
    assert (right["verdict"], right["expected"], right["classes"]["keystream"]) == ("clean", "keystream", 513)
    wrong = read(path, pattern_key=image(tmp_path, bytes(32), "other"))
    assert (wrong["verdict"], wrong["blocks_dirty"]) == ("residue", 513)
    assert read(path)["expected"] == "random"
    assert right["pattern_key"] != wrong["pattern_key"] and KEY.hex() not in str(right)


def test_old_ciphertext_is_seen_by_the_keystream_though_it_looks_random(tmp_path):
    data, key = keyed(2 * MIB), image(tmp_path, KEY.hex().encode() + b"\n", "key")
    dirty = image(tmp_path, planted(data, 77 * BLOCK, noise(BLOCK)))
    assert read(dirty)["verdict"] == "clean", "without the key nobody can tell"
    value = read(dirty, pattern_key=key)
    assert (value["verdict"], offsets(value), kinds(value)) == ("residue", [77 * BLOCK], {"random"})


def test_a_single_changed_byte_of_the_keystream_is_found(tmp_path):
    data, key = bytearray(keyed(2 * MIB)), image(tmp_path, KEY, "key")
    data[1_500_001] ^= 1
    value = read(image(tmp_path, bytes(data)), pattern_key=key)
    assert (value["verdict"], offsets(value)) == ("residue", [1_500_001 // BLOCK * BLOCK])


def test_the_keystream_is_aes_256_ctr_and_any_block_stands_alone(tmp_path):
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CTR

    whole = Cipher(AES(KEY), CTR(bytes(16))).encryptor().update(bytes(10 * BLOCK))
    assert keyed(10 * BLOCK) == whole
    assert Keystream(KEY).at(7 * BLOCK, BLOCK) == whole[7 * BLOCK : 8 * BLOCK]
    assert Keystream(KEY).at(5 * BLOCK + 513, 99) == whole[5 * BLOCK + 513 : 5 * BLOCK + 612]


@pytest.mark.parametrize("size", [1, 511, 4096, 4097, 8191])
def test_tiny_images(tmp_path, size):
    value = read(image(tmp_path, bytes(size)))
    assert (value["verdict"], value["size"], value["blocks_read"]) == ("clean", size, -(-size // BLOCK))
    dirty = read(image(tmp_path, planted(bytes(size), size - 1, b"x")))
    # a medium of one byte is all of one fill
    assert dirty["verdict"] == ("clean" if size == 1 else "residue" if size >= 64 else "unknown")


def test_nothing_is_never_clean(tmp_path):
    value = read(image(tmp_path, b""))
    assert (value["verdict"], value["reasons"], value["blocks_read"]) == ("unknown", ["nothing_read"], 0)


def test_a_few_letters_are_unknown_and_never_clean(tmp_path):
    assert read(image(tmp_path, b"hello world"))["verdict"] == "unknown"
    assert read(image(tmp_path, TEXT))["verdict"] == "residue"


@pytest.mark.parametrize("tail", [b"x", TEXT, bytes(99) + b"x"])
def test_the_tail_after_the_last_whole_block_is_read(tmp_path, tail):
    value = read(image(tmp_path, bytes(MIB) + tail))
    assert (value["verdict"], offsets(value), value["tail"]) == ("residue", [MIB], len(tail))
    assert read(image(tmp_path, bytes(MIB + len(tail))))["verdict"] == "clean"


def test_a_random_disk_with_a_short_random_tail(tmp_path):
    assert read(image(tmp_path, noise(MIB + 700)))["verdict"] == "clean"
    short = read(image(tmp_path, noise(MIB + 20)))
    assert (short["verdict"], short["reasons"]) == ("unknown", ["too_short"])


def test_a_used_disk_has_no_fill_to_be_judged_by(tmp_path):
    value = read(image(tmp_path, TEXT * 4000))
    assert (value["verdict"], value["expected"]) == ("residue", None)


def test_several_processes_find_the_same(tmp_path):
    data = bytearray(48 * MIB)
    for at in (5, 17 * MIB, 33 * MIB + 9):
        data[at] = 9
    path = image(tmp_path, bytes(data) + TEXT)
    alone, together = read(path), read(path, workers=3)
    for value in (alone, together):
        value.pop("started"), value.pop("finished")
    assert alone == together and len(alone["hits"]) == 4


def test_a_worker_that_is_killed_concludes_nothing():
    def make():
        return lambda piece: os.kill(os.getpid(), signal.SIGKILL) if piece == 5 else Found()

    pieces = scanned(make, 0, 9, 2)
    with pytest.raises(Unusable) as refused:
        list(pieces)
    assert refused.value.code == "worker_died"


def test_an_image_that_shrinks_while_it_is_read_has_bad_blocks(tmp_path):
    path = image(tmp_path, bytes(4 * MIB))
    with opened(str(path)) as medium:
        os.truncate(path, MIB + BLOCK)
        found = Scanner(medium, None).scan([(0, medium.size)])
        assert found.bad == [*range(MIB + BLOCK, 4 * MIB, BLOCK)]


def test_jpeg_inside_a_block_of_other_data_is_named(tmp_path):
    value = read(image(tmp_path, planted(bytes(MIB), 3 * BLOCK + 777, JPEG)))
    assert value["hits"] == [{"offset": 3 * BLOCK, "kind": "jpeg", "at": 3 * BLOCK + 777}]
