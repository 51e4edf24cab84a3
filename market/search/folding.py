"""One spelling for all ways of typing: width, case, accents, traditional characters, odd spaces.

Every folded character remembers where it came from: a match can be marked in the text as it was written.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from market.search.vocabulary import vocabulary

# Dropped: apostrophes join (levi's = levis), and so do invisible format characters (joiners, soft hyphens).
_JOINED = "'\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Folded:
    """`origins[i]` is where character i of `text` stood in `source`, with one more entry for the end."""

    text: str
    source: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in `source` of text[start:end], which is not empty."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> str:
    """Return the folded text alone; the same as `fold_with_origins(text).text`."""
    return unicodedata.normalize("NFC", text).translate(_folding)


def squeeze(text: str) -> str:
    """Return the folded text with single spaces: what is indexed, what is read of a query, what phrases meet."""
    return " ".join(fold(text).split())


def fold_with_origins(text: str) -> Folded:
    """Return the folded text with the way back. `source` is the text in Unicode's composed form (NFC)."""
    source = unicodedata.normalize("NFC", text)
    folded = source.translate(_folding)
    if _folding.uneven.isdisjoint(source):
        return Folded(folded, source, range(len(source) + 1))
    origins = [place for place, one in enumerate(source) for _ in _folding[ord(one)]]
    return Folded(folded, source, [*origins, len(source)])


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met; `uneven` ones become none or several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = self[code] = _fold_character(character)
        if len(folded) != 1:
            self.uneven.add(character)
        return folded


_folding = _Folding()


def _fold_character(character: str) -> str:
    """Spaces, control characters and lone surrogates give a space; joining and invisible ones nothing."""
    category = unicodedata.category(character)
    if character in _JOINED or category == "Cf":
        return ""
    if category in ("Cc", "Cs", "Zs", "Zl", "Zp"):
        return " "
    plain = _without_accent(unicodedata.normalize("NFKC", character).casefold())
    simplified = vocabulary().simplified
    return "".join(simplified.get(one, one) for one in plain).replace("\N{FRACTION SLASH}", "/")


def _without_accent(text: str) -> str:
    """Latin letters lose their marks; others keep them, where a mark makes another letter."""
    parts = unicodedata.normalize("NFKD", text)
    if parts and "a" <= parts[0] <= "z":
        return "".join(part for part in parts if not unicodedata.combining(part))
    return text
