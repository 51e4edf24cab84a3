"""What is ticked and looked at in a wipe, and whose hands it takes: one wipes, another verifies, a third confirms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.wipes.rules import CHECKS, TICKS, locks_of, may_confirm, may_verify, ticks_for, unchecked, unticked

BASE = ("backup", "final", "accounts", "cards")


@pytest.mark.parametrize(("category", "ticks"), [
    ("phone", tuple(TICKS)), ("tablet", tuple(TICKS)), ("wearable", tuple(TICKS)), ("laptop", (*BASE, "chats")),
    ("desktop", (*BASE, "chats")), ("bare_drive", BASE), ("camera", BASE),
])  # fmt: skip
def test_what_the_owner_is_asked(category, ticks):
    assert ticks_for(category) == ticks and unticked(dict.fromkeys(ticks, True), ticks) == []


def test_what_is_not_ticked_is_missing_in_order():
    assert unticked({"final": True, "cards": False}) == ["backup", "accounts", "cards"]
    assert unticked({}, ("watch", "backup")) == ["watch", "backup"] and unticked(dict.fromkeys(BASE, True)) == []


def test_which_locks_are_read():
    assert locks_of("laptop") == locks_of("desktop") == ("find_my", "firmware", "enrolment")
    assert locks_of("phone") == locks_of("camera") == ()


def test_every_check_of_the_verifier_is_done():
    assert unchecked(CHECKS) == [] and unchecked([]) == list(CHECKS)
    assert unchecked(["media", "start", "moon"]) == ["serial", "log", "accounts", "slots"]


def test_who_may_verify_and_confirm():
    """Alice owns it, Wang wiped it, Li attached a file, Zhao verifies, Sun confirms."""
    assert may_verify("wang", "alice", ["wang", "li"], "zhao") is None
    assert may_verify("wang", "alice", ["li"], "wang") == may_verify("wang", "alice", ["li"], "li") == "verifier_wiped"
    assert may_verify("wang", "alice", [], "alice") == may_verify("alice", "alice", ["alice"], "alice") == "verifier_owns"
    assert may_verify(None, "alice", [], "zhao") is None
    assert may_confirm("wang", "alice", ["li"], "zhao", "sun") is None
    assert may_confirm("wang", "alice", ["li"], "zhao", "zhao") == "validator_verified"
    assert may_confirm("wang", "alice", ["li"], "zhao", "alice") == "validator_owns"
    assert may_confirm("wang", "alice", ["li"], "zhao", "wang") == may_confirm("wang", "alice", ["li"], "zhao", "li") == "validator_wiped"


PEOPLE = st.sampled_from("abcde")


@given(PEOPLE, PEOPLE, st.sets(PEOPLE), PEOPLE, PEOPLE)
def test_nobody_has_two_of_the_hands(operator, owner, attached, verifier, person):
    assert (may_verify(operator, owner, attached, verifier) is None) is (verifier not in {operator, owner} | attached)
    assert (may_confirm(operator, owner, attached, verifier, person) is None) is (person not in {operator, owner, verifier} | attached)
