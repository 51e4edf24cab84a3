"""What a buyer may ask for, to the last moment and the last fen, and what an accepted case gives back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.aftersales.case_rules import GROUNDS, KINDS, SENDS_BACK, TOLD_WRONGLY, fault, half_fault, most

RECEIVED = datetime(2026, 11, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
SEVEN, WARRANTY, THIRTY = (RECEIVED + timedelta(days=days) for days in (7, 90, 30))


def ask(kind="refund", ground="not_as_told", amount=100, **other):
    """Asked for a day after the receipt of something that cost 100 fen, with seven days and a warranty of three months."""
    usual = {
        "policy": "no_reason_7d", "received": RECEIVED, "after_sales": SEVEN, "warranty": WARRANTY, "left": 100,
        "now": RECEIVED + timedelta(days=1),
    }  # fmt: skip
    return fault(kind, ground, amount, **{**usual, **other})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ground", ["not_as_told", "broken", "missing", "wipe"])
def test_what_is_wrong_can_be_asked_about_in_every_way(kind, ground):
    assert ask(kind, ground) == ""


def test_only_what_is_on_the_list_can_be_asked_for():
    assert ask("gift") == ask(ground="mood") == ask("", "") == "kind_unknown"
    assert set(SENDS_BACK) < set(KINDS) and len(set(GROUNDS)) == 5


def test_nothing_is_asked_for_before_it_arrived():
    assert ask(received=None) == "not_received" and ask("return", "no_reason", received=None) == "not_received"
    assert ask() == "" == ask("return", "no_reason")


def test_without_a_reason_a_thing_only_goes_back():
    assert ask("return", "no_reason") == ""
    assert {ask(kind, "no_reason") for kind in KINDS if kind != "return"} == {"no_reason_is_return"}


@pytest.mark.parametrize("policy", ["private_sale", "excluded_by_nature", ""])
def test_a_private_seller_owes_no_seven_days(policy):
    assert ask("return", "no_reason", policy=policy) == "no_reason_not_owed"
    assert ask("return", "not_as_told", policy=policy) == "", "what was told wrongly counts everywhere"


def test_the_seven_days_end_with_their_last_moment():
    assert ask("return", "no_reason", now=SEVEN) == "" and ask("return", "no_reason", now=SEVEN + MOMENT) == "too_late"
    assert ask("return", "no_reason", after_sales=None) == "too_late"


@pytest.mark.parametrize("ground", ["not_as_told", "missing", "wipe"])
def test_what_was_told_wrongly_is_said_within_thirty_days(ground):
    assert ask(ground=ground, now=RECEIVED + TOLD_WRONGLY) == "" and THIRTY == RECEIVED + TOLD_WRONGLY
    assert ask(ground=ground, now=THIRTY + MOMENT) == "too_late", "a warranty is for what breaks"


def test_what_breaks_is_covered_by_the_warranty_or_the_thirty_days():
    assert ask(ground="broken", now=WARRANTY) == "" and ask(ground="broken", now=WARRANTY + MOMENT) == "too_late"
    assert ask(ground="broken", now=THIRTY, warranty=None) == "" and ask(ground="broken", now=THIRTY + MOMENT, warranty=None) == "too_late"
    short = RECEIVED + timedelta(days=10)
    assert ask(ground="broken", now=THIRTY, warranty=short) == "", "a short warranty doesn't shorten the thirty days"


@pytest.mark.parametrize("kind", ["refund", "compensation"])
def test_money_back_is_from_one_fen_to_what_is_left(kind):
    assert [ask(kind, amount=amount, left=50) for amount in (-1, 0, 1, 50, 51)] == ["amount_range", "amount_range", "", "", "amount_range"]
    assert ask(kind, "broken", 51, left=50) == "amount_range"
    assert ask(kind, "broken", 51, left=50, now=WARRANTY + MOMENT) == "too_late"


@pytest.mark.parametrize("kind", ["return", "repair", "exchange"])
def test_other_wishes_name_no_amount(kind):
    assert ask(kind, amount=0) == ask(kind, amount=101) == ""


def test_what_an_accepted_case_gives_back():
    assert [most(kind, 30, 100) for kind in KINDS] == [100, 0, 0, 30, 30]
    assert [most(kind, 101, 100) for kind in KINDS] == [100, 0, 0, 100, 100]


@given(st.sampled_from(KINDS), st.integers(0, 10**9), st.integers(0, 10**9))
def test_never_more_goes_back_than_is_left(kind, amount, left):
    assert 0 <= most(kind, amount, left) <= left


@given(st.sampled_from(GROUNDS), st.sampled_from(KINDS), st.integers(0, 10**4), st.integers(0, 10**4))
def test_what_is_too_late_stays_too_late(ground, kind, hours, more):
    early, late = (RECEIVED + timedelta(hours=many) for many in (hours, hours + more))
    assert ask(kind, ground, now=early) != "too_late" or ask(kind, ground, now=late) == "too_late"


@pytest.mark.parametrize(("facts", "code"), [
    ({}, ""), ({"given": None}, "half_not_given"), ({"back": True}, "half_is_back"), ({"other_came": True}, "other_came"),
    ({"other_open": True, "hours": 48}, ""), ({"other_open": True, "hours": 47.99}, "half_early"), ({"hours": 0}, ""),
    ({"other_open": True, "hours": 9999}, ""), ({"back": True, "other_came": True}, "half_is_back"),
])  # fmt: skip
def test_a_half_is_asked_back_only_while_it_is_owed(facts, code):
    facts = dict(facts)
    hours = facts.pop("hours", 100)
    told = {"given": RECEIVED - timedelta(hours=hours), "back": False, "other_came": False, "other_open": False, **facts}
    assert half_fault(**told, now=RECEIVED) == code


def test_no_money_where_none_was_paid():
    free = {"policy": "private_sale", "received": RECEIVED, "after_sales": RECEIVED, "warranty": None, "left": 0, "now": RECEIVED, "paid": False}
    for kind in ("refund", "compensation"):
        assert fault(kind, "broken", 0, **free) == "nothing_paid"
    for kind in ("return", "repair", "exchange"):
        assert fault(kind, "broken", 0, **free) == ""
