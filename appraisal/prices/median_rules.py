"""Middles that a few wild values can't move: the weighted median and the median absolute deviation."""

from collections.abc import Sequence

# The MAD of a normal distribution is 0.6745 of its standard deviation (Hampel 1974).
TO_SIGMA = 1.4826


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The lower weighted median: the smallest value with at least half of all weight at or below it; where exactly
    half is, the middle between it and the next (so that equal weights give the usual median).

    Raises ValueError for no values or no positive weight.
    """
    pairs = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if weight > 0)
    half = sum(weight for _, weight in pairs) / 2
    if not pairs:
        raise ValueError("the median of nothing")
    below = 0.0
    for at, (value, weight) in enumerate(pairs):
        below += weight
        if below > half * (1 + 1e-12):
            return value
        if below >= half * (1 - 1e-12) and at + 1 < len(pairs):
            return (value + pairs[at + 1][0]) / 2
    return pairs[-1][0]


def median(values: Sequence[float]) -> float:
    """The usual median. Raises ValueError for no values."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("the median of nothing")
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def spread(values: Sequence[float], middle: float | None = None) -> float:
    """The robust standard deviation: 1.4826 times the median distance from the middle (the median if left out)."""
    centre = median(values) if middle is None else middle
    return TO_SIGMA * median([abs(value - centre) for value in values])


def effective_count(weights: Sequence[float]) -> float:
    """How many equal weights tell as much (Kish 1965): (sum w)^2 / sum w^2; 0 for none."""
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else 0.0
