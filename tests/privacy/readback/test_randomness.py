"""The test for random-looking blocks: its false rate is bounded by computation, and it isn't blind."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.readback import randomness
from privacy.readback.classes import classify, lowest_turn, repeated_unit
from privacy.readback.signatures import ALL, FILES, STRONG, at_sectors

DOCS = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "read-back.md"


def test_the_limits_are_those_that_the_bounds_give():
    assert randomness.limits(4096) == (randomness.LOW, randomness.HIGH)
    assert randomness.upper_bound(4096, randomness.HIGH) + randomness.lower_bound(4096, randomness.LOW) <= 1e-12


def test_the_bound_is_above_what_really_happens():
    """At a limit that one block in a few hundred crosses the bound may not be smaller than the share that does."""
    made = random.Random(5)
    crossed = sum(randomness.chi_square(made.randbytes(4096)) >= 320 for _ in range(4000)) / 4000
    assert 0 < crossed <= randomness.upper_bound(4096, 320) + 0.002


def test_ten_thousand_random_blocks_look_random():
    made = random.Random(11)
    assert all(randomness.looks_random(made.randbytes(4096)) for _ in range(10_000))


@pytest.mark.parametrize("size", [64, 100, 511, 512, 1000, 3584, 4095])
def test_shorter_random_tails_look_random(size):
    made = random.Random(size)
    assert all(randomness.looks_random(made.randbytes(size)) for _ in range(500))


def test_plain_python_counts_like_pillow():
    block = random.Random(3).randbytes(4096)
    assert list(randomness.counts(block)) == list(randomness._counts_plain(block))


@pytest.mark.parametrize("block", [bytes(range(256)) * 16, bytes(4095) + b"x", b"ab" * 2048, random.Random(1).randbytes(512) * 8])
def test_order_is_not_randomness(block):
    assert randomness.looks_random(block) is False


def test_a_slight_bias_is_seen():
    made = random.Random(2)
    assert not randomness.looks_random(bytes(made.randrange(200) for _ in range(4096)))
    assert not randomness.looks_random(bytes(made.randrange(256) & 0x7F for _ in range(4096)))


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=1, max_size=16), st.integers(64, 4096))
def test_a_repeated_unit_is_found_wherever_it_is_cut(unit, size):
    block = (unit * (size // len(unit) + 1))[:size]
    found = repeated_unit(block)
    assert found is not None and (found * size)[:size] == block
    assert classify(block, 0) in ("zero", "ff", "pattern:" + lowest_turn(found).hex())


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=0, max_size=5000))
def test_every_block_has_one_class(data):
    assert classify(data, 0).partition(":")[0] in ("zero", "ff", "pattern", "random", "structured", "short")


def test_marks_that_count_among_random_blocks_are_long_enough():
    """How many false marks a random disk of 4 TB shows; the number stands in the docs."""
    sectors, size = 4e12 / 512, 4e12
    false = sum(sectors / 2**one.bits for one in ALL if one.bits >= STRONG)
    assert false < 1e-6 and size > sectors
    stated = float(re.search(r"4 TB[^|]*\| ([0-9.e-]+) \|", DOCS.read_text(encoding="utf-8")).group(1))
    assert stated / 2 < false <= stated
    assert {one.kind for one in FILES if one.bits >= STRONG} >= {"png", "jpeg", "pdf", "zip", "sqlite", "ole2", "media"}


def test_no_mark_in_random_megabytes():
    made = random.Random(17)
    assert [one.kind for _ in range(64) for _at, one in at_sectors(made.randbytes(262144)) if one.bits >= STRONG] == []
