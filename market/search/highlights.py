"""Marks what was found: a text as parts, some of them matches. Escaping and tags are the page's."""

import re
from functools import lru_cache

from market.search.analyser import places
from market.search.documents import Part
from market.search.folding import Folded, fold_with_origins
from market.search.wording import Wish

SNIPPET = 90
_LEAD = 20
# Longer bodies are not searched for the best place to cut a snippet.
_LONGEST = 5_000
_SIZE = re.compile(r"\d+[gtm]b")


def marks_of(wish: Wish) -> frozenset[str]:
    """Everything worth marking for a query."""
    clauses = (*wish.required, *wish.helpful)
    return frozenset(mark for clause in clauses for mark in clause.marks if mark)


def mark(text: str, marks: frozenset[str]) -> tuple[Part, ...]:
    """The whole text as parts; joined they give the text (in Unicode's composed form)."""
    folded = fold_with_origins(text)
    return _cut(folded.source, _spans(folded, marks), 0, len(folded.source))


def snippet(text: str, marks: frozenset[str]) -> tuple[Part, ...]:
    """About 90 characters around the first match, or the beginning; an ellipsis stands where it was cut."""
    folded = fold_with_origins(" ".join(text[:_LONGEST].split()))
    source, spans = folded.source, _spans(folded, marks)
    start = max(0, spans[0][0] - _LEAD) if spans else 0
    if start + SNIPPET > len(source):
        start = max(0, len(source) - SNIPPET)
    end = min(len(source), start + SNIPPET)
    before = (Part("…", False),) if start else ()
    after = (Part("…", False),) if end < len(text) and end < len(source) else ()
    return (*before, *_cut(source, spans, start, end), *after)


def _spans(folded: Folded, marks: frozenset[str]) -> list[tuple[int, int]]:
    """Places to mark in the source, in order, none touching another."""
    if not marks:
        return []
    found: list[tuple[int, int]] = []
    if _may_hold(folded.text, marks):
        found += [(token.start, token.end) for token in places(folded.text) if token.term in marks]
    if pattern := _anywhere(marks):
        found += [match.span() for match in pattern.finditer(folded.text)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(folded.span(*place) for place in found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_cut(term: str) -> bool:
    """Latin words are marked where they were cut; 13 is no match inside 2013."""
    return term.isascii()


def _may_hold(text: str, marks: frozenset[str]) -> bool:
    """Whether cutting the text is worth the time: it holds the letters, or the mark is not written as it stands."""
    plain, meant = _to_cut(marks)
    return meant or any(mark in text for mark in plain)


@lru_cache(maxsize=64)
def _to_cut(marks: frozenset[str]) -> tuple[tuple[str, ...], bool]:
    cut = [mark for mark in marks if _is_cut(mark)]
    meant = [mark for mark in cut if ":" in mark or _SIZE.fullmatch(mark)]
    return tuple(set(cut) - set(meant)), bool(meant)


@lru_cache(maxsize=64)
def _anywhere(marks: frozenset[str]) -> re.Pattern[str] | None:
    texts = sorted((re.escape(mark) for mark in marks if not _is_cut(mark)), key=len, reverse=True)
    return re.compile("|".join(texts)) if texts else None


def _cut(source: str, spans: list[tuple[int, int]], start: int, end: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = start
    for left, right in spans:
        left, right = max(left, start), min(right, end)
        if left >= right:
            continue
        if at < left:
            parts.append(Part(source[at:left], False))
        parts.append(Part(source[left:right], True))
        at = right
    if at < end:
        parts.append(Part(source[at:end], False))
    return tuple(parts)
