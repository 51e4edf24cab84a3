"""What holds for every missed parcel: from when on, all or nothing, no wait for ever."""

import ast
import inspect
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.people.models import Notice
from market.aftersales import actions, undelivered
from market.aftersales import undelivered_rules as rules
from market.orders import order_rules
from market.orders.states import ORDER

RULES_NOW = clock.now()


@given(st.none() | st.floats(0, 40), st.none() | st.floats(0, 40), st.booleans(), st.integers(0, 4), st.integers(1, 9))
def test_it_can_be_missed_from_its_day_on_twice_and_only_on_its_way(shipped, received, on_its_way, before, days):
    moments = [None if ago is None else RULES_NOW - timedelta(days=ago) for ago in (shipped, received)]
    fault = rules.fault(shipped=moments[0], received=moments[1], on_its_way=on_its_way, before=before, now=RULES_NOW, days=days)
    allowed = shipped is not None and received is None and on_its_way and before < 2 and moments[0] + timedelta(days=days) <= RULES_NOW
    assert (fault == "") == allowed


@given(st.sampled_from(rules.OUTCOMES), st.integers(0, 10**9))
def test_all_or_nothing_goes_back(outcome, left):
    assert rules.goes_back(outcome, left) == (0 if outcome == "arrived" else left)


@given(st.floats(0, 10), st.floats(0, 60))
def test_a_clock_that_stood_still_loses_nothing_and_never_runs_out_at_once(left, stood):
    stopped = RULES_NOW
    until = order_rules.runs_on(stopped + timedelta(days=left), stopped, stopped + timedelta(days=stood))
    assert until - (stopped + timedelta(days=stood)) == max(timedelta(days=left), order_rules.LEAST_LEFT)


def test_every_way_out_of_an_order_that_is_missed_ends():
    """From a missed parcel each end can be reached, and no state of an order is one in which it waits for ever with no arrow out."""
    ends = {state for state in ORDER.states if not any(start == state for start, _verb in ORDER.arrows)}
    assert ends == {"refunded"}, "completed can still be claimed; cancelled and expired give back what came late"
    for state in ("after_sales", "disputed"):
        for verb in ("receive", "send_on", "refund"):
            assert ORDER.can(state, verb)
    assert not ORDER.can("shipped", "dispute") and ORDER.can("shipped", "claim")


def test_every_notice_of_a_case_fits_where_it_is_kept():
    """PostgreSQL refuses a longer one; SQLite wouldn't say."""
    from market.aftersales import closing, ending, halves, mediating, parcels, saying, words

    rooms = (actions, closing, ending, halves, mediating, parcels, saying, undelivered, words)
    calls = [node for room in rooms for node in ast.walk(ast.parse(inspect.getsource(room))) if isinstance(node, ast.Constant)]
    told = [one.value for one in calls if isinstance(one.value, str) and "%(number)s" in one.value]
    assert len(told) > 20 and max(map(len, told)) <= Notice.__table__.c.sentence.type.length
