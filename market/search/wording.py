"""What people type, understood: words wanted, words not wanted, exact phrases. No query language of any engine.

Double quotes ask for an exact phrase, a minus before a word excludes it. Everything else is words: wildcards,
brackets and operators are punctuation here. Nothing that can be typed is an error.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from market.search.analyser import LONGEST_TERM, segmenter
from market.search.folding import fold
from market.search.latin import Part, parts, stem, whole
from market.search.stretches import Kind, Stretch, stretches
from market.search.vocabulary import vocabulary

LONGEST_TEXT = 200
MOST_CLAUSES = 24
SYNONYM = 0.6
_QUOTED = re.compile(r'(?<!\w)(-?)[\u201c\u201d"]([^\u201c\u201d"]+)[\u201c\u201d"]')
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\s-])(\S+)")


class Way(NamedTuple):
    """Terms that together satisfy a clause. A term that ends in * stands for every term that begins so."""

    terms: tuple[str, ...]
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of the query, or several that mean one thing, and the ways to satisfy it; one is enough.

    `marks` is what to mark in a text: index terms where they were cut, and words of spaceless scripts anywhere.
    """

    text: str
    ways: tuple[Way, ...]
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A query's text, understood. `phrases` and `unwanted_phrases` are folded texts to be found as they stand."""

    required: tuple[Clause, ...] = ()
    helpful: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    phrases: tuple[str, ...] = ()
    unwanted_phrases: tuple[str, ...] = ()
    typed: str = field(default="", compare=False)

    @property
    def is_blank(self) -> bool:
        """Nothing was typed: everything is wanted. Punctuation alone is not blank, and finds nothing."""
        return not self.typed

    @property
    def is_empty(self) -> bool:
        """Something was typed, and no word of it can be looked for."""
        return not self.is_blank and not (self.required or self.unwanted)


class _Word(NamedTuple):
    """One word while the query is read; `run` tells which words were written without a space."""

    text: str
    start: int
    end: int
    ways: tuple[Way, ...]


def read_wish(text: str) -> Wish:
    """Understand what was typed; beyond the first 200 characters nothing is read."""
    typed = " ".join(fold(text[: 4 * LONGEST_TEXT]).split())[:LONGEST_TEXT].strip()
    rest, phrases, unwanted_phrases = _take_quoted(typed)
    unwanted_texts = [match[1] for match in _EXCLUDED.finditer(rest)]
    words = _words(_EXCLUDED.sub(" ", rest))
    required, helpful = _sorted_out(words)
    for phrase in phrases:
        required += [_clause(word) for word in _words(phrase)]
    unwanted = [Clause(part, (_all_of(found),)) for part in unwanted_texts if (found := _words(part))]
    return Wish(
        required=tuple(required[:MOST_CLAUSES]),
        helpful=(*helpful[:MOST_CLAUSES], *_neighbours(words)),
        unwanted=tuple(unwanted[:MOST_CLAUSES]),
        phrases=phrases,
        unwanted_phrases=unwanted_phrases,
        typed=typed,
    )


def _take_quoted(typed: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text without its quoted phrases, the phrases, and those with a minus before them."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for match in _QUOTED.finditer(typed):
        if phrase := match[2].strip():
            (unwanted if match[1] else wanted).append(phrase)
    return _QUOTED.sub(" ", typed), tuple(wanted), tuple(unwanted)


def _all_of(words: Sequence[_Word]) -> Way:
    """All words at once. A single character counts wherever it stands, as it does when it is typed alone."""
    ways = [word.ways[1] if word.ways[-1].terms[0].endswith("*") else word.ways[0] for word in words]
    return Way(tuple(dict.fromkeys(term for way in ways for term in way.terms)))


def _clause(word: _Word) -> Clause:
    return Clause(word.text, word.ways, _marks(word))


def _marks(word: _Word) -> frozenset[str]:
    return frozenset([word.text, *(term for way in word.ways for term in way.terms if term.isascii())])


# -- words ----------------------------------------------------------------------------------------------------------


def _words(text: str) -> list[_Word]:
    found = [word for stretch in stretches(text) for word in _words_of(stretch)]
    return sorted(found, key=lambda word: word.start)


def _words_of(stretch: Stretch) -> Iterator[_Word]:
    if stretch.kind is Kind.MEANING:
        for meaning in stretch.meanings:
            # A bare number of one digit says too little: "256" may stand for 256 GB, "8" not for 8 GB.
            near = (Way((meaning.number,), 0.4),) if len(meaning.number) > 1 else ()
            yield _Word(meaning.term, stretch.start, stretch.end, (Way((meaning.term,)), *near))
    elif stretch.kind is Kind.LATIN:
        yield from _latin_words(stretch)
    elif stretch.kind is Kind.SPACELESS:
        yield from _spaceless_words(stretch)
    else:
        text = stretch.text[:LONGEST_TERM]
        yield _Word(text, stretch.start, stretch.end, (Way((text,)),))


def _latin_words(stretch: Stretch) -> Iterator[_Word]:
    found = parts(stretch.text, stretch.start)
    together = (Way((whole(stretch.text)[:LONGEST_TERM],)),) if len(found) > 1 else ()
    for part in found:
        yield _Word(part.text, part.start, part.end, (*_latin_ways(part), *together))


def _latin_ways(part: Part) -> tuple[Way, ...]:
    text, singular = part.text[:LONGEST_TERM], stem(part.text)[:LONGEST_TERM]
    ways = [Way((text,))]
    if singular != text:
        ways.append(Way((singular,), 0.9))
    if part.within != part.text and part.within[:-1].isdigit() and len(part.within) > 2:
        ways.append(Way((part.within[:-1],), 0.4))  # 256g finds a bare 256
    return tuple(ways)


def _spaceless_words(stretch: Stretch) -> Iterator[_Word]:
    """The dictionary's words. Single characters in a row are a name that it lacks: they stay together."""
    common = vocabulary().stop | vocabulary().soft
    name_start = None
    pieces = [(s, e) for _, s, e in segmenter().tokenize(stretch.text, "default", False)]
    for start, end in [*pieces, (len(stretch.text), len(stretch.text))]:
        alone = end - start == 1 and stretch.text[start:end] not in common
        if alone:
            name_start = start if name_start is None else name_start
            continue
        if name_start is not None:
            yield _spaceless_word(stretch, name_start, start, in_dictionary=False)
            name_start = None
        if end > start:
            yield _spaceless_word(stretch, start, end, in_dictionary=True)


def _spaceless_word(stretch: Stretch, start: int, end: int, *, in_dictionary: bool) -> _Word:
    text = stretch.text[start:end]
    place = stretch.start + start, stretch.start + end
    if len(text) == 1:
        return _Word(text, *place, (Way((text,)), Way((f"{text}*",), 0.1)))
    pairs = tuple(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))
    if len(text) == 2 or not in_dictionary:
        return _Word(text, *place, (Way(pairs),))
    return _Word(text, *place, (Way((text,)), Way(pairs, 0.6), *_in_pieces(text)))


