"""When a query finds nothing: what there is instead, with typing slips put right or one condition after the other taken back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from market.search.documents import Loosened, Query
from market.search.latin import split_letters
from market.search.matching import Found, find
from market.search.segments import View
from market.search.vocabulary import vocabulary
from market.search.wording import Wish, read_wish

_LETTERS = re.compile(r"[a-z]{4,30}")
# With so few listings found a better spelling is offered beside them.
FEW = 3
# In a longer query only the first words are looked at.
MOST_WORDS = 8
# A word that so many times fewer listings use than its neighbour is taken for a slip.
_SLIP = 10


class Step(NamedTuple):
    """One thing to try: what it takes back, and the query that is left."""

    loosened: tuple[Loosened, ...]
    wish: Wish
    query: Query
    any_word: bool = False


class Near(NamedTuple):
    """What another question finds, and what was loosened to ask it."""

    found: Found
    loosened: tuple[Loosened, ...]


class Answer(NamedTuple):
    """What is found, as asked; a better spelling to offer, which finds something; and what there is where nothing is found."""

    found: Found
    suggestion: str | None = None
    near: Near | None = None


def answer(views: Sequence[View], wish: Wish, query: Query) -> Answer:
    """Find what is asked for. Nothing is loosened while the query as asked finds anything."""
    found = find(views, wish, query)
    if found.total > FEW or wish.is_empty:
        return Answer(found)
    right = suggest(views, wish.typed)
    if found.total:
        return Answer(found, suggestion=right)
    for step in _steps(wish, query, read_wish(right) if right else None):
        less = find(views, step.wish, step.query, any_word=step.any_word)
        if less.total:
            return Answer(found, right if Loosened.SPELLING in step.loosened else None, Near(less, step.loosened))
    return Answer(found)


def _steps(wish: Wish, query: Query, right: Wish | None) -> Iterator[Step]:
    filters = tuple(_filters(query))
    free = _without(query, filters)
    if right:
        yield Step((Loosened.SPELLING,), right, query)
    for one in filters:
        yield Step((one,), wish, _without(query, (one,)))
    if right and filters:
        yield Step((Loosened.SPELLING, *filters), right, free)
    several = len(wish.required) > 1
    if several:
        yield Step((Loosened.WORDS,), wish, query, any_word=True)
    if len(filters) > 1:
        yield Step(filters, wish, free)
    if right and several:
        yield Step((Loosened.SPELLING, Loosened.WORDS), right, query, any_word=True)
    if filters and several:
        yield Step((*filters, Loosened.WORDS), wish, free, any_word=True)


def _filters(query: Query) -> Iterator[Loosened]:
    """What may be taken back, the easiest first. Never `wiped`: who asks for a wiped device means it."""
    if query.price_min is not None or query.price_max is not None:
        yield Loosened.PRICE
    if query.grades:
        yield Loosened.GRADE
    if query.conditions:
        yield Loosened.CONDITION
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
        Loosened.CONDITION: {"conditions": ()},
        Loosened.SELLER: {"seller_kinds": ()},
        Loosened.DISTRICT: {"districts": ()},
        Loosened.CATEGORY: {"category": ""},
    }
    for one in filters:
        query = replace(query, **changes[one])  # type: ignore[arg-type]
    return query


# -- typing slips -----------------------------------------------------------------------------------------------


def suggest(views: Sequence[View], typed: str) -> str | None:
    """The folded text with slips in Latin words put right, by words that listings use; or None."""
    right = _LETTERS.sub(lambda match: _right(views, match.group()), typed, count=MOST_WORDS)
    return right if right != typed else None


def _right(views: Sequence[View], word: str) -> str:
    known = vocabulary().latin
    if word in known or len(split_letters(word)) > 1:
        return word
    used = _used(views, word)
    most = 1 if len(word) < 8 else 2
    candidates = {other for view in views for other in view.segment.similar(word, 2)}
    candidates |= {other for other in known if abs(len(other) - len(word)) <= most}
    near = {other: distance for other in candidates if 0 < (distance := slips(word, other, most)) <= most}
    weighed = [(distance, -_used(views, other), other) for other, distance in near.items()]
    # The nearest first, then the most used; that they are used at all shows in `_SLIP` times none.
    _, count, best = min(weighed, default=(0, 0, word))
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
