"""Which notices reach a person, which way, and when the night is quiet."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.notice_rules import HOUSE, KINDS, WAYS, quiet_until, ways_on

ALWAYS = {"safety", "money", "disputes", "orders"}
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31))  # noqa: DTZ001 - hypothesis wants them without a zone


def test_what_dates_run_from_is_always_in_the_inbox():
    assert {code for code, kind in KINDS.items() if kind.always} == ALWAYS
    for code, kind in KINDS.items():
        assert (HOUSE in ways_on(kind, {HOUSE: False})) is (code in ALWAYS)
        assert HOUSE in ways_on(kind, {}) and HOUSE in ways_on(kind, {HOUSE: True})


@pytest.mark.parametrize("way", WAYS)
def test_nothing_leaves_the_house_that_nobody_asked_for(way):
    for kind in KINDS.values():
        assert ways_on(kind, {}) == {HOUSE} == ways_on(kind, {way: False})
        assert ways_on(kind, {way: True}) == {HOUSE, way}


def test_somebody_may_want_it_by_mail_only():
    assert ways_on(KINDS["messages"], {HOUSE: False, "email": True}) == {"email"}
    assert ways_on(KINDS["messages"], {HOUSE: False}) == frozenset()


@pytest.mark.parametrize(("moment", "ends"), [
    ("2026-03-31T21:59:59.999999", None), ("2026-03-31T22:00:00", "2026-04-01T08:00:00"),
    ("2026-12-31T23:59:59.999999", "2027-01-01T08:00:00"), ("2026-04-01T00:00:00", "2026-04-01T08:00:00"),
    ("2026-04-01T07:59:59.999999", "2026-04-01T08:00:00"), ("2026-04-01T08:00:00", None), ("2026-04-01T12:30:00", None),
])  # fmt: skip
def test_the_night_is_quiet_from_ten_to_eight(moment, ends):
    assert quiet_until(datetime.fromisoformat(moment)) == (ends and datetime.fromisoformat(ends))


@given(MOMENTS)
def test_the_quiet_ends_at_eight_within_ten_hours(moment):
    ends = quiet_until(moment)
    assert (ends is None) is (8 <= moment.hour < 22)
    if ends is not None:
        assert timedelta() < ends - moment <= timedelta(hours=10) and ends.time().isoformat() == "08:00:00"
        assert quiet_until(ends) is None
