"""How long things wait for a buyer, with those that nobody has bought yet counted as what they are (Kaplan and Meier 1958).

A thing that is still there after 40 days has waited more than 40 days. To leave it out would make waiting look shorter than it
is; to count it as sold at 40 days, too.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

QUARTERS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
LEAST = 5  # sold ones, below which nothing is said

Spell = tuple[int, bool]  # (days on offer, sold)


def quartiles(spells: Sequence[Spell]) -> tuple[int | None, ...]:
    """In how many days a quarter, a half and three quarters are sold. None where fewer than that are sold as yet, and
    for all three where fewer than five were sold."""
    if sum(sold for _, sold in spells) < LEAST:
        return (None, None, None)
    left = still_there(spells)
    return tuple(next((day for day, share in left if share <= 1 - part), None) for part in QUARTERS)


def still_there(spells: Sequence[Spell]) -> list[tuple[int, Fraction]]:
    """(day, share not sold by its end) for each day on which something was sold: the product of what each day left."""
    sold = Counter(days for days, was_sold in spells if was_sold)
    ordered = sorted(days for days, _ in spells)
    share, found = Fraction(1), []
    for day in sorted(sold):
        on_offer = sum(1 for days in ordered if days >= day)
        share *= Fraction(on_offer - sold[day], on_offer)
        found.append((day, share))
    return found
