"""One spelling for all ways of typing: width, case, accents, traditional characters, odd spaces.

Every folded character remembers where it came from, so that a match can be marked in the text as it was written.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from market.search.vocabulary import vocabulary

# Dropped: apostrophes join (levi's = levis), format characters are invisible (zero-width joiners, soft hyphens).
_JOINED = "'\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is folded; `origins[i]` is where character i stood in `source`, with one more entry for the end."""

    text: str
    source: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in `source` of text[start:end]."""
        if start >= end:
            return self.origins[start], self.origins[start]
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> str:
    """Return the folded text alone; the same as `fold_with_origins(text).text`."""
    if text.isascii():
        text = text.lower()
    return "".join(map(_fold_character, unicodedata.normalize("NFC", text)))


def fold_with_origins(text: str) -> Folded:
    """Return the folded text with the way back. `source` is the text in Unicode's composed form (NFC)."""
    source = unicodedata.normalize("NFC", text)
    pieces = [_fold_character(character) for character in source]
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), source, [*origins, len(source)])


@lru_cache(maxsize=16384)
def _fold_character(character: str) -> str:
    """Fold one character into none, one or several. Spaces, control characters and lone surrogates give a space."""
    if character in _JOINED:
        return ""
    category = unicodedata.category(character)
    if category == "Cf":
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
