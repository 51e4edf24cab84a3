"""The trade's words as data: what `synonyms.toml` says, read strictly once."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.data_files import BadDataFile, Table, read_table

FILE = Path(__file__).with_name("synonyms.toml")


@dataclass(frozen=True, slots=True)
class Wear:
    """How a state of wear is written; see the file for examples."""

    numerals: str
    tenths: str
    new: str
    book: str
    not_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything in the file. `same` are groups of equals, `wider` pairs of a word and what it also finds."""

    words: frozenset[str]
    latin: frozenset[str]
    stop: frozenset[str]
    soft: frozenset[str]
    wear: Wear
    inch: tuple[str, ...]
    simplified: dict[str, str]
    same: tuple[tuple[str, ...], ...]
    wider: tuple[tuple[str, tuple[str, ...]], ...]

    def digest(self) -> str:
        """Eight hex digits over what shapes the index; groups only shape queries and are left out."""
        sets = (sorted(self.words), sorted(self.latin), sorted(self.simplified.items()))
        return hashlib.sha256(repr((sets, self.wear, self.inch)).encode()).hexdigest()[:8]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this program. Raises BadDataFile, naming the place, if the file has a slip."""
    return read_vocabulary(FILE)


def read_vocabulary(path: Path) -> Vocabulary:
    file = read_table(path)
    wear, units, traditional = file.table("wear"), file.table("units"), file.table("traditional")
    found = Vocabulary(
        words=frozenset(file.texts("words")),
        latin=frozenset(file.texts("latin")),
        stop=frozenset(file.texts("stop")),
        soft=frozenset(file.texts("soft")),
        wear=Wear(*(wear.text(key) for key in ("numerals", "tenths", "new", "book", "not_before"))),
        inch=units.texts("inch"),
        simplified=_pairs(traditional),
        same=tuple(_group(group) for group in file.tables("same")),
        wider=tuple(_wide_word(entry) for entry in file.tables("wider")),
    )
    for table in (wear, units, traditional, file):
        table.done()
    return found


def _pairs(table: Table) -> dict[str, str]:
    """Pairs of characters as a mapping; a pair of equals is harmless, a longer piece a slip."""
    pairs = table.text("pairs").split()
    if wrong := next((pair for pair in pairs if len(pair) != 2), None):
        raise table.wrong("pairs", f"holds {wrong!r}, which is not a pair of characters")
    return {pair[0]: pair[1] for pair in pairs if pair[0] != pair[1]}


def _group(table: Table) -> tuple[str, ...]:
    words = table.texts("words")
    table.done()
    if len(words) < 2:
        raise BadDataFile(f"{table.file}: {table.path} needs two words or more")
    return words


def _wide_word(table: Table) -> tuple[str, tuple[str, ...]]:
    entry = table.text("word"), table.texts("finds")
    table.done()
    return entry
