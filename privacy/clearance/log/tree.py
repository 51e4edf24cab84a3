"""Roots and proofs of RFC 9162, 2.1 from stored nodes: a proof in a tree of n leaves reads about 2 log2(n) of them.

A node is named (level, index): the hash of the whole subtree over leaves index * 2^level up to (index + 1) * 2^level."""

import hashlib
from collections.abc import Callable, Iterable, Mapping

from privacy.verify import Growing, leaf_hash, node_hash, verify_consistency, verify_inclusion

__all__ = [
    "EMPTY", "Growing", "NotInTree", "Range", "consistency", "consistency_ranges", "cover", "growing", "inclusion",
    "inclusion_ranges", "leaf_hash", "needed", "node_hash", "reader", "root", "verify_consistency", "verify_inclusion",
]  # fmt: skip

EMPTY = hashlib.sha256(b"").digest()
NodeName = tuple[int, int]
NodeReader = Callable[[int, int], bytes]
Range = tuple[int, int]


class NotInTree(ValueError):
    """There is no such leaf, or no tree of such a size."""


def cover(begin: int, end: int) -> list[NodeName]:
    """The fewest whole subtrees over leaves begin..end, left to right. `begin` is a multiple of each one's width, as it
    is for every range that the functions below make."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The leaves under each hash of an inclusion proof, from the leaf's sibling upwards. Raises NotInTree."""
    if not 0 <= index < size:
        raise NotInTree(f"no leaf {index} in a tree of {size}")
    found: list[Range] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _half(end - begin)
        inside, beside = ((begin, middle), (middle, end)) if index < middle else ((middle, end), (begin, middle))
        found.append(beside)
        begin, end = inside
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The leaves under each hash of a consistency proof (RFC 9162, 2.1.4.1). Raises NotInTree; `first` = 0 too."""
    if not 0 < first <= second:
        raise NotInTree(f"nothing links trees of {first} and {second} leaves")
    found: list[Range] = []
    begin, end, whole = 0, second, True
    while end > first:
        middle = begin + _half(end - begin)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin, whole = middle, False
    if not whole:
        found.append((begin, end))
    return found[::-1]


def _half(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << (width - 1).bit_length() - 1


def needed(ranges: Iterable[Range]) -> list[NodeName]:
    """Every node that has to be read for these ranges."""
    return [name for begin, end in ranges for name in cover(begin, end)]


def reader(nodes: Mapping[NodeName, bytes]) -> NodeReader:
    return lambda level, index: nodes[level, index]


def root(read: NodeReader, size: int) -> bytes:
    return _hash(read, (0, size)) if size else EMPTY


def inclusion(read: NodeReader, index: int, size: int) -> list[bytes]:
    return [_hash(read, one) for one in inclusion_ranges(index, size)]


def consistency(read: NodeReader, first: int, second: int) -> list[bytes]:
    return [_hash(read, one) for one in consistency_ranges(first, second)]


def growing(read: NodeReader, size: int) -> Growing:
    """A tree of `size` leaves to add to."""
    return Growing(size, [read(level, index) for level, index in cover(0, size)])


def _hash(read: NodeReader, one: Range) -> bytes:
    *left, found = [read(level, index) for level, index in cover(*one)]
    for part in reversed(left):
        found = node_hash(part, found)
    return found
