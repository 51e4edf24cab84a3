"""Dates and kinds that law and policy hang on an order. Pure.

Sources: Consumer Protection Law 25 (seven days from receipt, distance sale, business sellers) [read]; VAT Law 2026,
art. 24(3): goods that natural persons used themselves and old books are exempt [read]. No tax is computed."""

from datetime import datetime, timedelta
from typing import Literal

from market.listings.terms_rules import BUSINESS

SEVEN_DAYS = timedelta(days=7)
AUTO_CONFIRM = timedelta(days=10)
"""So long after it was sent an order counts as received, unless the buyer says otherwise."""

LEAST_LEFT = timedelta(days=1)
"""A clock that stood still while a parcel was looked for runs on with what was left of it, and with no less than this."""

HALF = timedelta(days=2)
"""So long after a half of a swap was handed over its giver waits for the other one, while that is still to come."""

TO_LOOK = timedelta(days=2)
"""A private sale by parcel: so long after receipt it closes by itself."""

Tax = Literal["own_used_goods", "old_books", "used_goods_dealer", "to_be_decided"]


def after_sales_end(policy: str, remote: bool, received: datetime) -> datetime:
    """Until when the buyer can still send it back or say that something is wrong, counted from receipt."""
    if policy == "no_reason_7d":
        return received + SEVEN_DAYS
    return received + TO_LOOK if remote else received


def missing_from(shipped: datetime, days: int) -> datetime:
    """From when on it can be said that a parcel hasn't come; `days` is the operator's setting."""
    return shipped + timedelta(days=days)


def missing_from_half(given: datetime) -> datetime:
    """From when on who gave a half of a swap can say that the other one, still to come, never came."""
    return given + HALF


def runs_on(until: datetime, stopped: datetime, now: datetime) -> datetime:
    """The date of a clock that was stopped at `stopped` and goes on `now`: what was left of it is left of it still."""
    return now + max(until - stopped, LEAST_LEFT)


def warranty_end(months: int, start: datetime) -> datetime | None:
    """The same day so many months later, or the month's last one; None without a warranty. Counted from the contract."""
    if months <= 0:
        return None
    year, month = divmod(start.month - 1 + months, 12)
    first = start.replace(year=start.year + year, month=month + 1, day=1)
    last = ((first + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
    return first.replace(day=min(start.day, last))


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two dates; None only without either."""
    return max((date for date in (one, other) if date is not None), default=None)


def tax_category(seller_kind: str, category: str) -> Tax:
    """What an accountant would have to look at: own used things, old books, a dealer's used goods, or to be decided."""
    if category == "book":
        return "old_books"
    if seller_kind == "idle":
        return "own_used_goods"
    return "used_goods_dealer" if seller_kind in BUSINESS else "to_be_decided"


def shares(total: int, payout: int, fee: int) -> tuple[int, int]:
    """Split a refund of `total` minor units so far into the seller's and the platform's part, by largest remainder.

    Counted on the running total, so refunding in parts equals refunding at once, to the unit. payout + fee > 0."""
    whole = payout + fee
    ours, theirs = total * fee // whole, total * payout // whole
    rest = total - ours - theirs  # 0 or 1: the larger remainder gets it, the seller's side on a tie
    if rest and (total * fee) % whole > (total * payout) % whole:
        return theirs, ours + rest
    return theirs + rest, ours
