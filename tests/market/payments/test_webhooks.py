"""The door at which Stripe reports: only signed bytes count, each event once, in any order, however late; what is unknown is kept."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.money import Money
from market.ledger.actions import balance
from market.payments import actions, talking, webhooks
from market.payments.events import ChargebackClosed, ChargebackOpened, PaymentSucceeded, RefundDone
from market.payments.models import Refund
from market.payments.queries import sums_of
from market.payments.side_models import Chargeback, PayoutAccount, ProviderEvent
from market.payments.standin.hooks import sign
from market.payments.standin.store import now

CNY = lambda minor: Money(minor, "CNY")  # noqa: E731


@pytest.fixture
def send(app, bank):
    """`send(event)`: bring an event to the door as Stripe would; words change what Stripe wouldn't do."""

    def bring(event=None, *, raw=None, secret=None, at=None, header=None, **headers):
        raw = json.dumps(event).encode() if raw is None else raw
        signature = sign(raw, secret or bank.standin.secret, at or now()) if header is None else header
        return app.test_client().post("/webhooks/stripe", data=raw, headers={"Stripe-Signature": signature, **headers})

    return bring


def event(kind="checkout.session.completed", ref="cs_x", id="evt_1"):
    return {"id": id, "type": kind, "created": now(), "data": {"object": {"id": ref}}}


def kept(session):
    session.rollback()
    return [(row.event_id, row.outcome) for row in session.scalars(select(ProviderEvent).order_by(ProviderEvent.id))]


def open_page(deal):
    one = deal.begin("stripe")
    with deal.app.app_context():
        return one, talking.open_checkout(deal.session, one)


@pytest.mark.parametrize("how", ["bytes", "secret", "old", "future_header", "none", "rubbish", "not_utf8"])
def test_without_a_good_signature_nothing_is_kept(session, deal, bank, account, send, how):
    one, url = open_page(deal)
    bank.pay(url)
    good = event(ref=bank.things("checkout.session")[0]["id"])
    raw = json.dumps(good).encode()
    answer = {
        "bytes": lambda: send(raw=raw + b" ", header=sign(raw, bank.standin.secret, now())),
        "secret": lambda: send(good, secret="whsec_other"),
        "old": lambda: send(good, at=now() - 301),
        "future_header": lambda: send(good, header=f"t=soon,v1={'0' * 64}"),
        "none": lambda: send(good, header=""),
        "rubbish": lambda: send(raw=b"[]"),
        "not_utf8": lambda: send(raw=b"\xff\xfe"),
    }[how]()
    assert answer.status_code == 400 and kept(session) == [] and deal.of(one).state == "begun"
    assert send(good).status_code == 200 and deal.of(one).state == "paid", "the genuine twin passes"
    assert send(good, at=now() - 299).status_code == 200, "within five minutes"


def test_a_second_endpoint_has_a_secret_of_its_own(app, bank, send, session):
    from dataclasses import replace

    one = app.extensions["xunshi_standin"]
    app.extensions["xunshi_standin"] = replace(one, webhook_secrets=("whsec_connect", *one.webhook_secrets))
    assert send(event("x.y"), secret="whsec_connect").status_code == 200
    assert send(event("x.y", id="evt_2")).status_code == 200
    assert len(kept(session)) == 2


def test_a_stranger_finds_no_door_where_stripe_is_off(app):
    assert app.test_client().post("/webhooks/stripe", data=b"{}").status_code == 404
    assert app.test_client().get("/webhooks/stripe").status_code == 405


def test_too_much_is_not_even_read(send, bank):
    assert send(raw=b" " * (webhooks.MOST_BYTES + 1)).status_code == 413


def test_reported_twice_it_happens_once(session, deal, bank, account, heard, bob):
    one, url = open_page(deal)
    bank.pay(url)
    bank.deliver(twice=True)
    assert sum(isinstance(told, PaymentSucceeded) for told in heard) == 1
    assert balance(session, "buyer", bob.id) == CNY(19900)
    assert len({event_id for event_id, _ in kept(session)}) == len(kept(session))


def test_in_the_wrong_order_it_comes_out_the_same(session, deal, bank, account, heard, bob):
    """Refund and chargeback are reported before the payment they belong to."""
    one, url = open_page(deal)
    bank.pay(url)
    payment = bank.things("payment_intent")[0]["id"]
    bank.lever("dispute", payment_intent=payment, amount=900)
    bank.lever("decide", dispute=bank.things("dispute")[0]["id"], won="1")
    bank.deliver(backwards=True)
    assert [type(told) for told in heard] == [PaymentSucceeded, ChargebackOpened, ChargebackClosed]
    assert deal.of(one).state == "paid" and balance(session, "provider_clearing", "stripe").minor == -bank.balance()
    assert {outcome for _, outcome in kept(session)} <= {"applied", "nothing_new", "unknown"}


def test_one_that_never_comes_is_asked_for(session, deal, bank, account, heard):
    one, url = open_page(deal)
    bank.switch("never")
    bank.pay(url)
    assert bank.deliver() == 0 and deal.of(one).state == "begun"
    from market.payments import sweeps

    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        with deal.app.app_context(), deal.doing() as w:
            sweeps.ask_again(w)
        deal.jobs()
    assert deal.of(one).state == "paid" and len(heard) == 1
    bank.switch("never", "")
    bank.deliver()
    assert len(heard) == 1, "and when it comes after all, it is old news"


