"""Writes a standard as TOML from plain values, and finds the line of a place in such a text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")
WIDTH = 110
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_STEP = re.compile(r"([A-Za-z0-9_-]+)(?:\[(\d+)\])?")
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")


def write(data: Mapping[str, Any]) -> str:
    """TOML that reads back as the same values. Tables in lists become `[[…]]` at the top and inline tables further in."""
    plain = {key: value for key, value in data.items() if not isinstance(value, dict) and not _tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in data.items():
        if isinstance(value, dict):
            lines += ["", f"[{_key(key)}]", *_rows(value)]
        elif _tables(value):
            for row in value:
                lines += ["", f"[[{_key(key)}]]", *_rows(row)]
    return "\n".join(lines) + "\n"


def _tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _rows(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    escaped = "".join(_ESCAPES.get(one) or (f"\\u{ord(one):04X}" if ord(one) < 32 or ord(one) == 127 else one) for one in value)
    return f'"{escaped}"'


def _value(value: Any) -> str:
    """Raises TypeError for what a standard can't hold: a day, a number with a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        inner = ", ".join(map(_value, value))
        if len(inner) <= WIDTH and not _tables(list(value)):
            return f"[{inner}]"
        return "[\n" + "".join(f"    {_value(one)},\n" for one in value) + "]"
    raise TypeError(type(value).__name__)


def line_of(text: str, place: str) -> int | None:
    """The line of `checks[2].limits.worn`, or of the nearest thing around it that has one; counted from 1."""
    steps = [(found[1], int(found[2] or 0)) for found in _STEP.finditer(place)]
    if not steps:
        return None
    best = None
    for start, end in _blocks(text, steps[0][0], steps[0][1]):
        best = start
        lines = text.split("\n")
        wanted = [name for name, _ in steps[1:]] if lines[start - 1].lstrip().startswith("[") else [name for name, _ in steps]
        for number in range(start, end + 1):
            if wanted and re.match(rf"\s*\"?{re.escape(wanted[0])}\"?\s*[=.]", lines[number - 1]):
                return number
        break
    return best


def _blocks(text: str, name: str, number: int) -> Iterator[tuple[int, int]]:
    """First and last line of `[[name]]` number so and so, of `[name]`, or of the lines before any header."""
    lines = text.split("\n")
    heads = [(at, found[1], found[2]) for at, line in enumerate(lines, 1) if (found := _HEADER.match(line))]
    ends = [at - 1 for at, _, _ in heads[1:]] + [len(lines)]
    seen = 0
    for (at, kind, head), end in zip(heads, ends, strict=True):
        if head.split(".")[0] != name:
            continue
        seen += kind == "[[" and head == name
        if (kind == "[[" and head == name and seen == max(number, 1)) or (kind == "[" and head == name):
            yield at, end
    first = heads[0][0] - 1 if heads else len(lines)
    if any(re.match(rf"\s*\"?{re.escape(name)}\"?\s*[=.]", line) for line in lines[:first]):
        yield 1, first
