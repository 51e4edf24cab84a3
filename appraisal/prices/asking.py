"""What somebody asks a price for: a JSON object of answers, or rows of a CSV file."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from appraisal.prices import cells
from appraisal.prices.columns import Columns
from appraisal.prices.grade_order import NO_GRADE
from appraisal.prices.model import PriceModel
from appraisal.prices.reading import read_things, thing_of
from appraisal.prices.sale import Thing
from appraisal.prices.valuing import NO_COSTS, Costs
from core.money import LARGEST


class BadInputs(ValueError):
    """The question can't be used; the text says why."""


def asked_things(raw: bytes, columns: Columns, model: PriceModel, *, as_csv: bool) -> list[tuple[Thing, Costs]]:
    """Things with what their repairs and accessories cost. Raises ValueError (BadInputs, BadFile) with the reason."""
    found = [(thing, NO_COSTS) for thing in read_things(raw, columns)] if as_csv else [_answers(raw, columns)]
    for thing, _ in found:
        _check_grade(thing.grade, model)
    return found


def _check_grade(grade: str, model: PriceModel) -> None:
    steps = model.estimator.layout.grade
    if grade not in NO_GRADE and steps and grade not in steps.order:
        raise BadInputs(f"{grade} is no grade of this model; there are: {', '.join(steps.order)}")


def _answers(raw: bytes, columns: Columns) -> tuple[Thing, Costs]:
    """`{"KM": 46986, "Fuel_Type": "Diesel", "defects": [{"code": "screen", "repair": 30000}]}`; null is unknown."""
    given = _object(raw)
    parts = {name: _coded(given.pop(name, None), name, cost) for name, cost in (("defects", "repair"), ("accessories", "price"))}
    given.pop("note", None)
    there = {name for name in (columns.age, columns.model, columns.grade, *columns.numbers, *columns.categories) if name}
    unknown = sorted(set(given) - there)
    if unknown:
        raise BadInputs(f"the model has no column {unknown[0]}; there are: {', '.join(sorted(there))}")
    texts = {name: _text(name, given.get(name)) for name in columns.named()}
    try:
        thing = thing_of(texts, columns)
    except cells.Unusable as no:
        raise BadInputs(str(no)) from None
    thing = replace(thing, defects=tuple(sorted(parts["defects"])), accessories=tuple(sorted(parts["accessories"])))
    return thing, Costs(_known(parts["defects"]), _known(parts["accessories"]))


def _known(costs: dict[str, int | None]) -> dict[str, int]:
    return {code: cost for code, cost in costs.items() if cost is not None}


def _object(raw: bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
    except BadInputs:
        raise
    except (ValueError, RecursionError):
        raise BadInputs("the file is not JSON in UTF-8") from None
    if not isinstance(given, dict):
        raise BadInputs("the file must hold one JSON object: column to value")
    return given


def _no_number(name: str) -> None:
    raise BadInputs(f"{name} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInputs("a key stands twice")
    return found


def _text(name: str, given: Any) -> str:
    if given is None:
        return ""
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise BadInputs(f"{name} must be a text, a number or null")
    return given if isinstance(given, str) else str(given)


def _coded(given: Any, name: str, cost: str) -> dict[str, int | None]:
    """Codes with their cost in minor units from `["crack"]` or `[{"code": "crack", "repair": 30000}]`."""
    if given is None:
        return {}
    if not isinstance(given, list):
        raise BadInputs(f"{name} must be a list")
    found: dict[str, int | None] = {}
    for each in given:
        code, minor = (each.get("code"), each.get(cost)) if isinstance(each, dict) else (each, None)
        if not isinstance(code, str) or not code or (isinstance(each, dict) and set(each) - {"code", cost}):
            raise BadInputs(f"{name}: an entry has a code and may have {cost}, nothing else")
        if minor is not None and (isinstance(minor, bool) or not isinstance(minor, int) or not 0 <= minor <= LARGEST):
            raise BadInputs(f"{name}: {cost} of {code} must be whole minor units from 0")
        if code in found:
            raise BadInputs(f"{name}: {code} stands twice")
        found[code] = minor
    return found
