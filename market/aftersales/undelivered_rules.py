"""When a buyer may say that a parcel hasn't come, how long its seller has to show that it did, what each end means. Pure.

Sources: Civil Code 604: until delivery the seller bears the risk; 512 and E-commerce Law 51: what was ordered over the net and is
sent by express is delivered when its receiver signs [604 and 512 read as a district's justice office and a law firm quote them;
51 read]. So who sends has to show that it arrived. Civil Code 607, by which the risk passes with the first carrier, is for
contracts without a place of delivery; here the buyer names one [memory]. From which day on, and how long each side has, is this
market's own: a carrier answers an inquiry within about a week [memory: the standard for express service wasn't seen]."""

from datetime import datetime, timedelta
from typing import Final, Literal

from market.orders.order_rules import missing_from

Outcome = Literal["arrived", "lost", "came_back"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("arrived", "lost", "came_back")
PROVE = timedelta(days=7)
"""So long the seller has to ask the carrier and to show that it was delivered; without an answer it counts as lost."""

MOST_TIMES = 2
"""So often a buyer can say so of one parcel: after waiting on, once more."""


def fault(*, shipped: datetime | None, received: datetime | None, on_its_way: bool, before: int, now: datetime, days: int) -> str:
    """A code why it can't be said now that it hasn't come, "" when it can. `before`: how often it was said already."""
    if shipped is None:
        return "not_sent"
    if received is not None or not on_its_way:
        return "came_already"
    if before >= MOST_TIMES:
        return "said_twice"
    return "" if now >= missing_from(shipped, days) else "too_early"


def goes_back(outcome: Outcome, left: int) -> int:
    """Minor units of the price that go back: all that is left of it, unless the parcel arrived."""
    return 0 if outcome == "arrived" else left


def when_overdue(state: str) -> Outcome | None:
    """What a date that passes means: no answer of the seller, it is lost; shown as delivered and nobody took it further, it
    arrived. None in states in which somebody else has the word."""
    answers: dict[str, Outcome] = {"opened": "lost", "refused": "arrived"}
    return answers.get(state)
