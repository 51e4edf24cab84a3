"""Contacts as people type them, names, licences, and the calendar of checks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.people.roles import ROLES
from core.people.rules import (
    ORG_KINDS,
    TooManyTries,
    check_role,
    check_seller_kind,
    months_later,
    read_address,
    read_licence,
    read_name,
    roles_for,
    sends_left,
)

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
LICENCE = "91110000600037341L"


@pytest.mark.parametrize(
    ("typed", "value", "masked"),
    [
        ("13800138000", "13800138000", "138****8000"),
        (" +86 138-0013-8000 ", "13800138000", "138****8000"),
        ("8613800138000", "13800138000", "138****8000"),
        ("1３８00138000", "13800138000", "138****8000"),
        ("Alice@Example.COM", "alice@example.com", "a***@example.com"),
    ],
)
def test_a_contact_is_read_as_it_is_typed(typed: str, value: str, masked: str) -> None:
    address = read_address(typed)
    assert (address.value, address.masked) == (value, masked)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345678901",
        "1380013800",
        "138001380001",
        "a@b",
        "a b@example.com",
        "@x.cn",
        "a@x..cn",
        "\x00@x.cn",
    ],
)
def test_what_is_no_contact_is_said_at_the_field(typed: str) -> None:
    with pytest.raises(Invalid) as no:
        read_address(typed)
    assert no.value.field == "contact"


@given(st.text(max_size=300))
def test_any_text_is_a_contact_or_refused_and_masks_fit_the_table(typed: str) -> None:
    try:
        address = read_address(typed)
    except Invalid:
        return
    assert len(address.masked) <= 60
    assert address.value not in address.masked


@pytest.mark.parametrize("typed", ["Alice", "爱丽丝", "  Li   Lei ", "店小二 88"])
def test_names_that_may_stand(typed: str) -> None:
    assert 2 <= len(read_name(typed)) <= 20


@pytest.mark.parametrize(
    "typed", ["A", "x" * 21, "13800138000", "138 0013 8000", "me@x", "in\u200bvisible", "tur\u202ened"]
)
def test_names_that_may_not(typed: str) -> None:
    with pytest.raises(Invalid):
        read_name(typed)


def test_a_licence_has_its_check_character() -> None:
    assert read_licence(" 9111 0000 6000 3734 1l ") == LICENCE
    for wrong in ("91110000600037341M", "9111000060003734", "", "00000000000000000A"):
        with pytest.raises(Invalid):
            read_licence(wrong)


def test_roles_belong_to_kinds_of_organisations() -> None:
    assert "wipe_verifier" in roles_for("shop")
    check_role("wipe_verifier", "shop")
    for role, kind in [
        ("regulator", "shop"),
        ("administrator", "shop"),
        ("wipe_verifier", "school"),
        ("king", "shop"),
    ]:
        with pytest.raises(Invalid):
            check_role(role, kind)
    assert {role for kind in ORG_KINDS for role in roles_for(kind)} == set(ROLES)


def test_a_business_shows_its_licence_and_idle_goods_need_none() -> None:
    allowed = ("idle", "sporadic", "operator")
    assert check_seller_kind("idle", allowed, "") == ""
    assert check_seller_kind("operator", allowed, LICENCE) == LICENCE
    for kind, licence in [("operator", ""), ("operator", "123"), ("self_operated", LICENCE), ("", "")]:
        with pytest.raises(Invalid):
            check_seller_kind(kind, allowed, licence)


def test_six_months_later_is_a_day_that_exists() -> None:
    assert months_later(datetime(2026, 8, 31, tzinfo=UTC), 6) == datetime(2027, 2, 28, tzinfo=UTC)
    assert months_later(NOW, 6) == datetime(2027, 5, 22, 6, tzinfo=UTC)


@given(st.integers(0, 36500), st.integers(0, 60))
def test_months_later_lands_in_the_right_month(days: int, months: int) -> None:
    moment = NOW + timedelta(days=days)
    later = months_later(moment, months)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.day <= moment.day


def test_codes_come_slowly() -> None:
    sends_left([], NOW)
    sends_left([NOW - timedelta(minutes=2)], NOW)
    with pytest.raises(TooManyTries):
        sends_left([NOW - timedelta(seconds=59)], NOW)
    with pytest.raises(TooManyTries):
        sends_left([NOW - timedelta(minutes=5 * n) for n in range(1, 6)], NOW)
    with pytest.raises(TooManyTries):
        sends_left([NOW - timedelta(hours=2 * n) for n in range(1, 11)], NOW)
