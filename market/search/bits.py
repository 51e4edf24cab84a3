"""Sets of listings as the bits of an integer: cut, joined and counted as fast as long numbers are added."""

from collections.abc import Iterable, Iterator
from itertools import compress

_ZERO_OR_ONE = bytes(max(0, code - 48) & 1 for code in range(256))


def bits_of(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers, all of them below `size`."""
    marks = bytearray(b"0" * size)
    for number in numbers:
        marks[~number] = 49
    return int(marks, 2) if size else 0


def all_bits(size: int) -> int:
    return (1 << size) - 1


def flags_of(bits: int, size: int) -> bytes:
    """One byte per number below `size`: 1 for those in the set, 0 for others."""
    return f"{bits:0{size}b}".encode()[::-1].translate(_ZERO_OR_ONE)


def numbers_of(bits: int, size: int) -> Iterator[int]:
    """The numbers in the set, ascending."""
    return compress(range(size), flags_of(bits, size))
