"""When the program asks a person to look: a price far from its like, one thing sold again, words that lead away. Pure, in whole
numbers; what it says is a question, never a verdict. Prose and numbers: docs/algorithms/flags.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outlier:
    """A price far from the median. `median_twice`: twice the median in minor units, so that it stays whole; `count`: how many
    prices it is the median of; `basis`: whether of the same grade, or of the whole category."""

    side: Literal["low", "high"]
    basis: Literal["grade", "category"]
    count: int
    median_twice: int


def median_twice(prices: Sequence[int]) -> int:
    """Twice the median: the middle one doubled, or the two middle ones added. Raises ValueError for no prices."""
    if not prices:
        raise ValueError("no prices, no median")
    ordered, middle = sorted(prices), len(prices) // 2
    return ordered[middle] * 2 if len(ordered) % 2 else ordered[middle - 1] + ordered[middle]


def price_outlier(price: int, same_grade: Sequence[int], category: Sequence[int], *, times: int, least: int) -> Outlier | None:
    """Is the price below the median divided by `times`, or above it multiplied by `times`? By others of the same grade where
    there are `least` of them, else by the category's where there are; nothing is said about fewer. All in minor units."""
    basis: Literal["grade", "category"] = "grade" if len(same_grade) >= least else "category"
    others = same_grade if basis == "grade" else category
    if price <= 0 or len(others) < max(least, 1):
        return None
    twice = median_twice(others)
    if price * 2 * times < twice:
        return Outlier("low", basis, len(others), twice)
    if price * 2 > twice * times:
        return Outlier("high", basis, len(others), twice)
    return None


def sold_again(sales: int, *, times: int) -> bool:
    """Was the same thing sold so often within the days that are counted?"""
    return sales >= times


def leads_away(people: int, *, least: int) -> bool:
    """Did one person write marked lines to so many different people within the days that are counted?"""
    return people >= least
