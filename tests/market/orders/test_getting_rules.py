"""When people may meet, and what of an address and of a tracking number is shown."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.orders import getting_rules as rules

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_a_meeting_is_in_a_quarter_of_an_hour_to_two_weeks():
    soonest, latest = NOW + timedelta(minutes=15), NOW + timedelta(days=14)
    assert rules.meeting_fault(soonest, NOW) == "" == rules.meeting_fault(latest, NOW)
    assert rules.meeting_fault(soonest - MOMENT, NOW) == "too_soon" and rules.meeting_fault(latest + MOMENT, NOW) == "too_late"


def test_an_agreed_meeting_keeps_the_reservation_a_day_longer():
    meet = NOW + timedelta(hours=5)
    assert rules.reserved_until(NOW + timedelta(hours=1), meet) == NOW + timedelta(hours=29)
    later = NOW + timedelta(days=3)
    assert rules.reserved_until(later, meet) == later, "it never shortens it"


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), (" Anna Li ", "A**"), ("", "**"), ("李", "李**")])
def test_of_a_name_the_first_sign_is_shown(name, shown):
    assert rules.mask_name(name) == shown


@pytest.mark.parametrize(("number", "shown"), [
    ("13912348000", "139****8000"), ("+86 139-1234-8000", "861****8000"), ("1234567", "****"), ("", "****"),
    ("12345678", "****5678"), ("123456789", "1****6789"), ("1234567890", "12****7890"), ("2345 6789", "****6789"),
])  # fmt: skip
def test_of_a_mobile_number_the_ends_are_shown(number, shown):
    assert rules.mask_mobile(number) == shown


@pytest.mark.parametrize(("number", "shown"), [
    ("SF1234567890", "SF12******90"), ("SF 1234 5678 90", "SF12******90"), ("SF12345678901", "SF12*******01"), ("SF12345678", "SF12****78"),
    ("SF1234567", "SF1****67"), ("SF12345", "S****45"), ("SF1234", "******"), ("", "******"), ("SF 12 34", "******"),
])  # fmt: skip
def test_of_a_tracking_number_the_ends_are_shown(number, shown):
    assert rules.mask_tracking(number) == shown


@given(st.text("0123456789", min_size=8, max_size=30))
def test_four_signs_are_never_to_be_guessed(number):
    for shown in (rules.mask_mobile(number), rules.mask_tracking(number)):
        assert len(number) - len(shown.replace("*", "")) >= 4


@pytest.mark.parametrize(("typed", "tidy"), [
    ("sf 1234-5678 90", "SF1234567890"), ("ea123456789cn", "EA123456789CN"), ("1" * 8, "1" * 8), ("1" * 7, ""), ("x" * 30, "X" * 30),
    ("x" * 31, ""), ("12345678!", ""), ("单号12345678", ""), ("", ""), ("１２３４５６７８", ""),
])  # fmt: skip
def test_how_a_tracking_number_is_kept(typed, tidy):
    assert rules.tidy_tracking(typed) == tidy


@given(st.text(max_size=60))
def test_masks_never_show_the_middle(typed):
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    shown = rules.mask_mobile(typed)
    assert "****" in shown and len(shown) <= 11 and (len(digits) < 8 or digits[3:-4] == "" or digits not in shown)
    tidy = rules.tidy_tracking(typed)
    assert tidy == "" or (8 <= len(tidy) <= 30 and tidy.isascii() and tidy.isalnum() and tidy not in rules.mask_tracking(tidy))
