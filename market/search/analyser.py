"""Cuts listings into index terms and queries into words, by the same rules.

Scripts without spaces give the dictionary's words and every pair of neighbours besides, so that a word inside
another (换物 in 可换物), or one that no dictionary has, is found. Latin stretches give their parts, the whole, and
neighbours written together, so that `iPhone13ProMax` and `iphone 13 pro max` are one. Terms that stand for a meaning
carry a colon (`wear:95`); no text has that character in a term.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

import rjieba

from market.search.documents import Document
from market.search.folding import fold
from market.search.latin import Part, core_number, parts, stem, whole
from market.search.stretches import Kind, Stretch, stretches
from market.search.vocabulary import vocabulary

# Raise when the rules change what is indexed; the rest of the version follows by itself.
RULES = 1
# A word as it stands, a piece of one, and two characters that merely happen to be neighbours.
WORD, PIECE, BRIDGE = 1.0, 0.6, 0.3
TITLE, ATTRIBUTES, BODY = 4.0, 2.0, 1.0
LONGEST_TERM = 64
LONGEST_BODY = 20_000


class Token(NamedTuple):
    """One index term and where it stands in the folded text."""

    term: str
    start: int
    end: int
    strength: float


@cache
def analyser_version() -> str:
    """What an index must have been made with; another value means that it has to be rebuilt."""
    return f"{RULES}-rjieba{version('rjieba')}-unicode{unicodedata.unidata_version}-{vocabulary().digest()}"


@cache
def segmenter() -> rjieba.Jieba:
    """The dictionary with the trade's words in it. Its guesses at unknown words stay off: pairs serve better."""
    jieba = rjieba.Jieba()
    for word in sorted(vocabulary().words):
        jieba.add_word(word, 100_000, "n")
    return jieba


def tokens(text: str, *, heads: bool = False) -> Iterator[Token]:
    """The index terms of a folded text; one may come several times.

    With `heads` the last character of each word counts as well: what a compound is stands at its end, so that 包 is
    found in 书包 and ranks before the 包 of 包邮.
    """
    latin: list[Part] = []
    for stretch in stretches(text):
        if stretch.kind is Kind.MEANING:
            for meaning in stretch.meanings:
                yield Token(meaning.term, stretch.start, stretch.end, WORD)
                yield from (Token(near, stretch.start, stretch.end, PIECE) for near in meaning.nearly)
        elif stretch.kind is Kind.LATIN:
            latin += (found := parts(stretch.text, stretch.start))
            yield from _latin_tokens(stretch, found)
        elif stretch.kind is Kind.SPACELESS:
            yield from _spaceless_tokens(stretch, heads)
        else:
            yield Token(stretch.text[:LONGEST_TERM], stretch.start, stretch.end, WORD)
    yield from _joined(latin)


def _latin_tokens(stretch: Stretch, found: list[Part]) -> Iterator[Token]:
    for part in found:
        place = part.start, part.end
        yield Token(part.text[:LONGEST_TERM], *place, WORD)
        if (singular := stem(part.text)) != part.text:
            yield Token(singular[:LONGEST_TERM], *place, WORD)
        if part.within != part.text:
            yield Token(part.within[:LONGEST_TERM], *place, PIECE)
        if number := core_number(part.text):
            yield Token(number[:LONGEST_TERM], *place, PIECE)
    if len(found) > 1:
        yield Token(whole(stretch.text)[:LONGEST_TERM], stretch.start, stretch.end, WORD)


def _joined(latin: list[Part]) -> Iterator[Token]:
    """`iphone` `13` also as iphone13: neighbours in the title are found together, and rank above strays."""
    for left, right in zip(latin, latin[1:], strict=False):
        if 0 <= right.start - left.end <= 1:
            yield Token((left.text + right.text)[:LONGEST_TERM], left.start, right.end, PIECE)


def _spaceless_tokens(stretch: Stretch, heads: bool) -> Iterator[Token]:
    text, offset = stretch.text, stretch.start
    words = {(start, end) for _, start, end in segmenter().tokenize(text, "search", False)}
    for start, end in words:
        if end - start != 2:
            yield Token(text[start:end][:LONGEST_TERM], offset + start, offset + end, WORD)
        if heads and end - start > 1:
            yield Token(text[end - 1], offset + end - 1, offset + end, PIECE)
    for start in range(len(text) - 1):
        strength = WORD if (start, start + 2) in words else BRIDGE
        yield Token(text[start : start + 2], offset + start, offset + start + 2, strength)
    # With the last character alone, every character begins some term: single ones are found by prefix.
    yield Token(text[-1], offset + len(text) - 1, offset + len(text), BRIDGE)


def document_terms(document: Document) -> dict[str, float]:
    """All index terms of a listing with their weight.

    Each zone counts a term once, however often it is repeated: writing a word ten times does not lift a listing.
    A short title is more about each of its words than a long one.
    """
    about = " , ".join((*document.attributes, document.category, document.district))
    zones = ((TITLE, document.title), (ATTRIBUTES, about), (BODY, document.body[:LONGEST_BODY]))
    weights: dict[str, float] = {}
    for weight, text in zones:
        for term, strength in _strongest(tokens(fold(text), heads=weight > BODY)).items():
            weights[term] = weights.get(term, 0.0) + weight * strength
    shortness = round(1 / (1 + len(document.title) / 80), 2)
    return {term: round(weight * shortness, 2) for term, weight in weights.items()}


def _strongest(found: Iterable[Token]) -> dict[str, float]:
    best: dict[str, float] = {}
    for term, _, _, strength in found:
        if strength > best.get(term, 0.0):
            best[term] = strength
    return best


def spelling_words(document: Document) -> set[str]:
    """Latin words of the title and attributes, as written: what typing slips are put right to."""
    text = fold(" , ".join((document.title, *document.attributes)))
    found = (part for s in stretches(text) if s.kind is Kind.LATIN for part in parts(s.text))
    return {part.text for part in found if part.text.isalpha() and 3 <= len(part.text) <= 30}
