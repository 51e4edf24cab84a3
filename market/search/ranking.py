"""In what order the listings found are shown, and which of them stand on a page."""

import math
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest, nsmallest
from itertools import compress
from typing import Any, NamedTuple

from market.search.bits import flags_of, numbers_of
from market.search.documents import Sort
from market.search.matching import Found, clause_bits, way_bits
from market.search.segments import Postings, View
from market.search.wording import Clause
from market.search.words import Way


class Candidate(NamedTuple):
    """A listing found: `order` sorts it among all others, no two alike."""

    order: tuple[Any, ...]
    view: View
    number: int
    score: float


def page(found: Found) -> list[Candidate]:
    """The listings of the query's page, in order."""
    query = found.query
    first = (query.page - 1) * query.per_page
    if first >= found.total:
        return []
    limit = first + query.per_page
    clauses = (*found.wish.required, *found.wish.helpful)
    by_score = query.sort is Sort.RELEVANCE and clauses
    candidates = _by_score(found, clauses, limit) if by_score else _by_rank(found, limit)
    return sorted(candidates)[first:limit]


def _by_rank(found: Found, limit: int) -> Iterator[Candidate]:
    for view, bits in zip(found.views, found.matched, strict=True):
        columns = view.segment.columns
        key, ranks = columns.key(found.query), columns.ranks(found.query)
        for number in nsmallest(limit, numbers_of(bits, columns.size), key=ranks.__getitem__):
            yield Candidate(key(number), view, number, 0.0)


def _by_score(found: Found, clauses: Sequence[Clause], limit: int) -> Iterator[Candidate]:
    rarity = _rarity(found, clauses)
    for view, bits in zip(found.views, found.matched, strict=True):
        if bits:
            columns = view.segment.columns
            scores, key = _scores(view, bits, clauses, rarity), columns.key(found.query)
            for number in _best(scores, list(numbers_of(bits, columns.size)), columns.ranks(found.query), limit):
                yield Candidate((-scores[number], *key(number)), view, number, scores[number])


def _best(scores: Sequence[float], matched: Sequence[int], ranks: Sequence[int], limit: int) -> list[int]:
    """The best `limit` by score; where the last places are a tie, the newest."""
    least = nlargest(limit, map(scores.__getitem__, matched))[-1]
    sure = [number for number in matched if scores[number] > least]
    tied = (number for number in matched if scores[number] == least)
    return sure + nsmallest(limit - len(sure), tied, key=ranks.__getitem__)


def _rarity(found: Found, clauses: Sequence[Clause]) -> list[float]:
    """What each clause is worth: the fewer listings satisfy it, the more (BM25's inverse document frequency).

    Taken per clause, not per term: an odd synonym in a single listing must not outweigh the word itself.
    """
    listings = sum(view.segment.size for view in found.views)
    counts = (sum(clause_bits(view, clause).bit_count() for view in found.views) for clause in clauses)
    return [math.log(1 + (listings - count + 0.5) / (count + 0.5)) for count in counts]


def _scores(view: View, bits: int, clauses: Sequence[Clause], rarity: Sequence[float]) -> list[float]:
    """For each listing matched the sum over clauses of their worth times how well they are satisfied."""
    scores = [0.0] * view.segment.size
    for clause, worth in zip(clauses, rarity, strict=True):
        ways = [(way, both) for way in clause.ways if (both := bits & way_bits(view, way))]
        best = _values(view, *ways[0]) if len(ways) == 1 else _best_values(view, ways)
        for number, value in best:
            scores[number] += worth * value
    return scores


def _best_values(view: View, ways: Iterable[tuple[Way, int]]) -> Iterable[tuple[int, float]]:
    best: dict[int, float] = {}
    for way, bits in ways:
        for number, value in _values(view, way, bits):
            if value > best.get(number, 0.0):
                best[number] = value
    return best.items()


def _values(view: View, way: Way, bits: int) -> Iterable[tuple[int, float]]:
    """How well each listing in `bits`, all of which satisfy a way, does so: strength times mean weight."""
    strength, size = way.strength / len(way.terms), view.segment.size
    flags = flags_of(bits, size)
    weights = [_flagged(view.segment.postings(term), flags) for term in way.terms]
    sums = weights[0] if len(weights) == 1 else map(sum, zip(*weights, strict=True))
    return zip(compress(range(size), flags), map(strength.__mul__, sums), strict=True)


def _flagged(postings: Postings, flags: bytes) -> Iterator[float]:
    """The weights of the flagged listings only, in their order."""
    return compress(postings.weights, map(flags.__getitem__, postings.numbers))
