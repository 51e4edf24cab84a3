"""Somebody has to decide what became of a parcel."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.errors import Invalid, Refused
from market.aftersales import actions, undelivered
from market.orders.models import Order
from tests.market.aftersales.missed.steps import case_of, end_of, read, sweep
from tests.market_stories import state_of


@pytest.mark.parametrize(("outcome", "back", "listing", "order"), [
    ("lost", 19900, "lost", "disputed"), ("came_back", 19900, "paused", "disputed"), ("arrived", 0, "sold", "completed"),
])  # fmt: skip
def test_a_mediator_says_what_became_of_it(session, at, sent, coat, mediated, mediators, outcome, back, listing, order):
    assert read(session, sent).state == "disputed"
    with at(9, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), outcome, "签收人不是买家")
    assert end_of(session, mediated) == ("decided", outcome, back) and read(session, sent).refunded_minor == 0
    sweep(at, 16.5)
    assert end_of(session, mediated) == ("settled", outcome, back)
    sweep(at, 19)
    assert read(session, sent).refunded_minor == back and session.get_one(Order, sent).state == order
    assert state_of(session, coat) == listing


def test_a_second_mediator_decides_otherwise_on_appeal(session, at, sent, coat, alice, mediated, mediators):
    with at(9, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), "lost", "没有证据")
    with at(10, alice) as w:
        actions.appeal(w, case_of(w, mediated), "这里是签收底单")
    with pytest.raises(Refused, match="not_impartial"), at(11, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), "lost", "还是一样")
    with at(11, mediators[1]) as w:
        undelivered.decide(w, case_of(w, mediated), "arrived", "底单上是买家的签名")
    assert end_of(session, mediated) == ("settled", "arrived", 0)
    assert read(session, sent).refunded_minor == 0 and state_of(session, coat) == "sold"


def test_a_mediator_decides_by_the_outcome_not_by_an_amount(session, at, sent, mediated, mediators):
    with pytest.raises(Refused, match="other_decision"), at(9, mediators[0]) as w:
        actions.decide(w, case_of(w, mediated), 100, "一半")
    for outcome in ("", "gold", "return_first"):
        with pytest.raises(Invalid, match="outcome_missing") as no, at(9, mediators[0]) as w:
            undelivered.decide(w, case_of(w, mediated), outcome, "x")
        assert no.value.field == "outcome"
    assert end_of(session, mediated)[0] == "mediation"


def test_the_seller_has_their_days_before_a_mediator_comes(at, bob, missed):
    with pytest.raises(Refused, match="answer_first"), at(10, bob) as w:
        actions.mediate(w, case_of(w, missed), "快点")


def test_what_clears_itself_up_doesnt_wait_in_the_queue(session, at, sent, bob, mediated, mediators):
    from core.queue.models import QueueEntry

    session.rollback()
    assert [one.state for one in session.scalars(select(QueueEntry))] == ["open"]
    with at(9, bob) as w:
        undelivered.arrived(w, case_of(w, mediated))
    session.rollback()
    assert [one.state for one in session.scalars(select(QueueEntry))] != ["open"]
    with pytest.raises(Refused), at(9, mediators[0]) as w:
        undelivered.decide(w, case_of(w, mediated), "lost", "x")
    assert read(session, sent).refunded_minor == 0


@pytest.mark.parametrize("step", [
    lambda w, case: actions.answer(w, case, True, "ok"), lambda w, case: actions.take_back(w, case), lambda w, case: actions.answer(w, case, False, "no"),
])  # fmt: skip
def test_ordinary_steps_dont_fit_a_case_about_a_parcel(session, at, sent, alice, missed, step):
    with pytest.raises(Refused, match="parcel_case"), at(7, alice) as w:
        step(w, case_of(w, missed))
    assert end_of(session, missed)[0] == "opened" and read(session, sent).refunded_minor == 0


@pytest.mark.parametrize("statement", [
    "UPDATE aftersales_cases SET state = 'settled', ended_at = opened_at", "UPDATE aftersales_cases SET outcome = 'return_first'",
    "UPDATE aftersales_cases SET outcome = 'arrived', granted_minor = 1", "UPDATE aftersales_cases SET outcome = 'gold'",
])  # fmt: skip
def test_the_database_holds_what_an_end_means(doing, missed, statement):
    with pytest.raises(IntegrityError), doing() as w:
        w.session.execute(text(statement))


def test_the_database_takes_a_true_end(doing, missed):
    with doing() as w:
        w.session.execute(text("UPDATE aftersales_cases SET outcome = 'lost', granted_minor = 1, state = 'settled', ended_at = opened_at"))
