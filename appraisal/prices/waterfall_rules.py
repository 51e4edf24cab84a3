"""From exact amounts to whole minor units that still add up: largest remainder (Hare, Hamilton 1792)."""

import math
from collections.abc import Sequence
from fractions import Fraction


def nearest(amount: float) -> int:
    """The whole minor units next to an amount; a half counts up."""
    exact = Fraction(amount) + Fraction(1, 2)
    return math.floor(exact)


def whole_parts(parts: Sequence[float]) -> tuple[list[int], int]:
    """(whole parts, their sum): the sum is the exact sum rounded, each part is rounded down or up.

    The parts with the largest remainder are rounded up, the earlier one first where remainders are equal. A part of
    exactly 0 stays 0, and none changes its sign.
    """
    exact = [Fraction(part) for part in parts]
    total = math.floor(sum(exact, Fraction(0)) + Fraction(1, 2))
    downs = [math.floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda at: (downs[at] - exact[at], at))
    for at in order[: total - sum(downs)]:
        downs[at] += 1
    return downs, total
