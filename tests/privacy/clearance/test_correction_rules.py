"""What is a slip of the pen on a certificate, and what is a change of what was proven."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.clearance.corrections.rules import FIELDS, HIDDEN, LONGEST, PLACES, problem, standing

TODAY = date(2026, 11, 30)
NUMBERS = frozenset({"PF2XK9A7", "S3Z9NB0K"})
BODY = {
    "item": {"brand": "Lenovo", "model": "X1"}, "wiped": {"organisation": {"name": "循环工坊"}},
    "verified": {"organisation": {"name": "复核点"}, "level": 2},
}  # fmt: skip


def said(field, before, after):
    return problem(field, before, after, NUMBERS, TODAY)


def test_where_a_field_stands_in_the_signed_text():
    assert {field: standing(BODY, field) for field in FIELDS} == {
        "brand": "Lenovo", "model": "X1", "wiped_point": "循环工坊", "verified_point": "复核点", "hand_date": None, "owner_words": None,
    }  # fmt: skip
    assert standing(BODY, "serial") is None and set(PLACES) | {"hand_date"} | HIDDEN == set(FIELDS)


@pytest.mark.parametrize("body", [{}, {"wiped": None}, {"wiped": "x"}, {"wiped": {"organisation": "x"}}, {"wiped": {"organisation": {"name": 7}}}])
def test_what_does_not_stand_there_is_not_read(body):
    assert standing(body, "wiped_point") is None and standing({**BODY, **body}, "brand") == "Lenovo"


@pytest.mark.parametrize("field", ["brand", "model", "wiped_point", "verified_point", "owner_words"])
def test_a_slip_of_the_keyboard_is_corrected(field):
    assert said(field, "Lenvo", "Lenovo") is None and said(field, "X1", "X1 Carbon 2026") is None


@pytest.mark.parametrize("field", ["serial", "verdict", "method", ""])
def test_what_a_tool_read_is_never_corrected(field):
    assert said(field, "Lenvo", "Lenovo") == "not_clerical" and said("brand", "Lenvo", "Lenovo") is None


def test_both_readings_are_told_and_differ():
    assert said("brand", " ", "Lenovo") == said("brand", "Lenvo", "") == said("brand", "", "") == "text_missing"
    assert said("brand", "Lenovo", " Lenovo ") == "same" and said("brand", "lenovo", "Lenovo") is None
    assert said("brand", "x", "A" * LONGEST) is None and said("brand", "A" * LONGEST, "x") is None and LONGEST == 80
    assert said("brand", "x", "A" * (LONGEST + 1)) == said("brand", "A" * (LONGEST + 1), "x") == "text_missing"


@pytest.mark.parametrize("sign", ["\n", "\t", "\u202e", "\u200b"])
def test_nothing_hides_in_a_correction(sign):
    assert said("brand", "Lenvo", f"Leno{sign}vo") == said("brand", f"Len{sign}vo", "Lenovo") == "not_printable"


@pytest.mark.parametrize("number", ["PF2XK9A7", "pf2x-k9a7", "X1 PF2X K9A7 new", "S3Z9NB0K", "123456789", "12345-6789", "A123 456 789 0B"])
def test_no_number_comes_in_by_a_correction(number):
    assert said("model", "X1", number) == "a_number"
    assert said("model", number, "X1") is None, "out it may go"


@pytest.mark.parametrize("model", ["12345678", "PF2XK9A", "A1234567B8", "ThinkPad X1 2026"])
def test_a_model_may_have_digits(model):
    assert said("model", "X1", model) is None


@pytest.mark.parametrize(("before", "after", "problem_is"), [
    ("2026-11-03", "2026-11-30", None), (" 2026-11-03 ", "2026-11-13", None), ("2026-11-03", "2026-12-01", "no_date"),
    ("2026-12-01", "2026-11-03", "no_date"), ("2026-11-03", "2026-11-31", "no_date"), ("yesterday", "2026-11-03", "no_date"),
    ("2026-11-03", "20261113", "no_date"), ("20261113", "2026-11-03", "no_date"), ("2026-11-03", "2026-W46-5", "no_date"),
    ("2026-11-03", " 2026-11-03", "same"),
])  # fmt: skip
def test_a_date_written_by_hand_is_a_day_that_has_been(before, after, problem_is):
    assert said("hand_date", before, after) == problem_is


@given(st.text(max_size=90), st.text(max_size=90))
def test_any_words_are_judged(before, after):
    """Spaces around them change nothing, and a correction can be taken back."""
    found = said("owner_words", before, after)
    assert found in {None, "text_missing", "same", "not_printable", "a_number"}
    assert found != "same" or said("owner_words", after, before) == "same"
