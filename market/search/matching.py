"""Which listings a query finds, how many, and in what order. Exact: nothing is estimated or cut short."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import nlargest, nsmallest
from operator import and_, or_
from typing import Any, NamedTuple

from market.search.bits import numbers_of
from market.search.documents import Count, Facets, Query, Sort
from market.search.folding import fold
from market.search.segments import View
from market.search.wording import Clause, Way, Wish


class Candidate(NamedTuple):
    """A listing found: `order` sorts it among all others."""

    order: tuple[Any, ...]
    view: View
    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer over all segments: per view the listings that match the text, and the text with all filters."""

    query: Query
    wish: Wish
    views: Sequence[View]
    by_text: Sequence[int]
    matched: Sequence[int]
    total: int


def find(views: Sequence[View], wish: Wish, query: Query, *, any_word: bool = False) -> Found:
    """Match every view. With `any_word` one of the required words is enough."""
    by_text = [_matching_text(view, wish, any_word) for view in views]
    matched = [bits & _filtered(view, query) for view, bits in zip(views, by_text, strict=True)]
    return Found(query, wish, views, by_text, matched, sum(bits.bit_count() for bits in matched))


# -- text -----------------------------------------------------------------------------------------------------------


def _matching_text(view: View, wish: Wish, any_word: bool) -> int:
    if wish.is_blank:
        return view.live
    if wish.is_empty:
        return 0
    bits = view.live
    if wish.required:
        bits &= reduce(or_ if any_word else and_, (clause_bits(view, clause) for clause in wish.required))
    for clause in wish.unwanted:
        bits &= ~clause_bits(view, clause)
    if wish.phrases and not any_word:
        bits = _keep(view, bits, lambda text: all(phrase in text for phrase in wish.phrases))
    if wish.unwanted_phrases:
        bits = _keep(view, bits, lambda text: not any(phrase in text for phrase in wish.unwanted_phrases))
    return bits


def clause_bits(view: View, clause: Clause) -> int:
    """The listings that satisfy a clause in any way, deleted ones included."""
    return reduce(or_, (_way_bits(view, way) for way in clause.ways), 0)


def _way_bits(view: View, way: Way) -> int:
    return reduce(and_, (view.segment.postings(term).bits for term in way.terms))


def _keep(view: View, bits: int, wanted: Any) -> int:
    """Phrases are checked in the texts themselves: the index knows no positions."""
    for number in numbers_of(bits, view.segment.size):
        shown = view.segment.shown(number)
        if not wanted(" ".join(fold(f"{shown.title}\n{shown.body}").split())):
            bits &= ~(1 << number)
    return bits


# -- filters and facets ---------------------------------------------------------------------------------------------


def _filtered(view: View, query: Query, without: str = "") -> int:
    columns = view.segment.columns
    bits = view.live
    for facet, values in _asked(query).items():
        if facet != without:
            bits &= columns.having(facet, values)
    if query.price_min is not None or query.price_max is not None:
        bits &= columns.priced(query.currency, query.price_min, query.price_max)
    return bits


def _asked(query: Query) -> dict[str, tuple[str, ...]]:
    wiped = () if query.wiped is None else ("yes" if query.wiped else "no",)
    asked = {
        "category": (query.category,) if query.category else (),
        "district": query.districts,
        "grade": query.grades,
        "seller": query.seller_kinds,
        "wiped": wiped,
    }
    return {facet: values for facet, values in asked.items() if values}


def facets(found: Found) -> Facets:
    return Facets(_counts(found, "category"), _counts(found, "district"))


def _counts(found: Found, facet: str) -> tuple[Count, ...]:
    counter: Counter[str] = Counter()
    for view, by_text in zip(found.views, found.by_text, strict=True):
        bits = by_text & _filtered(view, found.query, without=facet)
        for value, members in view.segment.columns.values[facet].items():
            counter[value] += (bits & members).bit_count()
    counts = (Count(value, listings) for value, listings in counter.items() if value and listings)
    return tuple(sorted(counts, key=lambda count: (-count.listings, count.value)))


# -- order ----------------------------------------------------------------------------------------------------------


def page(found: Found) -> list[Candidate]:
    """The listings of the query's page, in order."""
    query = found.query
    first = (query.page - 1) * query.per_page
    if first >= found.total:
        return []
    limit = first + query.per_page
    clauses = (*found.wish.required, *found.wish.helpful)
    if query.sort is Sort.RELEVANCE and clauses:
        candidates = _by_score(found, clauses, limit)
    else:
        candidates = _by_rank(found, limit)
    return sorted(candidates)[first:limit]


def _by_rank(found: Found, limit: int) -> Iterable[Candidate]:
    for view, bits in zip(found.views, found.matched, strict=True):
        columns = view.segment.columns
        key, ranks = columns.key(found.query), columns.ranks(found.query)
        for number in nsmallest(limit, numbers_of(bits, columns.size), key=ranks.__getitem__):
            yield Candidate(key(number), view, number, 0.0)


def _by_score(found: Found, clauses: Sequence[Clause], limit: int) -> Iterable[Candidate]:
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
    """What each clause is worth: the rarer the listings that satisfy it, the more (BM25's inverse frequency).

    Taken per clause, not per term: an odd synonym that only one listing uses must not outweigh the word itself.
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
    lists = [view.segment.postings(term) for term in way.terms]
    strength = way.strength / len(lists)
    values = {n: w * strength for n, w in zip(lists[0].numbers, lists[0].weights, strict=True) if n in wanted}
    for postings in lists[1:]:
        weights = zip(postings.numbers, postings.weights, strict=True)
        values = {n: values[n] + w * strength for n, w in weights if n in values}
    return values
