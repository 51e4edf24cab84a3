"""What is asked when buyer and seller meet, and what stars say together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.orders import rules
from market.orders.rules import average_of


def test_the_rules_know_yes_no_and_nothing_else():
    asked = rules.questions(data_bearing=True, sealed=True)
    assert [one.code for one in asked][0] == "seal"
    yes = {one.code: "yes" for one in asked}
    assert rules.check(asked, yes).passed
    for one in asked:
        no = rules.check(asked, {**yes, one.code: "no"})
        assert (no.passed, no.missing, no.refused, no.ends_clearance) == (False, (), (one.code,), one.ends_clearance)
        for odd in ("", "maybe", "YES"):
            assert rules.check(asked, {**yes, one.code: odd}).missing == (one.code,)


def test_the_seal_is_looked_at_first_and_a_coat_has_no_settings():
    of = {(data, sealed): [one.code for one in rules.questions(data_bearing=data, sealed=sealed)] for data in (0, 1) for sealed in (0, 1)}
    device, anything = ["serial", "setup_screen", "no_account"], ["same_thing", "defects"]
    assert of == {(0, 0): anything, (0, 1): ["seal", *anything], (1, 0): [*device, *anything], (1, 1): ["seal", *device, *anything]}


def test_nothing_asked_is_passed_and_several_noes_are_all_told():
    assert rules.check((), {}) == rules.Checked(True, (), (), False)
    asked = rules.questions(data_bearing=True, sealed=False)
    said = rules.check(asked, {"serial": "no", "no_account": "no", "same_thing": "yes"})
    assert said == rules.Checked(False, ("setup_screen", "defects"), ("serial", "no_account"), True)


@pytest.mark.parametrize(("typed", "full", "same"), [
    ("K9A7", "PF2XK9A7", True), ("k9 a7", "PF2XK9A7", True), ("9A7", "PF2XK9A7", False), ("", "PF2XK9A7", False),
    ("K9A8", "PF2XK9A7", False), ("PF2X", "PF2XK9A7", False), ("PF2XK9A7", "PF2XK9A7", True), ("A7", "A7", True),
])  # fmt: skip
def test_the_last_four_are_compared(typed, full, same):
    assert rules.tail_matches(typed, full) is same


@given(st.lists(st.integers(1, 5), max_size=40))
def test_an_average_is_the_nearest_tenth_from_three_voices_on(stars):
    said = average_of(len(stars), sum(stars))
    if len(stars) < 3:
        assert said == ""
    else:
        assert abs(int(said.replace(".", "")) * len(stars) - 10 * sum(stars)) * 2 <= len(stars)
        assert "1.0" <= said <= "5.0"


@pytest.mark.parametrize(("stars", "said"), [((5, 5), ""), ((5, 5, 4), "4.7"), ((4, 5, 4, 5), "4.5"), ((1,) * 20 + (2,), "1.0")])
def test_averages_by_hand(stars, said):
    assert average_of(len(stars), sum(stars)) == said
