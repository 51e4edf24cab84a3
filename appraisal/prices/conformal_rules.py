"""Ranges that hold what they say: split conformal prediction on log residuals (Papadopoulos 2002, Lei 2018), in groups (Mondrian,
Vovk 2005).

A residual is log(paid) - log(predicted) by a model that hasn't seen the sale. With n of them in order, a new sale
lies at or below the k-th with probability k / (n + 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

COVERAGE = Fraction(4, 5)
TAIL = (1 - COVERAGE) / 2
LEAST = 50  # residuals for a group of its own: five in each tail
BANDS = (5, 10, 30)

Range = tuple[float, float]


def ranks(n: int, tail: Fraction = TAIL) -> tuple[int, int] | None:
    """Which of n residuals in order (from 1) bound the range: floor(tail (n + 1)) and ceil((1 - tail) (n + 1)).

    None where n is too small for either to exist: below 9 residuals no 80 % can be promised.
    """
    low = tail * (n + 1)
    high = (1 - tail) * (n + 1)
    lower, upper = low.numerator // low.denominator, -(-high.numerator // high.denominator)
    return (lower, upper) if lower >= 1 and upper <= n else None


def bounds(residuals: Sequence[float]) -> Range | None:
    """The two residuals that bound the range, so that P50 is never outside of it. None: too few."""
    found = ranks(len(residuals))
    if found is None:
        return None
    ordered = sorted(residuals)
    return min(ordered[found[0] - 1], 0.0), max(ordered[found[1] - 1], 0.0)


def band(comparables: int) -> int:
    """0: under five comparables, 1: five to nine, 2: ten to 29, 3: thirty and more."""
    return sum(comparables >= step for step in BANDS)


def group(kind: str, comparables: int) -> str:
    return f"{band(comparables)}:{kind}"


def calibrate(residuals: Iterable[tuple[str, int, float]]) -> dict[str, Range]:
    """(kind, comparables, residual) of each sale -> the range of each group that is large enough, of each band
    ("1:*") and of all together ("*")."""
    gathered: dict[str, list[float]] = {}
    for kind, comparables, residual in residuals:
        for name in (group(kind, comparables), f"{band(comparables)}:*", "*"):
            gathered.setdefault(name, []).append(residual)
    found = {name: bounds(each) for name, each in sorted(gathered.items()) if name == "*" or len(each) >= LEAST}
    return {name: each for name, each in found.items() if each is not None}


def range_for(ranges: Mapping[str, Range], kind: str, comparables: int) -> Range | None:
    """The range of the narrowest group there is: kind and band, band, all."""
    for name in (group(kind, comparables), f"{band(comparables)}:*", "*"):
        if name in ranges:
            return ranges[name]
    return None
