"""What an appraisal costs and what goes back, told without looking anything up. Pure: whole fen in, whole fen out.

The fee hangs on the kind of thing and on the way only (appraisal.md 4: never tied to price or grade): neither a grade nor a price
can be handed to any of these functions."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.i18n import N_

DROP_OFF, VISIT = "drop_off", "visit"
WAYS: Final = {
    DROP_OFF: N_("You bring it to the agency"),
    VISIT: N_("The appraiser comes to you"),
}
# how a booking ended; codes of appraisal_bookings.why
ENDS: Final = {
    "owner": N_("Called off by its owner"),
    "agency": N_("Called off by the agency"),
    "moved": N_("It went into other hands before"),
    "no_show": N_("Nobody came"),
    "ungraded": N_("Handed back without a grade"),
    "done": N_("Graded, and back with its owner"),
}
# why a manager lets the lot fall anew; codes in the log
REASONS: Final = {
    "away": N_("whoever was drawn is away or ill"),
    "tied": N_("whoever was drawn knows its owner, or had a deal with them"),
    "unfit": N_("whoever was drawn lacks what this check needs"),
    "late": N_("whoever was drawn hasn't begun in good time"),
    "nobody": N_("nobody could be drawn before"),
}
# who has it uncollected is told again so many days after the grade; never more often, and nothing is sold off for it
NUDGES: Final = (3, 7, 14, 30)
REMIND: Final = datetime.timedelta(hours=24)
# an appraiser has to get there: a visit is booked at least a day before
VISIT_NOTICE: Final = datetime.timedelta(hours=24)
# the address of a visit is erased so long after the booking ended
ADDRESS_KEPT: Final = datetime.timedelta(days=7)
DEAREST: Final = 1_000_000  # fen: no line of a fee table is above 10,000 yuan
LATEST: Final = 14 * 24  # hours: no agency asks to be told earlier than bookings open


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed when it was booked. `total`: all that is paid; `late`, `missed`: what the agency keeps of a fee that was
    paid when the owner calls off later than `free_hours` before, or doesn't come. All in fen, at most `total` counts."""

    total: int
    free_hours: int
    late: int
    missed: int


def fee(kind: int, way: str, drop_off: int, visit: int) -> int:
    """The fee for the kind and what the way adds, in fen."""
    return kind + (visit if way == VISIT else drop_off)


def dearest(fees: Iterable[int], drop_off: int, visit: int) -> int:
    """The highest fee that a table can come to, in fen."""
    return max(fees, default=0) + max(drop_off, visit)


def is_free(terms: Terms, slot: datetime.datetime, now: datetime.datetime) -> bool:
    """Can the owner still call it off for nothing?"""
    return now <= free_until(terms, slot)


def free_until(terms: Terms, slot: datetime.datetime) -> datetime.datetime:
    return slot - datetime.timedelta(hours=terms.free_hours)


def kept(terms: Terms, why: str, way: str, slot: datetime.datetime, now: datetime.datetime) -> int:
    """What the agency may keep, in fen, of what was paid. Nothing when the agency calls off, or hands it back without a grade;
    nothing for a visit that nobody can say who missed."""
    if why in ("owner", "moved"):
        return 0 if is_free(terms, slot, now) else min(terms.late, terms.total)
    if why == "no_show":
        return 0 if way == VISIT else min(terms.missed, terms.total)
    return terms.total if why == "done" else 0


def to_pay_back(paid: int, keep: int, back: int) -> int:
    """What is still to go back, in fen: what was paid less what may be kept and what went back already; never below nothing."""
    return max(0, paid - keep - back)


def next_nudge(graded_at: datetime.datetime, given: int) -> datetime.datetime | None:
    """When the owner is told the next time that it waits; None when they were told often enough."""
    return graded_at + datetime.timedelta(days=NUDGES[given]) if given < len(NUDGES) else None
