"""Proofs from stored nodes against the plain definition of RFC 9162, for every size up to 70."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.clearance.log import tree
from privacy.clearance.log.tree import NotInTree

LEAVES = [tree.leaf_hash(str(n).encode()) for n in range(71)]
SIZES = st.integers(0, 70)


@functools.cache
def plainly(begin, end):
    """MTH of RFC 9162, 2.1.1, word for word."""
    if end == begin:
        return tree.EMPTY
    if end - begin == 1:
        return LEAVES[begin]
    half = 1
    while half * 2 < end - begin:
        half *= 2
    return tree.node_hash(plainly(begin, begin + half), plainly(begin + half, end))


@pytest.fixture(scope="module")
def read():
    grown, nodes = tree.Growing(), {}
    for leaf in LEAVES:
        nodes |= {(level, index): found for level, index, found in grown.add(leaf)}
    return tree.reader(nodes)


def test_every_root(read):
    for size in range(71):
        assert tree.root(read, size) == tree.growing(read, size).root() == plainly(0, size)


def test_every_inclusion(read):
    for size in range(71):
        for index in range(size):
            proof = tree.inclusion(read, index, size)
            assert tree.verify_inclusion(index, size, LEAVES[index], proof, plainly(0, size))


def test_every_consistency(read):
    for second in range(1, 71):
        for first in range(1, second + 1):
            proof = tree.consistency(read, first, second)
            assert tree.verify_consistency(first, second, proof, plainly(0, first), plainly(0, second))
            assert len(proof) <= 2 * second.bit_length()


@given(data=st.data(), size=SIZES.filter(bool))
def test_another_leaf_place_size_or_hash_is_refused(data, size, read):
    index = data.draw(st.integers(0, size - 1))
    proof, root = tree.inclusion(read, index, size), plainly(0, size)
    other = data.draw(st.integers(0, 70))
    assert tree.verify_inclusion(index, size, LEAVES[other], proof, root) is (other == index)
    if other != index and size > 1:
        assert not tree.verify_inclusion(other, size, LEAVES[index], proof, root)
    for cut in (proof[:-1], [*proof, LEAVES[0]], proof[::-1]):
        assert cut == proof or not tree.verify_inclusion(index, size, LEAVES[index], cut, root)
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        bent = [*proof]
        bent[at] = (int.from_bytes(bent[at], "big") ^ 1 << bit).to_bytes(32, "big")
        assert not tree.verify_inclusion(index, size, LEAVES[index], bent, root)


@given(data=st.data(), second=SIZES.filter(lambda n: n > 1))
def test_what_was_rewritten_is_not_consistent(data, second, read):
    first = data.draw(st.integers(1, second - 1))
    proof = tree.consistency(read, first, second)
    old, new = plainly(0, first), plainly(0, second)
    assert not tree.verify_consistency(first, second, proof, LEAVES[70], new)
    assert not tree.verify_consistency(first, second, proof, old, LEAVES[70])
    assert not tree.verify_consistency(first, second, proof[:-1], old, new)
    assert not tree.verify_consistency(first, second, [*proof, LEAVES[0]], old, new)
    assert not tree.verify_consistency(0, second, proof, tree.EMPTY, new)
    assert not tree.verify_consistency(second, first, proof, new, old)


@pytest.mark.parametrize("call", [
    lambda read: tree.inclusion(read, 7, 7), lambda read: tree.inclusion(read, -1, 7), lambda read: tree.inclusion(read, 0, 0),
    lambda read: tree.consistency(read, 0, 7), lambda read: tree.consistency(read, 8, 7), lambda read: tree.consistency(read, -1, 7),
])  # fmt: skip
def test_what_is_not_in_the_tree_has_no_proof(call, read):
    with pytest.raises(NotInTree):
        call(read)


def test_a_proof_in_a_large_tree_reads_few_nodes():
    for index in (0, 1, 524_287, 654_321, 999_999):
        assert len(tree.needed(tree.inclusion_ranges(index, 1_000_000))) <= 40
    assert len(tree.needed(tree.consistency_ranges(654_321, 1_000_000))) <= 60
