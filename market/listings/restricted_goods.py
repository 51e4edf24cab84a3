"""The words of the list of banned and restricted goods, as values."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.data_files import Bilingual
from core.goods.cards import find_card

# Put between two letters to slip past a filter; none ends a clause, so taking them out joins no words.
_VEIL = re.compile(r"(?<=[^\W\d_a-zA-Z])[*_·|~^#]+(?=[^\W\d_a-zA-Z])")
# Characters that stand alone, one after the other, with blanks, dots or dashes between them (手 枪): a word spelt apart. Where a
# longer word stands beside the blank (把手 枪灰) it parts two words and stays.
_HAN = r"[^\W\d_a-zA-Z]"
_APART = re.compile(rf"(?<!{_HAN})(?:{_HAN}[\s.\-—–]+)+{_HAN}(?!{_HAN})")
_PARTING = re.compile(r"[\s.\-—–]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a restricted thing has to show before a person looks at it."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One code of the closed list. `kind` is banned or restricted; `text` is shown to the person. `where_new_needs_proof`:
    only in categories whose card says so."""

    code: str
    kind: str
    name: Bilingual
    text: Bilingual
    source: str
    needs: Need | None = None
    only_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    title_words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_new_needs_proof: bool = False

    def concerns(self, category: str) -> bool:
        if self.where_new_needs_proof and (card := find_card(category)) is not None and not card.new_needs_proof:
            return False
        return category not in self.not_in and (not self.only_in or category in self.only_in)


def plain(text: str) -> str:
    """Text as it is compared: full-width folded, lower case, one space for many, without invisible characters
    without signs put between two Chinese characters (手*枪) and without blanks in a word spelt apart (手 枪)."""
    folded = unicodedata.normalize("NFKC", text).lower()
    visible = "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")
    whole = _APART.sub(lambda found: _PARTING.sub("", found[0]), _VEIL.sub("", visible))
    return _SPACES.sub(" ", whole).strip()
