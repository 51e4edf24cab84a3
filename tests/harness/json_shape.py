"""The few words of JSON Schema that docs/schemas use, so that examples and commands can be held against them."""

import json
import re
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
_KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "enum", "minimum", "pattern", "required", "properties",
    "items", "anyOf", "uniqueItems",
}  # fmt: skip


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


def misfits(value: Any, shape: dict[str, Any], whole: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    """Where the value doesn't have the shape; empty if it does. A word this doesn't know raises."""
    whole = whole or shape
    if unknown := set(shape) - _KNOWN:
        raise ValueError(f"{at}: {unknown} isn't understood here")
    found = []
    if "$ref" in shape:
        found += misfits(value, whole["$defs"][shape["$ref"].removeprefix("#/$defs/")], whole, at)
    if "anyOf" in shape and all(misfits(value, one, whole, at) for one in shape["anyOf"]):
        found.append(f"{at}: fits none of anyOf")
    return found + _plain(value, shape, at) + _inner(value, shape, whole, at)


def _plain(value: Any, shape: dict[str, Any], at: str) -> list[str]:
    kinds = shape.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    # to Python a bool is an int, to JSON it isn't
    fits = any(isinstance(value, _TYPES[kind]) and (kind != "integer" or value is not True) for kind in kinds)
    found = [] if fits or not kinds else [f"{at}: {value!r} is no {kinds}"]
    if "enum" in shape and value not in shape["enum"]:
        found.append(f"{at}: {value!r} is none of {shape['enum']}")
    if "minimum" in shape and isinstance(value, int) and value < shape["minimum"]:
        found.append(f"{at}: {value!r} is below {shape['minimum']}")
    if "pattern" in shape and isinstance(value, str) and not re.search(shape["pattern"], value):
        found.append(f"{at}: {value!r} doesn't match {shape['pattern']}")
    return found


def _inner(value: Any, shape: dict[str, Any], whole: dict[str, Any], at: str) -> list[str]:
    found: list[str] = []
    if isinstance(value, dict):
        found += [f"{at}: {key} is missing" for key in shape.get("required", []) if key not in value]
        for key, inner in value.items():
            found += misfits(inner, shape.get("properties", {}).get(key, {}), whole, f"{at}.{key}")
    if isinstance(value, list):
        if shape.get("uniqueItems") and len(value) != len({json.dumps(one, sort_keys=True) for one in value}):
            found.append(f"{at}: something stands there twice")
        for index, inner in enumerate(value):
            found += misfits(inner, shape.get("items", {}), whole, f"{at}[{index}]")
    return found
