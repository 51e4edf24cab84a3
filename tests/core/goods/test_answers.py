"""Answers about a thing: what it holds, what it is made of, what a buyer has to be told."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.goods import rules
from core.goods.cards import all_cards, get_card
from core.goods.reasons import REASONS

TELEVISION, LAPTOP, CHAIR, BOOK, PHONE = (get_card(code) for code in ("home_appliance", "laptop", "furniture", "book", "phone"))
YEAR = 2026


@pytest.mark.parametrize(
    ("answer", "holds"),
    [("yes", True), ("unknown", True), (None, True), ("", True), ("maybe", True), ("no", False)],
)
def test_only_a_clear_no_spares_a_television_the_wipe(answer: str | None, holds: bool) -> None:
    assert rules.holds_data(TELEVISION, answer) is holds
    assert ("wipe" in rules.steps_for(TELEVISION, answer)) is holds
    assert rules.device_class(TELEVISION, answer) == ("consumer_electronics" if holds else "none")
    assert rules.expected_media(TELEVISION, answer).asked is holds


def test_a_laptop_holds_data_whatever_is_answered_and_a_book_never() -> None:
    assert rules.holds_data(LAPTOP, "no") and rules.holds_data(LAPTOP, None)
    assert not rules.holds_data(BOOK, "yes") and not rules.holds_data(BOOK, None)
    assert rules.device_class(LAPTOP, "no") == "computer"
    assert rules.expected_media(LAPTOP, "no") is LAPTOP.media
    assert rules.expected_media(BOOK, "yes") is BOOK.media


def test_a_smart_chair_is_wiped_after_the_check() -> None:
    assert rules.steps_for(CHAIR, "no") == ("intake", "check", "grade", "list")
    assert rules.steps_for(CHAIR, "yes") == ("intake", "check", "wipe", "verify", "grade", "list")
    assert rules.steps_for(LAPTOP, None) == LAPTOP.steps
    assert rules.steps_for(BOOK, "yes") == BOOK.steps
    unchecked = replace(CHAIR, steps=("intake", "list"))
    assert rules.steps_for(unchecked, "yes") == ("intake", "wipe", "verify", "list")


@given(st.sampled_from(all_cards(environ={})), st.sampled_from(["yes", "no", "unknown", None]))
def test_nothing_that_holds_data_reaches_the_shelf_unwiped(card: object, answer: str | None) -> None:
    steps = rules.steps_for(card, answer)  # type: ignore[arg-type]
    assert steps[0] == "intake" and steps[-1] == "list" and len(set(steps)) == len(steps)
    if rules.holds_data(card, answer):  # type: ignore[arg-type]
        between = steps[steps.index("wipe") + 1 : steps.index("verify")]
        assert set(between) <= {"power_test"} and steps.index("verify") < steps.index("list")


def test_the_smart_question_has_to_be_answered() -> None:
    assert rules.smart_problem(CHAIR, None) == "smart_missing"
    assert rules.smart_problem(CHAIR, "perhaps") == "smart_missing"
    assert rules.smart_problem(CHAIR, "unknown") is None
    assert rules.smart_problem(LAPTOP, None) is None


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        (["nvme"], None),
        (["nvme", "hdd", "ssd", "card"], None),
        ([], "media_too_few"),
        (["nvme"] * 5, "media_too_many"),
        (["nvme", "flash"], "media_kind"),
    ],
)
def test_storage_found_against_storage_expected(kinds: list[str], code: str | None) -> None:
    assert rules.media_problem(LAPTOP.media, kinds) == code


@pytest.mark.parametrize(
    ("attribute", "typed", "code"),
    [
        ("ram_gb", "16", None),
        ("ram_gb", " 16 ", None),
        ("ram_gb", "", "attribute_missing"),
        ("ram_gb", "1", None),
        ("ram_gb", "0", "attribute_range"),
        ("ram_gb", "1024", None),
        ("ram_gb", "1025", "attribute_range"),
        ("ram_gb", "16.5", "attribute_decimals"),
        ("ram_gb", "16 GB", "attribute_number"),
        ("ram_gb", "-16", "attribute_number"),
        ("ram_gb", "1e3", "attribute_number"),
        ("ram_gb", "9" * 400, "attribute_number"),
        ("ram_gb", "١٦", "attribute_number"),
        ("screen_inch", "13.3", None),
        ("screen_inch", "13", None),
        ("screen_inch", "22", None),
        ("screen_inch", "22.0", None),
        ("screen_inch", "22.1", "attribute_range"),
        ("screen_inch", "7.0", None),
        ("screen_inch", "6.9", "attribute_range"),
        ("screen_inch", "13.35", "attribute_decimals"),
        ("screen_inch", "13,3", "attribute_number"),
        ("screen_inch", "13.", "attribute_number"),
        ("screen_inch", "", None),
        ("system", "linux", None),
        ("system", "Linux", "attribute_choice"),
        ("system", "", None),
        ("year", "2020", None),
        ("year", "2026", None),
        ("year", "2027", "attribute_year"),
        ("year", "1900", None),
        ("year", "1899", "attribute_year"),
        ("year", "20", "attribute_year"),
        ("year", "02020", "attribute_year"),
        ("year", "²⁰²⁰", "attribute_year"),
        ("processor", "Core i5-1135G7", None),
        ("processor", "x" * 120, None),
        ("processor", "x" * 121, "attribute_too_long"),
        ("brand", "x" * 60, None),
        ("brand", "x" * 61, "attribute_too_long"),
        ("brand", "  ", "attribute_missing"),
    ],
)
def test_properties_as_typed(attribute: str, typed: str, code: str | None) -> None:
    asked = LAPTOP.find_attribute(attribute)
    assert asked is not None
    assert rules.attribute_problem(asked, typed, YEAR) == code


@pytest.mark.parametrize(
    ("disclosure", "answer", "detail", "code"),
    [
        ("repaired", "no", "", None),
        ("repaired", "unknown", "", None),
        ("repaired", "", "", "disclosure_missing"),
        ("repaired", "perhaps", "", "disclosure_answer"),
        ("repaired", "yes", "", "disclosure_detail"),
        ("repaired", "yes", "  ", "disclosure_detail"),
        ("repaired", "yes", "屏幕，小区门口维修店", None),
        ("refurbished", "yes", "", "disclosure_detail"),
        ("liquid", "yes", "", None),
        ("known_faults", "无", "", None),
        ("known_faults", " ", "", "disclosure_missing"),
    ],
)
def test_what_a_buyer_has_to_be_told(disclosure: str, answer: str, detail: str, code: str | None) -> None:
    asked = PHONE.find_disclosure(disclosure)
    assert asked is not None
    assert rules.disclosure_problem(asked, answer, detail) == code


def test_codes_and_sentences_belong_together() -> None:
    """Read from the rules' own text: every code has a sentence, and no sentence is left over."""
    source = Path(rules.__file__).read_text(encoding="utf-8")
    given_codes = set(re.findall(r'"((?:identifier|serial|imei|meid|attribute|disclosure|smart|media)_[a-z_]+)"', source))
    assert given_codes == set(REASONS)
