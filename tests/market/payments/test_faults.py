"""The line breaks, the provider fails, the process dies between question and answer: money moves once, and is found again."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.money import Money
from market.ledger.actions import balance
from market.payments import actions, sweeps, talking
from market.payments.contract import Unreachable
from market.payments.events import HoldEnding, RefundDone
from market.payments.models import Refund, Release, Reversal
from market.payments.providers import stripe_line
from market.payments.queries import held

CNY = lambda minor: Money(minor, "CNY")  # noqa: E731
LATER = timedelta(hours=21)


def again(deal, after=timedelta(minutes=11)):
    """The clockwork some time later: sweeps, then jobs."""
    with clock.stopped_at(clock.now() + after):
        with deal.app.app_context(), deal.doing() as w:
            sweeps.ask_again(w)
        deal.jobs()


@contextmanager
def impatient(monkeypatch):
    """Waits two seconds for an answer instead of eight."""
    with monkeypatch.context() as hurry:
        hurry.setattr(stripe_line, "WAIT", (8, 2))
        stripe_line._client.cache_clear()
        yield
    stripe_line._client.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize(("path", "kind"), [("POST /v1/refunds", "refund"), ("POST /v1/transfers", "transfer")])
@pytest.mark.parametrize("fault", ["silent_after:3", "down", "broken_after"])
def test_a_lost_answer_moves_the_money_once(session, deal, bank, card, path, kind, fault, monkeypatch):
    one = card(10000)
    bank.switch(path, fault, 1)
    if kind == "refund":
        deal(actions.refund, one, CNY(4000), "k", "agreed")
    else:
        deal(actions.release, one, CNY(4000), CNY(0), "k")
    with impatient(monkeypatch):
        deal.jobs()
    assert session.scalars(select(Refund if kind == "refund" else Release)).one().state == "asked"
    if fault == "broken_after":
        again(deal)  # the key is answered with the same fault for a day: after that, it is looked up
        session.rollback()
        assert session.scalars(select(Refund if kind == "refund" else Release)).one().state == "asked"
    again(deal, LATER)
    session.rollback()
    assert session.scalars(select(Refund if kind == "refund" else Release)).one().state == "done"
    assert [thing["amount"] for thing in bank.things(kind)] == [4000]
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()


def test_a_process_that_dies_between_question_and_answer(session, deal, bank, card, monkeypatch):
    """Asked, answered, and then nothing was written down: asked again under the same key."""
    one = card(10000)
    row = deal(actions.refund, one, CNY(10000), "k", "agreed")

    def dies(*_words):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(talking, "settle", dies)
        deal.again("refund", row)
    session.rollback()
    assert session.get_one(Refund, row).state == "asked" and len(bank.things("refund")) == 1
    deal.jobs()
    assert session.get_one(Refund, row).state == "done" and len(bank.things("refund")) == 1


@pytest.mark.slow
def test_checkout_is_opened_once_however_often_it_is_asked_for(deal, bank, account, monkeypatch):
    one = deal.begin("stripe")
    bank.switch("POST /v1/checkout/sessions", "silent_after:3", 1)
    with deal.app.app_context():
        with impatient(monkeypatch), pytest.raises(Unreachable):
            talking.open_checkout(deal.session, one)
        urls = {talking.open_checkout(deal.session, one) for _ in range(3)}
    assert len(urls) == 1 and len(bank.things("checkout.session")) == 1


def test_a_clear_no_is_a_no(session, deal, bank, card, heard):
    one = card(10000)
    bank.switch("POST /v1/refunds", "no:charge_expired_for_refund", 1)
    deal(actions.refund, one, CNY(10000), "k", "agreed")
    deal.jobs()
    assert session.scalars(select(Refund)).one().fault == "charge_expired_for_refund"
    assert (type(heard[-1]).__name__, heard[-1].why) == ("RefundFailed", "charge_expired_for_refund")
    deal(actions.refund, one, CNY(10000), "k2", "agreed")
    deal.jobs()
    assert deal.of(one).state == "refunded" and len(bank.things("refund")) == 1


def test_a_balance_that_is_empty_for_a_day(session, deal, bank, card):
    one = card(10000)
    bank.switch("platform_empty", "1", 1)
    deal(actions.release, one, CNY(9000), CNY(1000), "k")
    deal.jobs()
    assert [(row.state, row.attempt, row.fault) for row in session.scalars(select(Release))] == [("asked", 1, "balance_insufficient")]
    again(deal)
    assert not bank.things("transfer"), "not before tomorrow"
    again(deal, timedelta(hours=25))
    session.rollback()
    assert session.scalars(select(Release)).one().state == "done"


def test_a_debt_is_fetched_once_the_account_has_money_again(session, deal, bank, card, account):
    one = card(10000)
    deal(actions.release, one, CNY(9500), CNY(500), "r")
    deal.jobs()
    bank.lever("spend", account=account, currency="cny", amount=9500)
    deal(actions.refund, one, CNY(10000), "b", "faulty", from_seller=CNY(9500))
    deal.jobs()
    assert session.scalars(select(Reversal)).one().state == "short"
    with bank.standin.store.open() as shelf:
        shelf.sql.execute("DELETE FROM notes WHERE name LIKE 'spent/%'")
    again(deal, timedelta(hours=25))
    session.rollback()
    assert session.scalars(select(Reversal)).one().state == "done"
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()


def test_a_refund_while_the_release_is_still_on_its_way(session, deal, bank, card, alice):
    """The seller's share is fetched back as soon as it is there; where the release fails there is nothing to fetch."""
    one = card(10000)
    bank.switch("POST /v1/transfers", "down", 1)
    deal(actions.release, one, CNY(9500), CNY(500), "r")
    deal.jobs()
    deal(actions.refund, one, CNY(4000), "b", "damaged", from_seller=CNY(3800))
    assert session.scalars(select(Reversal)).one().state == "asked"
    again(deal, timedelta(minutes=11))
    again(deal, timedelta(minutes=11))
    session.rollback()
    assert (session.scalars(select(Release)).one().state, session.scalars(select(Reversal)).one().state) == ("done", "done")
    assert balance(session, "seller_payable", alice.id) == CNY(-5700)
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()


