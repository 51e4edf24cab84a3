"""From exact fractions to whole minor units, each line by itself or all lines of a seller together; nothing is lost.

Rounding is the same for a sale and for what takes it back: towards and away from zero, not down and up the number line."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.money import Rounding as Mode
from core.money import round_ratio
from market.ledger.fees.policy import Rounding


@dataclass(frozen=True, slots=True)
class Part:
    """One line's exact amount. `group`: whose total it belongs to; `key`: settles equal remainders, whatever the lines' order."""

    group: Hashable
    key: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Whole:
    """What a part became. `total`: (exact, rounded) of its group where the total was rounded."""

    minor: int
    total: tuple[Fraction, int] | None = None


def rounded(value: Fraction, mode: Mode) -> int:
    return round_ratio(value.numerator, value.denominator, mode)


def round_parts(parts: Sequence[Part], rounding: Rounding) -> list[Whole]:
    """In the order of `parts`."""
    if rounding.per == "line":
        return [Whole(rounded(part.value, rounding.mode)) for part in parts]
    found: dict[int, Whole] = {}
    for group in dict.fromkeys(part.group for part in parts):
        places = [at for at, part in enumerate(parts) if part.group == group]
        found |= dict(zip(places, _together([parts[at] for at in places], rounding.mode), strict=True))
    return [found[at] for at in range(len(parts))]


def _together(parts: Sequence[Part], mode: Mode) -> list[Whole]:
    """Round the sum once; each part first gets its whole units, then the missing units go to the largest remainders."""
    exact = sum((part.value for part in parts), Fraction(0))
    total = rounded(exact, mode)
    minors = [rounded(part.value, "down") for part in parts]
    missing = total - sum(minors)
    sign = -1 if missing < 0 else 1
    by_remainder = sorted(range(len(parts)), key=lambda at: (-sign * (parts[at].value - minors[at]), parts[at].key))
    for at in by_remainder[: abs(missing)]:
        minors[at] += sign
    return [Whole(minor, (exact, total)) for minor in minors]
