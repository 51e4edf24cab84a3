"""How fast a price model is fitted and one price given: ours in plain Python beside scikit-learn's ridge, in turns, in one run.

Run: python bench/value.py [--sales 100000] [--rounds 3]. One JSON line per figure: name, value, unit, baseline, ratio (our time
divided by the baseline's). The market is made up (appraisal/prices/simulator.py). The baseline gets the same sales: one-hot words
and models, age and month as numbers, encoding counted in the time; it knows no signs, no folds for a range, no comparables and no
guard, so it is a lower bound and no rival. Both are also measured on things they haven't seen: median error from the truth.
`cpu` is processor time, which other work on the machine doesn't stretch. The best of all rounds counts.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Callable
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import Ridge

from appraisal.prices.fitting import train
from appraisal.prices.median_rules import median
from appraisal.prices.sale import Sale, Thing
from appraisal.prices.simulator import TODAY, Market
from appraisal.prices.valuing import estimate, value

RIDGE = "scikit-learn Ridge of the same sales, one-hot"


def features(thing: Thing, months: float) -> dict[str, Any]:
    found: dict[str, Any] = {"age": thing.age, "months": months, "model": thing.model, "grade": thing.grade}
    found |= {f"word{at}": word for at, word in enumerate(thing.categories)}
    return found | {f"defect {code}": 1 for code in thing.defects}


def ridge(sales: list[Sale]) -> tuple[DictVectorizer, Ridge]:
    encoder = DictVectorizer()
    rows = encoder.fit_transform([features(one.thing, (TODAY - (one.sold_on or TODAY)).days / 30) for one in sales])
    return encoder, Ridge(alpha=1.0).fit(rows, [math.log(one.price) for one in sales])


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """(result, wall seconds, processor seconds)."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def tell(name: str, amount: float, unit: str, base: float, baseline: str = RIDGE, **more: float) -> None:
    figure = {"name": f"value.{name}", "value": round(amount, 4), "unit": unit, "ratio": round(amount / base, 3)}
    print(json.dumps({**figure, **{key: round(each, 3) for key, each in more.items()}, "baseline": baseline}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    market = Market(models=500)
    sales = market.sales(asked.sales)
    ours, theirs = [], []
    for _ in range(asked.rounds):
        (encoder, regression), *theirs_took = timed(lambda: ridge(sales))
        model, *ours_took = timed(lambda: train(sales))
        theirs.append(theirs_took)
        ours.append(ours_took)
    (wall, cpu), (base, base_cpu) = min(ours), min(theirs)
    tell(f"fit_{asked.sales}", wall, "s", base, cpu=min(each[1] for each in ours), baseline_cpu=base_cpu, goal=10)

    dice = random.Random(1)
    things = [market.thing(dice) for _ in range(1_000)]

    def theirs_of(thing: Thing) -> float:
        return math.exp(regression.predict(encoder.transform([features(thing, 0.0)]))[0])

    wall, cpu = min(timed(lambda: [value(model, one) for one in things])[1:] for _ in range(asked.rounds))
    base, _ = min(timed(lambda: [theirs_of(one) for one in things])[1:] for _ in range(asked.rounds))
    tell("predict_one", wall, "ms", base, cpu=cpu, goal=5)  # seconds of a thousand are milliseconds of one

    truth = [market.true_price(one) for one in things]
    mine = median([abs(estimate(model, one).p50 / true - 1) for one, true in zip(things, truth, strict=True)])
    its = median([abs(theirs_of(one) / true - 1) for one, true in zip(things, truth, strict=True)])
    tell("median_error_from_truth", 100 * mine, "%", 100 * its)


if __name__ == "__main__":
    main()
