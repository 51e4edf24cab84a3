"""From bytes to a JSON value, once for all readers: strict where a lenient reading could be read in two ways.

A repeated key, NaN, a number longer than any tool prints, nesting deeper than any tool nests: refused, because two readers
could see two different documents in them.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.i18n import N_
from privacy.evidence.model import Finding, Unreadable
from privacy.evidence.readers.text import decoded, visible

Json = Any  # None | bool | int | float | str | list[Json] | dict[str, Json]
DEEPEST = 32  # smartctl nests 6 deep, a station's file with all its outputs 8
MOST_PARTS = 150_000  # objects and lists, or commas; a computer's whole inventory has some thousands
LONGEST_NUMBER = 40  # digits; NVMe counts in 128 bits, which are 39
LONGEST_WORD = 200  # characters of a text that is shown: a model, a serial, a version

_LONG_DIGITS = re.compile(f"[0-9]{{{LONGEST_NUMBER + 1}}}")
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_BEGINNING = re.compile(rb"[\xef\xbb\xbf\xff\xfe]{0,3}[ \t\r\n]*(?:\{|\[[ \t\r\n]*[\[{\"\]])")
_WHOLE = re.compile(r"-?[0-9]{1,40}")
_MALFORMED = N_(
    "The file looks like JSON, but is cut off, damaged or can be read in two ways. Send the tool's own output, unchanged."
)


@dataclass(frozen=True, slots=True)
class Doc:
    """One JSON value and what was odd about its bytes."""

    value: Json
    findings: tuple[Finding, ...] = ()


class Malformed(Unreadable):
    """What began like JSON isn't JSON, or isn't the strict kind that is read here."""

    def __init__(self, why: str) -> None:
        super().__init__("malformed", _MALFORMED)
        self.why = why


def looks_like_json(raw: bytes) -> bool:
    """Does the text begin as an object, or as a list of something? nwipe's lines begin with a bracket too: `[2026/...`."""
    return _BEGINNING.match(raw[:4096].replace(b"\0", b"")) is not None


def read_json(raw: bytes) -> Doc:
    """Raises Unreadable: too_big, binary, empty, not_text, malformed."""
    text, oddity = decoded(raw)
    return Doc(parse(text), (Finding(code=oddity, value=True),) if oddity else ())


def parse(text: str) -> Json:
    """A JSON text as a value. Raises Malformed. Time grows with the text's length only."""
    if max(text.count("{") + text.count("["), text.count(",")) > MOST_PARTS:
        raise Malformed("too many parts")
    long = _LONG_DIGITS.search(text) is not None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_no_repeats,
            parse_float=_finite,
            parse_constant=_no_constant,
            parse_int=_bounded if long else None,
        )
    except Malformed:
        raise
    except RecursionError as problem:
        raise Malformed("nested too deeply") from problem
    except ValueError as problem:
        raise Malformed("it breaks off or has an error in it") from problem
    if text.count("{") + text.count("[") > DEEPEST:
        _check_depth(value)
    if _HALF_CHARACTER.search(text):
        _check_characters(value)
    return value


def _no_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("an object repeats a key")
    return found


def _finite(text: str) -> float:
    number = float(text) if len(text) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise Malformed("a number is too long")
    return number


def _no_constant(text: str) -> Json:
    raise Malformed("NaN and Infinity are no numbers")


def _bounded(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise Malformed("a number is too long")
    return int(text)


def _check_depth(value: Json) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [part for parts in inside for part in parts if isinstance(part, dict | list)]
        if not level:
            return
    raise Malformed("nested too deeply")


def _check_characters(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as problem:
        raise Malformed("a text holds half a character") from problem


# --- picking values out, None for whatever isn't there in the shape expected ----------------------------------------------


def at(value: Json, *path: str | int) -> Json:
    """The value under these keys and positions, or None where one of them is missing."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def count(value: Json, *path: str | int) -> int | None:
    """A whole number from 0 up; nvme-cli 2 writes the large ones as texts. None for anything else, also for a boolean."""
    found = whole(value, *path)
    return found if found is not None and found >= 0 else None


def whole(value: Json, *path: str | int) -> int | None:
    """A whole number, negative ones too."""
    found = at(value, *path)
    if isinstance(found, str) and _WHOLE.fullmatch(found.strip()):
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def truth(value: Json, *path: str | int) -> bool | None:
    """A boolean that is one; 0, 1 and "true" are none."""
    found = at(value, *path)
    return found if isinstance(found, bool) else None


def word(value: Json, *path: str | int) -> str | None:
    """A text without the blanks around it, fit to be shown; None if empty or longer than any tool's."""
    found = at(value, *path)
    if not isinstance(found, str) or len(found) > LONGEST_WORD:
        return None
    return visible(found).strip() or None


def members(value: Json, *path: str | int) -> Sequence[Json]:
    """The list there, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, list) else ()


def fields(value: Json, *path: str | int) -> Mapping[str, Json]:
    """The object there, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def strings(value: Json, longest: int = 2000) -> Iterator[str]:
    """Every text in the value, however deep: operators put a challenge where there is room for it."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str) and len(one) <= longest:
            yield one
        elif isinstance(one, dict | list):
            left += reversed(list(one.values()) if isinstance(one, dict) else one)
