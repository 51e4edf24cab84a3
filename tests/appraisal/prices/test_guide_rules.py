"""Small rules of the guide: which goods are one model, how old a thing is, how long things wait, where a chart's points stand."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.prices.chart_rules import BOTTOM, HIGH, LEFT, RIGHT, TOP, WIDE, history, scaled, spread, steps
from appraisal.prices.goods_rules import Goods, model_code, model_name, months_old, plain, size_of, thing_of
from appraisal.prices.waiting_rules import quartiles, still_there


def goods(brand="Apple", model="iPhone 12", category="phone", **attributes):
    return Goods(category=category, brand=brand, model=model, attributes=attributes)


@pytest.mark.parametrize(("brand", "model"), [
    ("Apple", "iPhone 12"), ("apple", "IPHONE12"), ("APPLE", "i Phone-12"), ("Ａｐｐｌｅ", "ｉＰｈｏｎｅ　１２"), ("", "Apple iPhone 12"), ("Apple", "Apple iPhone 12"),
])  # fmt: skip
def test_spellings_of_one_model_meet(brand, model):
    assert model_code(goods(brand, model)) == model_code(goods())


@pytest.mark.parametrize("other", [
    goods(model="iPhone 12 Pro"), goods(model="iPhone 1"), goods("Huawei"), goods(category="tablet"), goods("小米", "13"),
])  # fmt: skip
def test_other_models_do_not(other):
    assert model_code(other) not in ("", model_code(goods()))


@pytest.mark.parametrize("said", ["", "—", "📱", "  ", "。。。"])
def test_goods_without_a_model_are_compared_with_nothing(said):
    assert model_code(goods("Apple", said)) == "" and thing_of(goods("Apple", said), date(2026, 11, 30)) is None
    assert model_name(goods("Apple", said)) == ""


def test_a_book_is_known_by_its_isbn_or_its_title():
    assert model_code(goods("", "", "book", isbn="978-7-107-33665-4")) == model_code(goods("", "", "book", isbn="9787107336654", title="数学"))
    assert model_code(goods("", "", "book", title="数学 八年级")) == model_code(goods("", "", "book", title="数学八年级")) != ""


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_spelling_gives_a_code_that_is_an_address(brand, model):
    code = model_code(goods(brand, model))
    assert code == "" or (code.isascii() and len(code) == len("phone-") + 12)
    assert len(model_name(goods(brand, model))) <= 301 and plain(plain(model)) == plain(model)


@pytest.mark.parametrize(("year", "months"), [
    ("2026", 4), ("2025", 16), ("2027", 0), ("9999", 0), ("", None), ("unknown", None), ("２０２５", None), ("20255", None), ("-202", None),
])  # fmt: skip
def test_age_from_a_year(year, months):
    assert months_old(goods(year=year), date(2026, 11, 30)) == months


def test_an_appliances_year_of_make_counts_and_storage_is_the_size():
    assert months_old(goods(made_year="2024"), date(2026, 7, 1)) == 24
    assert size_of(goods(storage_gb=" 128 ")) == "128" and size_of(goods()) == ""


def test_a_sellers_own_words_are_no_grade():
    for grade, taken in (("B", "B"), ("全新", ""), ("几乎全新", ""), ("U", ""), ("reject", ""), ("", "")):
        thing = thing_of(Goods(category="phone", brand="", model="X", grade=grade), date(2026, 11, 30))
        assert thing is not None and thing.grade == taken


# by hand: six on offer; one sold on day 2 (5/6), one is taken down on day 3, of four one sold on day 4 (5/6 x 3/4 = 5/8)
SPELLS = [(2, True), (3, False), (4, True), (8, True), (9, False), (12, True)]


def test_waiting_by_hand():
    assert still_there(SPELLS) == [(2, Fraction(5, 6)), (4, Fraction(5, 8)), (8, Fraction(5, 12)), (12, Fraction(0))]
    assert quartiles(SPELLS) == (None, None, None)  # four were sold
    assert quartiles([*SPELLS, (12, True)]) == (4, 12, 12)


def test_what_is_still_there_makes_waiting_longer_never_shorter():
    sold = [(days, True) for days in (1, 2, 3, 4, 5, 6, 7, 8)]
    assert quartiles(sold) == (2, 4, 6)
    assert quartiles([*sold, *[(90, False)] * 8]) == (4, 8, None)
    assert quartiles([(90, False)] * 50) == (None, None, None)


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=60), st.integers(0, 400))
def test_quartiles_rise_and_one_more_unsold_never_shortens(spells, more):
    found, longer = quartiles(spells), quartiles([*spells, (more, False)])
    known = [day for day in found if day is not None]
    assert known == sorted(known)
    last = max((days for days, was_sold in spells if was_sold), default=0)
    if more >= last:
        assert all(after is None or (before is not None and after >= before) for before, after in zip(found, longer, strict=True))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_charts_steps_hold_the_prices_between_them(one, other):
    found = steps(min(one, other), max(one, other))
    assert found[0] <= min(one, other) and found[-1] >= max(one, other) and 2 <= len(found) <= 7
    assert len({b - a for a, b in zip(found, found[1:], strict=False)}) == 1


@given(st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2026, 11, 30)), st.integers(1, 10**11)), min_size=1, max_size=40))
def test_every_point_of_a_chart_lies_inside(points):
    drawn = history([(day, price, "here") for day, price in points], [])
    assert all(LEFT <= dot.x <= WIDE - RIGHT and TOP <= dot.y <= HIGH - BOTTOM for dot in drawn.dots)


def test_dearer_is_higher_and_later_is_further_right():
    drawn = history([(date(2026, 1, 1), 100, "here"), (date(2026, 6, 1), 900, "mine")], [])
    early, late = drawn.dots
    assert early.x < late.x and early.y > late.y and drawn.kinds == ["here", "mine"]
    bars = spread([("A", 300, 400, 500), ("B", 100, 200, 300)]).bars
    assert bars[0].x10 < bars[0].x50 < bars[0].x90 and bars[0].y < bars[1].y and bars[1].x90 == bars[0].x10
    assert scaled(5, 5, 5, 0, 10) == 5
