"""Every night the provider's balance is held against our books: what agrees says so, what differs is named with what to do."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.money import Money
from market.ledger.actions import Line, balance, post
from market.payments import actions, reconcile
from market.payments.contract import Unreachable
from market.payments.models import PaymentIntent
from market.payments.side_models import Reconciliation
from tests.harness.json_shape import SCHEMAS, misfits, schema

CNY = lambda minor: Money(minor, "CNY")  # noqa: E731


@pytest.fixture
def compare(app, session):
    def now():
        with app.app_context():
            session.rollback()
            return reconcile.reconcile(session)

    return now


def kinds(found):
    return [one["kind"] for one in found.differences]


def test_all_that_happened_agrees(session, deal, another, bank, card, compare):
    one, two = card(10000), card(20000, "4000000000000259", of=another)
    deal(actions.release, one, CNY(6000), CNY(400), "r")
    deal(actions.refund, one, CNY(3600), "b", "agreed")
    deal.jobs()
    bank.deliver()
    found = compare()
    assert found.agrees and found.differences == [] and found.balances == {"CNY": [bank.balance(), bank.balance()]}
    assert found.transactions == len(bank.things("balance_transaction"))
    assert another.of(two).state == "paid"


def test_an_empty_house_agrees(bank, compare):
    assert compare().agrees


def test_a_refund_on_its_way_is_no_difference(deal, bank, card, compare):
    one = card(10000, "4000000000007726")
    deal(actions.refund, one, CNY(2500), "b", "agreed")
    deal.jobs()
    found = compare()
    assert found.agrees, found.differences


def test_what_moved_there_without_us(session, deal, bank, card, compare, root, charlie):
    from core.people.models import Notice

    card(10000)
    assert compare().agrees and not session.scalars(select(Notice).where(Notice.account_id == root.id)).first()
    with bank.standin.store.open() as shelf:
        from market.payments.standin import money

        money.book(shelf, "adjustment", "adj_1", -700, "cny")
    found = compare()
    assert kinds(found) == ["unknown_there", "balance_differs"] and found.differences[0]["theirs"] == -700
    assert found.differences[1]["theirs"] == found.differences[1]["ours"] - 700
    told = session.scalars(select(Notice.account_id).where(Notice.link == "/payments/reconciliation")).all()
    assert told == [root.id], "whoever can look into it is told, and nobody else"


def test_what_stands_only_in_our_books(session, deal, bank, card, compare):
    card(10000)
    with bank.standin.store.open() as shelf:
        shelf.sql.execute("DELETE FROM things WHERE kind = 'balance_transaction'")
    assert kinds(compare()) == ["missing_there", "balance_differs"]


def test_a_payment_nobody_reported_is_found_and_asked_for(session, deal, bank, account, compare, heard):
    from market.payments import talking

    one = deal.begin("stripe", 10000)
    with deal.app.app_context():
        url = talking.open_checkout(deal.session, one)
    bank.pay(url)
    found = compare()
    assert "balance_differs" in kinds(found) and not found.agrees
    with deal.app.app_context():
        talking.look(deal.session, one)
    assert compare().agrees and deal.of(one).state == "paid"


def test_the_operators_payouts_are_booked_as_theirs(session, deal, bank, card, compare):
    one = card(10000)
    deal(actions.release, one, CNY(9000), CNY(1000), "r")
    deal.jobs()
    bank.lever("payout", amount=600, currency="cny")
    assert compare().agrees and compare().agrees
    assert balance(session, "platform_fee", "platform") == CNY(-320 - 600), "the provider's fee, and what was paid out"


def test_a_fee_that_is_told_late_is_learned(session, deal, bank, card, compare):
    one = card(10000)
    with deal.doing() as w:
        row = w.session.get_one(PaymentIntent, one)
        fee, row.fee_minor = row.fee_minor, None
        post(w, "correction", deal.subject, "undo", [Line("platform_fee", "platform", CNY(fee)), Line("provider_clearing", "stripe", CNY(-fee))])
        w.session.flush()
    session.rollback()
    found = compare()
    assert deal.of(one).fee_minor == fee and kinds(found) == ["balance_differs"], "the same entry is not posted twice"


def test_from_the_second_night_on_only_the_new_is_read(session, deal, another, bank, card, compare):
    card(10000)
    assert compare().transactions == 1
    with bank.standin.store.open() as shelf:  # make the first payment a month old, there and here
        old = shelf.all("balance_transaction")[0]
        old["created"] -= 30 * 24 * 3600
        shelf.save(old)
    assert compare().transactions == 0
    card(5000, of=another)
    found = compare()
    assert found.transactions == 1


def test_it_runs_by_itself_once_a_night(session, deal, bank, card):
    card(10000)
    for hours, rows in ((0, 1), (5, 1), (21, 2)):
        with clock.stopped_at(clock.now() + timedelta(hours=hours)):
            with deal.app.app_context(), deal.doing() as w:
                reconcile.every_night(w)
            deal.jobs()
        session.rollback()
        assert len(session.scalars(select(Reconciliation)).all()) == rows


def test_silence_is_not_agreement(session, bank, compare):
    bank.switch("GET /v1/balance", "down", 1)
    with pytest.raises(Unreachable):
        compare()
    session.rollback()
    assert not session.scalars(select(Reconciliation)).all()


def test_the_command_says_it_in_its_contract(app, deal, bank, card):
    card(10000)
    runner = app.test_cli_runner()
    from market.payments.commands import payments

    good = runner.invoke(payments, ["reconcile", "--json"])
    assert good.exit_code == 0 and misfits(json.loads(good.output), schema("payments-reconcile")) == []
    with bank.standin.store.open() as shelf:
        from market.payments.standin import money

        money.book(shelf, "adjustment", "adj_1", -700, "cny")
    bad = runner.invoke(payments, ["reconcile", "--json"])
    assert bad.exit_code == 1 and misfits(json.loads(bad.output), schema("payments-reconcile")) == []
    assert "DIFFERS" in runner.invoke(payments, ["reconcile"]).output


def test_the_command_finds_the_stand_in_of_a_demonstration(app, deal, bank, card, tmp_path):
    """Another process than the server's: it knows the data folder and the port, and asks there."""
    from dataclasses import replace

    from market.payments.commands import payments

    card(10000)
    beside = app.extensions.pop("xunshi_standin")
    before = app.extensions["xunshi"]
    try:
        silent = app.test_cli_runner().invoke(payments, ["reconcile", "--json"])
        assert silent.exit_code == 2 and json.loads(silent.stderr)["error"] == "unreachable"
        del app.extensions["xunshi_standin"]  # each command is a process of its own
        app.extensions["xunshi"] = replace(before, port=int(beside.api.rsplit(":", 1)[1]) - 1)
        assert app.test_cli_runner().invoke(payments, ["reconcile", "--json"]).exit_code == 0
    finally:
        app.extensions["xunshi"], app.extensions["xunshi_standin"] = before, beside


def test_without_a_provider_there_is_nothing_to_compare(app):
    from market.payments.commands import payments

    answer = app.test_cli_runner().invoke(payments, ["reconcile", "--json"])
    assert answer.exit_code == 2 and json.loads(answer.stderr)["error"] == "stripe_off" and not answer.stdout


def test_the_printed_example_has_the_shape_it_promises():
    example = json.loads((SCHEMAS / "examples" / "payments-reconcile.json").read_text(encoding="utf-8"))
    assert misfits(example, schema("payments-reconcile")) == []
    assert misfits({**example, "agrees": 1}, schema("payments-reconcile"))
