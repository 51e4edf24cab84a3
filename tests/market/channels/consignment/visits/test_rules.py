"""What a list, an hour and a calendar file are, told without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.errors import Invalid
from core.slot_rules import BadHours
from market.channels.consignment.visits import rules
from market.channels.consignment.visits.calendar_rules import Entry, ics
from market.channels.consignment.visits.models import _FULL
from market.channels.consignment.visits.rules import Thing
from market.channels.consignment.visits.states import HOLDS_ITS_PLACE

ZONE = ZoneInfo("Asia/Shanghai")
KINDS = {"clothing", "phone"}
COAT = Thing(category="clothing", name="大衣", pieces=2, wish=15000)
PHONE = Thing(category="phone", name="手机")


def at(hour, minute=0, day=7):
    """Monday the 7th of December 2026 is a weekday 0."""
    return datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


def test_a_list_counts_pieces_and_wished_prices():
    assert rules.total_pieces([COAT, PHONE]) == 3
    assert rules.total_wish([COAT, PHONE]) == 30000, "two coats; the phone's price was left open"
    assert (rules.total_pieces([]), rules.total_wish([])) == (0, 0)


@pytest.mark.parametrize(("things", "most", "code"), [
    ([], 10, "things_missing"), ([PHONE] * 21, 99, "lines_many"), ([COAT, PHONE], 2, "things_many"),
    ([Thing(category="boat", name="小船")], 10, "line_unfit"), ([Thing(category="phone", name="机")], 10, "line_unfit"),
    ([Thing(category="phone", name="x" * 61)], 10, "line_unfit"), ([Thing(category="phone", name="手机", pieces=0)], 10, "line_number"),
    ([Thing(category="phone", name="手机", pieces=100)], 200, "line_number"), ([Thing(category="phone", name="手机", wish=-1)], 10, "line_number"),
    ([Thing(category="phone", name="手机", wish=100_000_001)], 10, "line_number"),
])  # fmt: skip
def test_a_list_that_cant_be_is_told_at_the_list(things, most, code):
    with pytest.raises(Invalid) as no:
        rules.check_things(things, most, KINDS)
    assert (no.value.code, no.value.field, no.value.status) == (code, "things", 422)


@pytest.mark.parametrize(("things", "most"), [
    ([COAT, PHONE], 3), ([PHONE] * 20, 20), ([Thing(category="phone", name="x" * 60, pieces=99, wish=100_000_000)], 99),
    ([Thing(category="phone", name="手机", wish=0)], 1),
])  # fmt: skip
def test_a_list_at_its_limits_is_fine(things, most):
    rules.check_things(things, most, KINDS)


def test_the_refusal_says_which_line_and_how_many():
    with pytest.raises(Invalid) as no:
        rules.check_things([PHONE, Thing(category="phone", name="")], 10, KINDS)
    assert no.value.values == {"line": 2}
    with pytest.raises(Invalid) as no:
        rules.check_things([PHONE, Thing(category="phone", name="手机", pieces=0)], 10, KINDS)
    assert no.value.values == {"line": 2}
    with pytest.raises(Invalid) as no:
        rules.check_things([COAT, PHONE], 2, KINDS)
    assert no.value.values == {"most": 2, "count": 3}


HOURS = {"0": "9:00-12:00, 12:00-13:00, 14:00-18:00"}


@pytest.mark.parametrize(("start", "until", "open_"), [
    (at(9), at(9, 30), True), (at(11, 45), at(12, 15), True), (at(12, 30), at(13), True), (at(17, 30), at(18), True),
    (at(8, 59), at(9, 30), False), (at(12, 45), at(13, 15), False), (at(13), at(13, 30), False), (at(17, 45), at(18, 15), False),
    (at(10, day=8), at(11, day=8), False), (at(17, 30), at(9, day=8), False),
])  # fmt: skip
def test_a_visit_lies_within_the_hours_of_the_point(start, until, open_):
    assert rules.is_open(HOURS, [], start, until) is open_
    assert rules.is_open(HOURS, ["2026-12-07"], start, until) is False
    assert rules.is_open(HOURS, ["2026-12-09"], start, until) is open_


@pytest.mark.parametrize(("text", "open_", "out"), [
    ("9:00-12:00", "9:00-12:00", False), ("10:00-11:00", "9:00-12:00", False), ("9:00-12:00", "9:00-10:30, 10:30-12:00", False),
    ("8:30-12:00", "9:00-12:00", True), ("9:00-12:30", "9:00-12:00", True), ("9:00-12:00", "", True), ("", "9:00-12:00", False),
    ("9:00-10:00, 13:00-14:00", "9:00-12:00", True), ("13:00-14:00", "9:00-12:00", True),
])  # fmt: skip
def test_hours_for_visits_lie_within_the_opening_hours(text, open_, out):
    assert rules.outside(0, text, open_) is out


def test_hours_that_are_none_are_refused():
    with pytest.raises(BadHours):
        rules.outside(0, "morgens", "9:00-12:00")


@given(some.integers(0, 47), some.integers(1, 8))
def test_being_open_is_the_same_as_every_half_hour_being_open(begin, halves):
    start, end = at(0) + timedelta(minutes=30 * begin), at(0) + timedelta(minutes=30 * (begin + halves))
    if end.date() == start.date():
        parts = [start + timedelta(minutes=30 * nth) for nth in range(halves)]
        each = all(rules.is_open(HOURS, [], one, one + timedelta(minutes=30)) for one in parts)
        assert rules.is_open(HOURS, [], start, end) is each


def test_the_guards_know_the_same_states():
    assert all(f"'{state}'" in _FULL for state in HOLDS_ITS_PLACE) and len(HOLDS_ITS_PLACE) == 2


def test_every_reason_has_an_end_of_its_own():
    assert set(rules.REASONS) < set(rules.ENDS) and not {"person", "closed", "no_show"} & set(rules.REASONS)


# --- the calendar file ---


def entry(**also):
    told = {
        "uid": "01ab@shop.example", "version": 3, "made": at(8), "start": at(10), "until": at(10, 30), "title": "到西湖旧货行寄卖",
        "place": "天目山路 217 号, 一楼; 左转", "words": "带证件\n和清单", "link": "https://shop.example/consignment-visits/01ab",
    }  # fmt: skip
    return Entry(**{**told, **also})


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_file_tells_when_in_utc():
    lines = unfolded(ics(entry()))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "VERSION:2.0", "METHOD:PUBLISH", "UID:01ab@shop.example", "SEQUENCE:3", "DTSTAMP:20261207T000000Z", "DTSTART:20261207T020000Z",
        "DTEND:20261207T023000Z", "SUMMARY:到西湖旧货行寄卖", r"LOCATION:天目山路 217 号\, 一楼\; 左转", r"DESCRIPTION:带证件\n和清单",
        "URL:https://shop.example/consignment-visits/01ab", "STATUS:CONFIRMED", "TRIGGER:-P1D", "TRIGGER:-PT1H",
    ):  # fmt: skip
        assert lines.count(line) == 1, line
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 2


def test_one_that_was_called_off_says_so_and_reminds_nobody():
    lines = unfolded(ics(entry(off=True)))
    assert "STATUS:CANCELLED" in lines and "BEGIN:VALARM" not in lines


def test_nothing_typed_becomes_a_line_of_its_own():
    lines = unfolded(ics(entry(title="a\r\nATTENDEE:x\x00\x07\\")))
    assert r"SUMMARY:a\nATTENDEE:x\\" in lines and not any(one.startswith("ATTENDEE") for one in lines)


@given(some.text(max_size=200))
def test_no_line_is_longer_than_the_format_allows_and_no_letter_is_cut(words):
    text = ics(entry(words=words, made=datetime(2026, 12, 7, tzinfo=UTC)))
    raw = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in raw)
    (told,) = [line for line in unfolded(text) if line.startswith("DESCRIPTION:") and "到西湖" not in line]
    plain = told.removeprefix("DESCRIPTION:").replace("\\\\", "\0").replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",").replace("\0", "\\")
    assert plain == "".join(one for one in words.replace("\r\n", "\n") if one == "\n" or one.isprintable())


def test_a_long_line_goes_on_after_a_blank():
    (first, second, *_rest) = [one for one in ics(entry(words="x" * 100)).split("\r\n") if "xxx" in one]
    assert len(first) == 75 and second == " " + "x" * (100 - (75 - len("DESCRIPTION:")))
