"""A missed parcel came after all: its buyer says so, or nobody says otherwise to what its seller shows."""

import pytest
from sqlalchemy import select

from core.errors import Invalid, Refused
from core.goods.models import Item
from market.aftersales import undelivered
from market.payments.models import Refund
from tests.market.aftersales.missed.steps import DAY, case_of, end_of, read, sweep
from tests.market_stories import state_of


def test_it_came_after_all_and_goes_its_usual_way(session, at, sent, coat, alice, bob, missed):
    with at(8, bob) as w:
        undelivered.arrived(w, case_of(w, missed))
    order = read(session, sent)
    assert order.state == "completed" and order.refunded_minor == 0, "nobody holds its money, so it closes at once"
    assert order.after_sales_until == order.received_at + 2 * DAY
    assert state_of(session, coat) == "sold" and session.get_one(Item, order.item_id).owner_id == bob.id
    assert not session.scalars(select(Refund)).all()


def test_only_the_buyer_says_that_it_came(session, at, sent, alice, charlie, missed):
    for who in (alice, charlie):
        with pytest.raises(Refused, match="not_yours"), at(8, who) as w:
            undelivered.arrived(w, case_of(w, missed))
    assert read(session, sent).received_at is None


def test_shown_as_delivered_and_left_alone_it_counts_as_received(session, at, sent, alice, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "快递柜 12 日已签收")
    sweep(at, 20.9)
    assert end_of(session, missed) == ("refused", "", None) and read(session, sent).received_at is None
    sweep(at, 21.1)
    assert end_of(session, missed) == ("settled", "arrived", 0) and read(session, sent).state == "completed"
    assert not session.scalars(select(Refund)).all()


def test_nothing_shown_is_no_proof(session, at, alice, bob, missed):
    with pytest.raises(Invalid, match="proof_missing") as no, at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "  ")
    assert no.value.field == "words" and end_of(session, missed)[0] == "opened"
    with pytest.raises(Refused, match="not_yours"), at(7, bob) as w:
        undelivered.answer(w, case_of(w, missed), False, "签收了")
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "", ["a" * 64])
    assert end_of(session, missed)[0] == "refused", "a picture of the tracking is one"
