"""The goals on 1,436 used cars (samples/appraisal/toyota_corolla.csv), and sound answers whatever columns are asked for."""

import pytest

from appraisal.prices.backtest import backtest
from appraisal.prices.columns import Columns
from appraisal.prices.reading import read_sales
from tests.conftest import SAMPLES

AGE, NUMBERS = "Age_08_04", ("KM", "HP", "CC", "Doors", "Weight", "Guarantee_Period")
WORDS = ("Fuel_Type", "Automatic", "Mfr_Guarantee", "Airco", "Automatic_airco", "Sport_Model", "Tow_Bar")


def cars(**columns):
    path = SAMPLES / "appraisal" / "toyota_corolla.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there: set XUNSHI_SAMPLES to the folder of samples")
    read = read_sales(path.read_bytes(), Columns("Price", **columns))
    assert (len(read.sales), read.left_out) == (1436, {})
    return read.sales


@pytest.mark.slow
@pytest.mark.parametrize("columns", [{"numbers": NUMBERS, "categories": WORDS}, {"numbers": (*NUMBERS, *WORDS[1:]), "categories": WORDS[:1]}, {"numbers": ("KM", "HP", "Weight"), "categories": WORDS[:1]}], ids=["words", "numbers", "few"])
def test_the_goals_as_means_over_five_seeds(columns):
    found = [backtest(cars(age=AGE, **columns), 5, seed) for seed in range(5)]
    assert sum(each.whole.mape for each in found) / 5 <= 8.4
    assert 0.78 <= sum(each.whole.coverage80 for each in found) / 5 <= 0.82
    assert sum(each.whole.width80 for each in found) / 5 <= 0.26
    assert [(each.violations, each.waterfall_errors) for each in found] == [(0, 0)] * 5
    assert min(each.pairs for each in found) > 1_300


@pytest.mark.parametrize("columns", [
    {}, {"age": AGE}, {"numbers": ("KM",)}, {"age": AGE, "numbers": ("KM",)}, {"categories": ("Fuel_Type",)}, {"age": AGE, "model": "Fuel_Type", "grade": "Doors"},
    {"age": AGE, "model": "HP"}, {"age": "KM", "grade": "HP"}, {"age": AGE, "categories": ("Id",)}, {"age": AGE, "model": "Id"},
    {"age": AGE, "numbers": (*NUMBERS, *WORDS[1:], "Id"), "categories": ("Fuel_Type",)},
], ids=str)  # fmt: skip
def test_any_columns_give_a_sound_answer(columns):
    found = backtest(cars(**columns), 5, 0)
    assert found.violations == found.waterfall_errors == 0
    assert found.whole.n == 1436 and 5 < found.whole.mape < 35
    assert 0.76 <= found.whole.coverage80 <= 0.84
    assert (found.pairs > 0) == ("age" in columns or "grade" in columns)
