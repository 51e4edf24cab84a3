"""A second reading of the words of JSON Schema 2020-12 that docs/schemas use."""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schemas"
KINDS = {
    "object": lambda v: isinstance(v, dict), "array": lambda v: isinstance(v, list), "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool), "boolean": lambda v: isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool), "null": lambda v: v is None,
}  # fmt: skip
SILENT = {"$schema", "$defs", "title", "description"}


def schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))


def misfits(value: Any, shape: dict[str, Any], whole: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    whole = whole or shape
    found: list[str] = []
    for word, asked in shape.items():
        if word in SILENT:
            continue
        found += [f"{at}: {problem}" for problem in _WORDS[word](value, asked, shape, whole, at)]
    return found


def _ref(value, asked, shape, whole, at):
    return misfits(value, whole["$defs"][asked.removeprefix("#/$defs/")], whole, at)


def _type(value, asked, shape, whole, at):
    kinds = [asked] if isinstance(asked, str) else asked
    return [] if any(KINDS[kind](value) for kind in kinds) else [f"{value!r} is no {kinds}"]


def _enum(value, asked, shape, whole, at):
    return [] if any(type(value) is type(one) and value == one for one in asked) else [f"{value!r} is none of {asked}"]


def _properties(value, asked, shape, whole, at):
    if not isinstance(value, dict):
        return []
    return [p for key, inner in asked.items() if key in value for p in misfits(value[key], inner, whole, f"{at}.{key}")]


def _additional(value, asked, shape, whole, at):
    if not isinstance(value, dict):
        return []
    more = [key for key in value if key not in shape.get("properties", {})]
    if asked is False:
        return [f"unknown {more}"] if more else []
    return [] if asked is True else [p for key in more for p in misfits(value[key], asked, whole, f"{at}.{key}")]


def _items(value, asked, shape, whole, at):
    return [p for i, one in enumerate(value) for p in misfits(one, asked, whole, f"{at}[{i}]")] if isinstance(value, list) else []


def _required(value, asked, shape, whole, at):
    return [f"{key} is missing" for key in asked if key not in value] if isinstance(value, dict) else []


def _pattern(value, asked, shape, whole, at):
    return [f"{value!r} isn't {asked}"] if isinstance(value, str) and not re.search(asked, value) else []


def _minimum(value, asked, shape, whole, at):
    return [f"{value} below {asked}"] if KINDS["number"](value) and value < asked else []


def _any(value, asked, shape, whole, at):
    return ["none of anyOf"] if all(misfits(value, one, whole, at) for one in asked) else []


def _unique(value, asked, shape, whole, at):
    texts = [json.dumps(one, sort_keys=True) for one in value] if isinstance(value, list) else []
    return ["not unique"] if asked and len(set(texts)) < len(texts) else []


_WORDS = {
    "$ref": _ref, "type": _type, "enum": _enum, "properties": _properties, "additionalProperties": _additional,
    "items": _items, "required": _required, "pattern": _pattern, "minimum": _minimum, "anyOf": _any, "uniqueItems": _unique,
}  # fmt: skip
