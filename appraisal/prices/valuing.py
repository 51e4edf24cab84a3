"""A thing's price range and how it came about, or that the evidence isn't enough."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from appraisal.prices.comparables import LEAST
from appraisal.prices.conformal_rules import range_for
from appraisal.prices.cost_rules import USUAL_RATE, CostValue, cost_value
from appraisal.prices.defect_rules import Defect, Extra, after_defects, after_extras
from appraisal.prices.layout import predict
from appraisal.prices.model import PriceModel
from appraisal.prices.parts import Entry
from appraisal.prices.sale import Thing
from appraisal.prices.waterfall_rules import nearest, whole_parts

STEPS = ("base", "age", "grade", "defects", "accessories")
LARGEST_LOG = math.log(10**15)
WIDEST = 1  # (P90 - P10) / P50

# why there is no number
TOO_FEW, TOO_WIDE, OUTSIDE, UNCALIBRATED = "too_few_comparables", "too_wide", "outside_the_sales", "too_few_sales"


@dataclass(frozen=True, slots=True)
class Costs:
    """Minor units by code: what repairs cost with labour, and what accessories cost by themselves."""

    repairs: Mapping[str, int]
    accessories: Mapping[str, int]


NO_COSTS = Costs({}, {})


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole minor units. `waterfall` (one amount for each of STEPS) sums exactly to p50. `reasons`: why it mustn't be
    shown; empty for an answer that may."""

    p10: int
    p50: int
    p90: int
    waterfall: tuple[int, ...]
    comparables: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Valuation:
    """Enough evidence: the estimate may be shown."""

    p10: int
    p50: int
    p90: int
    waterfall: tuple[int, ...]
    comparables: int


@dataclass(frozen=True, slots=True)
class InsufficientEvidence:
    """No number. `cost`: the cost approach's hint, where somebody gave the price when new."""

    reasons: tuple[str, ...]
    comparables: int
    cost: CostValue | None = None


def value(
    model: PriceModel, thing: Thing, costs: Costs = NO_COSTS, new_price: int | None = None
) -> Valuation | InsufficientEvidence:
    """The range at 80 %, or the reasons why there is none."""
    found = estimate(model, thing, costs)
    if not found.reasons:
        return Valuation(found.p10, found.p50, found.p90, found.waterfall, found.comparables)
    cost = None
    if new_price is not None and thing.age is not None:
        cost = cost_value(new_price, thing.age, age_rate(model))
    return InsufficientEvidence(found.reasons, found.comparables, cost)


def estimate(model: PriceModel, thing: Thing, costs: Costs = NO_COSTS, months_ago: float = 0.0) -> Estimate:
    """The numbers whether or not they may be shown, of a thing sold some months before the model's today; for
    measuring a model. Everybody else calls `value`."""
    beside = model.estimator.comparables(thing)
    count = beside.count if beside else 0
    levels = _levels(model, thing, costs, months_ago)
    waterfall, p50 = whole_parts([levels[0], *(b - a for a, b in zip(levels, levels[1:], strict=False))])
    bounds = range_for(model.ranges, thing.kind, count)
    low, high = bounds or (0.0, 0.0)
    p10, p90 = nearest(levels[-1] * math.exp(low)), nearest(levels[-1] * math.exp(high))
    checks = {
        TOO_FEW: count < LEAST,
        UNCALIBRATED: bounds is None,
        OUTSIDE: p50 < 1 or model.seen.outside(thing) or _below_all(model, thing.grade),
        TOO_WIDE: p90 - p10 > WIDEST * p50,
    }
    return Estimate(p10, p50, p90, tuple(waterfall), count, tuple(code for code, fails in checks.items() if fails))


def _below_all(model: PriceModel, grade: str) -> bool:
    steps = model.estimator.layout.grade
    return steps is not None and steps.below_all(grade)


def _levels(model: PriceModel, thing: Thing, costs: Costs, months_ago: float) -> list[float]:
    """The value after each of STEPS, exact: as new and unused as was seen, then with its age, its grade, its defects
    and its accessories."""
    by = model.estimator
    weights, layout = by.fit.weights, by.layout
    plain = replace(thing, defects=(), accessories=())
    age = _share(weights, layout.age.entries(thing.age) if layout.age else [])
    grade = _share(weights, layout.grade.entries(thing.grade) if layout.grade else [])
    whole = predict(layout.row(plain, months_ago), weights) + by.model_effect(plain)
    levels = [math.exp(min(log, LARGEST_LOG)) for log in (whole - age - grade, whole - grade, whole)]
    broken, added = layout.defects.columns, layout.accessories.columns
    defects = [Defect(code, costs.repairs.get(code), _gap(broken, weights, code)) for code in set(thing.defects)]
    extras = [Extra(code, costs.accessories.get(code), _gap(added, weights, code)) for code in set(thing.accessories)]
    levels.append(after_defects(levels[-1], defects))
    levels.append(after_extras(levels[-1], extras))
    return levels


def _share(weights: tuple[float, ...], entries: list[Entry]) -> float:
    return sum([weights[column] * amount for column, amount in entries])


def _gap(columns: Mapping[str, int], weights: tuple[float, ...], code: str) -> float | None:
    return weights[columns[code]] if code in columns else None


def age_rate(model: PriceModel) -> float:
    """The log loss per unit of age from the newest to the oldest that was seen; the usual one where ages say nothing."""
    slope = model.estimator.layout.age
    if slope is None:
        return USUAL_RATE
    first, last = slope.knots[0], slope.knots[-1]
    lost = -_share(model.estimator.fit.weights, slope.entries(last))
    return lost / (last - first) if lost > 0 else USUAL_RATE
