"""In what order the listings found are shown, and which of them stand on a page."""

import math
from collections.abc import Iterator, Sequence
from heapq import nlargest, nsmallest
from typing import Any, NamedTuple

from market.search.bits import numbers_of
from market.search.documents import Sort
from market.search.matching import Found, clause_bits
from market.search.segments import View
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
        if not bits:
            continue
        scores = _scores(view, bits, clauses, rarity)
        key = view.segment.columns.key(found.query)
        least = nlargest(limit, scores.values())[-1]
        for number, score in scores.items():
            if score >= least:
                yield Candidate((-score, *key(number)), view, number, score)


def _rarity(found: Found, clauses: Sequence[Clause]) -> list[float]:
    """What each clause is worth: the fewer listings satisfy it, the more (BM25's inverse document frequency).

    Taken per clause, not per term: an odd synonym in a single listing must not outweigh the word itself.
    """
    listings = sum(view.segment.size for view in found.views)
    counts = (sum(clause_bits(view, clause).bit_count() for view in found.views) for clause in clauses)
    return [math.log(1 + (listings - count + 0.5) / (count + 0.5)) for count in counts]


def _scores(view: View, bits: int, clauses: Sequence[Clause], rarity: Sequence[float]) -> dict[int, float]:
    scores = dict.fromkeys(numbers_of(bits, view.segment.size), 0.0)
    for clause, worth in zip(clauses, rarity, strict=True):
        best: dict[int, float] = {}
        for way in clause.ways:
            for number, value in _values(view, way, scores).items():
                if value > best.get(number, 0.0):
                    best[number] = value
        for number, value in best.items():
            scores[number] += worth * value
    return scores


def _values(view: View, way: Way, wanted: dict[int, float]) -> dict[int, float]:
    """How well each wanted listing satisfies a way: its strength times the mean weight of its terms."""
    first, *others = (view.segment.postings(term) for term in way.terms)
    strength = way.strength / (1 + len(others))
    values = {n: w * strength for n, w in zip(first.numbers, first.weights, strict=True) if n in wanted}
    for postings in others:
        weights = zip(postings.numbers, postings.weights, strict=True)
        values = {n: values[n] + w * strength for n, w in weights if n in values}
    return values
