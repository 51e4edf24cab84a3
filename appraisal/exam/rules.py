"""When there is enough to examine with, and what passes. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from fractions import Fraction


def is_enough(grades: Collection[str], items: int, kinds: int) -> bool:
    """So many reference items, of so many different agreed grades: of one grade alone no agreement can be told."""
    return len(grades) >= items and len(set(grades)) >= kinds


def is_passed(kappa: Fraction | None, percent: int) -> bool:
    """Kappa of at least so many hundredths; one that isn't defined passes nobody."""
    return kappa is not None and kappa * 100 >= percent


def wait_until(
    failed_at: datetime | None, again: timedelta, now: datetime
) -> datetime | None:
    """Until when the next try has to wait, or None."""
    return failed_at + again if failed_at is not None and now < failed_at + again else None
