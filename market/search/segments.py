"""Whoosh's segments, opened: posting lists, facts and stored texts of listings, read once and kept.

A segment never changes after it was written, only the list of its deleted listings grows. So whatever was
decoded stays true, and a search after a change reads no more than the new segment.
"""

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from whoosh.reading import TermNotFound

from market.search.bits import all_bits, bits_of
from market.search.columns import Columns
from market.search.engine import NeedsRebuild


class Postings(NamedTuple):
    """The listings that have a term: their numbers with the term's weight in each, and the same as bits."""

    numbers: Sequence[int]
    weights: Sequence[float]
    bits: int


class Shown(NamedTuple):
    title: str
    body: str
    url: str


NOWHERE = Postings(array("I"), array("f"), 0)


@contextmanager
def reading() -> Iterator[None]:
    """Whatever Whoosh meets in a damaged file, and it isn't one kind of error, means the same to us.

    What the operating system refuses (no space, no permission) is no damage and stays what it is.
    """
    try:
        yield
    except (NeedsRebuild, OSError):
        raise
    except Exception as damage:
        raise NeedsRebuild(f"it can't be read ({type(damage).__name__}: {damage})") from damage


class PostingCache:
    """Decoded posting lists, the least recently used goes first. `room` counts postings, some 9 bytes each."""

    def __init__(self, room: int = 4_000_000) -> None:
        self._room, self._used = room, 0
        self._held: OrderedDict[tuple[str, str], Postings] = OrderedDict()

    def find(self, key: tuple[str, str]) -> Postings | None:
        if (found := self._held.get(key)) is not None:
            self._held.move_to_end(key)
        return found

    def keep(self, key: tuple[str, str], postings: Postings) -> None:
        self._held[key] = postings
        self._used += _cost(postings)
        while self._used > self._room:
            _, gone = self._held.popitem(last=False)
            self._used -= _cost(gone)


def _cost(postings: Postings) -> int:
    return len(postings.numbers) + postings.bits.bit_length() // 64 + 32


class Segment:
    """One segment of the index. Numbers of listings count from 0 within it."""

    def __init__(self, identity: str, reader: Any, cache: PostingCache) -> None:
        self.identity, self._reader, self._cache = identity, reader, cache
        packed = reader.column_reader("facts", translate=False)
        self.columns = Columns(packed[number] for number in range(reader.doc_count_all()))
        self.size = self.columns.size

    def postings(self, term: str) -> Postings:
        """Where a term is; a term that ends in * means all that begin so."""
        key = self.identity, term
        found = self._cache.find(key)
        if found is None:
            with reading():
                found = self._starting(term[:-1]) if term.endswith("*") else self._decode(term)
            self._cache.keep(key, found)
        return found

    def _decode(self, term: str) -> Postings:
        try:
            matcher = self._reader.postings("words", term)
        except TermNotFound:
            return NOWHERE
        numbers, weights = array("I"), array("f")
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return Postings(numbers, weights, bits_of(numbers, self.size))

    def _starting(self, prefix: str) -> Postings:
        best: dict[int, float] = {}
        for term in self._reader.expand_prefix("words", prefix):
            # A longer word is there as its first two characters already.
            if len(text := term.decode()) <= len(prefix) + 1:
                found = self._decode(text)
                for number, weight in zip(found.numbers, found.weights, strict=True):
                    if weight > best.get(number, 0.0):
                        best[number] = weight
        numbers = array("I", sorted(best))
        return Postings(numbers, array("f", map(best.__getitem__, numbers)), bits_of(numbers, self.size))

    def shown(self, number: int) -> Shown:
        with reading():
            return Shown(*self._reader.stored_fields(number)["shown"])

    def similar(self, word: str, distance: int) -> list[str]:
        """Words of titles within this edit distance."""
        with reading():
            try:
                return list(self._reader.terms_within("spelling", word, distance))
            except TermNotFound:
                return []

    def spelled(self, word: str) -> int:
        """In how many titles a word is written exactly so."""
        with reading():
            return int(self._reader.doc_frequency("spelling", word))

    def close(self) -> None:
        self._reader.close()


@dataclass(frozen=True, slots=True)
class View:
    """A segment as one search sees it: `live` leaves out what was deleted by then."""

    segment: Segment
    live: int


def view(segment: Segment, deleted: Iterable[int]) -> View:
    return View(segment, all_bits(segment.size) & ~bits_of(deleted, segment.size))
