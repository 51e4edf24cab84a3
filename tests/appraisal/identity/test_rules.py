"""Numbers read in several places: one thing or two? And what lists say together."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.grades.rules import grade
from appraisal.identity import list_rules, rules
from appraisal.identity.list_rules import FRESH_DAYS, OneList, read_lines, together
from appraisal.identity.places import all_fed
from appraisal.identity.rules import Outcome, Reading, answer, compare, same_model
from appraisal.standards.loader import find_standard, versions_of
from core.csv_files import BadFile

A, B, C = "a" * 64, "b" * 64, "c" * 64


def read(place, *numbers, side="thing", why="", kind="imei"):
    return Reading(place=place, side=side, numbers={kind: frozenset(numbers)} if numbers else {}, why_not=why)


def said(*readings, registered=(A,)):
    return compare(readings, {"imei": frozenset(registered)} if registered else {})


def test_two_places_that_agree():
    found = said(read("dial_pad", A, side="system"), read("card_tray", A))
    assert (found.state, found.registered, found.read, found.sides) == ("agree", "agree", ("card_tray", "dial_pad"), ("system", "thing"))


def test_a_phone_for_two_sims_is_one_phone():
    """The screen shows both, the tray one; in whatever order, and if its owner registered only one of them."""
    both, tray = read("dial_pad", B, A, side="system"), read("card_tray", B)
    assert said(both, tray, registered=(A, B)).state == "agree"
    assert said(both, tray, registered=(A,)).state == "agree"
    assert said(read("body", A), tray, registered=(A, B)).state == "agree", "one each, and the register has both"


@pytest.mark.parametrize(("readings", "registered"), [
    ([read("dial_pad", A), read("box", B)], (A,)),
    ([read("dial_pad", A), read("box", A)], (B,)),
    ([read("dial_pad", A, B), read("settings", A, C)], (A, B, C)),
    ([read("dial_pad", A, B), read("settings", A, C)], (A,)),
    ([read("dial_pad", B)], (A,)),
    ([read("dial_pad", A), read("box", A), read("body", why="invalid")], (A,)),
])  # fmt: skip
def test_what_differs_is_told(readings, registered):
    if registered == (A, B, C):  # its genuine twin: a register that holds all of them
        assert said(*readings, registered=registered).state == "agree"
    else:
        assert said(*readings, registered=registered).state == "differ"


THERE = ("About", "关于本机", "Not tested", "未检测")  # a menu of the thing, and a button of the screen


def test_the_screen_of_places_names_only_choices_that_it_has():
    """A standard's own words speak of the answers that its published list has; this screen derives most of them."""
    for fed in all_fed().values():
        for version in versions_of(fed.standard):
            check = find_standard(fed.standard, version).find_check(fed.check)
            by_hand = [name for value in check.values if value.code in fed.by_hand for name in (value.name.zh, value.name.en)]
            said = fed.help or check.help
            for quoted in re.findall("“(.+?)”", said.zh + said.en):
                assert quoted in THERE or any(name.startswith(quoted) for name in by_hand), (fed.standard, version, quoted)
            assert not any(word in said.zh + said.en for word in ("备注", "另记", "note ", "Note "))


@pytest.mark.parametrize(("readings", "registered", "odd"), [
    ([read("dial_pad", A), read("box", B)], (A,), ("box",)),
    ([read("dial_pad", A), read("box", B)], (), ("box", "dial_pad")),
    ([read("dial_pad", A), read("box", A)], (B,), ("box", "dial_pad")),
    ([read("dial_pad", A, B), read("box", A, C)], (A,), ("box", "dial_pad")),
    ([read("dial_pad", A), read("box", A), read("body", why="invalid")], (A,), ("body",)),
    ([read("dial_pad", A), read("box", A), read("body", why="not_there")], (A,), ()),
    ([read("dial_pad", A, B), read("box", B)], (A,), ()),
])  # fmt: skip
def test_which_places_dont_fit(readings, registered, odd):
    assert said(*readings, registered=registered).odd == odd


def test_one_place_is_not_certain_and_none_is_not_read():
    one = said(read("dial_pad", A), read("box", why="not_brought"))
    assert (one.state, one.read) == ("unknown", ("dial_pad",))
    assert said().state == "not_read" and said(read("box", why="not_there")).state == "unknown"
    assert said(read("dial_pad", A), read("box", A), registered=()).registered == "none"


def test_kinds_are_compared_with_their_own():
    """A tablet's serial isn't held against its IMEI."""
    both = Reading(place="settings", side="system", numbers={"serial": frozenset({A}), "imei": frozenset({B})})
    assert compare([both, read("body", A, kind="serial")], {"serial": frozenset({A})}).state == "agree"
    assert compare([both, read("body", C, kind="serial")], {"serial": frozenset({A})}).state == "differ"


numbers = st.frozensets(st.sampled_from([A, B, C]), max_size=2)
readings = st.lists(
    st.builds(lambda place, some: read(place, *some), st.sampled_from(["dial_pad", "settings", "box", "body", "receipt"]), numbers),
    max_size=5, unique_by=lambda one: one.place,
)  # fmt: skip


