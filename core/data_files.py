"""Data kept in TOML files beside the code, read strictly: a slip of the pen stops the program at the start.

Every key has to be asked for by its type and none may be left over. An error names the file and the place."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.i18n import N_

_AT = re.compile(r"\(at line (\d+), column \d+\)")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
LARGEST = 10**15
NEEDED = object()
_Kind = TypeVar("_Kind")


class BadDataFile(ValueError):
    """A data file says something the program can't use. The text names file, place and remedy.

    `place`: where in the file, as `checks[2].limits`; `remedy` with `values`: what is wrong there, English for gettext."""

    def __init__(self, said: str, *, place: str = "", remedy: str = "", values: Mapping[str, object] | None = None) -> None:
        super().__init__(said)
        self.place, self.remedy, self.values = place, remedy or said, dict(values or {})


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages; both are there or the file is refused. Printed plainly it is the English one."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en


def text(words: Bilingual, language: str) -> str:
    """The text in the reader's language: English when asked for, Chinese otherwise (zh, zh_CN, ...)."""
    return words.en if language.lower().startswith("en") else words.zh


class Table:
    """A TOML table while it is being read. Ask for each key once, then call `done()`.

    `path` is the place inside the file, for error messages: `attributes[2]`."""

    def __init__(self, raw: object, file: str, path: str = "") -> None:
        self.file, self.path = file, path
        if not isinstance(raw, dict):
            said = f"{file}: {path or 'the file'} must be a table"
            raise BadDataFile(said, place=path, remedy=N_("must be %(called)s, not %(value)s"),
                              values={"called": N_("a table"), "value": shortly(raw)})  # fmt: skip
        self._raw = raw
        self._asked: set[str] = set()

    def wrong(self, key: str, remedy: str, **values: object) -> BadDataFile:
        """`remedy` may be marked for translation; then what it names comes as `values`."""
        place = f"{self.path}.{key}" if self.path else key
        said = remedy % values if values else remedy
        return BadDataFile(f"{self.file}: {place} {said}", place=place, remedy=remedy, values=values)

    def _take(self, key: str, kind: type[_Kind], default: object, called: str) -> _Kind:
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is NEEDED:
            raise self.wrong(key, N_("is missing (%(called)s)"), called=called)
        # bool is an int to Python, not to the person who writes the file
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, N_("must be %(called)s, not %(value)s"), called=called, value=shortly(value))
        return value

    def has(self, key: str) -> bool:
        return key in self._raw

    def scalars(self, key: str) -> tuple[str | bool, ...]:
        """A list of texts, true and false."""
        values = self._take(key, list, NEEDED, N_("a list of texts, true or false"))
        if not values or not all(isinstance(value, (str, bool)) for value in values):
            raise self.wrong(key, N_("must be a list of texts, true or false"))
        return tuple(values)

    def holds_text(self, key: str) -> bool:
        """For a key that may hold a text or a list of them."""
        return isinstance(self._raw.get(key), str)

    def every_key(self) -> tuple[str, ...]:
        """For a table whose keys are data, in file order."""
        return tuple(self._raw)

    def text(self, key: str, default: object = NEEDED) -> str:
        return self._take(key, str, default, N_("text")).strip()

    def flag(self, key: str, default: object = NEEDED) -> bool:
        return self._take(key, bool, default, N_("true or false"))

    def whole(self, key: str, default: object = NEEDED, *, least: int | None = None) -> int:
        value = self._take(key, int, default, N_("a whole number"))
        if abs(value) > LARGEST:
            raise self.wrong(key, N_("must be %(called)s, not %(value)s"), called=N_("a whole number"), value=shortly(value))
        if least is not None and value < least:
            raise self.wrong(key, N_("must be at least %(least)s, not %(value)s"), least=least, value=shortly(value))
        return value

    def whole_or_none(self, key: str) -> int | None:
        return self.whole(key) if self.has(key) else None

    def code(self, key: str) -> str:
        value = self.text(key)
        if not _CODE.fullmatch(value):
            remedy = N_("must be a code like spare_part (a-z, 0-9, _, at most 30), not %(value)s")
            raise self.wrong(key, remedy, value=shortly(value))
        return value

    def choice(self, key: str, allowed: Iterable[str], default: object = NEEDED) -> str:
        value, words = self.text(key, default), tuple(allowed)
        if value not in words:
            raise self.wrong(key, N_("must be one of %(words)s, not %(value)s"), words=", ".join(words), value=shortly(value))
        return value

    def texts(self, key: str, default: object = NEEDED) -> tuple[str, ...]:
        values = self._take(key, list, default, N_("a list of texts"))
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.wrong(key, N_("must be a list of texts, none empty"))
        if len(set(values)) != len(values):
            raise self.wrong(key, N_("names something twice"))
        return tuple(values)

    def choices(self, key: str, allowed: Iterable[str], default: object = NEEDED) -> tuple[str, ...]:
        values, words = self.texts(key, default), tuple(allowed)
        for value in values:
            if value not in words:
                raise self.wrong(key, N_("may hold %(words)s, not %(value)s"), words=", ".join(words), value=shortly(value))
        return values

    def anything(self, key: str) -> object:
        """A text, whole number or yes/no: for a table whose values belong to somebody else's rule."""
        value = self._take(key, object, NEEDED, N_("a value"))
        if not isinstance(value, (str, int, bool)):
            raise self.wrong(key, N_("must be a text, a whole number, true or false"))
        return value

    def words(self, key: str) -> Bilingual:
        """A text in both languages: `{ zh = "...", en = "..." }`."""
        inner = self.table(key)
        both = Bilingual(zh=inner.text("zh"), en=inner.text("en"))
        inner.done()
        if not both.zh or not both.en:
            raise self.wrong(key, N_("needs a zh and an en text, neither empty"))
        return both

    def words_or_none(self, key: str) -> Bilingual | None:
        return self.words(key) if self.has(key) else None

    def table(self, key: str) -> "Table":
        place = f"{self.path}.{key}" if self.path else key
        return Table(self._take(key, dict, NEEDED, N_("a table")), self.file, place)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of `[[key]]`, in file order; none at all is fine."""
        place = f"{self.path}.{key}" if self.path else key
        for index, raw in enumerate(self._take(key, list, [], N_("a list of tables")), 1):
            yield Table(raw, self.file, f"{place}[{index}]")

    def done(self) -> None:
        left = sorted(set(self._raw) - self._asked)
        if left:
            raise self.wrong(left[0], N_("is not a key this file may have"))


def shortly(value: object) -> str:
    """As it stands in an error; nobody reads more of it than this."""
    try:
        said = repr(value)
    except ValueError:  # more digits than Python writes out
        return "…"
    return said if len(said) <= 80 else f"{said[:79]}…"


def read_table(path: Path) -> Table:
    """The file as a Table. Raises BadDataFile for a missing file, bad UTF-8 and bad TOML alike."""
    try:
        return table_from(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadDataFile(f"{path.name}: can't be read: {problem}") from problem


def table_from(content: str, name: str) -> Table:
    """TOML that is at hand as text. Raises BadDataFile, also for what is nested too deeply or has too many digits."""
    try:
        return Table(tomllib.loads(content), name)
    except (ValueError, RecursionError) as problem:
        at = _AT.search(str(problem))
        values = {"line": at[1] if at else "?", "problem": _AT.sub("", str(problem)).strip()[:200]}
        remedy = N_("line %(line)s can't be read as TOML: %(problem)s")
        raise BadDataFile(f"{name}: can't be read: {problem}", remedy=remedy, values=values) from problem


def twice(codes: Iterable[str]) -> str | None:
    """The first code that stands there a second time."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return None
