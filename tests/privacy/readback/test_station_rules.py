"""When a bench's key counts: from its enrolment to its end, and never if somebody else may have had it."""

from datetime import UTC, datetime, timedelta

import pytest

from privacy.readback.station_rules import DOUBTFUL, REASONS, counted

START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_a_key_counts_from_its_enrolment_on():
    assert counted(START, None, "", START) and counted(START, None, "", START + timedelta(days=999))
    assert not counted(START, None, "", START - MOMENT)


@pytest.mark.parametrize("reason", ["replaced", "closed"])
def test_what_was_signed_before_an_orderly_end_still_counts(reason):
    assert counted(START, END, reason, START) and counted(START, END, reason, END - MOMENT)
    assert not counted(START, END, reason, END) and not counted(START, END, reason, START - MOMENT)


@pytest.mark.parametrize("reason", ["lost", "copied"])
def test_a_key_that_somebody_else_may_have_counts_never(reason):
    assert not counted(START, END, reason, START) and not counted(START, END, reason, END - MOMENT)
    assert set(DOUBTFUL) == {"lost", "copied"} < set(REASONS)
