"""Sampled offsets and chances against other computations, and against the numbers in the docs."""

import hashlib
import hmac
import math
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.readback import odds
from privacy.readback.plan import BLOCK, PIECE, block_at, fixed_blocks, full, sample, sampled_blocks
from tests.privacy.readback.images import image, noise, planted, read

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "read-back.md").read_text(encoding="utf-8")


def independent(seed: bytes, i: int, n: int) -> int:
    """HMAC by hand (RFC 2104)."""
    key = seed if len(seed) <= 64 else hashlib.sha256(seed).digest()
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + i.to_bytes(8, "big")).digest()
    return int(hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).hexdigest(), 16) % n


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=100), st.integers(1, 10**9), st.integers(1, 60))
def test_offsets_are_what_anybody_can_work_out(seed, n, k):
    wanted = [independent(seed, i, n) for i in range(k)]
    assert [block_at(seed, i, n) for i in range(k)] == wanted
    assert sampled_blocks(seed, k, n) == set(wanted)
    assert wanted[0] == int.from_bytes(hmac.new(seed, bytes(8), "sha256").digest(), "big") % n


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 200 * PIECE), st.integers(1, 3000), st.binary(min_size=1, max_size=8))
def test_a_plan_reads_each_block_once_and_nothing_else(size, k, seed):
    for plan in (full(size), sample(size, k, seed)):
        spans = [span for piece in range(plan.pieces) for span in plan.extents(piece)]
        assert all(a < b <= size and a % BLOCK == 0 for a, b in spans)
        assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:], strict=False))
        assert sum(-(-(b - a) // BLOCK) for a, b in spans) == plan.total
    assert full(size).total == -(-size // BLOCK)


def test_the_places_that_are_always_read():
    n = 100_000
    assert fixed_blocks(n * BLOCK + 5) == {0, 256, *range(n - 8, n), n}
    assert fixed_blocks(3 * BLOCK) == {0, 1, 2}
    assert fixed_blocks(100) == {0} and fixed_blocks(0) == set()
    gpt_backup = range((n * BLOCK - 33 * 512) // BLOCK, n)
    assert set(gpt_backup) <= fixed_blocks(n * BLOCK)


def test_a_sample_reads_just_its_blocks(tmp_path):
    seed, n = bytes.fromhex("00112233"), 5000
    path = image(tmp_path, bytes(n * BLOCK + 10))
    value = read(path, k=200, seed=seed)
    wanted = {independent(seed, i, n) for i in range(200)} | fixed_blocks(n * BLOCK + 10)
    assert (value["verdict"], value["blocks_read"], value["sample"]["k"]) == ("clean", len(wanted), 200)
    assert value["sample"]["distinct"] == len({independent(seed, i, n) for i in range(200)})
    hit = sorted(wanted)[57]
    missed = next(block for block in range(n) if block not in wanted)
    for block, verdict in ((hit, "residue"), (missed, "clean")):
        path = image(tmp_path, planted(bytes(n * BLOCK + 10), block * BLOCK + 9, b"x"))
        assert read(path, k=200, seed=seed)["verdict"] == verdict


def test_a_random_disk_is_sampled_too(tmp_path):
    value = read(image(tmp_path, noise(600 * BLOCK)), k=50, seed=b"x")
    assert value["verdict"] == "clean" and value["expected"] == "random" and "-" in value["map"]["cells"]


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.data())
def test_chances_are_hypergeometric(n, data):
    dirty, read_ = data.draw(st.integers(1, n)), data.draw(st.integers(0, n))
    exact = Fraction(math.comb(n - dirty, read_), math.comb(n, read_))
    assert odds.miss_scattered(n, dirty, read_) == pytest.approx(float(exact), abs=1e-12)
    stated = Fraction(odds.found_scattered(n, dirty, read_))
    assert 0 <= (1 - exact) - stated <= Fraction(2, 10**6), "rounded down, by less than a digit"


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**10), st.integers(1, 10**6))
def test_the_smallest_run_is_the_smallest(n, k):
    run = odds.smallest_run(n, k)
    assert odds.found_run(n, run, k) >= 0.99
    assert run == 1 or odds.found_run(n, run - 1, k) < 0.99


def table(heading: str) -> list[list[str]]:
    part = DOCS.split(heading)[1].split("\n#")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_docs_table_of_scattered_residue():
    for fraction, *counts in table("### Scattered residue"):
        share = str(float(Fraction(fraction.rstrip(" %")) / 100))
        assert [odds.probes_needed(share, sure) for sure in ("0.95", "0.99", "0.999")] == [int(c.replace(",", "")) for c in counts]


def test_the_docs_table_of_one_contiguous_residue():
    n = 500 * 10**9 // BLOCK
    sizes = {"GiB": 2**30, "MiB": 2**20}
    for residue, probes, chance in table("### One contiguous residue"):
        number, unit = residue.split()
        found = odds.found_run(n, int(number) * sizes[unit] // BLOCK, int(probes.replace(",", "")))
        assert f"{found * 100:.0f} %" == chance


def test_the_docs_example_is_the_programs():
    probability = re.search(r"k = 4,603.*?n = 122,070,312.*?\*\*([0-9.]+)\*\*.*?\*\*([0-9,]+)\*\* blocks", DOCS, re.DOTALL)
    assert probability, "the worked example"
    n = 122_070_312
    assert odds.found_scattered(n, odds.dirty_blocks(n), 4603) == probability.group(1)
    assert odds.smallest_run(n, 4603) == int(probability.group(2).replace(",", ""))
