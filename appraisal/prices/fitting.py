"""From sales to a price model: guard, lay out, fit, throw out what is far off, fit again, calibrate on folds inside."""

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.prices import conformal_rules, guard_rules
from appraisal.prices.comparables import Past
from appraisal.prices.estimating import Estimator, make_shelves
from appraisal.prices.grade_order import NO_GRADE, find_order
from appraisal.prices.hedonic import FIRST_K, Fit, better_k, fit
from appraisal.prices.laying import lay_out
from appraisal.prices.layout import MONTH, Layout, Row, predict
from appraisal.prices.median_rules import spread
from appraisal.prices.model import PriceModel, Seen
from appraisal.prices.sale import Sale
from appraisal.prices.sums import Sums, total

FOLDS = 5
LEAST_SALES = 20
ENOUGH = 20_000  # residuals to calibrate with
ROUNDS = 2  # of throwing out what is far off


class TooFewSales(ValueError):
    """Fewer sales may speak than any statement about prices needs."""


@dataclass(slots=True)
class _Desk:
    """The sales while they are worked on; one entry each in all lists."""

    layout: Layout
    sales: Sequence[Sale]
    rows: list[Row]
    models: list[str]
    prices: list[float]
    days: list[float]
    folds: list[int]
    used: list[bool]
    parts: list[Sums]


def train(
    sales: Sequence[Sale], *, grades: Sequence[str] = (), today: date | None = None, seed: int = 0
) -> PriceModel:
    """A price model from completed sales. `grades`: from best to worst, found by the words or the sales if left out.

    `today` is the day of the newest sale if left out; later sales are an error of the caller's. The same sales, day
    and seed give the same model to the bit. Raises TooFewSales under 20 sales that may speak.
    """
    kept, left = guard_rules.admit(sales)
    if len(kept) < LEAST_SALES:
        raise TooFewSales(f"{len(kept)} sales can be used; at least {LEAST_SALES} are needed")
    source, order = ("given", tuple(grades)) if grades else _order(kept)
    today = today or max((sale.sold_on for sale in kept if sale.sold_on), default=None)
    desk = _prepare(kept, order, today, seed)
    found, sums, sigma = _fit_clean(desk)
    ranges = conformal_rules.calibrate(_unseen_residuals(desk, sums, found.k, sigma))
    left["far_off"] = desk.used.count(False)
    return PriceModel(
        estimator=_estimator(desk, found, sums, sigma, without=None),
        ranges=ranges,
        seen=Seen.of([sale.thing for sale in kept]),
        grades_from=source if desk.layout.grade else "none",
        sales=desk.used.count(True),
        left_out={reason: count for reason, count in sorted(left.items()) if count},
        today=today,
    )


def _order(sales: Sequence[Sale]) -> tuple[str, tuple[str, ...]]:
    prices: dict[str, list[float]] = defaultdict(list)
    for sale in sales:
        if sale.thing.grade not in NO_GRADE:
            prices[sale.thing.grade].append(math.log(sale.price))
    return find_order(prices) if prices else ("none", ())


def _prepare(sales: Sequence[Sale], order: Sequence[str], today: date | None, seed: int) -> _Desk:
    days = [float(max((today - sale.sold_on).days, 0)) if today and sale.sold_on else 0.0 for sale in sales]
    layout = lay_out(sales, order, dated=len(set(days)) > 1)
    rows = [layout.row(sale.thing, back / MONTH) for sale, back in zip(sales, days, strict=True)]
    prices = [math.log(sale.price) for sale in sales]
    models = [sale.thing.model for sale in sales]
    folds = [at % FOLDS for at in range(len(sales))]
    random.Random(seed).shuffle(folds)  # noqa: S311 - which sale is in which fold is no secret
    parts = [Sums.of_width(layout.width) for _ in range(FOLDS)]
    for row, model, price, fold in zip(rows, models, prices, folds, strict=True):
        parts[fold].add(row, model, price)
    return _Desk(layout, sales, rows, models, prices, days, folds, [True] * len(sales), parts)


def _fit_clean(desk: _Desk) -> tuple[Fit, Sums, float]:
    """(fit, its sums, robust deviation) without the sales that lie far off from those of their model."""
    sums = total(desk.parts)
    found = fit(desk.layout, sums, FIRST_K)
    for _ in range(ROUNDS):
        rests = _rests(desk, found)
        sigma = _deviation(desk, found, rests)
        _throw_out(desk, rests, sigma)
        sums = total(desk.parts)
        found = fit(desk.layout, sums, better_k(found, sums, sigma))
    return found, sums, _deviation(desk, found, _rests(desk, found))


def _rests(desk: _Desk, found: Fit) -> list[float]:
    """Of each sale what the weights leave to its model."""
    weights = found.weights
    return [price - predict(row, weights) for price, row in zip(desk.prices, desk.rows, strict=True)]


def _deviation(desk: _Desk, found: Fit, rests: Sequence[float]) -> float:
    """The robust deviation of all sales from the fit."""
    effect = found.effects.get
    return spread([rest - effect(model, 0.0) for rest, model in zip(rests, desk.models, strict=True)])


def _throw_out(desk: _Desk, rests: Sequence[float], sigma: float) -> None:
    by_model: dict[str, list[int]] = defaultdict(list)
    for at, model in enumerate(desk.models):
        by_model[model].append(at)
    for places in by_model.values():
        for at, far in zip(places, guard_rules.far_off([rests[at] for at in places], sigma), strict=True):
            if far == desk.used[at]:
                desk.used[at] = not far
                times = -1.0 if far else 1.0
                desk.parts[desk.folds[at]].add(desk.rows[at], desk.models[at], desk.prices[at], times)


def _estimator(desk: _Desk, found: Fit, sums: Sums, sigma: float, without: int | None) -> Estimator:
    past = [
        (model, Past(price - predict(row, found.weights), days, sale.thing.categories))
        for row, model, price, days, sale, fold, used in zip(
            desk.rows, desk.models, desk.prices, desk.days, desk.sales, desk.folds, desk.used, strict=True
        )
        if used and fold != without
    ]
    counts = {name: each.count for name, each in sums.models.items()}
    return Estimator(desk.layout, found, counts, sigma, make_shelves(past, sigma))


def _unseen_residuals(desk: _Desk, sums: Sums, k: float, sigma: float) -> list[tuple[str, int, float]]:
    """(kind, comparables, residual) of every sale by a fit that hasn't seen its fold; one or two folds are enough of
    very many sales.

    Also of those that were thrown out: a range has to hold for what really happens.
    """
    found: list[tuple[str, int, float]] = []
    for fold in range(FOLDS):
        if len(found) >= ENOUGH:
            break
        rest = sums.less(desk.parts[fold])
        by = _estimator(desk, fit(desk.layout, rest, k), rest, sigma, without=fold)
        for at, its in enumerate(desk.folds):
            if its == fold:
                thing = desk.sales[at].thing
                beside = by.comparables(thing)
                residual = desk.prices[at] - by.log_price(thing, desk.rows[at])
                found.append((thing.kind, beside.count if beside else 0, residual))
    return found
