"""For any weights within the signs, any thing and any costs: whole amounts add up, worse and older is never dearer."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appraisal.prices.comparables import Comparables, Shelf
from appraisal.prices.estimating import Estimator
from appraisal.prices.hedonic import Fit
from appraisal.prices.layout import Layout
from appraisal.prices.model import PriceModel, Seen
from appraisal.prices.parts import Levels, Slope, Steps
from appraisal.prices.sale import Thing
from appraisal.prices.valuing import Costs, estimate

GRADES = ("S", "A", "B", "C")
DOWN = st.floats(-2, 0)


@st.composite
def models(draw):
    """Columns: base, age in two stretches, three steps, two defects, one accessory."""
    layout = Layout(Slope(1, (0.0, 12.0, 48.0), 24.0, False), Steps(3, GRADES, GRADES), (), (), (), Levels({"screen": 6, "battery": 7}),
                    Levels({"box": 8}), None, (0, *[-1] * 7, 1), (1.0,) * 9)  # fmt: skip
    weights = (draw(st.floats(0, math.log(10**12))), *(draw(DOWN) for _ in range(7)), draw(st.floats(0, 1)))
    beside = Comparables(draw(st.floats(-1, 1)), draw(st.floats(1e-6, 1)), draw(st.integers(5, 99)))
    by = Estimator(layout, Fit(weights, {}, 4.0), {}, 0.1, {"": Shelf(beside, {})})
    low, high = draw(DOWN), draw(st.floats(0, 2))
    return PriceModel(by, {"*": (low, high)}, Seen((0.0, 48.0), ()), "xunshi", 5, {})


CODES = ["screen", "battery", "never_seen"]
things = st.builds(
    Thing,
    age=st.floats(0, 200),
    grade=st.sampled_from(GRADES),
    defects=st.sets(st.sampled_from(CODES)).map(lambda each: tuple(sorted(each))),
    accessories=st.sampled_from([(), ("box",), ("box", "never_seen")]),
)
costs = st.builds(
    Costs,
    st.dictionaries(st.sampled_from(CODES), st.integers(0, 10**9)),
    st.dictionaries(st.sampled_from(["box", "never_seen"]), st.integers(0, 10**9)),
)


@given(models(), things, costs)
def test_the_waterfall_sums_to_p50_and_each_step_goes_its_way(model, thing, known):
    found = estimate(model, thing, known)
    base, age, grade, defects, accessories = found.waterfall
    assert base + age + grade + defects + accessories == found.p50
    assert base >= 0 >= max(age, grade, defects) and accessories >= 0
    assert found.p10 <= found.p50 <= found.p90


@given(models(), things, costs, st.data())
def test_one_step_worse_is_never_dearer(model, thing, known, data):
    worse = [replace(thing, age=thing.age + data.draw(st.floats(0, 100)))]
    if thing.grade != GRADES[-1]:
        worse.append(replace(thing, grade=GRADES[GRADES.index(thing.grade) + 1]))
    worse += [replace(thing, defects=(*thing.defects, code)) for code in CODES if code not in thing.defects]
    found = estimate(model, thing, known)
    for each in worse:
        its = estimate(model, each, known)
        # the last bit of a sum of floats may turn a half: never more than one fen in 10^12
        slack = 0 if found.p50 < 10**9 else 1 + found.p90 // 10**12
        assert its.p10 <= found.p10 + slack and its.p50 <= found.p50 + slack and its.p90 <= found.p90 + slack


@given(models(), things, costs)
def test_a_defect_costs_at_most_its_repair(model, thing, known):
    clean = estimate(model, replace(thing, defects=(), accessories=()), known)
    for code, repair in known.repairs.items():
        its = estimate(model, replace(thing, defects=(code,), accessories=()), known)
        assert clean.p50 - repair - 1 <= its.p50 <= clean.p50
