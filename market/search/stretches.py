"""Reads a folded text as stretches: states of wear, sizes, Latin letters and digits, spaceless scripts."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from market.search.vocabulary import Wear, vocabulary


class Kind(Enum):
    MEANING = auto()  # a state of wear or a size: `terms` say what it means, however it was written
    LATIN = auto()
    SPACELESS = auto()
    OTHER = auto()


class Meaning(NamedTuple):
    """A term for what is meant, however it was written.

    `number` is the bare number in it, `coarser` what a listing also answers to: 13.3 inches are 13 inches.
    """

    term: str
    number: str = ""
    coarser: tuple[str, ...] = ()


class Stretch(NamedTuple):
    kind: Kind
    text: str
    start: int
    end: int
    meanings: tuple[Meaning, ...] = ()


# Han with its iteration mark and zero; kana, Hangul, Thai: no spaces between words, or none one can rely on.
_SPACELESS = (
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u3041-\u30ff\uac00-\ud7a3\u0e01-\u0e4e"
)
_SPACELESS_RUN = re.compile(rf"[{_SPACELESS}]+")
_RUNS = re.compile(
    rf"(?P<latin>[a-z0-9]+(?:[-_.&][a-z0-9]+)*(?:\+(?![a-z0-9]))?)"
    rf"|(?P<spaceless>[{_SPACELESS}]+)|(?P<other>[^\W_a-z0-9{_SPACELESS}]+)"
)
# Phones are described as working memory + storage, 8+256 or 12G/1T; other sums and dates stay numbers.
_MEMORY = (
    r"(?<![a-z0-9.])(?P<ram>[123468]|1[0268]|24|32|64)(?:gb?)?\s?[+/]\s?"
    r"(?:(?P<rom>16|32|64|128|256|512|1024)(?:gb?)?|(?P<tera>[12])tb?)(?![a-z0-9])"
)
_SIZE = r"(?<![a-z0-9.])(?P<amount>\d{1,4})(?:(?P<short>[gt])|\s?(?P<long>[gtm])b)(?![a-z0-9])"
_LEAST_WEAR = 50


@cache
def _meant() -> re.Pattern[str]:
    wear, inch = vocabulary().wear, "|".join(vocabulary().inch)
    ten = wear.tenths
    # Two digits, or tenths; a single digit needs its word for tenths, or "iPhone 7, new" would be 70 in 100.
    han = rf"[{wear.numerals}](?:{ten}?[{wear.numerals}])?"
    state = rf"(?<![\d.{wear.numerals}])(?P<wear>\d\d\s?{ten}?|\d\.\d\s?{ten}?|\d\s?{ten}|{han}{ten}?)\s?"
    return re.compile(
        rf"{state}(?P<of>[{wear.new}{wear.book}])(?![{wear.not_before}])|{_MEMORY}|{_SIZE}"
        rf"|(?<![\d.])(?P<length>\d{{1,3}}(?:\.\d)?)\s?(?:{inch})(?![a-z])"
    )


def stretches(text: str) -> Iterator[Stretch]:
    """All stretches of a folded text, those with a meaning first; what lies between them is punctuation."""
    rest = list(text)
    for match in _meant().finditer(text):
        if meanings := _meanings(match):
            yield Stretch(Kind.MEANING, match.group(), match.start(), match.end(), meanings)
            rest[match.start() : match.end()] = " " * len(match.group())
    for match in _RUNS.finditer("".join(rest)):
        kind = Kind[(match.lastgroup or "other").upper()]
        yield Stretch(kind, match.group(), match.start(), match.end())


def spaceless_runs(text: str) -> list[str]:
    """All runs of spaceless scripts, those that are part of a meaning too."""
    return _SPACELESS_RUN.findall(text)


def _meanings(match: re.Match[str]) -> tuple[Meaning, ...]:
    if (wear := match["wear"]) is not None:
        return _state(wear, match["of"], vocabulary().wear)
    if match["ram"] is not None:
        storage = match["rom"] or match["tera"]
        return _sized(match["ram"], "g"), _sized(storage, "t" if match["tera"] else "g")
    if match["amount"] is not None:
        return (_sized(match["amount"], match["short"] or match["long"]),)
    length = match["length"]
    whole = length.partition(".")[0]
    return (Meaning(f"inch:{length}", length, () if whole == length else (f"inch:{whole}", whole)),)


def _sized(number: str, unit: str) -> Meaning:
    return Meaning(f"{number}{unit}b", number)


def _state(amount: str, of: str, wear: Wear) -> tuple[Meaning, ...]:
    """So many tenths as so many in a hundred. Nothing below a half is written as a state of wear."""
    in_tenths = wear.tenths in amount
    plain = amount.translate({ord(numeral): str(value) for value, numeral in enumerate(wear.numerals)})
    digits = "".join(character for character in plain if character.isdecimal())
    if digits == "10" and (in_tenths or amount[0] in wear.numerals):
        digits = "100"
    percent = int(digits) * 10 if len(digits) == 1 else int(digits)
    if not _LEAST_WEAR <= percent <= 100:
        return ()
    return (Meaning(f"{'wear' if of == wear.new else 'book'}:{percent}"),)
