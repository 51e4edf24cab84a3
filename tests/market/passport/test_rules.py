"""What the public reads of a thing's life, its mark, and how many labels there are at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.goods.custody import MOVES, RAISING
from market.passport import rules
from tests.house.test_languages import chinese

words = st.text(max_size=30)


@given(words, st.dictionaries(words, words))
def test_what_isnt_on_the_list_is_not_told(sentence, values):
    assert rules.public_line(sentence, values) is None


def test_a_hand_over_without_its_reason_is_not_told():
    assert rules.public_line(rules.CUSTODY, {}) is None and rules.public_line(rules.CUSTODY, {"place": "At the counter"}) is None


@given(st.sampled_from(sorted(rules.TOLD)), st.dictionaries(st.sampled_from(["number", "state", "serial", "digest", "who", "name"]), words))
def test_of_what_is_told_only_the_named_values_are(sentence, values):
    told, kept = rules.public_line(sentence, values)
    assert tuple(kept) == rules.TOLD[sentence][1] and told % kept == rules.TOLD[sentence][0] % kept
    assert all(kept[name] == values.get(name, "") for name in kept)


def test_numbers_are_told_of_certificates_only():
    assert {sentence for sentence, (_told, names) in rules.TOLD.items() if names} == {
        "Certificate %(number)s was issued", "The clearance of certificate %(number)s ended: %(state)s",
    }  # fmt: skip
    assert rules.public_line("Wipe %(number)s was begun at the bench", {"number": "XS-1"}) == ("Its wiping was begun at the bench", {})


@pytest.mark.parametrize("why", [*MOVES.values(), *RAISING.values()])
def test_hands_are_told_without_whose_they_were(why):
    told = rules.public_line(rules.CUSTODY, {"place": "With its owner", "why": why, "epoch": "3"})
    assert told is None if why not in rules.HANDED else told == (rules.HANDED[why], {})


def test_every_line_on_the_list_is_one_that_rooms_still_say():
    """A room that words its line anew drops out of the passport; then this list has to follow."""
    known = chinese()
    assert [one for one in (*rules.TOLD, *rules.HANDED) if one not in known] == []
    assert set(rules.HANDED) <= {*MOVES.values(), *RAISING.values()}


@pytest.mark.parametrize(("told", "disclosed", "mark"), [
    ("", {}, "used"), ("used", {"refurbished": "yes"}, "used"), ("remanufactured", {}, "remanufactured"),
    ("", {"refurbished": "yes"}, "refurbished"), ("", {"refurbished": "no"}, "used"), ("", {"refurbished": "unknown"}, "used"),
    ("refurbished", {"refurbished": "no"}, "refurbished"), ("nonsense", {}, "used"),
])  # fmt: skip
def test_everything_carries_a_mark(told, disclosed, mark):
    assert rules.used_mark(told, disclosed) == mark


NONE = ("labels_none", "Tick at least one thing.", "items", {})
COPIES = ("labels_copies", "Print 1 to 20 copies of each.", "copies", {})
MANY = ("labels_many", "At most 400 labels at a time. Print them in parts.", "items", {})
FIRST = ("labels_first", "This paper has the places 1 to %(places)s.", "first", {"places": 24})


@pytest.mark.parametrize(("things", "copies", "first", "said"), [
    (0, 1, 1, NONE), (1, 0, 1, COPIES), (1, 21, 1, COPIES), (401, 1, 1, MANY), (21, 20, 1, MANY), (1, 1, 0, FIRST), (1, 1, 25, FIRST),
])  # fmt: skip
def test_too_many_or_none_is_told_in_words_at_its_field(things, copies, first, said):
    with pytest.raises(Invalid) as refused:
        rules.check_many(things, copies, first, 24)
    no = refused.value
    assert (no.code, no.sentence, no.field, no.values) == said


@pytest.mark.parametrize(("things", "copies", "first"), [(1, 1, 1), (400, 1, 24), (20, 20, 1), (1, 20, 24)])
def test_four_hundred_labels_from_any_place_are_fine(things, copies, first):
    rules.check_many(things, copies, first, 24)
