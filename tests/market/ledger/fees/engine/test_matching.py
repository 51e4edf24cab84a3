"""Which rule counts, which don't, and which policies leave it open."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.ledger.fees.matching_rules import DayNeeded, chosen, fits, specificity, tied_rules
from market.ledger.fees.policy import Match, Rule, Sale

JAN, FEB, MAR = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
WEIGHTS = [
    Match(), Match(since=JAN), Match(category="book"), Match(category="book", since=JAN), Match(seller="s1"),
    Match(seller="s1", since=JAN), Match(seller="s1", category="book"), Match(seller="s1", category="book", since=JAN),
]  # fmt: skip
SALE = Sale(id=1, price=100, category="book", seller="s1", day=FEB)


def rule(name="commission", **match):
    return Rule(name=name, kind="flat", amount=1, match=Match(**match))


def test_seller_before_category_before_days():
    assert [specificity(one) for one in WEIGHTS] == sorted(specificity(one) for one in WEIGHTS)
    for light, heavy in itertools.combinations(WEIGHTS, 2):
        rules = [Rule(name="commission", kind="flat", match=one) for one in (light, heavy)]
        assert chosen(rules, SALE) == [rules[1]] and chosen(rules[::-1], SALE) == [rules[1]]


def test_each_name_counts_once_in_the_policys_order():
    rules = [rule("b"), rule("a", category="book"), rule("a"), rule("c", category="phone")]
    assert chosen(rules, SALE) == [rules[0], rules[1]]


@pytest.mark.parametrize(("match", "sale", "expected"), [
    ({}, SALE, True),
    ({"category": "book"}, SALE, True),
    ({"category": "phone"}, SALE, False),
    ({"category": "book"}, Sale(id=1, price=1), False),
    ({"seller": "s1"}, SALE, True),
    ({"seller": "s2"}, SALE, False),
    ({"seller": "s1"}, Sale(id=1, price=1), False),
    ({"category": "book", "seller": "s2"}, SALE, False),
    ({"since": FEB}, SALE, True),
    ({"since": FEB + timedelta(1)}, SALE, False),
    ({"until": FEB}, SALE, True),
    ({"until": FEB - timedelta(1)}, SALE, False),
    ({"since": FEB, "until": FEB}, SALE, True),
    ({"since": JAN, "until": MAR}, SALE, True),
])  # fmt: skip
def test_a_rule_fits_when_all_it_asks_for_holds(match, sale, expected):
    assert fits(rule(**match), sale) is expected


def test_a_sale_without_a_day_is_refused_only_where_the_day_decides():
    undated = Sale(id=1, price=1, category="book")
    with pytest.raises(DayNeeded) as no:
        fits(rule("easter", since=JAN), undated)
    assert no.value.name == "easter" and str(no.value) == "easter"
    assert fits(rule(category="phone", since=JAN), undated) is False
    assert fits(rule(category="book"), undated) is True


@pytest.mark.parametrize(("one", "other", "tied"), [
    ({}, {}, True),
    ({}, {"category": "book"}, False),
    ({"category": "book"}, {"category": "book"}, True),
    ({"category": "book"}, {"category": "phone"}, False),
    ({"seller": "s1"}, {"seller": "s2"}, False),
    ({"seller": "s1"}, {"seller": "s1"}, True),
    ({"seller": "s1"}, {"category": "book"}, False),
    ({"seller": "s1", "category": "book"}, {"seller": "s1"}, False),
    ({"since": JAN}, {"since": FEB}, True),
    ({"until": JAN}, {"since": FEB}, False),
    ({"until": FEB}, {"since": FEB}, True),
    ({"since": JAN, "until": FEB}, {"since": FEB, "until": MAR}, True),
    ({"since": JAN, "until": FEB - timedelta(1)}, {"since": FEB, "until": MAR}, False),
    ({"since": JAN, "until": MAR}, {"since": FEB, "until": FEB}, True),
    ({"category": "book", "since": JAN}, {"category": "book", "until": JAN - timedelta(1)}, False),
])  # fmt: skip
def test_a_tie_is_two_rules_that_could_both_count(one, other, tied):
    assert tied_rules([rule(**one), rule(**other)]) == ((0, 1) if tied else None)
    assert tied_rules([rule(**other), rule("other"), rule(**one)]) == ((0, 2) if tied else None)
    assert tied_rules([rule("a", **one), rule("b", **other)]) is None


days = st.none() | st.sampled_from([JAN, FEB, MAR])
some_matches = st.builds(
    Match, category=st.sampled_from([None, "book", "phone"]), seller=st.sampled_from([None, "s1", "s2"]), since=days, until=days
).filter(lambda one: not (one.since and one.until and one.since > one.until))
EVERY_SALE = [
    Sale(id=1, price=1, category=category, seller=seller, day=day)
    for category in (None, "book", "phone") for seller in (None, "s1", "s2")
    for day in (JAN - timedelta(1), JAN, JAN + timedelta(1), FEB, FEB + timedelta(1), MAR, MAR + timedelta(1))
]  # fmt: skip


@settings(deadline=None)
@given(some_matches, some_matches)
def test_a_tie_is_found_exactly_where_a_sale_shows_it(one, other):
    rules = [Rule(name="commission", kind="flat", match=match) for match in (one, other)]
    shown = specificity(one) == specificity(other) and any(all(fits(each, sale) for each in rules) for sale in EVERY_SALE)
    assert (tied_rules(rules) is not None) == shown
