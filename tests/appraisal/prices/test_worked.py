"""docs/algorithms/value.md says what the code does: its tables are reckoned."""

import math
from pathlib import Path

import pytest

from appraisal.prices import conformal_rules, cost_rules, grade_order, median_rules
from appraisal.prices.comparables import Comparables, Shelf
from appraisal.prices.estimating import Estimator
from appraisal.prices.hedonic import Fit
from appraisal.prices.layout import Layout
from appraisal.prices.model import PriceModel, Seen
from appraisal.prices.parts import Levels, Slope, Steps
from appraisal.prices.sale import Thing
from appraisal.prices.valuing import STEPS, Costs, Valuation, value

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "value.md").read_text(encoding="utf-8")


def table(first):
    """The rows of the table whose first column has this name, as dicts."""
    lines = TEXT.splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[at:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert len(rows) > 2
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def listed(cell):
    return [float(each) for each in cell.split(",")]


@pytest.mark.parametrize("row", table("values"), ids=lambda row: row["values"])
def test_weighted_medians(row):
    assert median_rules.weighted_median(listed(row["values"]), listed(row["weights"])) == float(row["median"])


@pytest.mark.parametrize("row", table("residuals"), ids=lambda row: row["residuals"])
def test_ranks(row):
    asked = None if row["from number"] == "-" else (int(row["from number"]), int(row["to number"]))
    assert conformal_rules.ranks(int(row["residuals"])) == asked


@pytest.mark.parametrize("row", table("new"), ids=lambda row: row["months"])
def test_the_cost_approach(row):
    assert cost_rules.cost_value(int(row["new"]), float(row["months"]), float(row["rate"])).amount == int(row["worth"])


def by_hand():
    """The model of the text: column 0 base, 1 age (24 months), 2 and 3 the steps down to B and C, 4 screen, 5 box."""
    layout = Layout(
        age=Slope(1, (0.0, 24.0), 24.0, bounded=False),
        grade=Steps(2, ("A", "B", "C"), ("A", "B", "C")),
        numbers=(), marks=(), categories=(), defects=Levels({"screen": 4}), accessories=Levels({"box": 5}), month=None,
        signs=(0, -1, -1, -1, -1, 1), pull=(1.0,) * 6,
    )  # fmt: skip
    weights = (math.log(200_000), -0.48, -0.10, -0.15, math.log(0.7), 0.02)
    shelf = Shelf(Comparables(0.0, 0.01, 5), {})
    by = Estimator(layout, Fit(weights, {}, 4.0), {"": 5}, 0.1, {"": shelf})
    return PriceModel(by, {"*": (-0.12, 0.10)}, Seen((0.0, 24.0), ()), "letters", 5, {})


def test_the_waterfall_by_hand():
    thing = Thing(age=12.0, grade="B", defects=("screen",), accessories=("box",))
    found = value(by_hand(), thing, Costs({"screen": 30_000}, {"box": 5_000}))
    assert isinstance(found, Valuation)
    rows = table("step")
    assert [(row["step"], int(row["whole"])) for row in rows] == list(zip(STEPS, found.waterfall, strict=True))
    assert round(sum(float(row["exact"]) for row in rows), 3) == 114623.767
    assert [{"p10": str(found.p10), "p50": str(found.p50), "p90": str(found.p90)}] == table("p10")
    assert f"{sum(float(row['exact']) for row in rows):.4f}" in TEXT


def test_four_comparables_are_told_apart_from_five():
    model = by_hand()
    few = PriceModel(
        Estimator(model.estimator.layout, model.estimator.fit, {"": 4}, 0.1, {"": Shelf(Comparables(0.0, 0.01, 4), {})}),
        model.ranges, model.seen, "letters", 4, {},
    )  # fmt: skip
    thing = Thing(age=12.0, grade="B")
    assert isinstance(value(model, thing), Valuation)
    assert value(few, thing).reasons == ("too_few_comparables",)
    assert all(code in TEXT for code in ("too_few_comparables", "too_wide", "outside_the_sales", "too_few_sales"))


@pytest.mark.parametrize(("prices", "source", "order"), [
    ({"B": [1], "A": [2], "S": [3]}, "xunshi", ("N", "S", "A", "B", "C", "D", "R")),
    ({"A-": [1], "A+": [2]}, "letters", None),
    ({"Good": [9], "like new": [1]}, "marketplace", None),
    ({"95": [5, 5], "8": [1], "7": [0], "99": [9]}, "sales", ("99", "95", "8", "7")),
    ({"0": [5], "1": [4], "2": [4.5], "10": [1]}, "sales", ("0", "1", "2", "10")),
    ({"worn": [1], "fine": [2]}, "sales", ("fine", "worn")),
])  # fmt: skip
def test_which_grade_is_the_better(prices, source, order):
    found = grade_order.find_order(prices)
    assert found[0] == source
    if order:
        assert found[1] == order
    else:
        assert set(prices) <= set(found[1])
    assert len(set(found[1])) == len(found[1])
