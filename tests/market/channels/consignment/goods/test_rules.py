"""What may be written down about a thing, and what it may cost: each refusal beside what passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, Refused
from market.channels.consignment.agreements import templating
from market.channels.consignment.agreements.reading import read_terms
from market.channels.consignment.goods.rules import MOST, Agreed, check_price, lowest, problems, tidied
from tests.stock_stories import a_coat

TERMS = read_terms(templating.default_data())


def codes(terms=TERMS, **also):
    return [(one.code, one.field) for one in problems(a_coat(**also), terms)]


def terms_with(**changed):
    return read_terms(templating.default_data() | changed)


NET = terms_with(remuneration={"kind": "net", "policy": templating.default_data()["remuneration"]["policy"] | {"rules": []}})


def test_a_coat_as_it_should_be_has_no_problem():
    assert codes() == [] and codes(None, reserve=0) == []


@pytest.mark.parametrize(("also", "wrong"), [
    ({"title": " \u200b"}, [("title_missing", "title")]), ({"title": "x" * 81}, [("title_long", "title")]),
    ({"condition": ""}, [("condition_unknown", "condition")]), ({"wanted": 0}, [("price_range", "wanted")]),
    ({"wanted": MOST + 1}, [("price_range", "wanted")]), ({"reserve": 19_901}, [("reserve_range", "reserve")]),
    ({"reserve": -1}, [("reserve_range", "reserve")]), ({"came_by": "stolen"}, [("came_by_missing", "came_by")]),
    ({"came_by": "other"}, [("came_words_missing", "came_words")]), ({"came_words": "x" * 201}, [("came_words_long", "came_words")]),
    ({"proof": "x" * 81}, [("proof_long", "proof")]), ({"used": "new"}, [("used_unknown", "used")]),
])  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(also, wrong):
    assert codes(**also) == wrong


@pytest.mark.parametrize("also", [
    {"title": "x" * 80}, {"wanted": MOST, "reserve": MOST}, {"wanted": 1, "reserve": 1}, {"reserve": 19_900}, {"reserve": 0},
    {"came_by": "other", "came_words": "拾荒"}, {"came_words": "x" * 200}, {"proof": "x" * 80}, {"used": "refurbished"},
])  # fmt: skip
def test_what_is_just_right_passes(also):
    assert codes(**also) == []


def test_everything_wrong_at_once_is_told_at_once():
    assert len(codes(title="", condition="", wanted=0, came_by="", used="")) == 5


def test_under_a_net_price_it_has_to_be_named():
    assert codes(NET, reserve=0) == [("net_missing", "reserve")] and codes(NET, reserve=1) == []


def test_signs_that_nobody_sees_go_and_full_width_folds():
    assert tidied(" Ｉｐｈｏｎｅ\u200b\t １２ \n") == "Iphone 12"


def agreed(**also):
    return Agreed(**{"wanted": 20_000, "reserve": 15_000, "kept_price": False, "days": 0, **also})


def test_its_own_stock_may_cost_what_the_shop_likes():
    assert lowest(None, agreed(reserve=0)) == 1
    check_price(None, agreed(reserve=0), 1, False)


@pytest.mark.parametrize(("price", "consented", "code", "field"), [
    (0, True, "price_range", "price"), (MOST + 1, True, "price_range", "price"), (14_999, True, "below_floor", "price"),
    (15_000, False, "ask_giver", "consented"), (19_999, False, "ask_giver", "consented"),
])  # fmt: skip
def test_a_price_that_was_not_agreed_is_refused(price, consented, code, field):
    terms = terms_with(price={"authority": "fixed"})
    with pytest.raises(Refused) as no:
        check_price(terms, agreed(), price, consented)
    assert (no.value.code, no.value.field) == (code, field)
    assert isinstance(no.value, Invalid) == (code == "price_range")


@pytest.mark.parametrize(("price", "consented"), [(15_000, True), (19_999, True), (20_000, False), (MOST, False)])
def test_a_price_that_was_agreed_stands(price, consented):
    check_price(terms_with(price={"authority": "fixed"}), agreed(), price, consented)


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 400), st.booleans())
def test_the_shop_never_goes_below_the_floor_by_itself(wanted, reserve, days, kept):
    one = agreed(wanted=wanted, reserve=min(reserve, wanted), days=days, kept_price=kept)
    assert one.reserve <= lowest(TERMS, one) <= wanted
