"""Whose turn it is: a role decides where it is held, and nobody in their own matter."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from core.queue.rules import may_decide


@dataclass(frozen=True)
class Kind:
    roles: tuple[str, ...] = ("inspector",)
    org_roles: tuple[str, ...] = ("shop_manager",)


KIND = Kind()


def test_an_inspector_decides_wherever_the_role_is_held():
    assert may_decide(KIND, [], [], [("inspector", "")], "ines") and may_decide(KIND, ["shop"], [], [("inspector", "other")], "ines")


def test_a_manager_decides_for_the_own_shop_only():
    assert may_decide(KIND, ["shop"], [], [("shop_manager", "shop")], "mu")
    assert not may_decide(KIND, ["shop"], [], [("shop_manager", "rival")], "mu")
    assert not may_decide(KIND, [], [], [("shop_manager", "shop")], "mu")


def test_the_role_and_the_shop_have_to_meet_in_one_grant():
    assert not may_decide(KIND, ["shop"], [], [("shop_manager", "rival"), ("operator", "shop")], "mu")
    assert may_decide(KIND, ["shop"], [], [("shop_manager", "rival"), ("shop_manager", "shop")], "mu")


def test_nobody_decides_in_their_own_matter():
    grants = [("inspector", ""), ("shop_manager", "shop")]
    assert not may_decide(KIND, ["shop"], ["ines", "bob"], grants, "ines") and may_decide(KIND, ["shop"], ["bob"], grants, "ines")


def test_somebody_without_an_account_or_a_role_decides_nothing():
    assert not may_decide(KIND, ["shop"], [], [("inspector", "")], None) and not may_decide(KIND, ["shop"], [], [], "ines")
    assert not may_decide(KIND, ["shop"], [], [("operator", "shop")], "wang")


GRANTS = st.lists(st.tuples(st.sampled_from(["inspector", "shop_manager", "operator"]), st.sampled_from(["", "shop", "rival"])), max_size=4)


@given(GRANTS, GRANTS, st.sets(st.sampled_from(["shop", "rival"])), st.sets(st.sampled_from(["ines", "bob"])))
def test_another_role_takes_nothing_away_and_being_barred_everything(held, more, orgs, barred):
    before, after = (may_decide(KIND, orgs, barred, grants, "ines") for grants in (held, held + more))
    assert before <= after and not ("ines" in barred and after)
