"""What a model's page tells, worked out once at the fit: ranges by grade, what was paid month by month, how long things wait."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from appraisal.prices.comparables import LEAST, first_day
from appraisal.prices.evidence import Known
from appraisal.prices.goods_rules import GRADES
from appraisal.prices.median_rules import median
from appraisal.prices.model import PriceModel
from appraisal.prices.sale import Thing
from appraisal.prices.valuing import NO_COSTS, Costs, InsufficientEvidence, Valuation, value
from appraisal.prices.waiting_rules import Spell, quartiles

MOST_POINTS = 300
# beside the engine's own reasons: what isn't known of the thing, and can't be guessed from so few
NOT_GRADED, NO_AGE, NO_FIT = "not_graded", "age_unknown", "too_few_sales"


def guide_body(model: PriceModel | None, known: Sequence[Known], spells: Sequence[Spell], today: date) -> dict[str, Any]:
    """The page's numbers: whole minor units, whole days, months as 2026-11. Under five sales there is no amount in it."""
    recent = [one for one in known if _day(one) >= first_day(today)]
    thing = typical(recent or known)
    enough = len(known) >= LEAST
    return {
        "typical": {"grade": thing.grade, "age": None if thing.age is None else round(thing.age), "size": thing.categories[1]},
        "whole": _range(model, thing), "grades": [_grade(model, thing, grade, recent) for grade in _seen(recent)],
        "recent": len(recent), "sales": len(known), "imported": sum(bool(one.source) for one in known),
        "sources": sorted({one.source for one in known if one.source}),
        "channels": dict(sorted(Counter(one.channel for one in known if not one.source).items())),
        "points": [_point(one) for one in known[-MOST_POINTS:]] if enough else [],
        "months": _months(known) if enough else [],
        "waiting": {"sold": sum(sold for _, sold in spells), "unsold": sum(not sold for _, sold in spells),
                    "days": list(quartiles(spells))},
    }  # fmt: skip


def typical(known: Sequence[Known]) -> Thing:
    """The grade and the size that are sold most often, at the middle age."""
    things = [one.sale.thing for one in known]
    ages = [thing.age for thing in things if thing.age is not None]
    grade = _commonest([thing.grade for thing in things])
    words = _commonest([thing.categories for thing in things])
    return Thing(model=things[0].model, age=median(ages) if ages else None, grade=grade, categories=words, kind=things[0].kind)


def appraise(model: PriceModel | None, thing: Thing, costs: Costs = NO_COSTS) -> Valuation | InsufficientEvidence:
    """The engine's answer, and no number where it would take what isn't known for the best: a thing without a grade or age is
    priced only where such things were sold."""
    if model is None:
        return InsufficientEvidence((NO_FIT,), 0)
    found = value(model, thing, costs)
    layout = model.estimator.layout
    unknown = []
    if layout.grade and not thing.grade and layout.grade.missing is None:
        unknown.append(NOT_GRADED)
    if layout.age and thing.age is None and layout.age.missing is None:
        unknown.append(NO_AGE)
    if not unknown:
        return found
    reasons = found.reasons if isinstance(found, InsufficientEvidence) else ()
    return InsufficientEvidence((*reasons, *unknown), found.comparables)


def _range(model: PriceModel | None, thing: Thing) -> dict[str, Any]:
    found = appraise(model, thing)
    if isinstance(found, InsufficientEvidence):
        return {"reasons": list(found.reasons), "comparables": found.comparables}
    return {"p10": found.p10, "p50": found.p50, "p90": found.p90, "comparables": found.comparables}


def _grade(model: PriceModel | None, thing: Thing, grade: str, recent: Sequence[Known]) -> dict[str, Any]:
    of_it = [one for one in recent if one.sale.thing.grade == grade]
    counted = {"grade": grade, "sales": len(of_it), "imported": sum(bool(one.source) for one in of_it)}
    return counted | _range(model, replace(thing, grade=grade))


def _seen(recent: Sequence[Known]) -> list[str]:
    there = {one.sale.thing.grade for one in recent}
    return [grade for grade in (*GRADES, "") if grade in there]


def _months(known: Sequence[Known]) -> list[list[Any]]:
    """(month, sales, lowest, middle, highest) of each month with a sale; the middle of two is rounded down."""
    by_month: dict[str, list[int]] = defaultdict(list)
    for one in known:
        by_month[_day(one).isoformat()[:7]].append(one.sale.price)
    found = []
    for month, prices in sorted(by_month.items()):
        prices.sort()
        middle = (prices[(len(prices) - 1) // 2] + prices[len(prices) // 2]) // 2
        found.append([month, len(prices), prices[0], middle, prices[-1]])
    return found


def _point(one: Known) -> list[Any]:
    return [_day(one).isoformat(), one.sale.price, one.sale.thing.grade, bool(one.source)]


def _day(one: Known) -> date:
    return one.sale.sold_on or date.min


def _commonest(values: Sequence[Any]) -> Any:
    return min(Counter(values).items(), key=lambda each: (-each[1], each[0]))[0]
