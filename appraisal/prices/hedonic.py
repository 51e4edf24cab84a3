"""The hedonic model: log price = columns x weights + effect of the model, ridge with signs, effects shrunk by n / (n + k).

The effects are those of a random intercept (Henderson's mixed model equations): they are eliminated exactly, so that
weights and effects are found together and a model of many sales doesn't lend its worth to its grade or age.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.prices.layout import Layout, Row, predict
from appraisal.prices.solving import signed_solve
from appraisal.prices.sums import Sums

FIRST_K = 4.0
K_BETWEEN = (0.05, 1000.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights of the columns, effect of each model and the k they were shrunk with."""

    weights: tuple[float, ...]
    effects: Mapping[str, float]
    k: float

    def log_price(self, row: Row, model: str) -> float:
        return predict(row, self.weights) + self.effects.get(model, 0.0)


def fit(layout: Layout, sums: Sums, k: float) -> Fit:
    """The fit of sales that were added up. A single model has no effect: the first column says it."""
    lower = [list(line) for line in sums.squares]
    for i, pull in enumerate(layout.pull):
        lower[i][i] += pull
    right = list(sums.right)
    several = len(sums.models) > 1
    if several:
        _eliminate(lower, right, sums, k)
    weights = signed_solve(lower, right, layout.signs)
    effects = {}
    if several:
        for name, each in sorted(sums.models.items()):
            said = each.price - sum([weights[column] * value for column, value in each.row.items()])
            effects[name] = said / (each.count + k)
    return Fit(tuple(weights), effects, k)


def _eliminate(lower: list[list[float]], right: list[float], sums: Sums, k: float) -> None:
    """Take out of X'X and X'y what the effects of the models explain: s s' / (n + k) for each."""
    for _, each in sorted(sums.models.items()):
        entries = sorted((column, value) for column, value in each.row.items() if value)
        columns = [column for column, _ in entries]
        values = [value for _, value in entries]
        share = 1 / (each.count + k)
        for at, i in enumerate(columns):
            part = values[at] * share
            right[i] -= part * each.price
            line = lower[i]
            for j, b in zip(columns[: at + 1], values, strict=False):
                line[j] -= part * b


def better_k(found: Fit, sums: Sums, sigma: float) -> float:
    """The next k: variance of a sale over variance between models, by one step of expectation maximisation."""
    if not found.effects or sigma <= 0:
        return FIRST_K
    variance = sigma * sigma
    between = [
        found.effects[name] ** 2 + variance / (each.count + found.k) for name, each in sums.models.items()
    ]
    k = variance / max(sum(between) / len(between), 1e-12)
    return min(max(k, K_BETWEEN[0]), K_BETWEEN[1])