def test_late_news_changes_nothing(session, deal, bank, account, heard):
    """The expiry of a session is reported after its payment, and a failure after its success."""
    one, url = open_page(deal)
    bank.pay(url, "4000000000000002")
    bank.pay(url)
    with bank.standin.store.open() as shelf:
        shelf.report("checkout.session.expired", shelf.all("checkout.session")[0])
    bank.deliver()
    assert deal.of(one).state == "paid" and [type(told) for told in heard] == [PaymentSucceeded]


def test_what_is_unknown_is_kept(session, send, bank):
    assert send(event("invoice.created", "in_1")).status_code == 200
    assert send(event("checkout.session.completed", "cs_of_somebody_else", "evt_2")).status_code == 200
    assert send(event("balance.available", "", "evt_3")).status_code == 200
    assert kept(session) == [("evt_1", "unknown"), ("evt_2", "not_ours"), ("evt_3", "unknown")]


def test_events_are_never_changed(session, send, doing, bank):
    send(event("invoice.created"))
    from sqlalchemy import text

    for change in ("UPDATE provider_events SET outcome = 'applied'", "DELETE FROM provider_events"):
        with pytest.raises(IntegrityError, match="append-only"), doing() as w:
            w.session.execute(text(change))


def test_when_stripe_is_silent_the_event_is_sent_again(session, deal, bank, account):
    one, url = open_page(deal)
    bank.pay(url)
    session_id = bank.things("checkout.session")[0]["id"]
    payment_id = bank.things("payment_intent")[0]["id"]
    bank.switch(f"GET /v1/payment_intents/{payment_id}", "down")
    bank.switch(f"GET /v1/checkout/sessions/{session_id}", "down")
    assert bank.deliver() < 3 and deal.of(one).state == "begun"
    assert not [one for one in kept(session) if one[1] == "applied"]
    with bank.standin.store.open() as shelf:
        shelf.sql.execute("DELETE FROM switches")
        shelf.sql.execute("UPDATE reports SET due = 0 WHERE sent = 0")
    bank.deliver()
    assert deal.of(one).state == "paid"


def test_two_at_the_same_moment(app, session, deal, bank, account, heard, send):
    """The same event by two connections at once: one takes it in, the other finds it there."""
    one, url = open_page(deal)
    bank.pay(url)
    good = event(ref=bank.things("checkout.session")[0]["id"])
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(send(good).status_code)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {200, 503} and 200 in answers
    assert deal.of(one).state == "paid" and len(kept(session)) == 1
    assert session.scalar(select(func.count()).select_from(ProviderEvent)) == 1
    assert sum(isinstance(told, PaymentSucceeded) for told in heard) == 1


def test_a_refund_made_in_the_dashboard_is_written_down(session, deal, bank, card, heard, bob):
    one = card(10000)
    with bank.standin.store.open() as shelf:
        from market.payments.standin import money

        money.give_back(shelf, shelf.all("charge")[0], 2500, {})
    bank.deliver(twice=True)
    row = session.scalars(select(Refund)).one()
    assert (row.amount_minor, row.why, row.state) == (2500, "dashboard", "done")
    assert isinstance(heard[-1], RefundDone) and balance(session, "buyer", bob.id) == CNY(7500)
    with pytest.raises(Exception, match="refund_too_much"):
        deal(actions.refund, one, CNY(7501), "b", "agreed")


@pytest.mark.parametrize("won", [True, False])
def test_a_chargeback_from_a_card_that_disputes(session, deal, bank, card, heard, won):
    one = card(10000, "4000000000000259")
    opened = next(told for told in heard if isinstance(told, ChargebackOpened))
    assert (opened.amount, opened.reason) == (CNY(10000), "fraudulent") and opened.due
    row = session.scalars(select(Chargeback)).one()
    assert (row.taken_minor, row.fee_minor) == (10000, 1500) and sums_of(session, deal.of(one)).held == 0
    with pytest.raises(Exception, match="refund_too_much|disputed_at_bank"):
        deal(actions.refund, one, CNY(1), "b", "agreed")
    bank.lever("decide", dispute=bank.things("dispute")[0]["id"], won="1" if won else "0")
    bank.deliver(backwards=True)
    session.rollback()
    closed = heard[-1]
    assert isinstance(closed, ChargebackClosed) and closed.won == won
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()
    if won:
        assert sums_of(session, deal.of(one)).held == 10000
        deal(actions.refund, one, CNY(10000), "b", "agreed")
        deal.jobs()
        assert deal.of(one).state == "refunded"


def test_a_payout_account_follows_the_provider(session, deal, bank, account):
    row = session.scalars(select(PayoutAccount)).one()
    assert row.state == "ready"
    bank.deliver()
    for stopped, state in (("1", "stopped"), ("0", "ready")):
        bank.lever("ready", account=account, stopped=stopped)
        bank.deliver()
        session.expire_all()
        session.rollback()
        assert session.scalars(select(PayoutAccount)).one().state == state
