"""Takes Latin stretches apart: iPhone13ProMax, mate40pro, A2158-01, i5-8250U, 256G."""

import re
from functools import lru_cache
from typing import NamedTuple

from market.search.vocabulary import vocabulary

_ATOM = re.compile(r"\d+\.\d+|\d+|[a-z]+")
_UNITS = ("gb", "tb", "mb")
_SHORT_SIZE = re.compile(r"\d+[gt]")
_CORE = re.compile(r"\d{3,}")


class Part(NamedTuple):
    """A piece that stands for itself. `within` is the run of letters or sticky digits it was cut from."""

    text: str
    start: int
    end: int
    within: str


def whole(stretch: str) -> str:
    """The stretch without what joins it: `i5-8250u` as `i58250u`."""
    return "".join(_ATOM.findall(stretch))


def parts(stretch: str, offset: int = 0) -> list[Part]:
    """Cut where letters meet digits, but leave single letters with their digits (i5, 8250u, s21, a7m3)."""
    found: list[Part] = []
    for text, start, end in _clusters(stretch):
        if _SHORT_SIZE.fullmatch(text):
            found.append(Part(f"{text}b", offset + start, offset + end, text))
            continue
        at = offset + start
        for word in split_letters(text):
            found.append(Part(word, at, at + len(word), text))
            at += len(word)
    if stretch.endswith("+") and found and found[-1].text[-1].isdigit():
        end = offset + len(stretch)
        found.append(Part("plus", end - 1, end, "plus"))
    return found


def _clusters(stretch: str) -> list[tuple[str, int, int]]:
    clusters: list[tuple[str, int, int]] = []
    last = ""
    for match in _ATOM.finditer(stretch):
        atom = match.group()
        if clusters and clusters[-1][2] == match.start() and _sticky(last, atom):
            text, start, _ = clusters[-1]
            clusters[-1] = (text + atom, start, match.end())
        else:
            clusters.append((atom, match.start(), match.end()))
        last = atom
    return clusters


def _sticky(left: str, right: str) -> bool:
    if left[0].isdigit() and right in _UNITS:
        return True
    letter, digits = (left, right) if left.isalpha() else (right, left)
    return len(letter) == 1 and letter.isalpha() and digits[0].isdigit()


@lru_cache(maxsize=8192)
def split_letters(text: str) -> tuple[str, ...]:
    """`promax` as pro, max: the fewest known words that fill it. What is known or can't be filled stays."""
    known = vocabulary().latin
    if text in known or not text.isalpha() or len(text) > 40:
        return (text,)
    best: list[tuple[str, ...] | None] = [(), *[None] * len(text)]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 12), end):
            before = best[start]
            if before is not None and text[start:end] in known:
                longer = (*before, text[start:end])
                held = best[end]
                if held is None or len(longer) < len(held):
                    best[end] = longer
    return best[-1] or (text,)


def stem(word: str) -> str:
    """The singular of an English word, roughly (after Harman's S stemmer): phones, batteries, boxes."""
    if len(word) < 4 or not word.isalpha() or not word.endswith("s"):
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word if word.endswith(("us", "ss", "is")) else word[:-1]


def core_number(text: str) -> str | None:
    """The number inside a code, if it is long enough to be asked for alone: 8250 of 8250u."""
    match = _CORE.search(text)
    return match.group() if match and match.group() != text else None
