"""When a query finds nothing: put typing slips right, then take back one condition after the other, and say so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from market.search.documents import Loosened, Query
from market.search.folding import fold
from market.search.latin import split_letters
from market.search.matching import Found, find
from market.search.segments import View
from market.search.vocabulary import vocabulary
from market.search.wording import LONGEST_TEXT, Wish, read_wish

_LETTERS = re.compile(r"[a-z]{4,30}")
# A word that so many times fewer listings use than its neighbour is taken for a slip.
_SLIP = 10


def loosen(views: Sequence[View], wish: Wish, query: Query, suggestion: str | None) -> tuple[Found, tuple[Loosened, ...]]:
    """The first loosening that finds anything; the query as asked and nothing loosened if none does."""
    for loosened, wish_then, query_then, any_word in _steps(wish, query, suggestion):
        found = find(views, wish_then, query_then, any_word=any_word)
        if found.total:
            return found, loosened
    return find(views, wish, query), ()


def _steps(
    wish: Wish, query: Query, suggestion: str | None
) -> Iterator[tuple[tuple[Loosened, ...], Wish, Query, bool]]:
    filters = tuple(_filters(query))
    free = _without(query, filters)
    if suggestion:
        right = read_wish(suggestion)
        yield (Loosened.SPELLING,), right, query, False
        if filters:
            yield (Loosened.SPELLING, *filters), right, free, False
    for one in filters:
        yield (one,), wish, _without(query, (one,)), False
    several = len(wish.required) + len(wish.phrases) > 1
    if several:
        yield (Loosened.WORDS,), wish, query, True
    if len(filters) > 1:
        yield filters, wish, free, False
    if filters and several:
        yield (*filters, Loosened.WORDS), wish, free, True


def _filters(query: Query) -> Iterator[Loosened]:
    """What may be taken back, the easiest first. Never `wiped`: who asks for a wiped device means it."""
    if query.price_min is not None or query.price_max is not None:
        yield Loosened.PRICE
    if query.grades:
        yield Loosened.GRADE
    if query.seller_kinds:
        yield Loosened.SELLER
    if query.districts:
        yield Loosened.DISTRICT
    if query.category:
        yield Loosened.CATEGORY


def _without(query: Query, filters: Sequence[Loosened]) -> Query:
    changes: dict[Loosened, dict[str, object]] = {
        Loosened.PRICE: {"price_min": None, "price_max": None},
        Loosened.GRADE: {"grades": ()},
        Loosened.SELLER: {"seller_kinds": ()},
        Loosened.DISTRICT: {"districts": ()},
        Loosened.CATEGORY: {"category": ""},
    }
    for one in filters:
        query = replace(query, **changes[one])  # type: ignore[arg-type]
    return query


# -- typing slips ---------------------------------------------------------------------------------------------------


def suggest(views: Sequence[View], text: str) -> str | None:
    """The text with slips in Latin words put right, by the words that listings and the trade use; or None."""
    typed = " ".join(fold(text[: 4 * LONGEST_TEXT]).split())[:LONGEST_TEXT]
    right = _LETTERS.sub(lambda match: _right(views, match.group()), typed)
    return right if right != typed else None


def _right(views: Sequence[View], word: str) -> str:
    known = vocabulary().latin
    if word in known or len(split_letters(word)) > 1:
        return word
    used = _used(views, word)
    most = 1 if len(word) < 8 else 2
    candidates = {other for view in views for other in view.segment.similar(word, 2)}
    candidates |= {other for other in known if abs(len(other) - len(word)) <= most}
    weighed = ((slips(word, other, most), -_used(views, other), other) for other in candidates - {word})
    near = [(distance, used_less, other) for distance, used_less, other in weighed if distance <= most and used_less]
    if not near:
        return word
    _, count, best = min(near)
    return best if -count > used * _SLIP else word


def _used(views: Sequence[View], word: str) -> int:
    return sum(view.segment.spelled(word) for view in views)


def slips(left: str, right: str, most: int) -> int:
    """Letters wrong, missing, too many or swapped with a neighbour, each once (optimal string alignment).

    Counting stops above `most`; the answer is then any larger number.
    """
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]
