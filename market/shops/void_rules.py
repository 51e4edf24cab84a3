"""Is a phrase in a shop's own rules void? Pure; the phrases with reasons and sources: void.toml.

What was put between the signs (blanks, punctuation, signs that nobody sees) is taken out before anything is compared; look-alikes
and traditional characters are read as what they stand for. A sentence end parts two sentences, but not the plainest phrases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.data_files import Bilingual
from core.folding_rules import Reading, letters, tight
from market.shops.void import Patterns, Phrase, Phrases, void_phrases

_END = re.compile(r"[。！？!?；;\n\r]+|(?<=[a-zA-Z])\.(?=\s|$)")
APOSTROPHES = "'’`"
_CLAUSE = re.compile("[，,、：:]")
_BESIDE = 40  # signs before and after that are looked at for words against it
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`phrase`: as it was typed, from sign `start` on."""

    code: str
    phrase: str
    start: int
    why: Bilingual
    source: Bilingual


def check(text: str, phrases: Phrases | None = None) -> list[Finding]:
    """Every void phrase in the order of the text; none means that none of the list is there. `phrases`: others than ours."""
    known, found = phrases or void_phrases(), list[Finding]()
    for one in known.all:
        for start, end in _merged(_spans(one, known, text)):
            phrase = " ".join(text[start:end].split())
            found.append(Finding(code=one.code, phrase=phrase, start=start, why=one.why, source=one.source))
    return sorted(found, key=lambda one: (one.start, one.code))


def squeezed(reading: Reading, twins: dict[int, str]) -> Reading:
    """Letters and digits only."""
    kept = [at for at, sign in enumerate(reading.text) if sign.isalnum()]
    return Reading("".join(reading.text[at] for at in kept).translate(twins), tuple(reading.places[at] for at in kept))


def spaced(reading: Reading) -> Reading:
    """Words with one blank between them; apostrophes stay, for they belong to their word."""
    signs, places = list[str](), list[int]()
    for sign, place in zip(reading.text, reading.places, strict=True):
        plain = "'" if sign in APOSTROPHES else sign if sign.isalnum() else " "
        if plain != " " or signs[-1:] != [" "]:
            signs.append(plain)
            places.append(place)
    return Reading("".join(signs), tuple(places))


def _spans(one: Phrase, known: Phrases, text: str) -> Iterator[Span]:
    """Where it stands in the text as typed."""
    for start, sentence in _sentences(text):
        read = letters(sentence)
        for reading, patterns in ((squeezed(read, known.twins), one.patterns), (spaced(tight(read)), one.english)):
            for place in _found(reading, sentence, patterns, one.allow, known):
                begin, end = reading.span(*place)
                yield start + begin, start + end
    whole = squeezed(letters(text), known.twins)
    for place in _found(whole, text, tuple(re.compile(re.escape(word)) for word in one.whole), one.allow, known):
        yield whole.span(*place)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for end in _END.finditer(text):
        yield at, text[at : end.start()]
        at = end.end()
    yield at, text[at:]


def _found(reading: Reading, typed: str, patterns: Patterns, allow: Patterns, known: Phrases) -> Iterator[Span]:
    """`typed`: what `reading` was read from."""
    fine = [match.span() for pattern in allow for match in pattern.finditer(reading.text)]
    for pattern in patterns:
        for match in pattern.finditer(reading.text):
            start, end = match.span()
            if any(begin <= start and end <= stop for begin, stop in fine) or _spoken_against(reading, typed, start, end, known):
                continue
            yield start, end


def _spoken_against(reading: Reading, typed: str, start: int, end: int, known: Phrases) -> bool:
    """A "no" before it in the same clause, or a word behind it, with which the clause ends, that calls it void."""
    first, places = max(0, start - _BESIDE), reading.places
    noes = (one.search(reading.text[first:start]) for one in known.before)
    if any(no and not _CLAUSE.search(typed[places[first + no.start()] : places[start]]) for no in noes):
        return True
    calls = (one.search(reading.text[end : end + _BESIDE]) for one in known.after)
    return any(call and not typed[places[end + call.end() - 1] + 1 :][:1].isalnum() for call in calls)


def _merged(spans: Iterator[Span]) -> list[Span]:
    """What overlaps is one."""
    found = list[Span]()
    for start, end in sorted(set(spans)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
