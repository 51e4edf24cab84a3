"""Who may sign, by the file alone: each refusal beside the twin that passes."""

from datetime import UTC, datetime, timedelta

import pytest

from appraisal.appraisers import rules
from appraisal.appraisers.rules import File, Shown
from core.errors import Invalid

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def shown(state="valid", scope=None, until=None):
    return Shown(state=state, scope=scope or {"laptop": 1}, expires_at=until)


def why(file, category="laptop", level=1, now=NOW):
    found = rules.why_not(file, category, now, level)
    return found.code if found else None


@pytest.mark.parametrize("state", ["probation", "active"])
def test_a_valid_credential_with_scope_carries_it(state):
    assert why(File(state=state, credentials=(shown(),))) is None
    assert why(File(state=state, credentials=(shown(scope={"any": 2}),)), "phone", 2) is None
    assert why(File(state=state, credentials=(shown(until=NOW + DAY),))) is None


@pytest.mark.parametrize("state", ["applied", "exam", "suspended", "ended"])
def test_nobody_signs_in_another_state(state):
    assert why(File(state=state, credentials=(shown(),))) == state
    assert why(File(state=state, show_by=NOW + DAY)) == state


def test_without_a_file_nothing():
    assert why(None) == "no_file"


def test_each_lack_has_its_own_word():
    def active(*some):
        return File(state="active", credentials=some)

    assert why(active()) == "out_of_scope"
    assert why(active(shown(scope={"phone": 1}))) == "out_of_scope"
    assert why(active(shown()), level=2) == "out_of_scope"
    assert why(active(shown(until=NOW))) == "credential_expired" and why(active(shown(until=NOW + timedelta(microseconds=1)))) is None
    assert why(active(shown(state="suspended"))) == "credential_suspended"
    assert why(active(shown(state="offered"))) == "credential_offered" == why(active(shown(state="enclosed")))
    assert why(active(shown(state="refused"))) == "out_of_scope" == why(active(shown(state="withdrawn")))
    assert why(active(shown(until=NOW), shown(state="offered"))) == "credential_offered", "what may help is named first"
    assert why(active(shown(until=NOW), shown())) is None, "one that is good is enough"
    assert why(active(shown(state="suspended", until=NOW))) == "credential_expired"
    assert why(active(shown(state="suspended"), shown(state="offered"))) == "credential_suspended"


def test_it_names_the_latest_day():
    file = File(state="active", credentials=(shown(until=NOW - 9 * DAY), shown(until=NOW - DAY), shown(until=NOW - 3 * DAY)))
    assert rules.why_not(file, "laptop", NOW).moment == NOW - DAY


def test_who_was_appointed_before_goes_on_until_the_day():
    before = File(state="active", show_by=NOW + DAY)
    assert why(before) is None and why(before, "book") is None
    assert why(before, now=NOW + DAY) == "not_shown" and rules.why_not(before, "laptop", NOW + DAY).moment == NOW + DAY
    assert why(before, level=2) == "out_of_scope", "nobody measures others on an old appointment"
    one = File(state="active", show_by=NOW + DAY, credentials=(shown(scope={"phone": 1}),))
    assert why(one) == "out_of_scope" and why(one, "phone") is None, "what was shown counts, and no more than that"
    offered = File(state="active", show_by=NOW + DAY, credentials=(shown(state="offered"),))
    assert why(offered) is None and why(offered, now=NOW + DAY) == "not_shown"
    refused = File(state="active", show_by=NOW + DAY, credentials=(shown(state="refused"),))
    assert why(refused) is None
    gone = File(state="active", show_by=NOW + DAY, credentials=(shown(state="suspended"),))
    assert why(gone) == "credential_suspended"


@pytest.mark.parametrize(("typed", "read"), [
    (" s0000 3301 ", "S00003301"), ("ＣＭＡ２３１１", "CMA2311"), ("粤资(2020)12号", "粤资(2020)12号"), ("AB-1/2.3", "AB-1/2.3"), ("1234", "1234"),
])  # fmt: skip
def test_numbers_are_read_as_people_type_them(typed, read):
    assert rules.read_number(typed) == read


@pytest.mark.parametrize("typed", ["", "123", "SIEBEN", "12_34", "1234\u200b5", "9" * 61, "📜1234"])
def test_what_is_no_number_is_refused_at_its_field(typed):
    with pytest.raises(Invalid) as no:
        rules.read_number(typed)
    assert no.value.field == "number"


def test_others_see_the_end_only():
    assert rules.mask_number("S000033010626009999") == "****9999" and rules.mask_number("12345678") == "****5678"
    assert rules.mask_number("1234567") == "****7"


def test_scope_is_what_was_chosen_and_known():
    known = ("laptop", "phone")
    assert rules.read_scope(["phone", "laptop"], 1, known) == {"laptop": 1, "phone": 1}
    assert rules.read_scope(["phone", "any"], 2, known) == {"any": 2}
    for categories, level, field in (([], 1, "categories"), (["rocket"], 1, "categories"), (["phone"], 0, "level"), (["phone"], 3, "level")):
        with pytest.raises(Invalid) as no:
            rules.read_scope(categories, level, known)
        assert no.value.field == field


@pytest.mark.parametrize(("kind", "admitted", "own", "letter"), [
    ("shop", False, True, "B"), ("shop", True, True, "B"), ("shop", False, False, "C"), ("shop", True, False, "C"),
    ("agency", True, False, "A"), ("agency", False, False, None), ("agency", True, True, None), ("platform", True, False, None),
])  # fmt: skip
def test_the_letter_says_how_independent_a_body_is(kind, admitted, own, letter):
    assert rules.body_type(kind, admitted, own) == letter
    assert letter is None or letter in rules.BODIES
