"""The answers of `flask value` as JSON values."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.prices.backtest import Backtest, Score
from appraisal.prices.cost_rules import CostValue
from appraisal.prices.model import PriceModel
from appraisal.prices.valuing import STEPS, InsufficientEvidence, Valuation


def backtest_data(found: Backtest, folds: int, seed: int, left_out: Mapping[str, int]) -> dict[str, Any]:
    """As in commands.md; `answered` is the same of the sales with evidence enough, null for none."""
    return {
        **_score_data(found.whole),
        "monotony_violations": found.violations,
        "monotony_pairs": found.pairs,
        "waterfall_errors": found.waterfall_errors,
        "answered": found.answered and _score_data(found.answered),
        "folds": folds,
        "seed": seed,
        "left_out": dict(left_out),
    }


def _score_data(score: Score) -> dict[str, Any]:
    return {
        "n": score.n,
        "mape": round(score.mape, 4),
        "mdape": round(score.mdape, 4),
        "coverage80": round(score.coverage80, 4),
        "width80": round(score.width80, 4),
    }


def fit_data(model: PriceModel, unread: Mapping[str, int], out: str, digest: str) -> dict[str, Any]:
    """What was fitted; `left_out` counts the rows that couldn't be read and the sales that mustn't speak."""
    steps = model.estimator.layout.grade
    return {
        "out": out,
        "digest": digest,
        "as_of": _day(model),
        "sales": model.sales,
        "models": len(model.estimator.counts),
        "columns": model.estimator.layout.width,
        "grades": list(steps.seen) if steps else [],
        "grades_from": model.grades_from,
        "left_out": dict(sorted((Counter(model.left_out) + Counter(unread)).items())),
    }


def valuation_data(found: Valuation | InsufficientEvidence, model: PriceModel, digest: str) -> dict[str, Any]:
    """One shape for both: numbers are null without evidence enough."""
    common: dict[str, Any] = {"model": digest, "as_of": _day(model), "comparables": found.comparables}
    if isinstance(found, InsufficientEvidence):
        nothing = {"p10": None, "p50": None, "p90": None, "waterfall": None}
        return {
            "verdict": "insufficient_evidence",
            "reasons": list(found.reasons),
            **nothing,
            **common,
            "cost": found.cost and _cost_data(found.cost),
        }
    steps = [{"step": step, "amount": amount} for step, amount in zip(STEPS, found.waterfall, strict=True)]
    numbers = {"p10": found.p10, "p50": found.p50, "p90": found.p90, "waterfall": steps}
    return {"verdict": "valued", "reasons": [], **numbers, **common, "cost": None}


def _day(model: PriceModel) -> str | None:
    return model.today.isoformat() if model.today else None


def _cost_data(cost: CostValue) -> dict[str, Any]:
    return {"amount": cost.amount, "newness": f"{Decimal(cost.newness):.4f}", "confidence": "low"}
