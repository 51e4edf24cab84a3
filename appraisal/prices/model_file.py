"""A price model as a file: JSON with a version and the digest of its own canonical bytes.

Numbers are texts that read back to the bit.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from appraisal.prices.columns import BadColumns, Columns
from appraisal.prices.comparables import Comparables, Shelf
from appraisal.prices.estimating import Estimator
from appraisal.prices.hedonic import Fit
from appraisal.prices.layout import Layout
from appraisal.prices.model import PriceModel, Seen, Span
from appraisal.prices.parts import Levels, Slope, Steps
from core import canonical

KIND, VERSION = "xunshi_price_model", 1
MOST_BYTES = 200_000_000


class BadModel(ValueError):
    """The file is no price model that this version reads; the text says why."""


def write_model(model: PriceModel, columns: Columns) -> str:
    """The file's text, the same for the same model."""
    data = {"kind": KIND, "version": VERSION, "columns": columns.data(), **_model_data(model)}
    return json.dumps({**data, "digest": canonical.digest(data)}, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def read_model(raw: bytes) -> tuple[PriceModel, Columns, str]:
    """(model, its columns, digest). Raises BadModel: no JSON, another kind or version, changed since it was written."""
    if len(raw) > MOST_BYTES:
        raise BadModel(f"the file is larger than {MOST_BYTES} bytes")
    try:
        data = canonical.read(raw.removeprefix(b"\xef\xbb\xbf"))
    except canonical.NotCanonical as no:
        raise BadModel(f"the file is no price model: {no}") from None
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise BadModel("the file is no price model")
    if data.get("version") != VERSION:
        raise BadModel(f"the model has version {data.get('version')}; this program reads {VERSION}")
    digest = data.pop("digest", None)
    if digest != canonical.digest(data):
        raise BadModel("the model was changed after it was written: its digest is another")
    try:
        return _model(data), Columns.of_data(data["columns"]), digest
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, BadColumns) as no:
        raise BadModel(f"the model isn't whole: {no}") from None


def _model_data(model: PriceModel) -> dict[str, Any]:
    by = model.estimator
    return {
        "layout": _layout_data(by.layout),
        "weights": [repr(each) for each in by.fit.weights],
        "k": repr(by.fit.k),
        "effects": {name: repr(each) for name, each in by.fit.effects.items()},
        "counts": dict(by.counts),
        "sigma": repr(by.sigma),
        "shelves": {name: _shelf_data(shelf) for name, shelf in by.shelves.items()},
        "ranges": {name: [repr(each) for each in bounds] for name, bounds in model.ranges.items()},
        "seen": {"age": _span_data(model.seen.age), "numbers": [_span_data(each) for each in model.seen.numbers]},
        "grades_from": model.grades_from,
        "sales": model.sales,
        "left_out": dict(model.left_out),
        "today": model.today and model.today.isoformat(),
    }


def _model(data: Mapping[str, Any]) -> PriceModel:
    layout = _layout(data["layout"])
    weights = tuple(_real(each) for each in data["weights"])
    if len(weights) != layout.width:
        raise ValueError("as many weights as columns are needed")
    effects = {name: _real(each) for name, each in data["effects"].items()}
    shelves = {name: _shelf(each) for name, each in data["shelves"].items()}
    seen = Seen(_span(data["seen"]["age"]), tuple(_span(each) for each in data["seen"]["numbers"]))
    return PriceModel(
        estimator=Estimator(layout, Fit(weights, effects, _real(data["k"])), dict(data["counts"]), _real(data["sigma"]), shelves),
        ranges={name: (_real(low), _real(high)) for name, (low, high) in data["ranges"].items()},
        seen=seen,
        grades_from=data["grades_from"],
        sales=data["sales"],
        left_out=dict(data["left_out"]),
        today=_or_none(date.fromisoformat, data["today"]),
    )


def _layout_data(layout: Layout) -> dict[str, Any]:
    return {
        "age": layout.age and layout.age.data(),
        "grade": layout.grade and layout.grade.data(),
        "numbers": [slope and slope.data() for slope in layout.numbers],
        "marks": [levels.data() for levels in layout.marks],
        "categories": [levels.data() for levels in layout.categories],
        "defects": layout.defects.data(),
        "accessories": layout.accessories.data(),
        "month": layout.month,
        "signs": list(layout.signs),
        "pull": [repr(each) for each in layout.pull],
    }


def _layout(data: Mapping[str, Any]) -> Layout:
    return Layout(
        age=_or_none(Slope.of_data, data["age"]),
        grade=_or_none(Steps.of_data, data["grade"]),
        numbers=tuple(_or_none(Slope.of_data, each) for each in data["numbers"]),
        marks=tuple(Levels.of_data(each) for each in data["marks"]),
        categories=tuple(Levels.of_data(each) for each in data["categories"]),
        defects=Levels.of_data(data["defects"]),
        accessories=Levels.of_data(data["accessories"]),
        month=data["month"],
        signs=tuple(data["signs"]),
        pull=tuple(_real(each) for each in data["pull"]),
    )


def _or_none(read: Callable[[Any], Any], data: Any) -> Any:
    return None if data is None else read(data)


def _shelf_data(shelf: Shelf) -> dict[str, Any]:
    together = shelf.together and _comparables_data(shelf.together)
    return {"together": together, "alike": [[list(words), _comparables_data(each)] for words, each in shelf.alike.items()]}


def _shelf(data: Mapping[str, Any]) -> Shelf:
    alike = {tuple(words): _comparables(each) for words, each in data["alike"]}
    return Shelf(_or_none(_comparables, data["together"]), alike)


def _comparables_data(found: Comparables) -> list[Any]:
    return [repr(found.middle), repr(found.variance), found.count]


def _comparables(data: list[Any]) -> Comparables:
    middle, variance, count = data
    return Comparables(_real(middle), _real(variance), int(count))


def _span_data(span: Span | None) -> list[str] | None:
    return None if span is None else [repr(span[0]), repr(span[1])]


def _span(data: list[str] | None) -> Span | None:
    return None if data is None else (_real(data[0]), _real(data[1]))


def _real(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"{text} is no number")
    return found
