"""Bargaining between two people: private offers, never an auction (Auction Law 3 and 11: bidding is another trade). Pure."""

from datetime import timedelta
from typing import Literal

EXPIRES = timedelta(hours=24)
MOST_ROUNDS = 10
"""Offers and counter-offers of one pair about one listing; after that they talk."""

Verdict = Literal["", "not_negotiable", "amount_range", "amount_asking", "too_many"]


def fault(amount: int, asking: int, negotiable: bool, rounds: int) -> Verdict:
    """What is wrong with an offer of `amount` (whole minor units) on something that costs `asking`; "" when it can be made."""
    if not negotiable:
        return "not_negotiable"
    if rounds >= MOST_ROUNDS:
        return "too_many"
    if amount <= 0:
        return "amount_range"
    return "amount_asking" if amount >= asking else ""


def declined_at_once(amount: int, floor: int | None) -> bool:
    """Below the seller's private floor an offer is declined by itself; the floor is not told."""
    return floor is not None and amount < floor
