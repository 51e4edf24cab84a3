"""What a buyer may ask for after the sale, until when, and which clocks run then. Pure.

Sources: Consumer Protection Law 25: seven days from receipt without a reason, refund within seven days of the return [read];
24: repair, exchange or return of what isn't as agreed [read]. Between private people contract law alone: what was told wrongly
counts; thirty days to say so is this market's own rule, as are the days to answer, to send and to ask for mediation."""

from datetime import datetime, timedelta
from typing import Literal

from market.orders.order_rules import missing_from_half

Kind = Literal["return", "repair", "exchange", "refund", "compensation"]
Ground = Literal["no_reason", "not_as_told", "broken", "missing", "wipe"]
KINDS: tuple[Kind, ...] = ("return", "repair", "exchange", "refund", "compensation")
GROUNDS: tuple[Ground, ...] = ("no_reason", "not_as_told", "broken", "missing", "wipe")

TOLD_WRONGLY = timedelta(days=30)
ANSWER = timedelta(days=3)
SEND_BACK = timedelta(days=7)
REFUND = timedelta(days=7)
APPEAL = timedelta(days=7)
REFUSED = timedelta(days=14)
"""So long a refused case can be taken to a mediator; then it is closed, and what is held goes to the seller."""
MONEY = ("refund", "compensation")
"""Kinds that ask for a part of the price."""

SENDS_BACK = frozenset({"return", "exchange", "repair"})
"""Kinds in which the thing goes back first."""


def fault(
    kind: str, ground: str, amount: int, *, policy: str, received: datetime | None, after_sales: datetime | None,
    warranty: datetime | None, left: int, now: datetime, paid: bool = True,
) -> str:  # fmt: skip
    """A code why this can't be asked for, "" when it can. `amount` in minor units; `left`: of the price, not yet
    refunded; `paid`: False for a gift and a swap."""
    if kind not in KINDS or ground not in GROUNDS:
        return "kind_unknown"
    if received is None:
        return "not_received"
    if not paid and kind in MONEY:
        return "nothing_paid"
    if ground == "no_reason":
        if kind != "return":
            return "no_reason_is_return"
        if policy != "no_reason_7d":
            return "no_reason_not_owed"
        return "" if after_sales is not None and now <= after_sales else "too_late"
    if ground == "broken" and not (warranty is not None and now <= warranty) and now > received + TOLD_WRONGLY:
        return "too_late"
    if ground != "broken" and now > received + TOLD_WRONGLY:
        return "too_late"
    if kind in MONEY and not 0 < amount <= left:
        return "amount_range"
    return ""


def half_fault(*, given: datetime | None, back: bool, other_came: bool, other_open: bool, now: datetime) -> str:
    """A code why the giver of a half of a swap can't ask for it back, "" when they can. `given`: when it changed hands; `back`:
    it is theirs again; `other_came`, `other_open`: the other half has changed hands, or still can.

    No end to it: what was given for something that doesn't come is owed back until it is back (Civil Code 566 and 647: a swap
    follows the rules of a sale; after a contract that isn't kept each side gets back what it gave) [memory]."""
    if given is None:
        return "half_not_given"
    if back:
        return "half_is_back"
    if other_came:
        return "other_came"
    return "half_early" if other_open and now < missing_from_half(given) else ""


def sends_back(kind: str, outcome: str) -> bool:
    """Does the thing go back before anything else is done? Asked for by the buyer, or decided so by a mediator."""
    return kind in SENDS_BACK or outcome == "return_first"


def most(kind: str, amount: int, left: int) -> int:
    """What an accepted case gives back: all that is left for a return, the asked part else, nothing for repair and exchange."""
    if kind == "return":
        return left
    return min(amount, left) if kind in MONEY else 0
