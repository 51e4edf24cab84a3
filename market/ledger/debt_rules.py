"""What of a seller's fees is still owed, when they pay in parts: plain sums in whole minor units. No clock, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LATE = timedelta(days=30)  # this market's own choice: so long after the payment of a sale its fee waits for staff


@dataclass(frozen=True, slots=True)
class Owed:
    """The fee of one sale that was paid to the seller directly. `since`: when it was; below zero: more of it was given back than
    was charged."""

    subject_id: str
    minor: int
    since: datetime


def still_open(owed: Iterable[Owed], paid: int) -> list[Owed]:
    """What is left of each, the oldest paid first (Civil Code 560); what is paid is left out. `paid`: in all, minor units."""
    every = sorted(owed, key=lambda one: (one.since, one.subject_id))
    there, left = paid - sum(min(0, one.minor) for one in every), []
    for one in every:
        part = min(max(0, there), max(0, one.minor))
        there -= part
        if one.minor > part:
            left.append(replace(one, minor=one.minor - part))
    return left


def credit(owed: Iterable[Owed], paid: int) -> int:
    """What was paid beyond all fees, because one was given back after it was paid: it counts towards the next."""
    return max(0, paid - sum(one.minor for one in owed))


def late(left: Sequence[Owed], now: datetime) -> bool:
    """Is any of it older than `LATE`?"""
    return any(one.since < now - LATE for one in left)
