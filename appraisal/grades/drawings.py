"""Small drawings of what to look at, with the place marked: our own, from the data files in drawn/, drawn by the server.

A file serves one kind of thing; `signs.toml` has what all share. A check names its drawing and the place on it; one without falls
back to its photo's view, then to how it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from appraisal.standards.standard import Check
from core.data_files import Bilingual, Table, read_table, text

FOLDER = Path(__file__).with_name("drawn")
CLASSES = {"b": "draw-body", "s": "draw-hollow", "l": "draw-line", "k": "draw-slip"}
WIDTH, HEIGHT = 240, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """`shapes`: SVG elements; `spots`: by name, the shape that marks a place."""

    name: Bilingual
    shapes: tuple[str, ...]
    spots: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file: its drawings, and which drawing and place (`drawing:spot`) views, checks and ways of checking have."""

    cards: tuple[str, ...]
    drawings: Mapping[str, Drawing]
    views: Mapping[str, str]
    checks: Mapping[str, str]
    methods: Mapping[str, str]


def drawing(card: str, check: Check | None, view: str, language: str) -> Markup:
    """The drawing for a check, or for a view's photo where there is no check, as SVG with its words."""
    own, signs = sheets().get(card), _signs()
    found = _place(own, signs, check, view)
    name, _, spot = found.partition(":")
    one = (own.drawings.get(name) if own else None) or signs.drawings[name]
    label, mark = text(one.name, language), one.spots.get(spot, "")
    body = "".join(one.shapes) + (_element(mark, "draw-spot") if mark else "")
    return Markup(  # noqa: S704  (our own shapes; the words are escaped)
        f'<svg class="drawing" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">{body}</svg>'
    )


def _place(own: Sheet | None, signs: Sheet, check: Check | None, view: str) -> str:
    """Own words for the check first, then common ones, then the view's, then the way it is done."""
    both = (own, signs) if own else (signs,)
    if check is not None:
        for sheet in both:
            if check.code in sheet.checks:
                return sheet.checks[check.code]
    for sheet in both:
        if view in sheet.views:
            return sheet.views[view]
    return signs.methods[check.method if check else "visual"]


@cache
def sheets() -> Mapping[str, Sheet]:
    """By category."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.toml")) if path.stem != "signs"]
    return {card: sheet for sheet in found for card in sheet.cards}


@cache
def _signs() -> Sheet:
    return _read(FOLDER / "signs.toml")


def _read(path: Path) -> Sheet:
    """Raises BadDataFile; KeyError for a place that no drawing has is found by the test of all checks."""
    table = read_table(path)
    drawings = table.table("drawings")
    sheet = Sheet(
        cards=table.texts("cards", []), drawings={code: _drawing(drawings, code) for code in drawings.every_key()},
        views=_texts(table, "views"), checks=_texts(table, "checks"), methods=_texts(table, "methods"),
    )  # fmt: skip
    table.done()
    return sheet


def _texts(table: Table, key: str) -> Mapping[str, str]:
    if key not in table.every_key():
        return {}
    rows = table.table(key)
    return {code: rows.text(code) for code in rows.every_key()}


def _drawing(drawings: Table, code: str) -> Drawing:
    row = drawings.table(code)
    shapes = tuple(_shape(words) for words in row.texts("shapes"))
    one = Drawing(name=row.words("name"), shapes=shapes, spots=_texts(row, "spots"))
    row.done()
    return one


def _shape(words: str) -> str:
    """`r` x y width height corner class, `c` x y radius class, `p` class path."""
    kind, rest = words.split(" ", 1)
    if kind == "p":
        css, path = rest.split(" ", 1)
        return f'<path class="{CLASSES[css]}" d="{path}"/>'
    place, css = rest.rsplit(" ", 1)
    return _element(f"{kind} {place}", CLASSES[css])


def _element(words: str, css: str) -> str:
    kind, *numbers = words.split(" ")
    if kind == "c":
        x, y, radius = numbers
        return f'<circle class="{css}" cx="{x}" cy="{y}" r="{radius}"/>'
    x, y, width, height, corner = numbers
    return f'<rect class="{css}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{corner}"/>'
