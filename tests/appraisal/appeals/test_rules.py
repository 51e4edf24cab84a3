"""What three grades come to, by the table that people read, and for all of them at once."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, permutations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.appeals import rules
from appraisal.appeals.states import APPEAL, DECIDED, OPEN

ORDER = ("N", "S", "A", "B", "C", "D", "R", "U", "reject")
GRADES = tuple(code for code in ORDER if code != "U")
DOC = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "appeals.md"
grades = st.sampled_from(GRADES)


def panel(*three):
    return rules.panel_grade(ORDER, "U", three)


def rows():
    return re.findall(r"^\| (\w+) (\w+) (\w+) \| (\w+) \|", DOC.read_text(encoding="utf-8"), re.M)


def test_the_table_in_the_docs_is_the_rule():
    assert len(rows()) >= 8
    for first, second, third, outcome in rows():
        assert panel(first, second, third) == outcome, (first, second, third)


@given(st.tuples(grades, grades, grades))
def test_the_order_of_the_members_doesnt_matter(three):
    assert len({panel(*turned) for turned in permutations(three)}) == 1


@given(st.tuples(grades, grades, grades), st.integers(0, 2), grades)
def test_a_worse_grade_of_one_member_never_makes_it_better(three, which, other):
    changed = [other if n == which else one for n, one in enumerate(three)]
    before, after = ORDER.index(panel(*three)), ORDER.index(panel(*changed))
    worse = ORDER.index(other) - ORDER.index(three[which])
    assert (after - before) * worse >= 0


def test_over_all_threes_it_is_one_of_theirs_backed_by_two_from_either_side():
    for three in combinations_with_replacement(GRADES, 3):
        found, places = ORDER.index(panel(*three)), [ORDER.index(one) for one in three]
        assert found in places
        assert sum(one >= found for one in places) >= 2 <= sum(one <= found for one in places)
        most = max(three, key=three.count)
        assert three.count(most) == 1 or panel(*three) == most, "a majority decides"


def test_it_is_never_fewer_than_three_and_unknown_is_no_grade():
    assert panel("A", "B", "C") == "B"
    for odd in ((), ("A",), ("A", "B"), ("A", "B", "C", "D"), ("A", "A", "U"), ("U", "U", "U")):
        with pytest.raises(ValueError, match="three grades"):
            panel(*odd)


def test_one_word_against_another_about_selling_it_at_all_is_a_split():
    assert rules.compare("reject", "A", "A") == "same" == rules.compare("reject", "reject", "reject")
    assert rules.compare("reject", "A", "B") == "other" == rules.compare("reject", "N", "R")
    assert rules.compare("reject", "A", "reject") == "split" == rules.compare("reject", "reject", "R")
    assert rules.lone_refusal("reject", ("A", "A", "reject"))
    assert not rules.lone_refusal("reject", ("A", "A", "B")) and not rules.lone_refusal("reject", ("A", "reject", "reject"))


def test_of_fewer_than_five_no_rate_is_told():
    assert [rules.rate(n, n) for n in range(5)] == [None] * 5
    assert (rules.rate(0, 5), rules.rate(1, 5), rules.rate(1, 8), rules.rate(7, 7)) == (0, 20, 13, 100)


def test_a_panel_comes_from_the_agency_else_from_elsewhere_else_from_both_and_is_never_short():
    assert rules.pools("abc", "xyz") == ["a", "b", "c"]
    assert rules.pools("ab", "xyz") == ["x", "y", "z"]
    assert rules.pools("ab", "xy") == ["a", "b", "x", "y"] and rules.pools("a", "xy") == ["a", "x", "y"]
    assert rules.pools("a", "x") == [] == rules.pools("", "")


@given(st.sets(st.integers(0, 9).map(str)), st.sets(st.integers(10, 19).map(str)))
def test_a_pool_is_empty_or_enough_and_a_part_of_who_there_is(own, others):
    found = rules.pools(own, others)
    assert set(found) <= own | others
    assert bool(found) == (len(own | others) >= 3) and (not found or len(found) >= 3)


def test_every_open_state_comes_to_an_end_and_an_ended_one_stays():
    verbs = {verb for _state, verb in APPEAL.arrows}
    ended = set(APPEAL.states) - set(OPEN)
    assert set(DECIDED) < ended
    for state, verb in product(APPEAL.states, verbs):
        assert not (state in ended and APPEAL.can(state, verb)), (state, verb)
    reached = {state: {state} for state in OPEN}
    for _ in APPEAL.states:
        for state, found in reached.items():
            reached[state] = found | {end for (start, _verb), end in APPEAL.arrows.items() if start in found}
    assert all(found & set(DECIDED) for found in reached.values()), "each can be decided"
    assert all(found & (ended - set(DECIDED)) for state, found in reached.items() if state in ("review", "panel", "short"))


def test_the_last_moment_of_a_time_is_over():
    since, within = datetime(2026, 12, 1, 9, tzinfo=UTC), timedelta(days=3)
    assert rules.in_time(since, within, since) and rules.in_time(since, within, since + within - timedelta(seconds=1))
    assert not rules.in_time(since, within, since + within)