def _in_pieces(text: str) -> tuple[Way, ...]:
    """笔记本电脑 is also a 笔记本 ... 电脑 apart: the longest dictionary words that fill it."""
    found = [(s, e) for _, s, e in segmenter().tokenize(text, "search", False) if 1 < e - s < len(text)]
    widest = [(s, e) for s, e in found if not any(a <= s and e <= b and (a, b) != (s, e) for a, b in found)]
    if len(widest) < 2 or any(left[1] > right[0] for left, right in zip(widest, widest[1:], strict=False)):
        return ()
    if widest[0][0] != 0 or widest[-1][1] != len(text):
        return ()
    return (Way(tuple(text[s:e] for s, e in widest), 0.4),)


def _neighbours(words: Sequence[_Word]) -> Iterator[Clause]:
    """Words typed side by side count more where a listing has them side by side."""
    for left, right in zip(words[:MOST_CLAUSES], words[1:], strict=False):
        gap = right.start - left.end
        latin = left.text[-1].isascii() and right.text[0].isascii()
        if latin and 0 <= gap <= 1 and ":" not in left.text + right.text:
            yield Clause("", (Way(((left.text + right.text)[:LONGEST_TERM],), 0.8),))
        elif not latin and gap == 0:
            yield Clause("", (Way((left.text[-1] + right.text[0],), 0.5),))


# -- what words mean together ---------------------------------------------------------------------------------------


def _sorted_out(words: list[_Word]) -> tuple[list[Clause], list[Clause]]:
    """Clauses a listing has to satisfy, and clauses that only lift it. If all words are common ones, all count."""
    common, soft = vocabulary().stop, vocabulary().soft
    telling = [word for word in words if word.text not in common and word.text not in soft]
    if not telling:
        telling = [word for word in words if word.text not in common] or words
    helpful = [Clause(word.text, word.ways[:1]) for word in words if word.text in soft and word not in telling]
    return _with_synonyms(telling), helpful


def _with_synonyms(words: list[_Word]) -> list[Clause]:
    """Read left to right; the longest run of words that has a meaning of its own becomes one clause."""
    clauses: list[Clause] = []
    at = 0
    while at < len(words):
        length = next((n for n in (3, 2) if _key(words[at : at + n]) in _synonyms() and at + n <= len(words)), 1)
        clauses.append(_clause_of(words[at : at + length]))
        at += length
    return clauses


def _key(words: Sequence[_Word]) -> tuple[str, ...]:
    return tuple(stem(word.text) for word in words)


def _clause_of(words: list[_Word]) -> Clause:
    text = words[0].text if len(words) == 1 else " ".join(word.text for word in words)
    own = words[0].ways if len(words) == 1 else (_all_of(words),)
    meant = _synonyms().get(_key(words), ())
    marks = frozenset().union(*map(_marks, words), *(texts for _, texts in meant))
    return Clause(text, (*own, *(way for way, _ in meant)), marks)


@cache
def _synonyms() -> dict[tuple[str, ...], tuple[tuple[Way, tuple[str, ...]], ...]]:
    """For the words of a synonym, as they are read in a query: ways to satisfy them, and what to mark."""
    entries: dict[tuple[str, ...], dict[Way, tuple[str, ...]]] = {}
    groups = [(word, [w for w in group if w != word]) for group in vocabulary().same for word in group]
    for word, finds in [*groups, *((word, list(finds)) for word, finds in vocabulary().wider)]:
        ways = entries.setdefault(_key(_words(fold(word))), {})
        for other in finds:
            found = _words(fold(other))
            # A single character stands for a word here (包 for bag), not for every word that holds it (包邮).
            terms = found[0].ways[0].terms if len(found) == 1 else _all_of(found).terms
            ways.setdefault(Way(terms, SYNONYM), tuple(w.text for w in found))
    return {key: tuple(ways.items()) for key, ways in entries.items()}
