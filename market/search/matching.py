"""Which listings a query finds and how many. Exact: nothing is estimated or cut short."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from market.search.bits import numbers_of
from market.search.documents import Count, Facets, Query
from market.search.folding import squeeze
from market.search.segments import View
from market.search.wording import Clause, Wish
from market.search.words import Way


@dataclass(frozen=True, slots=True)
class Found:
    """The answer over all segments: for each view, what matches the text, and what passes all filters too."""

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


# -- text -------------------------------------------------------------------------------------------------------


def _matching_text(view: View, wish: Wish, any_word: bool) -> int:
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
    return reduce(or_, (way_bits(view, way) for way in clause.ways), 0)


def way_bits(view: View, way: Way) -> int:
    return reduce(and_, (view.segment.postings(term).bits for term in way.terms))


def _keep(view: View, bits: int, wanted: Callable[[str], bool]) -> int:
    """Phrases are looked for in the texts themselves: the index knows no positions."""
    for number in numbers_of(bits, view.segment.size):
        shown = view.segment.shown(number)
        if not wanted(squeeze(f"{shown.title}\n{shown.body}")):
            bits &= ~(1 << number)
    return bits


# -- filters and facets -----------------------------------------------------------------------------------------


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
        "condition": query.conditions,
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
