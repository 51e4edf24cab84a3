"""The server is killed (SIGKILL) again and again while people pay by card, and started again: no half order, no lost payment.

The real `flask serve` with its clockwork; the stand-in for the provider is a program of its own, as a provider is, and lives on.
It is at times slow to answer after it has done what was asked, so that the server dies between the deed and the news of it."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import audit, clock, ids, migrate, passwords, secrets
from core.db import Database
from core.goods.register import keep_categories
from core.jobs import Job
from core.people.demo import add_demo_person
from core.work import Actor, work
from market.ledger import queries as ledger
from market.listings.models import Listing
from market.orders.models import Order
from market.payments.models import PaymentIntent, Release
from market.payments.reconcile import reconcile
from market.payments.side_models import PayoutAccount
from market.payments.standin import api, control, hooks
from market.payments.standin.app import Standin
from market.payments.standin.beside import CURRENCIES, REGION, server_of, settings_of
from tests.conftest import _postgres_database
from tests.harness.ports import free_ports
from tests.market.rush.card_buyers import Browser, Buyer
from tests.market.rush.shop import put_up_coat
from tests.soak import SOAKING

ROOT = Path(__file__).resolve().parents[3]
FLASK = Path(sys.executable).with_name("flask")
KILLS = 50 if SOAKING else 5
BUYERS = 3
SLOW = ("", "POST /v1/checkout/sessions", "POST /v1/transfers", "GET /v1/balance")
pytestmark = [pytest.mark.slow, pytest.mark.soak]


class House:
    """A server that can be killed, and the stand-in that can't."""

    def __init__(self, url: str, data: Path, standin: Standin, port: int) -> None:
        self.url, self.data, self.standin, self.port = url, data, standin, port
        self.home, self.server = f"http://127.0.0.1:{port}", None
        self.log = (data / "serve.log").open("ab")

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XUNSHI_", "FLASK_"))}
        return {
            **kept, "XUNSHI_DATA": str(self.data), "PORT": str(self.port), "DATABASE_URL": self.url,
            "XUNSHI_STRIPE_API": self.standin.home, "XUNSHI_STRIPE_KEY": self.standin.key,
            "XUNSHI_STRIPE_WEBHOOK_SECRET": self.standin.secret, "XUNSHI_STRIPE_REGION": f"{REGION}:{','.join(sorted(CURRENCIES))}",
        }  # fmt: skip

    def start(self) -> None:
        self.server = subprocess.Popen([FLASK, "serve"], cwd=ROOT, env=self.environ, stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(600):
            assert self.server.poll() is None, (self.data / "serve.log").read_text()[-3000:]
            try:
                urllib.request.urlopen(self.home + "/healthz", timeout=5)
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not answer in time")

    def kill(self) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def slow(self, door: str) -> None:
        """From now on the next answer of this door comes a second after the deed."""
        with self.standin.store.open() as shelf:
            if door:
                shelf.set_switch(door, "silent_after:1", 1)

    def things(self, kind: str) -> list[dict[str, Any]]:
        with self.standin.store.open() as shelf:
            return shelf.all(kind)


@pytest.fixture
def killable(house: Flask, tmp_path: Path) -> Iterator[House]:
    server = os.environ.get("XUNSHI_TEST_POSTGRES")
    url, port = _postgres_database(server, "kills") if server else f"sqlite:///{tmp_path / 'kills.db'}", free_ports()
    standin = Standin(tmp_path / "provider" / "standin.db", f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:{port}/webhooks/stripe")
    there = server_of(standin, port + 1)
    threading.Thread(target=there.run, daemon=True).start()
    stop, one = hooks.start(standin), House(url, tmp_path, standin, port)
    vault = secrets._vault
    try:
        yield one
    finally:
        stop.set()
        if one.server is not None and one.server.poll() is None:
            one.kill()
        there.close()
        one.log.close()
        secrets.use_vault(vault)


def open_for_business(house: Flask, killable: House, database: Database, things: int) -> tuple[str, list[str], list[str]]:
    """A seller whose account at the provider is ready, buyers, and coats: ids of each."""
    migrate.upgrade(database)
    keep_categories(database)
    for step in house.config["XUNSHI_KEEP"]:
        step(database)
    secrets.use_vault(secrets.open_vault(killable.data))
    hashed = passwords.hash_password("not used here")
    with database.session() as session:
        with work(session, Actor("system:test"), clock.now()) as w:
            names = ["seller", *(f"buyer{nth}" for nth in range(BUYERS))]
            seller, *buyers = [add_demo_person(w, name, f"{name}@demo.example", password_hash=hashed).id for name in names]
            with killable.standin.store.open() as shelf:
                ref = api.make_account(shelf, {"country": REGION, "metadata": {"owner": seller}})["id"]
                control.ready(shelf, {"account": ref})
            w.session.add(PayoutAccount(id=ids.new_id(), owner_id=seller, provider="stripe", ref=ref, country=REGION, state="ready",
                                        created_at=w.now, asked_at=None))  # fmt: skip
        for nth in range(things):
            put_up_coat(session, seller, nth)
        coats = list(session.scalars(select(Listing.id).order_by(Listing.id.desc())))
    return seller, buyers, coats


def test_killed_in_the_middle_of_card_checkouts(house, killable):
    database, drawn = Database(killable.url), random.Random(11)
    seller, people, coats = open_for_business(house, killable, database, things=8 * KILLS)
    killable.start()
    crowd = [
        Buyer(database, killable.home, one, Browser(killable.home, seller, f"127.0.2.{nth + 1}"), coats, nth)
        for nth, one in enumerate(people)
    ]
    for one in crowd:
        one.start()
    in_the_middle = 0
    for nth in range(KILLS):
        killable.slow(SLOW[nth % len(SLOW)])
        busy_again(crowd, killable)
        time.sleep(1.2 * drawn.random())
        killable.kill()
        in_the_middle += nothing_is_half_done(database)
        killable.start()
    for one in crowd:
        one.enough.set()
    for one in crowd:
        one.join(300)
    assert not any(one.fault or one.is_alive() for one in crowd), [one.fault or one.stands for one in crowd]
    bought = [listing for one in crowd for listing in one.bought]
    assert len(bought) >= KILLS and len(set(bought)) == len(bought)
    assert in_the_middle >= KILLS, "each died with orders that were on their way"
    everything_arrives(killable, database)
    assert nothing_is_half_done(database) == 0, "what was begun came to its end"
    the_provider_says_the_same(killable, database, len(bought))
    the_books_agree_with_its_balance(house, killable, database)
    database.engine.dispose()


def busy_again(crowd: list[Buyer], killable: House) -> None:
    """Everybody is at it after the last death."""
    before = sum(one.steps for one in crowd)
    for _ in range(1200):
        if sum(one.steps for one in crowd) >= before + 2 * BUYERS or not any(one.is_alive() for one in crowd):
            break
        time.sleep(0.05)
    assert all(one.is_alive() and not one.fault for one in crowd), [one.fault or one.stands for one in crowd]


WHOLE = {
    "awaiting_payment": set(), "paid": {"payment", "sale"}, "completed": {"payment", "sale"},
}  # fmt: skip


def nothing_is_half_done(database: Database) -> int:
    """Every order, its payment, its listing and its entries agree with each other. Returns how many orders are on their way."""
    with database.session() as session:
        found, orders = ledger.verify(session), list(session.scalars(select(Order)))
        assert found.ok and found.open == 0, found
        sold = {order.listing_id for order in orders if order.state == "completed"}
        kept = {order.listing_id for order in orders if order.state in ("created", "awaiting_payment", "paid")}
        for state, listings in (("sold", sold), ("reserved", kept)):
            assert set(session.scalars(select(Listing.id).where(Listing.state == state))) == listings, state
        for order in orders:
            _whole(session, order)
        return len(kept)


def _whole(session: Any, order: Order) -> None:
    intent = session.get(PaymentIntent, order.intent_id) if order.intent_id else None
    if order.state == "created":
        assert order.contract_at is None and intent is None and not order.lines
        return
    assert order.contract_at and len(order.lines) == 1 and intent is not None and order.snapshot
    kinds = [entry.kind for entry in ledger.entries_of(session, order.id)]
    assert set(kinds) - {"provider_fee", "release"} == WHOLE[order.state] and len(kinds) == len(set(kinds)), (order.state, kinds)
    assert (intent.state == "paid") == (order.paid_at is not None) == (order.state in ("paid", "completed"))
    releases = list(session.scalars(select(Release).where(Release.intent_id == intent.id)))
    assert len(releases) == (order.state == "completed") and all(one.state in ("asked", "done") for one in releases)
    assert ("release" in kinds) == any(one.state == "done" for one in releases)


def everything_arrives(killable: House, database: Database) -> None:
    """Jobs that died in their runner's hands are taken up again a minute after they were claimed: the minute is set forward here."""
    patience, least = 600, 10**9
    while patience:
        patience -= 1
        with database.session() as session:
            waiting = list(session.scalars(select(Job.kind).where(Job.done_at.is_(None))))
            if len(waiting) < least:  # a slow machine is no fault: only a queue that doesn't get shorter is
                patience, least = 600, len(waiting)
            if not waiting and not list(session.scalars(select(Release.id).where(Release.state == "asked"))):
                return
            with work(session, Actor("system:test"), clock.now()) as w:
                w.session.execute(update(Job).where(Job.done_at.is_(None), Job.run_after > w.now).values(run_after=w.now))
        time.sleep(0.2)
    raise AssertionError(f"jobs stay undone: {waiting}\n{(killable.data / 'serve.log').read_text()[-3000:]}")


def the_provider_says_the_same(killable: House, database: Database, bought: int) -> None:
    """What it says was paid is paid here, once; what it handed on was handed on here, once; the balances agree."""
    charges, transfers = killable.things("charge"), killable.things("transfer")
    assert len(charges) == len(transfers) == bought
    with database.session() as session:
        ours = {one.charge_ref: one for one in session.scalars(select(PaymentIntent).where(PaymentIntent.state == "paid"))}
        assert {one["id"]: one["amount"] for one in charges} == {ref: one.amount_minor for ref, one in ours.items()}
        releases = {one.provider_ref: one.amount_minor for one in session.scalars(select(Release).where(Release.state == "done"))}
        assert {one["id"]: one["amount"] for one in transfers} == releases
        for owner in {one.payer_id for one in ours.values()}:
            assert ledger.balance(session, "buyer", owner).minor == 0, "what a buyer paid is what they bought"
        assert audit.verify(session).ok
    assert "Traceback" not in (killable.data / "serve.log").read_text()


def the_books_agree_with_its_balance(house: Flask, killable: House, database: Database) -> None:
    """What every night does."""
    with house.app_context(), database.session() as session:
        house.extensions["xunshi_standin"] = settings_of(killable.standin)
        try:
            told = reconcile(session)
        finally:
            del house.extensions["xunshi_standin"]
        assert told.agrees and told.differences == [] and told.transactions > 0, told.differences
        assert all(theirs == ours for theirs, ours in told.balances.values())
