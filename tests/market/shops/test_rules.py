"""Positions as people paste them, estates as they are compared, days on which a shop may end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from market.shops.rules import (
    CLOSE_NOTICE_DAYS,
    FARTHEST,
    Position,
    check_closing_day,
    estate_key,
    first_closing_day,
    geo_link,
    read_position,
    reminders_due,
    show_position,
)

TODAY = date(2026, 11, 23)
HERE = Position(30_274_150, 120_155_150)


@pytest.mark.parametrize("text", [
    "30.27415, 120.15515", "30.27415,120.15515", "30.27415 120.15515", "３０.２７４１５，１２０.１５５１５", "geo:30.27415,120.15515",
    "geo:30.27415,120.15515?z=17", "N 30.27415° E 120.15515°", "北纬30.27415 东经120.15515", "纬度：30.27415，经度：120.15515",
    "120.15515, 30.27415", " 30.27415 / 120.15515 ", "30.274150、120.155150",
])  # fmt: skip
def test_a_position_is_read_however_it_is_pasted(text):
    assert read_position(text) == HERE


def test_a_position_is_shown_as_it_is_read():
    assert show_position(HERE.latitude, HERE.longitude) == "30.274150, 120.155150"
    assert geo_link(HERE.latitude, HERE.longitude) == "geo:30.274150,120.155150"
    assert read_position("") is None and read_position("   ") is None


@given(st.integers(3_000_000, 54_000_000), st.integers(73_000_000, 136_000_000))
def test_every_position_in_the_country_comes_back(latitude, longitude):
    assert read_position(show_position(latitude, longitude)) == Position(latitude, longitude)


@pytest.mark.parametrize(("text", "code"), [
    ("here", "position_form"), ("30.27415", "position_form"), ("30,120,5", "position_form"), ("30.2x, 120", "position_form"), ("-30, 120", "position_form"),
    ("30.1.2, 120", "position_form"), ("51.5, 0.1", "position_elsewhere"), ("2.9, 120", "position_elsewhere"), ("30, 30", "position_elsewhere"),
    ("54.1, 100", "position_elsewhere"), ("30, 136.1", "position_elsewhere"), ("30, 72.9", "position_elsewhere"),
])  # fmt: skip
def test_what_is_no_position_is_said_at_its_field(text, code):
    with pytest.raises(Invalid) as no:
        read_position(text)
    assert (no.value.code, no.value.field) == (code, "position") and "30.27415, 120.15515" in no.value.sentence


@pytest.mark.parametrize("text", ["3, 73", "54, 136", "3.000000, 136"])
def test_the_countrys_corners_are_in_it(text):
    assert read_position(text)


@pytest.mark.parametrize("same", ["翠苑一区", "翠苑1区", " 翠苑 一区 ", "翠苑（一区）", "翠苑一区小区", "翠苑１区"])
def test_an_estate_is_one_however_it_is_written(same):
    assert estate_key(same) == estate_key("翠苑一区")


def test_two_estates_are_two_and_nothing_is_nothing():
    assert estate_key("翠苑二区") != estate_key("翠苑一区") and estate_key("") == "" == estate_key(" ·")
    assert estate_key("小区") == "小区" and len(estate_key("长" * 90)) == 40


@pytest.mark.parametrize(("setting", "days"), [(30, 30), (10, 30), (45, 45)])
def test_the_end_is_announced_thirty_days_before_whatever_the_setting_says(setting, days):
    first = first_closing_day(TODAY, setting)
    assert first == TODAY + timedelta(days=days)
    check_closing_day(first, TODAY, setting)
    with pytest.raises(Invalid) as no:
        check_closing_day(first - timedelta(days=1), TODAY, setting)
    assert (no.value.code, no.value.field) == ("closing_too_soon", "closes_on") and "%(day)s" in no.value.sentence
    assert no.value.values == {"days": days, "day": first.isoformat()}
    assert CLOSE_NOTICE_DAYS == 30


def test_no_end_is_announced_for_years_ahead():
    check_closing_day(TODAY + timedelta(days=FARTHEST), TODAY, 30)
    with pytest.raises(Invalid) as no:
        check_closing_day(TODAY + timedelta(days=FARTHEST + 1), TODAY, 30)
    assert (no.value.code, no.value.field) == ("closing_too_far", "closes_on") and no.value.sentence


@pytest.mark.parametrize(("left", "due"), [(31, 0), (30, 1), (8, 1), (7, 2), (0, 2)])
def test_reminders_of_a_permits_end(left, due):
    assert reminders_due(TODAY + timedelta(days=left), TODAY) == due