def test_a_release_that_never_comes_has_nothing_to_fetch(session, deal, bank, card, account):
    one = card(10000)
    bank.lever("ready", account=account, stopped="1")
    deal(actions.release, one, CNY(9500), CNY(500), "r")
    deal(actions.refund, one, CNY(4000), "b", "damaged", from_seller=CNY(3800))
    deal.jobs()
    session.rollback()
    assert (session.scalars(select(Release)).one().state, session.scalars(select(Reversal)).one().state) == ("failed", "failed")
    assert held(session, deal.of(one)) == CNY(6000)


def test_a_silent_provider_is_spared_by_the_clockwork(session, deal, bank, card, monkeypatch):
    """Five questions wait; the first gets no answer: the others don't each wait for one."""
    one = card(10000)
    for n in range(5):
        deal(actions.refund, one, CNY(1000), f"b{n}", "agreed")
    asked = []
    real = bank.standin._api
    monkeypatch.setattr(bank.standin, "_api", lambda request: asked.append(request.path) or real(request))
    bank.switch("POST /v1/refunds", "down")
    deal.jobs()
    assert asked.count("/v1/refunds") == 1
    bank.switch("POST /v1/refunds", "")
    again(deal)
    session.rollback()
    assert {row.state for row in session.scalars(select(Refund))} == {"done"} and len(bank.things("refund")) == 5


def test_two_at_once_take_the_last_of_it_once(app, session, deal, bank, card, doing):
    """Eight threads give the whole payment back, each with a key of its own: one does."""
    import threading

    from sqlalchemy.exc import OperationalError

    from core.errors import Busy, Refused
    from core.work import Actor, work
    from market.payments.queries import get_intent

    one, made = card(10000), []
    session.rollback()

    def back(n):
        with app.app_context(), app.extensions["xunshi_db"].session() as own:
            try:
                with work(own, Actor("system:test"), clock.now()) as w:
                    actions.refund(w, get_intent(w.session, one), CNY(10000), f"k{n}", "agreed")
                made.append(n)
            except (Refused, Busy, OperationalError):
                pass

    threads = [threading.Thread(target=back, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(session.scalars(select(Refund)).all()) == 1
    deal.jobs()
    assert bank.balance() == -320


def hold_sweep(deal, days):
    with clock.stopped_at(clock.now() + timedelta(days=days)):
        with deal.app.app_context(), deal.doing() as w:
            sweeps.end_holds(w)
        deal.jobs()


def test_a_hold_ends_before_the_provider_ends_it(session, deal, bank, card, heard):
    one = card(10000)
    deal(actions.release, one, CNY(3000), CNY(0), "r")
    deal.jobs()
    for days, stages in ((59, []), (61, ["warn"]), (62, ["warn"]), (79, ["warn"])):
        hold_sweep(deal, days)
        assert [told.stage for told in heard if isinstance(told, HoldEnding)] == stages, days
    hold_sweep(deal, 81)
    endings = [told for told in heard if isinstance(told, HoldEnding)]
    assert [(told.stage, told.amount) for told in endings] == [("warn", CNY(7000)), ("resolve", CNY(7000))]
    assert isinstance(heard[-1], RefundDone) and (heard[-1].amount, heard[-1].why) == (CNY(7000), "hold_ended")
    assert held(session, deal.of(one)) == CNY(0)
    hold_sweep(deal, 82)
    assert len([told for told in heard if isinstance(told, HoldEnding)]) == 2


def test_who_decides_in_time_keeps_it_from_going_back(session, deal, bank, card, heard):
    """An order that hears of day 80 hands the money on in the same Work: nothing is left to send back."""
    from core import ports

    one = card(10000)

    def decide(w, told):
        if told.stage == "resolve" and told.subject_id == deal.subject:
            actions.release(w, actions.locked(w.session, told.intent_id), told.amount, CNY(0), "in time")

    ports.subscribe(HoldEnding, decide)
    try:
        hold_sweep(deal, 81)
    finally:
        ports._subscribers[HoldEnding].remove(decide)
    assert not session.scalars(select(Refund)).all()
    assert session.scalars(select(Release)).one().state == "done" and deal.of(one).resolved_at


def test_a_hold_under_dispute_waits_for_the_bank(session, deal, bank, card):
    one = card(10000)
    bank.lever("dispute", payment_intent=bank.things("payment_intent")[0]["id"], amount=4000)
    bank.deliver()
    hold_sweep(deal, 81)
    assert deal.of(one).resolved_at is None and not session.scalars(select(Refund)).all()
    bank.lever("decide", dispute=bank.things("dispute")[0]["id"], won="0")
    bank.deliver()
    hold_sweep(deal, 81)
    assert [row.amount_minor for row in session.scalars(select(Refund))] == [6000]


def test_nothing_ends_where_nobody_holds(deal, heard):
    one = deal.begin("cash")
    deal(actions.both_confirmed, one)
    hold_sweep(deal, 200)
    assert deal.of(one).state == "paid" and not [told for told in heard if isinstance(told, HoldEnding)]
