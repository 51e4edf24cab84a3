"""Strict reading of JSON: every key is asked for by its type, none may be left over, and an error names the place."""

import json
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from core.errors import Invalid
from core.i18n import N_
from core.money import LARGEST

MOST_BYTES = 4_000_000


class Unreadable(Invalid, ValueError):
    """`field` is the place, as `rules[2].percent`; `sentence` is English for gettext."""

    def __init__(self, place: str, code: str, sentence: str, **values: object) -> None:
        super().__init__(code, sentence, field=place, values=values)

    def __str__(self) -> str:
        said = self.sentence % self.values if self.values else self.sentence
        return f"{self.field}: {said}" if self.field else said


class Inexact(str):
    """A number with a point, an exponent, or no number at all (NaN): it is never taken for an amount."""

    __slots__ = ()


def load(raw: bytes) -> Any:
    """The JSON value in a file. Raises Unreadable: no UTF-8, no JSON, a key that stands twice, too large."""
    if len(raw) > MOST_BYTES:
        raise Unreadable("", "too_large", N_("The file is larger than %(bytes)s bytes."), bytes=MOST_BYTES)
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_float=Inexact, parse_constant=Inexact, object_pairs_hook=_once)
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("", "not_json", N_("The file is not JSON in UTF-8.")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise Unreadable("", "twice", N_("The key %(key)s stands twice."), key=twice)
    return found


class Reader:
    """An object while it is read. Ask for each key once, then call `done()`. `null` counts as left out."""

    def __init__(self, raw: Any, place: str = "") -> None:
        self.place = place
        if not isinstance(raw, dict):
            raise Unreadable(place, "no_object", N_("This must be an object with keys."))
        self._raw = {key: value for key, value in raw.items() if value is not None}
        self._keys = set(raw)

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def wrong(self, key: str, code: str, sentence: str, **values: object) -> Unreadable:
        return Unreadable(self.at(key), code, sentence, **values)

    def has(self, key: str) -> bool:
        return key in self._raw

    def _take(self, key: str, needed: bool) -> Any:
        self._keys.discard(key)
        if needed and key not in self._raw:
            raise self.wrong(key, "missing", N_("This is missing."))
        return self._raw.get(key)

    def text(self, key: str, *, needed: bool = True, most: int = 60) -> str | None:
        value = self._take(key, needed)
        if value is None:
            return None
        if not isinstance(value, str) or isinstance(value, Inexact) or not value.strip() or len(value) > most:
            raise self.wrong(key, "no_text", N_("This must be a text of 1 to %(most)s letters."), most=most)
        if any(ord(letter) < 32 for letter in value):
            raise self.wrong(key, "no_text", N_("This must be a text of 1 to %(most)s letters."), most=most)
        return value

    def name(self, key: str, *, most: int = 60) -> str:
        return self.text(key, most=most) or ""

    def choice(self, key: str, allowed: tuple[str, ...], *, otherwise: str = "") -> Any:
        value = self._take(key, not otherwise)
        if value is None:
            return otherwise
        if isinstance(value, Inexact) or value not in allowed:
            raise self.wrong(key, "no_choice", N_("This must be one of: %(allowed)s."), allowed=", ".join(allowed))
        return value

    def flag(self, key: str) -> bool:
        value = self._take(key, False)
        if not isinstance(value, bool | None):
            raise self.wrong(key, "no_flag", N_("This must be true or false."))
        return bool(value)

    def whole(self, key: str, *, needed: bool = True, least: int = 0, most: int = LARGEST) -> int | None:
        value = self._take(key, needed)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, "no_whole", N_("This must be a whole number; money in whole minor units."))
        if not least <= value <= most:
            raise self.wrong(key, "out_of_range", N_("This must be from %(least)s to %(most)s."), least=least, most=most)
        return value

    def percent(self, key: str) -> str:
        """A decimal text such as "12.5", from 0 to 1000, with at most six decimals."""
        value = self._take(key, True)
        if not isinstance(value, str) or isinstance(value, Inexact) or not _PERCENT.fullmatch(value) or Fraction(value) > 1000:
            raise self.wrong(key, "no_percent", N_("A percentage is a decimal text from 0 to 1000, such as “12.5”."))
        return value

    def day(self, key: str) -> date | None:
        value = self._take(key, False)
        if value is None:
            return None
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.wrong(key, "no_day", N_("A day is written like 2027-01-31."))

    def inner(self, key: str) -> "Reader":
        return Reader(self._take(key, True), self.at(key))

    def find_inner(self, key: str) -> "Reader | None":
        value = self._take(key, False)
        return None if value is None else Reader(value, self.at(key))

    def items(self, key: str, *, most: int) -> Iterator["Reader"]:
        value = self._take(key, True)
        if not isinstance(value, list):
            raise self.wrong(key, "no_list", N_("This must be a list."))
        if len(value) > most:
            raise self.wrong(key, "too_many", N_("At most %(most)s of these."), most=most)
        for place, one in enumerate(value):
            yield Reader(one, f"{self.at(key)}[{place}]")

    def look(self, key: str) -> Any:
        """The raw value, for a key that may have more than one type; None if it isn't there."""
        return self._raw.get(key)

    def leave(self, *keys: str) -> None:
        """These keys are known, and nothing more is asked of them."""
        self._keys -= set(keys)

    def done(self) -> None:
        left = sorted(self._keys)
        if left:
            raise self.wrong(left[0], "unknown_key", N_("There is no such key."))


_PERCENT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
