"""Contacts as people type them, names, licences, and the calendar of checks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.errors import Invalid, Refused
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

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
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


def refusal(step: Callable[[], object]) -> tuple[str, str | None]:
    """Code and field of a refusal, which is said in Chinese too."""
    with pytest.raises(Refused) as no:
        step()
    i18n.compile_catalogue()
    i18n._catalogue.cache_clear()
    assert i18n.say(no.value.sentence, "zh") not in ("", no.value.sentence)
    return no.value.code, no.value.field


@pytest.mark.parametrize(
    ("step", "code", "field"),
    [
        (lambda: read_address("12345"), "bad_contact", "contact"),
        (lambda: read_address("a@b"), "bad_email", "contact"),
        (lambda: read_name("A"), "name_length", "name"),
        (lambda: read_name("in\u200bvisible"), "name_signs", "name"),
        (lambda: read_name("13800138000"), "name_contact", "name"),
        (lambda: read_licence("91110000600037341M"), "bad_licence", "licence_no"),
        (lambda: check_role("king", "shop"), "role_elsewhere", "role"),
        (lambda: check_seller_kind("self_operated", ("idle",), LICENCE), "seller_kind", "kind"),
        (lambda: check_seller_kind("operator", ("operator",), ""), "bad_licence", "licence_no"),
        (lambda: sends_left([NOW], NOW), "code_pause", "contact"),
        (lambda: sends_left([NOW - 2 * MINUTE] * 5, NOW), "code_limit", "contact"),
        (lambda: sends_left([NOW - 2 * HOUR] * 10, NOW), "code_limit", "contact"),
    ],
)
def test_a_refusal_stands_at_its_field_in_both_languages(step: Callable[[], object], code: str, field: str) -> None:
    assert refusal(step) == (code, field)


def test_a_contact_knows_its_channel() -> None:
    assert (read_address("13800138000").kind, read_address("13800138000").channel) == ("mobile", "sms")
    assert (read_address("a@example.com").kind, read_address("a@example.com").channel) == ("email", "email")


def test_an_address_ends_where_the_standard_says() -> None:
    """RFC 5321, 4.5.3.1: 64 characters before the sign, and a path of 256 with its brackets: 254."""
    local, label = "a" * 64, "d" * 63
    assert read_address(f"{local}@example.cn").value == f"{local}@example.cn"
    assert refusal(lambda: read_address(f"{local}a@example.cn"))[0] == "bad_email"
    longest = f"{local}@{label}.{label}.{'d' * 58}.cn"
    assert len(longest) == 254 and read_address(longest).value == longest
    assert refusal(lambda: read_address(f"{local}@{label}.{label}.{'d' * 59}.cn"))[0] == "bad_email"


def test_two_signs_in_one_address_are_refused() -> None:
    assert refusal(lambda: read_address("alice@home@example.com"))[0] == "bad_email"


def test_a_long_domain_is_shown_by_its_end() -> None:
    forty = "d" * 37 + ".cn"
    assert read_address(f"alice@{forty}").masked == f"a***@{forty}"
    assert read_address(f"alice@x{forty}").masked == f"a***@\u2026{forty}"


def test_a_gap_in_a_name_is_one_space() -> None:
    assert read_name("  Li \u3000\t Lei ") == "Li Lei"


@pytest.mark.parametrize("name", ["\u5218\u80e1", "x" * 20])
def test_the_shortest_and_the_longest_name_may_stand(name: str) -> None:
    assert read_name(name) == name


@pytest.mark.parametrize("sign", ["\x07", "\u200b", "\ue000", "\u0378", "\ud800"])
def test_no_sign_that_cannot_be_seen_gets_into_a_name(sign: str) -> None:
    """Controls, formats, private use, unassigned, half characters."""
    assert refusal(lambda: read_name(f"Li{sign}Lei"))[0] == "name_signs"


@pytest.mark.parametrize("name", ["Li 1-3.8 00.13", "Li.1380013", "1380-013 Li"])
def test_a_number_hidden_between_dots_is_a_number(name: str) -> None:
    assert refusal(lambda: read_name(name))[0] == "name_contact"


def test_six_digits_are_not_a_number_to_call() -> None:
    assert read_name("Room 138001") == "Room 138001"


def test_the_pause_ends_after_a_minute_and_the_hour_after_an_hour() -> None:
    sends_left([NOW - MINUTE], NOW)
    sends_left([NOW - HOUR] * 5, NOW)
    sends_left([NOW - HOUR + MINUTE] * 4 + [NOW - HOUR], NOW)
    assert refusal(lambda: sends_left([NOW - HOUR + timedelta(seconds=1)] * 5, NOW))[0] == "code_limit"
    sends_left([NOW - 2 * HOUR] * 9, NOW)
