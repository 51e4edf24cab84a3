"""In what order the listings found are shown, and which of them stand on a page."""

import math
from collections.abc import Iterator, Sequence
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
            for number in _best(scores, columns.ranks(found.query), limit):
                yield Candidate((-scores[number], *key(number)), view, number, scores[number])


def _best(scores: dict[int, float], ranks: Sequence[int], limit: int) -> list[int]:
    """The best `limit` by score; where the last places are a tie, the newest."""
    least = nlargest(limit, scores.values())[-1]
    sure = [number for number, score in scores.items() if score > least]
    tied = (number for number, score in scores.items() if score == least)
    return sure + nsmallest(limit - len(sure), tied, key=ranks.__getitem__)


def _rarity(found: Found, clauses: Sequence[Clause]) -> list[float]:
    """What each clause is worth: the fewer listings satisfy it, the more (BM25's inverse document frequency).

    Taken per clause, not per term: an odd synonym in a single listing must not outweigh the word itself.
    """
    listings = sum(view.segment.size for view in found.views)
    counts = (sum(clause_bits(view, clause).bit_count() for view in found.views) for clause in clauses)
    return [math.log(1 + (listings - count + 0.5) / (count + 0.5)) for count in counts]


def _scores(view: View, bits: int, clauses: Sequence[Clause], rarity: Sequence[float]) -> dict[int, float]:
    """For each matched listing the sum over clauses of their worth times how well they are satisfied."""
    flags = flags_of(bits, view.segment.size)
    scores = dict.fromkeys(compress(range(view.segment.size), flags), 0.0)
    for clause, worth in zip(clauses, rarity, strict=True):
        best: dict[int, float] = {}
        for way in clause.ways:
            values = _values(view, way, bits, flags)
            for number in best.keys() & values.keys():
                values[number] = max(values[number], best[number])
            best |= values
        for number, value in best.items():
            scores[number] += worth * value
    return scores


def _values(view: View, way: Way, bits: int, flags: bytes) -> dict[int, float]:
    """How well each matched listing satisfies a way: its strength times the mean weight of its terms."""
    postings = [view.segment.postings(term) for term in way.terms]
    if not bits & way_bits(view, way):
        return {}
    first, *others = (dict(_matched(one, flags)) for one in postings)
    strength = way.strength / len(postings)
    common = set(first)
    for other in others:
        common &= other.keys()
    if others:
        return {n: strength * (first[n] + sum(other[n] for other in others)) for n in common}
    return {n: strength * weight for n, weight in first.items()}


def _matched(postings: Postings, flags: bytes) -> Iterator[tuple[int, float]]:
    pairs = zip(postings.numbers, postings.weights, strict=True)
    return compress(pairs, map(flags.__getitem__, postings.numbers))
