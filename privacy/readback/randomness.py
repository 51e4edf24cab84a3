"""Does a block look like random bytes? A chi-square test of its 256 byte counts, from both sides, and a look for repeats.

The false rate is bounded, not estimated: `upper_bound` and `lower_bound` are Chernoff bounds of the statistic for truly
random bytes, so a random block is refused with a chance of at most 1e-12. They say nothing about the other mistake:
compressed or encrypted data passes, because nothing tells it from random fill."""

import functools
import math
import operator
import zlib
from collections.abc import Callable, Sequence

FULL = 4096
LEAST = 64  # bytes; fewer can't be judged
RATE = 5e-13  # of random blocks refused on each side
# Chi-square of a full block lies between; found by `limits(4096)`, which a test runs again.
LOW, HIGH = 112.0, 504.0
_EVEN = (FULL // 256,) * 256
_LOW_ROOT, _HIGH_ROOT = math.sqrt(LOW * 16), math.sqrt(HIGH * 16)


def counts(data: bytes) -> Sequence[int]:
    """How often each byte value stands in the data."""
    return _counter()(data)


@functools.cache
def _counter() -> Callable[[bytes], Sequence[int]]:
    """Pillow counts pixels in C, thirty times faster; without it the same numbers come slowly."""
    try:
        from PIL import Image
    except ImportError:
        return _counts_plain
    return lambda data: Image.frombuffer("L", (len(data), 1), data, "raw", "L", 0, 1).histogram()


def _counts_plain(data: bytes) -> Sequence[int]:
    table = [0] * 256
    for value in data:
        table[value] += 1
    return table


def chi_square(data: bytes) -> float:
    """Σ (count - expected)² / expected over the 256 byte values; about 255 for random bytes."""
    expected = len(data) / 256
    return sum(count * count for count in counts(data)) / expected - len(data)


def looks_random(data: bytes) -> bool | None:
    """True or False for 64 bytes or more; None for fewer: nobody can tell."""
    if len(data) != FULL:
        return _short_looks_random(data)
    away = math.dist(counts(data), _EVEN)
    return _LOW_ROOT <= away <= _HIGH_ROOT and not repeats(data)


def repeats(data: bytes) -> bool:
    """Do 16 bytes from the head of any 512-byte sector come again later? By chance less than once in 2^112 blocks."""
    return any(data.find(data[at : at + 16], at + 1) >= 0 for at in range(0, len(data) - 31, 512))


def _short_looks_random(data: bytes) -> bool | None:
    if len(data) < LEAST:
        return None
    low, high = limits(len(data))
    if not low <= chi_square(data) <= high or repeats(data):
        return False
    everywhere, nowhere = functools.reduce(operator.and_, data), functools.reduce(operator.or_, data)
    if everywhere or nowhere != 255:  # one of the eight bits never changes, as in plain text: 16 * 2^-n by chance
        return False
    # fewer than 2^(8m+1) texts have a shorter form of m bytes: by chance less than 2^-127
    return len(zlib.compress(data, 9)) > len(data) - 16


@functools.cache
def limits(size: int, rate: float = RATE) -> tuple[float, float]:
    """(low, high): outside of them random bytes of this size fall with a chance of at most `rate` on each side."""
    middle = 255.0
    high, low = middle, middle
    step = 64.0
    while step >= 1:
        while upper_bound(size, high + step) > rate:
            high += step
        while low - step >= 0 and lower_bound(size, low - step) > rate:
            low -= step
        step /= 2
    return max(0.0, low - 1), high + 1


def upper_bound(size: int, chi: float) -> float:
    """An upper bound of P(chi-square >= chi) for random bytes."""
    return _chernoff(size, chi, [j / 400 for j in range(1, 200)])


def lower_bound(size: int, chi: float) -> float:
    """An upper bound of P(chi-square <= chi) for random bytes."""
    return _chernoff(size, chi, [-j / 100 for j in range(1, 400)])


def _chernoff(size: int, chi: float, tilts: list[float]) -> float:
    """min over t of E[exp(t X)] / exp(t chi), X the chi-square of 256 independent Poisson counts, over the chance that
    they add up to `size` (given that, they are the counts of random bytes), and the chance of a count beyond the table."""
    whole = math.exp(-size + size * math.log(size) - math.lgamma(size + 1))
    best = min(256 * moment - t * chi for t, moment in _moments(size, tuple(tilts)))
    return min(1.0, math.exp(min(best, 0.0)) / whole + _beyond(size))


def _most(size: int) -> int:
    return int(size / 256 + 12 * math.sqrt(size / 256) + 30)


def _beyond(size: int) -> float:
    """The chance that any count is larger than the table: below 256 times the first terms of a geometric series."""
    mean, most = size / 256, _most(size) + 1
    first = math.exp(-mean + most * math.log(mean) - math.lgamma(most + 1))
    return 256 * first / (1 - mean / most)


@functools.cache
def _moments(size: int, tilts: tuple[float, ...]) -> list[tuple[float, float]]:
    """(t, log E exp(t (O - mean)² / mean)) of one truncated Poisson count."""
    mean = size / 256
    logs = [(-mean + o * math.log(mean) - math.lgamma(o + 1), (o - mean) ** 2 / mean) for o in range(_most(size) + 1)]
    found = []
    for t in tilts:
        terms = [weight + t * square for weight, square in logs]
        top = max(terms)
        found.append((t, top + math.log(sum(math.exp(term - top) for term in terms))))
    return found
