"""The facts of one segment's listings, laid out for filters, facets and sorting."""

import json
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from market.search.bits import bits_of
from market.search.documents import Document, Query, Sort

FACETS = ("category", "district", "grade", "seller", "currency", "wiped", "condition")
_STEPS = 32


def pack(document: Document) -> bytes:
    """A listing's facts as they are kept in the index; `Columns` reads them back."""
    published = int(document.published_at.timestamp() * 1_000_000)
    facts = (
        document.id, document.price_minor, published, document.category, document.district, document.grade,
        document.seller_kind, document.currency, "yes" if document.wiped else "no",
        document.condition,
    )  # fmt: skip
    return json.dumps(facts, separators=(",", ":")).encode()


class Columns:
    """`values[facet][value]` is the set of listings (as bits) that have this value."""

    def __init__(self, packed: Iterable[bytes]) -> None:
        rows = [json.loads(facts) for facts in packed]
        self.size = len(rows)
        self.ids: list[str] = [row[0] for row in rows]
        self.prices = array("q", (row[1] for row in rows))
        self.published = array("q", (row[2] for row in rows))
        self.numbers = {identity: number for number, identity in enumerate(self.ids)}
        self.values = {facet: self._sets(rows, place) for place, facet in enumerate(FACETS, 3)}
        self.currencies: list[str] = [row[7] for row in rows]
        self._ranks: dict[tuple[Sort, str], Sequence[int]] = {}
        self._ladders: dict[str, Ladder] = {}

    def _sets(self, rows: list[Any], place: int) -> dict[str, int]:
        members: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            members[row[place]].append(number)
        return {value: bits_of(numbers, self.size) for value, numbers in members.items()}

    def having(self, facet: str, values: Iterable[str]) -> int:
        """The listings with any of these values."""
        found = 0
        for value in values:
            found |= self.values[facet].get(value, 0)
        return found

    def key(self, query: Query) -> Callable[[int], tuple[Any, ...]]:
        """How listings are ordered when no score decides: never two alike, so that pages don't overlap."""
        ids, prices, published, money = self.ids, self.prices, self.published, self.currencies
        if query.sort is Sort.PRICE_UP:
            return lambda n: (money[n] != query.currency, prices[n], -published[n], ids[n])
        if query.sort is Sort.PRICE_DOWN:
            return lambda n: (money[n] != query.currency, -prices[n], -published[n], ids[n])
        return lambda n: (-published[n], ids[n])

    def ranks(self, query: Query) -> Sequence[int]:
        """The place of each listing in that order; sorted once and kept."""
        held = query.sort, query.currency
        if held not in self._ranks:
            ranks = array("l", bytes(array("l").itemsize * self.size))
            for rank, number in enumerate(sorted(range(self.size), key=self.key(query))):
                ranks[number] = rank
            self._ranks[held] = ranks
        return self._ranks[held]

    def priced(self, currency: str, least: int | None, most: int | None) -> int:
        """The listings in this currency from `least` to `most`, both inclusive."""
        if currency not in self._ladders:
            numbers = [n for n in range(self.size) if self.currencies[n] == currency]
            self._ladders[currency] = Ladder(self.prices, numbers, self.size)
        return self._ladders[currency].between(least, most)


class Ladder:
    """Listings by price, with the set of all cheaper ones kept at every rung.

    A range is the difference of two such sets; only what lies past the nearest rung is counted out. Whoosh's
    own numeric ranges join thousands of posting lists instead.
    """

    def __init__(self, prices: Sequence[int], numbers: Iterable[int], size: int) -> None:
        self._numbers = sorted(numbers, key=prices.__getitem__)
        self._prices = [prices[number] for number in self._numbers]
        self._size = size
        self._step = len(self._numbers) // _STEPS + 1
        self._rungs = [0]
        for start in range(0, len(self._numbers), self._step):
            rung = bits_of(self._numbers[start : start + self._step], size)
            self._rungs.append(self._rungs[-1] | rung)

    def between(self, least: int | None, most: int | None) -> int:
        low = 0 if least is None else bisect_left(self._prices, least)
        high = len(self._prices) if most is None else bisect_right(self._prices, most)
        return self._first(high) & ~self._first(low) if low < high else 0

    def _first(self, count: int) -> int:
        rung = count // self._step
        return self._rungs[rung] | bits_of(self._numbers[rung * self._step : count], self._size)
