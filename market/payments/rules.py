"""What may be moved: pure sums over one payment, in minor units. No clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

Place = TypeVar("Place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Of one paid payment, what counts (nothing that failed). `kept`: the platform's fee taken at a release. `withheld`: kept
    back from a seller at a release for an older debt. `reversed`: fetched back from the seller or settled later, `reversing`:
    still to be fetched. `charged_back`: taken by the payer's bank and not given back."""

    paid: int
    refunded: int = 0
    released: int = 0
    kept: int = 0
    withheld: int = 0
    reversed: int = 0
    reversing: int = 0
    charged_back: int = 0

    @property
    def held(self) -> int:
        """What still rests at the provider for somebody; below zero when more went out than is there."""
        out = self.refunded + self.released + self.kept + self.withheld + self.charged_back
        return self.paid - out + self.reversed

    @property
    def refundable(self) -> int:
        return max(0, self.paid - self.refunded - self.charged_back)

    @property
    def with_seller(self) -> int:
        """What went to the seller, or settled what they owed, and is not to come back."""
        return self.released + self.withheld - self.reversed - self.reversing


def from_seller(sums: Sums, amount: int, asked: int | None) -> int:
    """How much of a refund the seller has to give back: what is said, else what the rest that is still held doesn't cover.

    Never more than the seller got. Raises ValueError for a share that is no part of the refund."""
    if asked is not None and not 0 <= asked <= amount:
        raise ValueError("the seller's share is a part of the refund")
    missing = max(0, amount - max(0, sums.held)) if asked is None else asked
    return min(missing, sums.with_seller)


def spread(amount: int, places: Iterable[tuple[Place, int]]) -> list[tuple[Place, int]]:
    """Take an amount from places (name, what is there), the first ones first; leaves out those that give nothing."""
    taken, left = [], amount
    for name, there in places:
        part = min(left, there)
        if part > 0:
            taken.append((name, part))
            left -= part
    return taken


def withheld(to_payee: int, debts: int) -> int:
    """How much of a release stays here to settle what the seller owes from earlier: never more than there is of either."""
    return max(0, min(to_payee, debts))
