"""What people type, understood: words wanted, words not wanted, exact phrases. No engine's query language.

Double quotes ask for an exact phrase, a minus before a word excludes it. Everything else is words: wildcards,
brackets and operators are punctuation here. Nothing that can be typed is an error.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from market.search.folding import fold, squeeze
from market.search.latin import stem
from market.search.vocabulary import vocabulary
from market.search.words import Way, Word, all_of, neighbours, words

LONGEST_TEXT = 200
MOST_CLAUSES = 24
SYNONYM = 0.6
_QUOTES = '\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"'
_QUOTED = re.compile(rf"(?<!\w)(-?)[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]")
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\s-])(\S+)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One word of the query, or several that mean one thing, and the ways to satisfy it; one is enough.

    `marks` is what to mark in a text: index terms where they were cut, words of spaceless scripts anywhere.
    """

    text: str
    ways: tuple[Way, ...]
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A query's text, understood. `helpful` clauses lift a listing and keep none out; phrases are folded texts.

    `typed` is what was read of it: folded, and cut after 200 characters.
    """

    typed: str = ""
    required: tuple[Clause, ...] = ()
    helpful: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    phrases: tuple[str, ...] = ()
    unwanted_phrases: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing was typed: everything is wanted. Punctuation alone is not blank, and finds nothing."""
        return not self.typed

    @property
    def is_empty(self) -> bool:
        """Something was typed, and no word of it can be looked for."""
        return not (self.is_blank or self.required or self.unwanted or self.unwanted_phrases)


def read_wish(text: str) -> Wish:
    """Understand what was typed."""
    typed = squeeze(text[: 4 * LONGEST_TEXT])[:LONGEST_TEXT].strip()
    rest, phrases, unwanted_phrases = _take_quoted(typed)
    found = words(_EXCLUDED.sub(" ", rest))
    required, helpful = _sorted_out(found)
    for phrase in phrases:
        required += [_clause(word) for word in words(phrase)]
    excluded = (words(match[1]) for match in _EXCLUDED.finditer(rest))
    return Wish(
        typed=typed,
        required=tuple(required[:MOST_CLAUSES]),
        helpful=(*helpful, *(Clause("", (way,)) for way in neighbours(found)))[:MOST_CLAUSES],
        unwanted=tuple(Clause("", (all_of(one),)) for one in excluded if one),
        phrases=phrases,
        unwanted_phrases=unwanted_phrases,
    )


def _take_quoted(typed: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text without its quoted phrases, the phrases, and those with a minus before them."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for match in _QUOTED.finditer(typed):
        # A phrase that holds no word is punctuation, as it is without quotes.
        if words(phrase := match[2].strip()):
            (unwanted if match[1] else wanted).append(phrase)
    return _QUOTED.sub(" ", typed), tuple(wanted), tuple(unwanted)


def _sorted_out(found: list[Word]) -> tuple[list[Clause], list[Clause]]:
    """Clauses a listing has to satisfy, and clauses that only lift it. Where all words are common, all count."""
    common, soft = vocabulary().stop, vocabulary().soft
    telling = [word for word in found if word.text not in common and word.text not in soft]
    if not telling:
        telling = [word for word in found if word.text not in common] or found
    helpful = [word for word in found if word.text in soft and word not in telling]
    return _with_synonyms(telling), [Clause(word.text, word.ways[:1]) for word in helpful]


# -- what words mean together -----------------------------------------------------------------------------------


class Synonym(NamedTuple):
    way: Way
    marks: tuple[str, ...]


def _with_synonyms(found: list[Word]) -> list[Clause]:
    """Read from left to right; the longest run of words that has a meaning of its own becomes one clause."""
    clauses: list[Clause] = []
    while found:
        runs = (length for length in (3, 2) if _key(found[:length]) in _synonyms())
        length = next((run for run in runs if run <= len(found)), 1)
        clauses.append(_meaning(found[:length]))
        found = found[length:]
    return clauses


def _meaning(run: list[Word]) -> Clause:
    own = run[0].ways if len(run) == 1 else (all_of(run),)
    meant = _synonyms().get(_key(run), ())
    marks = frozenset[str]().union(*map(_marks, run), *(synonym.marks for synonym in meant))
    return Clause(" ".join(word.text for word in run), (*own, *(synonym.way for synonym in meant)), marks)


def _clause(word: Word) -> Clause:
    return Clause(word.text, word.ways, _marks(word))


def _marks(word: Word) -> frozenset[str]:
    return frozenset([word.text, *(term for way in word.ways for term in way.terms if term.isascii())])


def _key(run: Sequence[Word]) -> tuple[str, ...]:
    return tuple(stem(word.text) for word in run)


@cache
def _synonyms() -> dict[tuple[str, ...], tuple[Synonym, ...]]:
    """What the words of a synonym, as they are read in a query, also stand for."""
    entries: dict[tuple[str, ...], dict[Way, Synonym]] = {}
    equals = ((word, group) for group in vocabulary().same for word in group)
    for word, finds in (*equals, *vocabulary().wider):
        ways = entries.setdefault(_key(words(fold(word))), {})
        for synonym in (_synonym(other) for other in finds if other != word):
            ways.setdefault(synonym.way, synonym)
    return {key: tuple(ways.values()) for key, ways in entries.items()}


def _synonym(text: str) -> Synonym:
    found = words(fold(text))
    # A single character is a word of its own here (the one for bag), not part of others (as in "free post").
    terms = found[0].ways[0].terms if len(found) == 1 else all_of(found).terms
    return Synonym(Way(terms, SYNONYM), tuple(word.text for word in found))