@given(readings, numbers, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(some, registered, chance):
    known = {"imei": registered} if registered else {}
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert compare(some, known) == compare(shuffled, known)


@given(readings, numbers, st.sampled_from([A, B, C]))
def test_agreement_means_that_one_set_holds_all(some, registered, other):
    """Whatever agrees can be told as one thing; and a strange number in one more place breaks it."""
    found = compare(some, {"imei": registered} if registered else {})
    sets = [one.numbers["imei"] for one in some if one.numbers] + ([registered] if registered else [])
    if found.state == "agree":
        assert any(one == frozenset().union(*sets) for one in sets) and len(found.read) >= 2
        strange = compare([*some, read("firmware", "f" * 64)], {"imei": registered} if registered else {})
        assert strange.state == "differ"
    if found.state != "differ" and registered:
        assert compare([*some, read("label", why="invalid")], {"imei": registered}).state == "differ"


OUTCOMES = (
    Outcome(value="match", sides=("system", "thing"), places=2), Outcome(value="system_only", sides=("system",), places=2),
    Outcome(value="one_place", sides=(), places=1),
)  # fmt: skip


def test_the_first_outcome_that_fits_is_the_answer():
    known = {"match", "system_only", "one_place", "mismatch"}
    two = said(read("dial_pad", A, side="system"), read("settings", A, side="system"))
    assert answer(two, OUTCOMES, "mismatch", known) == "system_only"
    assert answer(two, OUTCOMES, "mismatch", known - {"system_only"}) == "one_place", "what a standard doesn't know isn't answered"
    assert answer(said(read("box", B)), OUTCOMES, "mismatch", known) == "mismatch"
    assert answer(said(), OUTCOMES, "mismatch", known) is None
    assert answer(said(read("box", A)), OUTCOMES[:2], "mismatch", known) is None


def test_every_check_that_numbers_answer_is_one_of_its_standard_and_differing_refuses():
    for fed in all_fed().values():
        for version in versions_of(fed.standard):
            standard = find_standard(fed.standard, version)
            check = standard.find_check(fed.check)
            known = {value.code for value in check.values}
            assert fed.differ in known and fed.by_hand == tuple(one for one in fed.by_hand if one in known), fed.standard
            assert any(one.value in known for one in fed.outcomes)
            good = {c.code: c.values[0].code if c.kind != "measure" else 99 for c in standard.checks}
            assert not any(r.checks == (fed.check,) and r.kind == "gate" for r in grade(standard, good).reasons)
            assert grade(standard, good | {fed.check: fed.differ}).grade == standard.refused.code
            for one in fed.lists:
                assert standard.find_check(one.check).find_value(one.listed), (fed.standard, version, one)
                assert not one.clear or standard.find_check(one.check).find_value(one.clear)
                assert grade(standard, good | {one.check: one.listed}).grade == standard.refused.code


def test_a_type_code_names_a_model():
    assert rules.type_code("352099001761481") == "35209900"
    assert same_model(("Apple", "iPhone 12"), "Apple", "iphone 12") == "agrees"
    assert same_model(("Apple", "iPhone 12"), "", "Apple iPhone 12") == "agrees"
    assert same_model(("Apple", "iPhone 12"), "Apple", "iPhone 12 Pro") == "differs"
    assert same_model(("Apple", "iPhone 12"), "Apple", "") == "unknown"


TODAY = date(2026, 11, 30)


def one(kind="stolen", age=1, names=False):
    return OneList(kind=kind, source="s", version=1, day=TODAY - timedelta(days=age), lines=5, names_it=names)


def test_no_list_and_an_old_one_are_unknown_never_clear():
    assert together([], "stolen", TODAY) == ("unknown", "none_loaded")
    assert together([one("blocked")], "stolen", TODAY) == ("unknown", "none_loaded")
    assert together([one(age=FRESH_DAYS + 1)], "stolen", TODAY) == ("unknown", "too_old")
    assert together([one(age=FRESH_DAYS)], "stolen", TODAY) == ("clear", "")
    assert together([one(age=400, names=True)], "stolen", TODAY) == ("listed", ""), "age takes away what it doesn't name"
    assert together([one(), one(age=400)], "stolen", TODAY)[0] == "unknown"


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=5), st.integers(0, 400), st.booleans())
def test_one_list_more_never_makes_it_better_than_it_says_itself(some, age, names):
    lists = [one(age=days, names=named) for days, named in some]
    order = ("clear", "unknown", "listed")
    before, after = together(lists, "stolen", TODAY)[0], together([*lists, one(age=age, names=names)], "stolen", TODAY)[0]
    if lists:
        assert order.index(after) >= order.index(before)
    assert not names or after == "listed"


def test_a_file_of_numbers_is_read_whole_or_not_at_all():
    found = read_lines("number,kind\n35 209900-176148 1,imei\nPF2XK9A7,\n352099001761481,\n\n")
    assert [(line.kind, line.plain) for line in found] == [("imei", "352099001761481"), ("serial", "PF2XK9A7")]
    for bad in ("number\n352099001761482,\n", "number,kind\n352099001761482,imei\n", "number\nTo be filled by O.E.M.\n", "number\n000000000\n",
                "imei\n352099001761481\n", "number\n", "", "number,number\n1,2\n", "number,kind\nPF2XK9A7,vin\n", "number\nPF2XK9A7,x\n"):
        with pytest.raises(BadFile) as no:
            read_lines(bad)
        assert "352099001761482" not in str(no.value), "a fault names the line, not the number"
    assert len(list_rules.KINDS) == 2
