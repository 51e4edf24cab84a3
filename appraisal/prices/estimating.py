"""One estimate from a fit and its shelves: the log price of a thing, and how many sales stand beside it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from appraisal.prices.combining_rules import combine
from appraisal.prices.comparables import Comparables, Past, Shelf, shelve
from appraisal.prices.hedonic import Fit
from appraisal.prices.layout import Layout, Row, predict
from appraisal.prices.sale import Thing

EMPTY = Shelf(None, {})


@dataclass(frozen=True, slots=True)
class Estimator:
    """`counts`: sales per model that the fit was made of; `sigma`: robust deviation of its residuals, in logs."""

    layout: Layout
    fit: Fit
    counts: Mapping[str, int]
    sigma: float
    shelves: Mapping[str, Shelf]

    def comparables(self, thing: Thing) -> Comparables | None:
        return self.shelves.get(thing.model, EMPTY).find(thing.categories)

    def model_effect(self, thing: Thing) -> float:
        """What the model adds: the shrunk effect and the comparables together. Doesn't depend on age or grade, so
        that it can't undo what older and worse take away."""
        beside = self.comparables(thing)
        effect = self.fit.effects.get(thing.model, 0.0)
        variance = self.sigma**2 / (self.counts.get(thing.model, 0) + self.fit.k)
        if beside is None:
            return effect
        return combine(effect, variance, beside.middle, beside.variance)

    def log_price(self, thing: Thing, row: Row | None = None) -> float:
        """Log of the price in minor units today. `row`: the thing's row if it is known already."""
        return predict(row or self.layout.row(thing), self.fit.weights) + self.model_effect(thing)


def make_shelves(past: Iterable[tuple[str, Past]], sigma: float) -> dict[str, Shelf]:
    """(model, past sale) -> the shelf of each model."""
    by_model: dict[str, list[Past]] = defaultdict(list)
    for model, each in past:
        by_model[model].append(each)
    return {model: shelve(some, sigma) for model, some in sorted(by_model.items())}
