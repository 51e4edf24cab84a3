"""Cells of a file as values; what can't be one says why, in a word that is counted."""

import re
from datetime import date
from decimal import Decimal

from core.money import LARGEST

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})?(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,2})?")
_EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?"})
MOST = 1e15


class Unusable(ValueError):
    """`args[0]` is the reason's code."""


def number(text: str) -> float | None:
    """A number, or None for an empty cell. Raises Unusable: not_a_number, too_large."""
    found = _decimal(text)
    if found is None:
        return None
    if abs(found) > MOST:
        raise Unusable("too_large")
    return float(found)


def age(text: str) -> float | None:
    """A number of at least 0, or None. Raises Unusable as above and negative_age."""
    found = number(text)
    if found is not None and found < 0:
        raise Unusable("negative_age")
    return found


def price(text: str, minor: bool) -> int:
    """Minor units > 0; of major units the third decimal is rounded, half up. Raises Unusable: no_price, not_positive,
    not_whole, too_large, not_a_number."""
    found = _decimal(text)
    if found is None:
        raise Unusable("no_price")
    if found > LARGEST:
        raise Unusable("too_large")
    units = found if minor else found * 100
    if minor and units != units.to_integral_value():
        raise Unusable("not_whole")
    whole = int(units + Decimal("0.5")) if units > 0 else 0
    if whole <= 0:
        raise Unusable("not_positive")
    if whole > LARGEST:
        raise Unusable("too_large")
    return whole


def day(text: str) -> date | None:
    """The day of 2026-11-30 or 2026-11-30T…, or None for an empty cell. Raises Unusable: not_a_date."""
    tidy = text.strip()
    if tidy.casefold() in _EMPTY:
        return None
    try:
        return date.fromisoformat(tidy[:10])
    except ValueError:
        raise Unusable("not_a_date") from None


def codes(text: str) -> tuple[str, ...]:
    """The different codes of a cell, parted by ; or |."""
    return tuple(sorted({each.strip() for each in re.split(r"[;|]", text) if each.strip()}))


def _decimal(text: str) -> Decimal | None:
    tidy = text.strip()
    if tidy.casefold() in _EMPTY:
        return None
    if not any(each in "0123456789" for each in tidy) or not _NUMBER.fullmatch(tidy):
        raise Unusable("not_a_number")
    return Decimal(tidy.replace(",", ""))
