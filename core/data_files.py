"""Data kept in TOML files beside the code, read strictly: a slip of the pen stops the program at the start.

Every key has to be asked for by its type and none may be left over. An error names the file and the place."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
NEEDED = object()
_Kind = TypeVar("_Kind")


class BadDataFile(ValueError):
    """A data file says something the program can't use. The text names file, place and remedy."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages; both are there or the file is refused."""

    zh: str
    en: str


def text(words: Bilingual, language: str) -> str:
    """The text in the reader's language: English when asked for, Chinese otherwise (zh, zh_CN, ...)."""
    return words.en if language.lower().startswith("en") else words.zh


class Table:
    """A TOML table while it is being read. Ask for each key once, then call `done()`.

    `path` is the place inside the file, for error messages: `attributes[2]`."""

    def __init__(self, raw: object, file: str, path: str = "") -> None:
        self.file, self.path = file, path
        if not isinstance(raw, dict):
            raise BadDataFile(f"{file}: {path or 'the file'} must be a table")
        self._raw = raw
        self._asked: set[str] = set()

    def wrong(self, key: str, remedy: str) -> BadDataFile:
        place = f"{self.path}.{key}" if self.path else key
        return BadDataFile(f"{self.file}: {place} {remedy}")

    def _take(self, key: str, kind: type[_Kind], default: object, called: str) -> _Kind:
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is NEEDED:
            raise self.wrong(key, f"is missing ({called})")
        # bool is an int to Python, not to the person who writes the file
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"must be {called}, not {value!r}")
        return value

    def has(self, key: str) -> bool:
        return key in self._raw

    def scalars(self, key: str) -> tuple[str | bool, ...]:
        """A list of texts, true and false."""
        values = self._take(key, list, NEEDED, "a list of texts, true or false")
        if not values or not all(isinstance(value, (str, bool)) for value in values):
            raise self.wrong(key, "must be a list of texts, true or false")
        return tuple(values)

    def holds_text(self, key: str) -> bool:
        """For a key that may hold a text or a list of them."""
        return isinstance(self._raw.get(key), str)

    def every_key(self) -> tuple[str, ...]:
        """For a table whose keys are data, in file order."""
        return tuple(self._raw)

    def text(self, key: str, default: object = NEEDED) -> str:
        return self._take(key, str, default, "text").strip()

    def flag(self, key: str, default: object = NEEDED) -> bool:
        return self._take(key, bool, default, "true or false")

    def whole(self, key: str, default: object = NEEDED, *, least: int | None = None) -> int:
        value = self._take(key, int, default, "a whole number")
        if least is not None and value < least:
            raise self.wrong(key, f"must be at least {least}, not {value}")
        return value

    def whole_or_none(self, key: str) -> int | None:
        return self.whole(key) if self.has(key) else None

    def code(self, key: str) -> str:
        value = self.text(key)
        if not _CODE.fullmatch(value):
            raise self.wrong(key, f"must be a code like spare_part (a-z, 0-9, _, at most 30), not {value!r}")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: object = NEEDED) -> str:
        value, words = self.text(key, default), tuple(allowed)
        if value not in words:
            raise self.wrong(key, f"must be one of {', '.join(words)}, not {value!r}")
        return value

    def texts(self, key: str, default: object = NEEDED) -> tuple[str, ...]:
        values = self._take(key, list, default, "a list of texts")
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.wrong(key, "must be a list of texts, none empty")
        if len(set(values)) != len(values):
            raise self.wrong(key, "names something twice")
        return tuple(values)

    def choices(self, key: str, allowed: Iterable[str], default: object = NEEDED) -> tuple[str, ...]:
        values, words = self.texts(key, default), tuple(allowed)
        for value in values:
            if value not in words:
                raise self.wrong(key, f"may hold {', '.join(words)}, not {value!r}")
        return values

    def anything(self, key: str) -> object:
        """A text, whole number or yes/no: for a table whose values belong to somebody else's rule."""
        value = self._take(key, object, NEEDED, "a value")
        if not isinstance(value, (str, int, bool)):
            raise self.wrong(key, "must be a text, a whole number, true or false")
        return value

    def words(self, key: str) -> Bilingual:
        """A text in both languages: `{ zh = "...", en = "..." }`."""
        inner = self.table(key)
        both = Bilingual(zh=inner.text("zh"), en=inner.text("en"))
        inner.done()
        if not both.zh or not both.en:
            raise self.wrong(key, "needs a zh and an en text, neither empty")
        return both

    def words_or_none(self, key: str) -> Bilingual | None:
        return self.words(key) if self.has(key) else None

    def table(self, key: str) -> "Table":
        place = f"{self.path}.{key}" if self.path else key
        return Table(self._take(key, dict, NEEDED, "a table"), self.file, place)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of `[[key]]`, in file order; none at all is fine."""
        place = f"{self.path}.{key}" if self.path else key
        for index, raw in enumerate(self._take(key, list, [], "a list of tables"), 1):
            yield Table(raw, self.file, f"{place}[{index}]")

    def done(self) -> None:
        left = sorted(set(self._raw) - self._asked)
        if left:
            raise self.wrong(left[0], "is not a key this file may have")


def read_table(path: Path) -> Table:
    """The file as a Table. Raises BadDataFile for a missing file, bad UTF-8 and bad TOML alike."""
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadDataFile(f"{path.name}: can't be read: {problem}") from problem


def twice(codes: Iterable[str]) -> str | None:
    """The first code that stands there a second time."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return None
