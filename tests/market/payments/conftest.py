"""Alice sells, Bob pays. The stand-in answers on loopback, over real HTTP and through Stripe's own client."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from core import clock, ids, jobs, ports
from core.money import Money
from market.aftersales import actions as cases
from market.listings.models import Listing
from market.orders import timers
from market.orders.models import Order
from market.payments import actions, events, sweeps, talking
from market.payments.models import PaymentIntent
from market.payments.providers import stripe_line
from market.payments.queries import get_intent
from market.payments.side_models import PayoutAccount
from market.payments.standin import hooks
from market.payments.standin.app import Standin
from market.payments.standin.beside import settings_of
from tests import market_stories

TOLD: list[Any] = []


def _hear(_w: object, event: object) -> None:
    TOLD.append(event)


KINDS = [one for one in vars(events).values() if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__name__[0] != "_"]


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """Every event that payments told in this test, in order."""
    for kind in KINDS:
        ports.subscribe(kind, _hear)
    TOLD.clear()
    yield TOLD
    for kind in KINDS:
        ports._subscribers[kind].remove(_hear)


class Bank:
    """The stand-in with its levers, as a test pulls them."""

    def __init__(self, app: Flask, standin: Standin) -> None:
        self.app, self.standin = app, standin

    def lever(self, lever: str, /, **words: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.standin.home}/levers/{lever}", words, headers={"Authorization": f"Bearer {self.standin.key}"}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def switch(self, name: str, value: str = "1", times: int = 0) -> None:
        self.lever("switch", name=name, value=value, times=times)

    def pay(self, url: str, number: str = "4242424242424242", **form: str) -> requests.Response:
        """Fill in the hosted page."""
        return requests.post(url, {"method": "card", "number": number, **form}, timeout=10, allow_redirects=False)

    def deliver(self, *, twice: bool = False, backwards: bool = False) -> int:
        """Bring the reports that are due to our door."""
        self.switch("twice", "1" if twice else "")
        self.switch("backwards", "1" if backwards else "")
        client = self.app.test_client()

        def post(raw: bytes, signature: str) -> int:
            return client.post("/webhooks/stripe", data=raw, headers={"Stripe-Signature": signature}).status_code

        return hooks.deliver(self.standin, post)

    def things(self, kind: str) -> list[dict[str, Any]]:
        with self.standin.store.open() as shelf:
            return shelf.all(kind)

    def balance(self, unit: str = "cny") -> int:
        return sum(one["net"] for one in self.things("balance_transaction") if one["currency"] == unit)


@pytest.fixture
def bank(app: Flask, tmp_path, monkeypatch) -> Iterator[Bank]:
    """Card payments are on, and answered by the stand-in."""
    monkeypatch.setattr(stripe_line, "WAIT", (8, 8))  # patient: the machine may be busy with other tests
    stripe_line._client.cache_clear()
    standin = Standin(tmp_path / "standin.db", "http://127.0.0.1", "")
    server = make_server("127.0.0.1", 0, standin, threaded=True)
    standin.home = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # 0.5 s would be waited for at each stop
    app.extensions["xunshi_standin"] = settings_of(standin)
    yield Bank(app, standin)
    server.shutdown()
    server.server_close()
    del app.extensions["xunshi_standin"]


class Deal:
    """One order between Bob, who pays, and Alice."""

    def __init__(self, app: Flask, session: Session, doing: Any, payer: Any, payee: Any) -> None:
        self.app, self.session, self.doing, self.payer, self.payee = app, session, doing, payer, payee
        self.subject = ids.new_id()

    def begin(self, provider: str = "cash", minor: int = 19900, *, key: str = "", **more: Any) -> str:
        with self.app.app_context(), self.doing(self.payer) as w:
            return actions.begin(
                w, provider=provider, subject_id=self.subject, payer_id=self.payer.id, payee_id=self.payee.id,
                amount=Money(minor, "CNY"), title="波司登羽绒服 95新", key=key or f"order/{self.subject}", **more,
            ).id

    def of(self, intent_id: str) -> PaymentIntent:
        self.session.rollback()
        return get_intent(self.session, intent_id)

    def __call__(self, step: Callable[..., Any], intent_id: str, *words: Any, who: Any = None, **more: Any) -> Any:
        """Do a step on the payment in a Work; returns the id of what it gives, if any."""
        with self.app.app_context(), self.doing(who) as w:
            made = step(w, get_intent(w.session, intent_id), *words, **more)
            return getattr(made, "id", None)

    def jobs(self) -> int:
        with self.app.app_context():
            return jobs.run_due(self.session)

    def news(self, intent_id: str) -> None:
        """Ask the provider how the payment stands."""
        from market.payments import talking

        with self.app.app_context():
            talking.look(self.session, intent_id)

    def again(self, kind: str, row_id: str) -> None:
        """Talk to the provider about a row once more, as the sweep has it done."""
        from market.payments import talking

        with self.app.app_context():
            talking.send(self.session, kind, row_id)


@pytest.fixture
def deal(app: Flask, session: Session, doing: Any, bob: Any, alice: Any) -> Deal:
    return Deal(app, session, doing, bob, alice)


@pytest.fixture
def another(app: Flask, session: Session, doing: Any, charlie: Any, alice: Any) -> Deal:
    """Charlie buys from Alice as well."""
    return Deal(app, session, doing, charlie, alice)


def payout_ready(deal: Deal, bank: Bank, state: str = "ready") -> str:
    """Alice has an account at the provider; returns its name there."""
    from market.payments.providers import stripe_accounts

    with deal.app.app_context():
        ref = stripe_accounts.open_account(deal.payee.id).ref
        bank.lever("ready", account=ref)
    with deal.doing() as w:
        w.session.add(PayoutAccount(id=ids.new_id(), owner_id=deal.payee.id, provider="stripe", ref=ref, country="SG", state=state,
                                    created_at=clock.now(), asked_at=None))
    return ref


@pytest.fixture
def account(deal: Deal, bank: Bank) -> str:
    return payout_ready(deal, bank)


@pytest.fixture
def card(deal: Deal, bank: Bank, account: str) -> Callable[..., str]:
    """`card(19900)`: begin a card payment, pay it on the hosted page, have it reported; returns the payment's id."""

    def paid(minor: int = 19900, number: str = "4242424242424242", of: Deal = deal, **more: Any) -> str:
        from market.payments import talking

        intent_id = of.begin("stripe", minor, **more)
        with of.app.app_context():
            url = talking.open_checkout(of.session, intent_id)
        assert bank.pay(url, number).status_code == 303
        bank.deliver()
        return intent_id

    return paid


