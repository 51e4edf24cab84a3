"""What an appraisal costs and what goes back, by a table in words and by properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.channels.appraisal import rules
from market.channels.appraisal.rules import (
    DROP_OFF,
    ENDS,
    NUDGES,
    VISIT,
    Terms,
    fee,
    free_until,
    is_free,
    kept,
    next_nudge,
    to_pay_back,
)

SLOT = datetime(2026, 12, 3, 2, tzinfo=UTC)
TERMS = Terms(total=6000, free_hours=24, late=2500, missed=5000)


def test_the_fee_is_the_kinds_and_what_the_way_adds():
    assert fee(6000, DROP_OFF, 100, 2000) == 6100
    assert fee(6000, VISIT, 100, 2000) == 8000


def test_free_until_exactly_so_many_hours_before():
    last = free_until(TERMS, SLOT)
    assert last == SLOT - timedelta(hours=24)
    assert is_free(TERMS, SLOT, last) and not is_free(TERMS, SLOT, last + timedelta(microseconds=1))


@pytest.mark.parametrize(("why", "way", "hours", "keeps"), [
    ("owner", DROP_OFF, 25, 0), ("owner", DROP_OFF, 24, 0), ("owner", DROP_OFF, 23, 2500), ("owner", VISIT, 1, 2500),
    ("moved", DROP_OFF, 25, 0), ("moved", DROP_OFF, 1, 2500),
    ("agency", DROP_OFF, 25, 0), ("agency", VISIT, 0, 0), ("ungraded", DROP_OFF, -30, 0),
    ("no_show", DROP_OFF, -2, 5000), ("no_show", VISIT, -2, 0), ("done", DROP_OFF, -30, 6000), ("done", VISIT, 1, 6000),
])  # fmt: skip
def test_what_the_agency_keeps(why, way, hours, keeps):
    assert kept(TERMS, why, way, SLOT, SLOT - timedelta(hours=hours)) == keeps


def test_it_never_keeps_more_than_was_to_be_paid():
    small = Terms(total=1000, free_hours=24, late=2500, missed=5000)
    assert kept(small, "owner", DROP_OFF, SLOT, SLOT) == kept(small, "no_show", DROP_OFF, SLOT, SLOT) == 1000


def test_what_goes_back():
    assert [to_pay_back(*one) for one in ((6000, 2500, 0), (6000, 0, 0), (6000, 0, 6000), (6000, 6000, 0), (6000, 5000, 2000))] == [
        3500, 6000, 0, 0, 0,
    ]  # fmt: skip


def test_when_an_owner_is_told_again():
    moments = [next_nudge(SLOT, n) for n in range(len(NUDGES) + 1)]
    assert moments == [*(SLOT + timedelta(days=days) for days in (3, 7, 14, 30)), None]


amounts = st.integers(0, rules.DEAREST)
terms = st.builds(Terms, total=amounts, free_hours=st.integers(0, rules.LATEST), late=amounts, missed=amounts)
moments = st.integers(-30 * 24 * 60, 30 * 24 * 60).map(lambda minutes: SLOT + timedelta(minutes=minutes))


@given(terms, st.sampled_from(sorted(ENDS)), st.sampled_from([DROP_OFF, VISIT]), moments, amounts)
def test_kept_and_back_always_make_up_what_was_paid(agreed, why, way, now, before):
    keep = kept(agreed, why, way, SLOT, now)
    back = to_pay_back(agreed.total, keep, 0)
    assert 0 <= keep <= agreed.total and keep + back == agreed.total
    assert to_pay_back(agreed.total, keep, back) == 0, "never twice"
    assert 0 <= to_pay_back(agreed.total, keep, before) <= agreed.total


@given(terms, st.sampled_from([DROP_OFF, VISIT]), moments, moments)
def test_calling_off_earlier_never_costs_more(agreed, way, one, other):
    early, late = sorted((one, other))
    assert kept(agreed, "owner", way, SLOT, early) <= kept(agreed, "owner", way, SLOT, late)


@given(terms, st.sampled_from([DROP_OFF, VISIT]), moments)
def test_the_agencys_own_doing_costs_the_owner_nothing(agreed, way, now):
    assert kept(agreed, "agency", way, SLOT, now) == kept(agreed, "ungraded", way, SLOT, now) == 0
