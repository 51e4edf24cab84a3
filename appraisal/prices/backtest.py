"""How good the prices are on sales that weren't seen: folds, each priced by a model of the others."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from appraisal.prices.fitting import train
from appraisal.prices.median_rules import median
from appraisal.prices.model import PriceModel
from appraisal.prices.sale import Sale, Thing
from appraisal.prices.valuing import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Score:
    """Of n sales: mean and median error in percent of the price paid, share of prices in their range, mean width of
    the range over P50."""

    n: int
    mape: float
    mdape: float
    coverage80: float
    width80: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """`whole`: of every sale; `answered`: of those for which there was evidence enough, None for none.

    `violations`: of `pairs` of the same thing, once one step worse or older, how many were dearer in P10, P50 or P90.
    `waterfall_errors`: things whose waterfall doesn't sum to P50.
    """

    whole: Score
    answered: Score | None
    pairs: int
    violations: int
    waterfall_errors: int


@dataclass(frozen=True, slots=True)
class _Tried:
    price: int
    found: Estimate
    pairs: int
    violations: int


def backtest(sales: Sequence[Sale], folds: int, seed: int, grades: Sequence[str] = ()) -> Backtest:
    """Each sale priced by a model of the other folds; their calibration happens inside. Deterministic in the seed.

    Raises TooFewSales where a fold leaves too few for a model.
    """
    which = [at % folds for at in range(len(sales))]
    random.Random(seed).shuffle(which)  # noqa: S311 - which sale is in which fold is no secret
    ages = sorted({sale.thing.age for sale in sales if sale.thing.age is not None})
    older = dict(zip(ages, ages[1:], strict=False))
    tried = []
    for fold in range(folds):
        model = train([sale for sale, its in zip(sales, which, strict=True) if its != fold], grades=grades, seed=seed)
        tried += [_try(model, sale, older) for sale, its in zip(sales, which, strict=True) if its == fold]
    answered = [each for each in tried if not each.found.reasons]
    return Backtest(
        whole=_score(tried),
        answered=_score(answered) if answered else None,
        pairs=sum(each.pairs for each in tried),
        violations=sum(each.violations for each in tried),
        waterfall_errors=sum(sum(each.found.waterfall) != each.found.p50 for each in tried),
    )


def _try(model: PriceModel, sale: Sale, older: dict[float, float]) -> _Tried:
    back = model.months_since(sale.sold_on)
    found = estimate(model, sale.thing, months_ago=back)
    worse = [estimate(model, thing, months_ago=back) for thing in _one_step_worse(model, sale.thing, older)]
    return _Tried(sale.price, found, len(worse), sum(_dearer(each, found) for each in worse))


def _one_step_worse(model: PriceModel, thing: Thing, older: dict[float, float]) -> list[Thing]:
    found = []
    if model.estimator.layout.age and thing.age in older:
        found.append(replace(thing, age=older[thing.age]))
    steps = model.estimator.layout.grade
    if steps and thing.grade in steps.order[:-1]:
        found.append(replace(thing, grade=steps.order[steps.order.index(thing.grade) + 1]))
    return found


def _dearer(worse: Estimate, better: Estimate) -> bool:
    return worse.p10 > better.p10 or worse.p50 > better.p50 or worse.p90 > better.p90


def _score(tried: Sequence[_Tried]) -> Score:
    errors = [100 * abs(each.found.p50 - each.price) / each.price for each in tried]
    inside = sum(each.found.p10 <= each.price <= each.found.p90 for each in tried)
    widths = [(each.found.p90 - each.found.p10) / max(each.found.p50, 1) for each in tried]
    n = len(tried)
    return Score(n, sum(errors) / n, median(errors), inside / n, sum(widths) / n)