@pytest.fixture
def card_order(app, session, doing, account, bank, alice, bob) -> Callable[..., tuple[str, str]]:
    """Bob pays Alice's coat by card, with seven days to return it; handed over, unless `kept`. Returns order and payment."""

    def make(*, kept: bool = False) -> tuple[str, str]:
        with app.app_context():
            listing_id = market_stories.listed_coat(doing, alice)
            with doing() as w:
                row = w.session.get_one(Listing, listing_id)
                row.seller_kind, row.return_policy = "operator", "no_reason_7d"
            order_id = market_stories.ordered(doing, listing_id, bob, payment="stripe")
            session.rollback()
            intent_id = session.get_one(Order, order_id).intent_id
            assert bank.pay(talking.open_checkout(session, intent_id)).status_code == 303
        bank.deliver()
        if not kept:
            market_stories.checked(doing, order_id, bob)
            market_stories.sold(doing, order_id, alice)
        session.rollback()
        return order_id, intent_id

    return make


@pytest.fixture
def card_parcel(app, session, doing, account, bank, alice, bob) -> Callable[..., tuple[str, str]]:
    """Bob pays Alice's coat (or another `listing_id`) by card; it is with the carrier, or addressed only. Returns order and
    payment."""

    def make(listing_id: str = "", *, sent: bool = True) -> tuple[str, str]:
        with app.app_context():
            listing_id = listing_id or market_stories.listed_coat(doing, alice)
            with doing() as w:
                row = w.session.get_one(Listing, listing_id)
                row.seller_kind, row.return_policy, row.by_parcel = "operator", "no_reason_7d", True
            order_id = market_stories.ordered(doing, listing_id, bob, payment="stripe", fulfilment="parcel")
            session.rollback()
            intent_id = session.get_one(Order, order_id).intent_id
            assert bank.pay(talking.open_checkout(session, intent_id)).status_code == 303
        bank.deliver()
        market_stories.addressed(doing, order_id, bob)
        if sent:
            market_stories.sent(doing, order_id, alice)
        session.rollback()
        return order_id, intent_id

    return make


@pytest.fixture
def days(app, doing, run_jobs) -> Callable[..., None]:
    """So many days from now the clocks of orders, cases and holds do what is due, and the provider is talked to."""

    def pass_by(*after: int, jobs: bool = True) -> None:
        with app.app_context():
            for day in after:
                with clock.stopped_at(clock.now() + timedelta(days=day)):
                    for step in (timers.run_out, cases.run_out, sweeps.end_holds):
                        with doing() as w:
                            step(w)
                    if jobs:
                        run_jobs()

    return pass_by
