"""Cuts listings into index terms, by the same rules as queries are cut into words.

Scripts without spaces give the dictionary's words and every pair of neighbours besides: a word inside another,
or one that no dictionary has, is found by its pairs. Latin stretches give their parts, the whole, and neighbours
written together: `iPhone13ProMax` and `iphone 13 pro max` are one. Terms that stand for a meaning carry a colon
(`wear:95`), which no text puts into a term.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

import rjieba

from market.search.documents import Document
from market.search.folding import squeeze
from market.search.latin import Part, core_number, parts, stem, whole
from market.search.stretches import Kind, Stretch, spaceless_runs, stretches
from market.search.vocabulary import vocabulary

# Raise when the rules change what is indexed; the rest of the version follows by itself.
RULES = 2
# A word as it stands, a piece of one, and two characters that merely happen to be neighbours.
WORD, PIECE, BRIDGE = 1.0, 0.6, 0.3
TITLE, ATTRIBUTES, BODY = 4.0, 2.0, 1.0
LONGEST_TERM = 64
LONGEST_BODY = 20_000


class Token(NamedTuple):
    """An index term and where it stands in the folded text."""

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
    """The dictionary with the trade's words in it. Its guesses at unknown words stay off: pairs are better."""
    jieba = rjieba.Jieba()
    for word in sorted(vocabulary().words):
        jieba.add_word(word, 100_000, "n")
    return jieba


def terms(text: str, *, closely: bool = False) -> dict[str, float]:
    """The index terms of a folded text, each with the best strength it has there.

    Texts that are read `closely`, like titles, give every pair of neighbours; others leave out the pairs that two
    dictionary words happen to form where they meet: in long texts these are many, and hardly ever meant. The last
    character of each word counts as well: what a compound is stands at its end, and the listing of a schoolbag
    ranks before one with free post, which share the character for bag.
    """
    best: dict[str, float] = {}
    found = list(stretches(text))
    for stretch in found:
        if stretch.kind is Kind.SPACELESS:
            _add_spaceless(best, stretch.text, closely)
    if closely:
        for run in spaceless_runs(text):
            _add_pairs(best, run)
    for term, _, _, strength in _tokens(found):
        if strength > best.get(term, 0.0):
            best[term] = strength
    return best


def places(text: str) -> Iterator[Token]:
    """Where terms stand in a folded text; those of spaceless scripts are left out, they are found by looking."""
    return _tokens(list(stretches(text)))


def _add_pairs(best: dict[str, float], run: str) -> None:
    for start in range(len(run) - 1):
        best.setdefault(run[start : start + 2], BRIDGE)
    # With the last character alone, every character begins some term: single ones are found by prefix.
    best.setdefault(run[-1], BRIDGE)


def _add_spaceless(best: dict[str, float], text: str, closely: bool) -> None:
    cuts = set(range(len(text) + 1))
    head = PIECE if closely else BRIDGE
    for word, start, end in segmenter().tokenize(text, "search", False):
        best[word[:LONGEST_TERM]] = WORD
        cuts.difference_update(range(start + 1, end))
        if best.get(word[-1], 0.0) < head:
            best[word[-1]] = head
    if not closely:
        _add_near_pairs(best, text, cuts)


def _add_near_pairs(best: dict[str, float], text: str, cuts: set[int]) -> None:
    """The pairs inside words, and those with a character that stands alone: unknown names are cut into such."""
    for start in range(len(text) - 1):
        middle = start + 1
        if middle not in cuts or start in cuts or middle + 1 in cuts:
            best.setdefault(text[start : start + 2], BRIDGE)


def _tokens(found: Iterable[Stretch]) -> Iterator[Token]:
    latin: list[Part] = []
    for stretch in found:
        if stretch.kind is Kind.MEANING:
            for meaning in stretch.meanings:
                yield Token(meaning.term, stretch.start, stretch.end, WORD)
                for near in (meaning.number, *meaning.coarser):
                    if near:
                        yield Token(near, stretch.start, stretch.end, PIECE)
        elif stretch.kind is Kind.LATIN:
            cut = parts(stretch.text, stretch.start)
            latin += cut
            yield from _latin_tokens(stretch, cut)
        elif stretch.kind is Kind.OTHER:
            yield Token(stretch.text[:LONGEST_TERM], stretch.start, stretch.end, WORD)
    yield from _joined(latin)


def _latin_tokens(stretch: Stretch, cut: list[Part]) -> Iterator[Token]:
    for part in cut:
        yield Token(part.text[:LONGEST_TERM], part.start, part.end, WORD)
        if (singular := stem(part.text)) != part.text:
            yield Token(singular[:LONGEST_TERM], part.start, part.end, WORD)
        if part.within != part.text:
            yield Token(part.within[:LONGEST_TERM], part.start, part.end, PIECE)
        if number := core_number(part.text):
            yield Token(number[:LONGEST_TERM], part.start, part.end, PIECE)
    if len(cut) > 1:
        yield Token(whole(stretch.text)[:LONGEST_TERM], stretch.start, stretch.end, WORD)


def _joined(latin: list[Part]) -> Iterator[Token]:
    """`iphone` `13` also as iphone13: neighbours in a listing rank above words that stand apart."""
    for left, right in zip(latin, latin[1:], strict=False):
        if 0 <= right.start - left.end <= 1:
            yield Token((left.text + right.text)[:LONGEST_TERM], left.start, right.end, PIECE)


def document_terms(document: Document) -> dict[str, float]:
    """All index terms of a listing with their weight.

    Each zone counts a term once: writing a word ten times does not lift a listing. A short title is more
    about each of its words than a long one.
    """
    about = " , ".join((*document.attributes, document.category, document.district))
    zones = ((TITLE, document.title), (ATTRIBUTES, about), (BODY, document.body[:LONGEST_BODY]))
    weights: dict[str, float] = {}
    for weight, text in zones:
        for term, strength in terms(squeeze(text), closely=weight > BODY).items():
            weights[term] = weights.get(term, 0.0) + weight * strength
    shortness = 1 / (1 + len(document.title) / 80)
    return {term: round(weight * shortness, 2) for term, weight in weights.items()}


def spelling_words(document: Document) -> set[str]:
    """Latin words of the title and attributes, as written: what typing slips are put right to."""
    text = squeeze(" , ".join((document.title, *document.attributes)))
    found = (part for s in stretches(text) if s.kind is Kind.LATIN for part in parts(s.text))
    return {part.text for part in found if part.text.isalpha() and 3 <= len(part.text) <= 30}
