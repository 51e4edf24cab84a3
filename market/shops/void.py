"""The void phrases, read once from void.toml and checked."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from core.data_files import Bilingual, Table, read_table, twice

FILE = Path(__file__).with_name("void.toml")
Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """`patterns`, `allow`: over a sentence without blanks and punctuation; `whole`: over the whole text so; `english`: over a
    sentence with single blanks."""

    code: str
    why: Bilingual
    source: Bilingual
    whole: tuple[str, ...]
    patterns: Patterns
    english: Patterns
    allow: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """`before`, `after`: what speaks against a phrase beside it; `twins`: look-alikes, for str.translate."""

    all: tuple[Phrase, ...]
    before: Patterns
    after: Patterns
    twins: dict[int, str]


@functools.lru_cache
def void_phrases(file: Path = FILE) -> Phrases:
    """Raises BadDataFile for a pattern that is none, a twin that stands for two, or a code twice."""
    table = read_table(file)
    before, after = _patterns(table, "before"), _patterns(table, "after")
    inner, twins = table.table("twins"), dict[int, str]()
    for sign in inner.every_key():
        for twin in inner.text(sign):
            if twins.setdefault(ord(twin), sign) != sign:
                raise inner.wrong(sign, f"shares {twin!r} with another sign")
    found = tuple(_phrase(row) for row in table.tables("phrases"))
    table.done()
    again = twice(one.code for one in found)
    if again:
        raise table.wrong("phrases", f"have {again} twice")
    return Phrases(all=found, before=before, after=after, twins=twins)


def _phrase(row: Table) -> Phrase:
    found = Phrase(
        code=row.code("code"), why=row.words("why"), source=row.words("source"), whole=row.texts("whole", []),
        patterns=_patterns(row, "patterns"), english=_patterns(row, "english"),
        allow=_patterns(row, "allow") if row.has("allow") else (),
    )  # fmt: skip
    row.done()
    return found


def _patterns(row: Table, key: str) -> Patterns:
    try:
        return tuple(re.compile(one) for one in row.texts(key))
    except re.error as bad:
        raise row.wrong(key, f"holds no regular expression: {bad}") from bad
