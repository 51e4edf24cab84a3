"""What a listing promises after the sale, by who sells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.listings.return_grounds import GROUNDS
from market.listings.terms_rules import BUSINESS, default_policy, default_warranty, terms_fault

KINDS = ["operator", "self_operated", "consignment", "idle", "sporadic"]
POLICIES = ["private_sale", "no_reason_7d", "excluded_by_nature", "other", ""]


@pytest.mark.parametrize("kind", KINDS)
def test_a_business_owes_seven_days_and_a_private_seller_nothing(kind):
    business = kind in ("operator", "self_operated", "consignment")
    assert (kind in BUSINESS) is business
    assert default_policy(kind) == ("no_reason_7d" if business else "private_sale")
    assert default_warranty(kind, True) == (3 if business else 0) and default_warranty(kind, False) == 0


@given(st.sampled_from(KINDS), st.booleans())
def test_what_is_proposed_may_be_promised(kind, electronics):
    assert terms_fault(kind, default_policy(kind), "", default_warranty(kind, electronics)) == ""


def test_a_business_does_not_sell_like_a_private_person():
    assert terms_fault("operator", "private_sale", "", 0) == "business_owes_returns"
    assert terms_fault("idle", "private_sale", "", 0) == "" == terms_fault("idle", "no_reason_7d", "", 0)
    assert terms_fault("idle", "excluded_by_nature", "hygiene", 0) == "policy_unknown", "nothing is owed that could be excluded"
    assert terms_fault("idle", "other", "", 0) == terms_fault("operator", "", "", 0) == "policy_unknown"


def test_an_excluded_return_needs_a_ground_of_the_list_and_the_others_none():
    assert {terms_fault("operator", "excluded_by_nature", ground, 0) for ground in GROUNDS} == {""}
    assert terms_fault("operator", "excluded_by_nature", "", 0) == terms_fault("operator", "excluded_by_nature", "mood", 0) == "ground_missing"
    assert terms_fault("operator", "no_reason_7d", "hygiene", 0) == terms_fault("idle", "private_sale", "x", 0) == "ground_without_exclusion"


def test_a_warranty_is_up_to_five_years():
    for kind, policy, ground in (("operator", "no_reason_7d", ""), ("operator", "excluded_by_nature", "fresh"), ("idle", "private_sale", "")):
        said = [terms_fault(kind, policy, ground, months) for months in (-1, 0, 1, 60, 61)]
        assert said == ["warranty_range", "", "", "", "warranty_range"]


@given(st.sampled_from(KINDS), st.sampled_from(POLICIES), st.sampled_from(["", "fresh", "mood"]), st.integers(-2, 70))
def test_exactly_these_terms_are_allowed(kind, policy, ground, months):
    ground_fits = ground == "fresh" if policy == "excluded_by_nature" else ground == ""
    allowed = ("no_reason_7d", "excluded_by_nature") if kind in BUSINESS else ("private_sale", "no_reason_7d")
    assert (terms_fault(kind, policy, ground, months) == "") is (policy in allowed and ground_fits and 0 <= months <= 60)
