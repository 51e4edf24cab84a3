"""docs/algorithms/read-back.md: media made here, their classes, places and chances worked out by a second implementation."""

import base64
import hashlib
import json
import random
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.independent import own_readback as own
from tests.independent.running import ROOT, Ran, flask, process, refused, shaped

MIB = 1 << 20
KEY = bytes(range(32))
NOISE = random.Random(46864).randbytes(MIB // 2)


def read(image: bytes | Path, folder: Path, *words: str | Path) -> Ran:
    path = image
    if isinstance(image, bytes):
        path = folder / "medium.img"
        path.write_bytes(image)
    return flask("readback", path, "--json", "--jobs", "1", *words)


def result(image: bytes | Path, folder: Path, *words: str | Path) -> dict[str, Any]:
    ran = read(image, folder, *words)
    answer = shaped(ran, "readback")
    assert ran.code == (0 if answer["verdict"] == "clean" else 1)
    counted = answer["classes"]
    assert answer["blocks_read"] == sum(counted.values()) - counted["bad"]
    return answer


def planted(image: bytes, at: int, what: bytes) -> bytes:
    return image[:at] + what + image[at + len(what) :]


CLEAN = [
    ("zero", bytes(2 * MIB), "zero", None),
    ("ones", b"\xff" * 2 * MIB, "ff", None),
    ("one byte", b"\xaa" * MIB, "pattern", "aa"),
    ("three bytes, as Gutmann's", (b"\x92\x49\x24" * MIB)[:MIB], "pattern", "249249"),
    ("sixteen bytes", bytes(range(240, 256)) * (MIB // 16), "pattern", bytes(range(240, 256)).hex()),
    ("seven bytes", (b"wiped!\n" * MIB)[:MIB], "pattern", b"\nwiped!".hex()),
    ("noise", NOISE, "random", None),
    ("one block", bytes(4096), "zero", None),
]


@pytest.mark.parametrize(("image", "fill", "unit"), [case[1:] for case in CLEAN], ids=[case[0] for case in CLEAN])
def test_a_medium_of_one_fill_is_clean(image, fill, unit, tmp_path):
    answer = result(image, tmp_path)
    n = len(image) // 4096
    assert (answer["verdict"], answer["reasons"], answer["expected"], answer["pattern"]) == ("clean", [], fill, unit)
    assert answer["classes"] == own.classes(image)
    assert (answer["size"], answer["n"], answer["tail"], answer["mode"], answer["sample"]) == (len(image), n, 0, "full", None)
    assert (answer["blocks_read"], answer["blocks_dirty"], answer["hits"], answer["signatures_total"]) == (n, 0, [], 0)
    assert answer["probability"] == {"fraction": "0.001", "found": "1.000000", "smallest_run": None if fill == "random" else 1}
    assert (answer["device"], answer["identity"], answer["cache"], answer["resumed"]) == (False, None, "file", 0)
    assert (answer["key"], answer["signature"], answer["bad"]) == (None, None, [])
    cells = answer["map"]["cells"]
    assert set(cells) == {{"zero": "0", "ff": "F", "pattern": "p", "random": "r"}[fill]}
    assert len(cells) == -(-len(image) // answer["map"]["cell"])


@pytest.mark.parametrize("at", [0, 12_345, 2 * MIB - 1])
@pytest.mark.parametrize("fill", [b"\0", b"\xff", b"\xaa"])
def test_one_odd_byte_is_found(fill, at, tmp_path):
    answer = result(planted(fill * 2 * MIB, at, b"\x01"), tmp_path)
    assert (answer["verdict"], answer["reasons"], answer["blocks_dirty"]) == ("residue", ["residue"], 1)
    (hit,) = answer["hits"]
    assert (hit["offset"], hit["kind"]) == (at // 4096 * 4096, "structured")
    assert hit["at"] == at or fill == b"\xaa"


def test_an_odd_byte_in_a_pattern_is_placed_by_its_block(tmp_path):
    assert result(planted(b"\xaa" * 2 * MIB, 12_345, b"\x01"), tmp_path)["hits"][0]["at"] == 12_288
    assert result(planted(bytes(2 * MIB), 12_345, b"\x01"), tmp_path)["hits"][0]["at"] == 12_345


def test_one_block_of_another_fill_is_residue(tmp_path):
    for odd in (b"\0", b"\xff", b"\x55"):
        image = planted(b"\xaa" * MIB, 40_960, odd * 4096)
        answer = result(image, tmp_path)
        kind = {b"\0": "zero", b"\xff": "ff", b"\x55": "pattern"}[odd]
        assert (answer["verdict"], answer["pattern"]) == ("residue", "aa")
        assert answer["hits"] == [{"offset": 40_960, "kind": kind, "at": 40_960}]
        assert answer["classes"] == own.classes(image)


def test_a_zero_block_in_noise_is_residue(tmp_path):
    answer = result(planted(NOISE, 8192, bytes(4096)), tmp_path)
    assert (answer["verdict"], answer["expected"], answer["hits"][0]["kind"]) == ("residue", "random", "zero")


def test_text_everywhere_is_no_fill(tmp_path):
    answer = result(b"".join(b"line %06d of a letter\n" % n for n in range(8000))[: 32 * 4096], tmp_path)
    assert (answer["verdict"], answer["expected"], answer["classes"]["structured"]) == ("residue", None, 32)


def test_a_unit_of_seventeen_bytes_is_no_pattern(tmp_path):
    answer = result((bytes(range(17)) * MIB)[: 64 * 4096], tmp_path)
    assert (answer["verdict"], answer["expected"], answer["classes"]["structured"]) == ("residue", None, 64)


def test_what_is_expected_can_be_asked(tmp_path):
    assert result(bytes(MIB), tmp_path, "--expect", "zero")["expect"] == "zero"
    for other in ("ff", "pattern", "random"):
        answer = result(bytes(MIB), tmp_path, "--expect", other)
        assert (answer["verdict"], answer["expected"], answer["blocks_dirty"]) == ("residue", other, 256)


# --- what looks random


def with_chi_square(sixteenths: int, step: int) -> bytes:
    """A shuffled block whose counts deviate by `step` up and down; chi-square is sixteenths / 16."""
    pairs, rest = divmod(sixteenths, 2 * step * step)
    assert rest == 0
    counts = [16 + step] * pairs + [16 - step] * pairs + [16] * (256 - 2 * pairs)
    block = bytearray(value for value, count in enumerate(counts) for _ in range(count))
    random.Random(sixteenths).shuffle(block)
    assert own.chi_square(bytes(block)) * 16 == sixteenths
    return bytes(block)


@pytest.mark.parametrize(("chi", "step", "kind"), [
    (0, 1, "structured"), (96, 4, "structured"), (110, 4, "structured"), (114, 4, "random"), (130, 4, "random"),
    (496, 8, "random"), (512, 8, "structured"),
])  # fmt: skip
def test_the_limits_of_the_test_for_random(chi, step, kind, tmp_path):
    image = planted(NOISE, 8192, with_chi_square(chi * 16, step))
    assert own.kind(image[8192:12_288]) == kind
    answer = result(image, tmp_path)
    assert answer["classes"] == own.classes(image)
    assert answer["verdict"] == ("clean" if kind == "random" else "residue")


@pytest.mark.parametrize(("length", "verdict"), [(16, "residue"), (15, "clean")])
def test_a_sectors_head_that_comes_again(length, verdict, tmp_path):
    block = bytearray(NOISE[:4096])
    block[2000 : 2000 + length] = block[1024 : 1024 + length]
    answer = result(planted(NOISE, 4096, bytes(block)), tmp_path)
    assert answer["verdict"] == verdict
    assert answer["classes"]["structured"] == (verdict == "residue")


# --- marks


def sqlite_file(folder: Path) -> bytes:
    import sqlite3

    path = folder / "contacts.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE people (name TEXT)")
        connection.executemany("INSERT INTO people VALUES (?)", [(f"person {n}",) for n in range(50)])
    connection.close()
    return path.read_bytes()


def picture(form: str) -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((64, 64), 40).convert("RGB").save(out, form)
    return out.getvalue()


def zip_file() -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("letter.txt", "dear all" * 100)
    return out.getvalue()


def gpt_header() -> bytes:
    """UEFI 2.10, 5.3.2: revision 1.0, 92 bytes, its CRC-32, 128 entries of 128 bytes from LBA 2."""
    guid = bytes(range(16))
    rest = struct.pack("<IQQQQ16sQIII", 0, 1, 4095, 34, 4062, guid, 2, 128, 128, zlib.crc32(bytes(128 * 128)))
    crc = zlib.crc32(b"EFI PART" + struct.pack("<III", 0x10000, 92, 0) + rest)
    return b"EFI PART" + struct.pack("<III", 0x10000, 92, crc) + rest


def heads(folder: Path) -> dict[str, bytes]:
    boot = bytearray(512)
    boot[446:462] = bytes.fromhex("80202100830a2a82000800000000f001")
    boot[510:512] = b"\x55\xaa"
    return {
        "jpeg": picture("JPEG"), "png": picture("PNG"), "sqlite": sqlite_file(folder), "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        "zip": zip_file(), "mbr": bytes(boot), "gpt": gpt_header(),
        "ole2": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff0900") + bytes(40),
        "luks": b"LUKS\xba\xbe\x00\x01aes" + bytes(29) + b"xts-plain64" + bytes(21) + b"sha256",
        "xfs": b"XFSB" + bytes.fromhex("00001000") + bytes(6) + b"\x01\0" + bytes(100), "media": bytes.fromhex("00000018") + b"ftypmp42" + bytes(4) + b"mp42isom",
    }  # fmt: skip


KINDS = ["jpeg", "png", "sqlite", "pdf", "zip", "mbr", "gpt", "ole2", "luks", "xfs", "media"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_of_a_file_is_named_at_a_sector(kind, tmp_path):
    at = 100 * 4096 + 1024 if kind != "xfs" else 100 * 4096
    answer = result(planted(bytes(2 * MIB), at, heads(tmp_path)[kind]), tmp_path)
    assert answer["verdict"] == "residue"
    assert {"offset": at // 4096 * 4096, "kind": kind, "at": at} in answer["hits"]
    assert answer["signatures_total"] >= 1


@pytest.mark.parametrize("kind", ["jpeg", "png", "sqlite", "pdf", "zip", "ole2"])
def test_and_at_any_byte_of_a_structured_block(kind, tmp_path):
    at = 100 * 4096 + 777
    answer = result(planted(bytes(2 * MIB), at, heads(tmp_path)[kind][:3000]), tmp_path)
    assert {"offset": 100 * 4096, "kind": kind, "at": at} in answer["hits"]


def test_in_noise_long_marks_count_and_short_ones_do_not(tmp_path):
    marks = heads(tmp_path)
    for kind in ("sqlite", "png", "gpt"):
        answer = result(planted(NOISE, 81_920, marks[kind][:100]), tmp_path)
        assert answer["verdict"] == "residue", kind
        assert answer["hits"][0] == {"offset": 81_920, "kind": kind, "at": 81_920}
    assert result(planted(NOISE, 81_920, b"\xff\xd8\xff"), tmp_path)["verdict"] == "clean"
    assert result(planted(NOISE, 81_920 + 510, b"\x55\xaa"), tmp_path)["verdict"] == "clean"


# --- keyed fill


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "job.key"
    path.write_bytes(KEY)
    return path


def test_openssl_writes_the_same_keystream():
    line = ["openssl", "enc", "-aes-256-ctr", "-K", KEY.hex(), "-iv", "0" * 32]
    try:
        made = subprocess.run(line, input=bytes(10_000), capture_output=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("no openssl here")
    assert made == own.keystream(KEY, 10_000)


@pytest.mark.parametrize("size", [MIB, MIB + 100])
def test_the_keyed_fill_is_clean_under_its_key_only(size, key_file, tmp_path):
    image = own.keystream(KEY, size)
    answer = result(image, tmp_path, "--pattern-key", key_file)
    assert (answer["verdict"], answer["expected"], answer["probability"]["smallest_run"]) == ("clean", "keystream", 1)
    assert answer["classes"]["keystream"] == answer["blocks_read"] == -(-size // 4096)
    hexed = tmp_path / "hex.key"
    hexed.write_text(KEY.hex() + "\n")
    again = result(image, tmp_path, "--pattern-key", hexed)
    assert (again["verdict"], again["pattern_key"]) == ("clean", answer["pattern_key"])
    hexed.write_text((KEY[::-1]).hex())
    other = result(image, tmp_path, "--pattern-key", hexed)
    assert (other["verdict"], other["blocks_dirty"]) == ("residue", answer["blocks_read"])
    assert other["pattern_key"] != answer["pattern_key"]


@pytest.mark.parametrize("bit", [0, 7])
@pytest.mark.parametrize("at", [0, 70_000, MIB - 1])
def test_one_flipped_bit_of_the_keyed_fill_is_found(at, bit, key_file, tmp_path):
    image = bytearray(own.keystream(KEY, MIB))
    image[at] ^= 1 << bit
    answer = result(bytes(image), tmp_path, "--pattern-key", key_file)
    assert (answer["verdict"], answer["blocks_dirty"]) == ("residue", 1)
    (hit,) = answer["hits"]
    assert (hit["offset"], hit["kind"]) == (at // 4096 * 4096, "random")


def test_a_flipped_bit_in_the_keyed_fill_is_placed_by_its_block(key_file, tmp_path):
    image = planted(own.keystream(KEY, MIB), 70_000, bytes([own.keystream(KEY, 70_001)[-1] ^ 1]))
    assert result(image, tmp_path, "--pattern-key", key_file)["hits"][0]["at"] == 69_632


def test_a_stick_that_lies_about_its_size_fails(key_file, tmp_path):
    """What is written beyond the end comes round to the beginning: the right bytes at the wrong places."""
    half = own.keystream(KEY, MIB)[MIB // 2 :]
    answer = result(half + half, tmp_path, "--pattern-key", key_file)
    assert (answer["verdict"], answer["classes"]["keystream"], answer["classes"]["random"]) == ("residue", 128, 128)
    swapped = bytearray(own.keystream(KEY, MIB))
    swapped[0:4096], swapped[4096:8192] = swapped[4096:8192], swapped[0:4096]
    assert result(bytes(swapped), tmp_path, "--pattern-key", key_file)["blocks_dirty"] == 2


def test_other_noise_is_residue_against_a_keyed_fill(key_file, tmp_path):
    answer = result(NOISE, tmp_path, "--pattern-key", key_file)
    assert (answer["verdict"], answer["classes"]["random"]) == ("residue", 128)


@pytest.mark.parametrize("text", [b"", KEY[:31], KEY + b"\0", KEY.hex().encode()[:63], b"zz" * 32])
def test_what_is_no_pattern_key_is_refused(text, tmp_path):
    path = tmp_path / "job.key"
    path.write_bytes(text)
    refused(read(bytes(4096), tmp_path, "--pattern-key", path))


# --- samples


@pytest.mark.parametrize(
    ("mib", "k", "seed"), [(8, 2000, "00112233445566778899aabbccddeeff"), (4, 100, "ff"), (64, 500, "ab" * 32)]
)
def test_the_drawn_blocks_and_their_chances(mib, k, seed, tmp_path):
    n = mib * 256
    path = tmp_path / "medium.img"
    with path.open("wb") as file:
        file.truncate(mib * MIB)
    places = set(own.drawn(bytes.fromhex(seed), k, n))
    every = places | set(own.fixed(n))
    answer = result(path, tmp_path, "--sample", str(k), "--seed", seed)
    assert answer["sample"] == {"seed": seed, "k": k, "distinct": len(places), "fixed": [block * 4096 for block in own.fixed(n)]}
    assert (answer["mode"], answer["verdict"], answer["blocks_read"]) == ("sample", "clean", len(every))
    assert answer["probability"]["found"] == own.found(n, len(places))
    assert answer["probability"]["smallest_run"] == own.smallest_run(n, len(places))
    cell = answer["map"]["cell"] // 4096
    read_cells = {block // cell for block in every}
    assert [sign == "0" for sign in answer["map"]["cells"]] == [c in read_cells for c in range(-(-n // cell))]
    assert set(answer["map"]["cells"]) <= {"0", "-"}


def test_only_what_is_drawn_is_seen(tmp_path):
    """Each of ten dirty blocks alone: found exactly if the second implementation drew it or if it is always read."""
    n, seed, k = 2048, "c0ffee", 300
    every = set(own.drawn(bytes.fromhex(seed), k, n)) | set(own.fixed(n))
    seen, unseen = sorted(every), sorted(set(range(n)) - every)
    chosen = [0, 256, 2040, 2047, *seen[20:23], unseen[0], unseen[50], unseen[-1]]
    for block in chosen:
        image = planted(bytes(n * 4096), block * 4096 + 4095, b"x")
        answer = result(image, tmp_path, "--sample", str(k), "--seed", seed)
        assert answer["verdict"] == ("residue" if block in every else "clean"), block


def test_the_documents_own_figures():
    assert own.found(122_070_312, 4603) == "0.990002"
    assert own.smallest_run(122_070_312, 4603) == 122_067 * 4096


@pytest.mark.parametrize(
    "words", [("--sample", "10", "--seed", "abc"), ("--sample", "10", "--seed", "xy"), ("--sample", "many", "--seed", "ab")]
)
def test_unusable_options_are_refused(words, tmp_path):
    refused(read(bytes(8192), tmp_path, *words))


# --- ends


def test_a_tail_is_always_read(tmp_path):
    image = bytes(40_960 + 100)
    answer = result(image, tmp_path, "--sample", "2", "--seed", "00")
    assert (answer["verdict"], answer["n"], answer["tail"]) == ("clean", 10, 100)
    for at in (40_960, 41_059):
        spoiled = result(planted(image, at, b"!"), tmp_path, "--sample", "2", "--seed", "00")
        assert (spoiled["verdict"], spoiled["hits"]) == ("residue", [{"offset": 40_960, "kind": "structured", "at": at}])


def test_a_short_scrap(tmp_path):
    """Fewer than 64 bytes of no fill: on a random medium nobody can tell, on a filled one they are odd bytes."""
    answer = result(NOISE[: 40_960 + 63], tmp_path)
    assert (answer["verdict"], answer["reasons"], answer["classes"]["short"]) == ("unknown", ["too_short"], 1)
    assert result(bytes(40_960) + NOISE[:63], tmp_path)["verdict"] == "residue"
    for length in (64, 1000, 4095):
        assert result(NOISE[: 40_960 + length], tmp_path)["verdict"] == "clean", length
    letter = b"".join(b"%d little words, " % n for n in range(100))[:1000]
    assert result(NOISE[:40_960] + letter, tmp_path)["verdict"] == "residue"


def test_nothing_to_read_is_unknown(tmp_path):
    answer = result(b"", tmp_path)
    assert (answer["verdict"], answer["reasons"], answer["blocks_read"]) == ("unknown", ["nothing_read"], 0)


def test_residue_outranks_unknown(tmp_path):
    answer = result(planted(NOISE, 4096, bytes(4096))[: 40_960 + 30], tmp_path)
    assert answer["verdict"] == "residue"


def test_what_is_not_there_is_refused(tmp_path):
    refused(read(tmp_path / "gone.img", tmp_path))
    refused(read(tmp_path, tmp_path))


# --- signed


@pytest.fixture(scope="module")
def station(tmp_path_factory) -> tuple[Path, bytes]:
    """A plain key, and the public key from the line to enrol."""
    folder = tmp_path_factory.mktemp("station")
    ran = flask("readback", "keygen", "--plain", "--folder", folder, "--name", "bench1")
    assert ran.code == 0, ran.err
    name, short, text = ran.out.decode().strip().split("+", 2)
    raw = base64.b64decode(text, validate=True)
    assert (name, raw[0], len(raw)) == ("bench1", 1, 33)
    assert hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] == short, "the key hash of C2SP's signed-note"
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    return path, raw[1:]


def test_the_signature_is_over_the_canonical_result(station, tmp_path):
    path, public = station
    ran = read(
        bytes(MIB), tmp_path, "--key", path, "--serial", "循市 SN-1", "--challenge", "H7KQ-2M9X", "--out", tmp_path / "r.json"
    )
    answer = shaped(ran, "readback")
    assert (answer["serial"], answer["serial_agrees"], answer["challenge"]) == ("循市 SN-1", None, "H7KQ-2M9X")
    assert answer["key"] == answer["signature"]["key_id"] == path.stem
    assert own.signed(answer, public)
    assert json.loads((tmp_path / "r.json").read_bytes()) == answer
    for name, value in (("verdict", "residue"), ("size", MIB + 1), ("challenge", "H7KQ-2M9Y"), ("serial", "SN-1"), ("hits", [1])):
        assert not own.signed(answer | {name: value}, public)


def test_as_a_process_on_a_bench(station, tmp_path):
    path, public = station
    (tmp_path / "medium.img").write_bytes(planted(bytes(MIB), 5000, b"x"))
    ran = process("python", "-m", "privacy.readback", tmp_path / "medium.img", "--json", "--key", path, stdin=b"")
    assert ran.code == 1
    answer = shaped(ran, "readback")
    assert answer["verdict"] == "residue"
    assert own.signed(answer, public)
    assert process("python", "-m", "privacy.readback", tmp_path / "no", "--json").code == 2


def test_prove_signs_the_code_of_the_enrolment_page(station):
    path, public = station
    ran = flask("readback", "prove", "--key", path, "H7KQ-2M9X")
    assert ran.code == 0, ran.err
    assert len(ran.out.split()) >= 1


@pytest.mark.slow
def test_broken_off_and_taken_up_again(tmp_path):
    """The note is written every second; the result is that of one run but for the times."""
    path, note = tmp_path / "medium.img", tmp_path / "note"
    with path.open("wb") as file:
        file.truncate(3 << 30)
        file.seek(4096)
        file.write(b"first")
        file.seek((3 << 30) - 5000)
        file.write(b"last")
    line = [sys.executable, "-m", "privacy.readback", str(path), "--json", "--jobs", "1", "--resume", str(note)]
    begun = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(200):
        time.sleep(0.02)
        if note.exists():
            break
    assert begun.poll() is None, "it was quicker than the note"
    begun.kill()
    begun.communicate()
    again = process(*["python", *line[1:]])
    answer = shaped(again, "readback")
    assert (again.code, answer["verdict"], answer["resumed"]) == (1, "residue", 1)
    assert [hit["at"] for hit in answer["hits"]] == [4096, (3 << 30) - 5000]
    assert answer["blocks_read"] == (3 << 30) // 4096
    assert answer["classes"]["structured"] == 2
