"""A query's text as words, each with the index terms that satisfy it: the other side of the analyser."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from market.search.analyser import LONGEST_TERM, segmenter
from market.search.latin import Part, parts, stem, whole
from market.search.stretches import Kind, Stretch, stretches
from market.search.vocabulary import vocabulary


class Way(NamedTuple):
    """Terms that together satisfy a word. A term that ends in * stands for every term that begins so."""

    terms: tuple[str, ...]
    strength: float = 1.0


class Word(NamedTuple):
    """One word, its place in the folded text, and the ways to satisfy it; the first is the word as it stands."""

    text: str
    start: int
    end: int
    ways: tuple[Way, ...]


def words(text: str) -> list[Word]:
    """The words of a folded text in the order in which they were typed."""
    found = [word for stretch in stretches(text) for word in _words_of(stretch)]
    return sorted(found, key=lambda word: word.start)


def all_of(found: Sequence[Word]) -> Way:
    """All these words at once. A single character counts wherever it stands, as when it is typed alone."""
    ways = [word.ways[1] if word.ways[-1].terms[0].endswith("*") else word.ways[0] for word in found]
    return Way(tuple(dict.fromkeys(term for way in ways for term in way.terms)))


def neighbours(found: Sequence[Word]) -> Iterator[Way]:
    """Terms that a listing has where these words stand side by side in it, too."""
    for left, right in zip(found, found[1:], strict=False):
        gap = right.start - left.end
        if left.text[-1].isascii() and right.text[0].isascii():
            if 0 <= gap <= 1 and ":" not in left.text + right.text:
                yield Way(((left.text + right.text)[:LONGEST_TERM],), 0.8)
        elif gap == 0:
            yield Way((left.text[-1] + right.text[0],), 0.5)


def _words_of(stretch: Stretch) -> Iterator[Word]:
    if stretch.kind is Kind.MEANING:
        for meaning in stretch.meanings:
            # A bare number of one digit says too little: "256" may stand for 256 GB, "8" not for 8 GB.
            near = (Way((meaning.number,), 0.4),) if len(meaning.number) > 1 else ()
            yield Word(meaning.term, stretch.start, stretch.end, (Way((meaning.term,)), *near))
    elif stretch.kind is Kind.LATIN:
        yield from _latin_words(stretch)
    elif stretch.kind is Kind.SPACELESS:
        yield from _spaceless_words(stretch)
    else:
        text = stretch.text[:LONGEST_TERM]
        yield Word(text, stretch.start, stretch.end, (Way((text,)),))


def _latin_words(stretch: Stretch) -> Iterator[Word]:
    found = parts(stretch.text, stretch.start)
    together = (Way((whole(stretch.text)[:LONGEST_TERM],)),) if len(found) > 1 else ()
    for part in found:
        yield Word(part.text, part.start, part.end, (*_latin_ways(part), *together))


def _latin_ways(part: Part) -> tuple[Way, ...]:
    text, singular = part.text[:LONGEST_TERM], stem(part.text)[:LONGEST_TERM]
    ways = [Way((text,))]
    if singular != text:
        ways.append(Way((singular,), 0.9))
    number = part.within[:-1]
    if part.within != part.text and number.isdigit() and len(number) > 1:
        ways.append(Way((number,), 0.4))  # 256g finds a bare 256
    return tuple(ways)


def _spaceless_words(stretch: Stretch) -> Iterator[Word]:
    """The dictionary's words. Single characters in a row are a name that it lacks: they stay together."""
    text = stretch.text
    common = vocabulary().stop | vocabulary().soft
    name_start: int | None = None
    for _, start, end in segmenter().tokenize(text, "default", False):
        if end - start == 1 and text[start:end] not in common:
            name_start = start if name_start is None else name_start
            continue
        if name_start is not None:
            yield _spaceless_word(stretch, name_start, start, in_dictionary=False)
            name_start = None
        yield _spaceless_word(stretch, start, end, in_dictionary=True)
    if name_start is not None:
        yield _spaceless_word(stretch, name_start, len(text), in_dictionary=False)


def _spaceless_word(stretch: Stretch, start: int, end: int, *, in_dictionary: bool) -> Word:
    text = stretch.text[start:end]
    place = stretch.start + start, stretch.start + end
    if len(text) == 1:
        return Word(text, *place, (Way((text,)), Way((f"{text}*",), 0.1)))
    pairs = tuple(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))
    if len(text) == 2 or not in_dictionary:
        return Word(text, *place, (Way(pairs),))
    return Word(text, *place, (Way((text[:LONGEST_TERM],)), Way(pairs, 0.6), *_in_pieces(text)))


def _in_pieces(text: str) -> tuple[Way, ...]:
    """A compound's parts may stand apart in a listing: its longest dictionary words, if they fill it."""
    found = [(s, e) for _, s, e in segmenter().tokenize(text, "search", False) if 1 < e - s < len(text)]
    widest = [one for one in found if not any(_inside(one, other) for other in found)]
    edges = [0, *(end for _, end in widest)]
    if len(widest) < 2 or [start for start, _ in widest] != edges[:-1] or edges[-1] != len(text):
        return ()
    return (Way(tuple(text[s:e] for s, e in widest), 0.4),)


def _inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]
