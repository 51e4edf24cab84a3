"""A signature drawn on the screen: strokes of whole points in a box of 1000 by 400, small enough to keep, and large enough."""

import json
from typing import Final

from core.errors import Invalid
from core.i18n import N_

WIDTH, HEIGHT = 1000, 400
MOST_BYTES, MOST_STROKES, MOST_POINTS = 30_000, 60, 2500
LEAST_POINTS, LEAST_EXTENT = 6, 60
Strokes = tuple[tuple[tuple[int, int], ...], ...]
_EMPTY: Final = N_("Please sign in the box first.")
_BROKEN: Final = N_("The drawing can't be read. Clear the box and sign once more.")


def read_strokes(raw: str) -> Strokes:
    """From the page's JSON, [[[x, y], ...], ...]. Raises Invalid at field `drawn`."""
    if not raw.strip():
        raise Invalid("no_signature", _EMPTY, field="drawn")
    if len(raw.encode()) > MOST_BYTES:
        raise Invalid("signature_large", N_("The drawing is too large. Clear the box and sign once more."), field="drawn")
    try:
        strokes = _strokes(json.loads(raw))
    except (ValueError, TypeError, RecursionError):
        raise Invalid("signature_broken", _BROKEN, field="drawn") from None
    points = [point for stroke in strokes for point in stroke]
    wide, high = (max((p[axis] for p in points), default=0) - min((p[axis] for p in points), default=0) for axis in (0, 1))
    if len(points) < LEAST_POINTS or max(wide, high) < LEAST_EXTENT:
        raise Invalid("no_signature", _EMPTY, field="drawn")
    return strokes


def _strokes(value: object) -> Strokes:
    if not isinstance(value, list) or len(value) > MOST_STROKES or sum(map(len, value)) > MOST_POINTS:
        raise ValueError
    return tuple(tuple(_point(one) for one in stroke) for stroke in value if stroke)


def _point(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(type(one) is int for one in value):
        raise ValueError
    if not (0 <= value[0] <= WIDTH and 0 <= value[1] <= HEIGHT):
        raise ValueError
    return value[0], value[1]


def compact(strokes: Strokes) -> str:
    """As it is kept."""
    return json.dumps(strokes, separators=(",", ":"))


def svg_path(strokes: Strokes) -> str:
    """For a <path d="...">; a dot is drawn as a short line."""
    parts = []
    for first, *rest in strokes:
        parts.append(f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in rest or [(first[0] + 1, first[1])]))
    return "".join(parts)
