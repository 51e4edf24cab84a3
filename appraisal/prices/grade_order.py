"""Which grade is worse than which: a known order of words, the caller's own, or what the sales say."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from appraisal.prices.median_rules import median

FILE = Path(__file__).with_name("grade_orders.toml")
NO_GRADE = frozenset({"", "U"})  # not graded is no grade: neither better nor worse than any


@cache
def known_orders() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(id, grades from best to worst) of each known order, in the file's order."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["order"]
    return tuple((row["id"], tuple(row["grades"])) for row in rows)


def find_order(prices: Mapping[str, Sequence[float]]) -> tuple[str, tuple[str, ...]]:
    """(where the order is from, grades from best to worst) for grades with the log prices seen for each.

    Where no known order has them all: numbers go up or down, other words by themselves, so that the dearer is the
    better ("sales").
    """
    words = [word for word in prices if word not in NO_GRADE]
    for name, order in known_orders():
        spelled = {each.casefold(): each for each in order}
        if words and all(word.casefold() in spelled for word in words):
            own = {word.casefold(): word for word in words}
            return name, tuple(own.get(each.casefold(), each) for each in order)
    return "sales", _by_price(words, prices)


def _by_price(words: Sequence[str], prices: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    dearest = sorted(words, key=lambda word: (-median(prices[word]), word))
    numbers = {word: value for word in words if (value := _number(word)) is not None}
    if len(numbers) < len(words):
        return tuple(dearest)
    # One step up or down the numbers, whichever has more pairs in the order of the prices.
    upwards = sorted(words, key=lambda word: (numbers[word], word))
    place = {word: at for at, word in enumerate(dearest)}
    agreeing = sum(1 if place[a] < place[b] else -1 for i, a in enumerate(upwards) for b in upwards[i + 1 :])
    return tuple(upwards if agreeing > 0 else reversed(upwards))


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
