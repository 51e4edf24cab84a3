"""From when on a parcel can be missed, and by whom; while it is looked for its clock stands still."""

from datetime import timedelta

import pytest

from core import clock
from core.config import BadSetting, load
from core.errors import Invalid, Refused
from core.goods.models import Item
from market.aftersales import actions, undelivered
from market.orders import parcel
from market.orders.models import Order
from tests.market.aftersales.missed.steps import DAY, case_of, end_of, order_of, read, sweep


def test_a_few_days_belong_to_the_carrier(session, at, sent, bob):
    with pytest.raises(Refused, match="too_early"), at(4.99, bob) as w:
        undelivered.miss(w, order_of(w, sent), "还没到", days=5)
    assert read(session, sent).state == "shipped"
    with at(5, bob) as w:
        undelivered.miss(w, order_of(w, sent), "还没到", days=5)
    assert read(session, sent).state == "after_sales"


@pytest.mark.parametrize("days", ["1", "9"])
def test_the_operator_says_from_which_day_on(tmp_path, days):
    assert load({"XUNSHI_DATA": str(tmp_path), "XUNSHI_NOT_ARRIVED_DAYS": days}).not_arrived_days == int(days)
    assert load({"XUNSHI_DATA": str(tmp_path)}).not_arrived_days == 5


@pytest.mark.parametrize("days", ["0", "10", "-1", "five", "5.5", "五", "٣"])
def test_a_day_after_it_counts_as_received_is_no_setting(tmp_path, days):
    with pytest.raises(BadSetting, match="XUNSHI_NOT_ARRIVED_DAYS"):
        load({"XUNSHI_DATA": str(tmp_path), "XUNSHI_NOT_ARRIVED_DAYS": days})


def test_only_its_buyer_misses_it_and_says_what_the_tracking_shows(session, at, sent, alice, bob, charlie):
    for who in (alice, charlie):
        with pytest.raises(Refused, match="buyer_asks"), at(6, who) as w:
            undelivered.miss(w, order_of(w, sent), "还没到", days=5)
    with pytest.raises(Invalid, match="words_missing") as no, at(6, bob) as w:
        undelivered.miss(w, order_of(w, sent), " ", days=5)
    assert no.value.field == "words" and read(session, sent).state == "shipped"


def test_said_twice_it_is_one_case(at, sent, bob, missed):
    with at(6, bob) as w:
        assert undelivered.miss(w, order_of(w, sent), "三天没有更新", days=5).id == missed
    with pytest.raises(Refused, match="case_open"), at(6, bob) as w:
        undelivered.miss(w, order_of(w, sent), "别的话", days=5)


def test_what_has_come_isnt_missed_any_more(session, doing, at, sent, bob):
    with doing(bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    with pytest.raises(Refused, match="came_already"), at(6, bob) as w:
        undelivered.miss(w, order_of(w, sent), "还没到", days=5)


def test_nothing_counts_as_received_while_it_is_looked_for(session, at, sent, missed):
    until = read(session, sent).confirm_until
    for day in (11, 12.5):
        sweep(at, day)
        assert read(session, sent).state == "after_sales" and session.get_one(Order, sent).received_at is None
    assert session.get_one(Order, sent).confirm_until == until
    assert session.get_one(Item, session.get_one(Order, sent).item_id).owner_id != session.get_one(Order, sent).buyer_id


def test_without_it_the_same_days_make_it_received(session, at, sent, bob):
    sweep(at, 11)
    assert read(session, sent).state == "completed" and session.get_one(Order, sent).received_at is not None


def test_waiting_on_the_clock_goes_on_with_what_was_left(session, at, sent, bob, missed):
    with at(9, bob) as w:  # four of ten days were left when it was missed on the sixth
        actions.withdraw(w, case_of(w, missed))
    order = read(session, sent)
    assert order.state == "shipped" and timedelta(days=3.9) < order.confirm_until - clock.now() - 9 * DAY < timedelta(days=4.1)
    sweep(at, 12.5)
    assert read(session, sent).state == "shipped"
    sweep(at, 13.5)
    assert read(session, sent).state == "completed"


def test_missed_twice_at_most(session, at, sent, bob, missed):
    with at(7, bob) as w:
        actions.withdraw(w, case_of(w, missed))
    with at(8, bob) as w:
        second = undelivered.miss(w, order_of(w, sent), "还是没到", days=5).id
    with at(8, bob) as w:
        actions.withdraw(w, case_of(w, second))
    with pytest.raises(Refused, match="said_twice"), at(9, bob) as w:
        undelivered.miss(w, order_of(w, sent), "又没到", days=5)
    sweep(at, 13)
    assert read(session, sent).state == "completed", "its date comes"


def test_the_way_to_say_that_it_came_is_the_case(session, at, sent, bob, missed):
    with pytest.raises(Refused, match="say_in_case"), at(7, bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    assert read(session, sent).received_at is None and end_of(session, missed)[0] == "opened"
    with at(7, bob) as w:
        undelivered.arrived(w, case_of(w, missed))
    assert read(session, sent).received_at is not None and end_of(session, missed) == ("settled", "arrived", 0)
