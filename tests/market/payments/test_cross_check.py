"""Somebody else's Stripe, localstripe (GPL, so in a process of its own, on loopback): does our adapter speak to it as to our own
stand-in? Only for payment, refund and signature, which it has; it knows no Checkout, no transfers, no keys."""

import importlib.util
import subprocess
import sys
import threading
import time

import pytest
import requests
from werkzeug.serving import make_server

from core import clock
from core.money import Money
from market.payments.contract import Move
from market.payments.providers import get_provider, stripe_line
from market.payments.providers.stripe import look_refund
from market.payments.settings import StripeSettings
from market.payments.side_models import ProviderEvent
from tests.harness.ports import free_port
from tests.market.payments.conftest import Deal

SECRET = "whsec_cross_check"
SERVE = """
import sys
from aiohttp import web
from localstripe.server import app, store
type(store).dump_to_disk = lambda self: None  # else it writes a pickle into /tmp
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@pytest.fixture
def other(app, monkeypatch):
    """localstripe on loopback, and our app as the place it reports to; gives its address."""
    if importlib.util.find_spec("localstripe") is None:
        pytest.skip("localstripe can't be installed here: the cross-check with somebody else's Stripe isn't made")
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)])
    try:
        for _ in range(100):
            try:
                requests.get(home, timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        stripe_line._client.cache_clear()
        app.extensions["xunshi_standin"] = StripeSettings(
            key="sk_test_12345", webhook_secrets=(SECRET,), region="SG", currencies=frozenset({"CNY"}), api=home, standin=True)
        yield home
    finally:
        app.extensions.pop("xunshi_standin", None)
        process.terminate()
        process.wait(10)


@pytest.fixture
def door(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # 0.5 s would be waited for at each stop
    yield f"http://127.0.0.1:{server.server_port}/webhooks/stripe"
    server.shutdown()
    server.server_close()


def paid(notes=None):
    """A payment by card, made with Stripe's client as Checkout would make it."""
    line = stripe_line.line()
    method = line.payment_methods.create({"type": "card", "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2034, "cvc": "123"}})
    made = line.payment_intents.create({"amount": 19900, "currency": "cny", "payment_method": method.id, "metadata": notes or {}})
    return line.payment_intents.confirm(made.id).id


def test_a_payment_and_its_refunds_read_the_same(app, other):
    with app.app_context():
        ref, way = paid({"intent": "01x"}), get_provider("stripe")
        told = way.status(ref)
        assert (told.state, told.amount, told.pay_ref, told.intent_id) == ("paid", Money(19900, "CNY"), ref, "01x")
        assert told.charge_ref.startswith("ch_")
        for n, minor in enumerate((5000, 14900)):
            moved = way.refund(Move(key=f"k{n}", row=f"row{n}", of=ref, amount=Money(minor, "CNY")))
            assert (moved.state, moved.amount, moved.row, moved.pay_ref) == ("done", Money(minor, "CNY"), f"row{n}", ref)
            assert look_refund(moved.ref).amount == Money(minor, "CNY")


def test_it_signs_as_stripe_does_and_our_door_believes_it(app, session, doing, bob, alice, other, door, heard):
    """A payment of ours is reported by localstripe itself, over HTTP, and found paid."""
    requests.post(f"{other}/_config/webhooks/xunshi", json={"url": door, "secret": SECRET}, timeout=5)
    deal = Deal(app, session, doing, bob, alice)
    from core import ids
    from market.payments.side_models import PayoutAccount

    with doing() as w:
        w.session.add(PayoutAccount(id=ids.new_id(), owner_id=alice.id, provider="stripe", ref="acct_x", country="SG", state="ready",
                                    created_at=clock.now(), asked_at=None))
    one = deal.begin("stripe")
    with app.app_context():
        paid({"intent": one})
    for _ in range(80):
        if deal.of(one).state == "paid":
            break
        time.sleep(0.1)
    assert deal.of(one).state == "paid"
    row = session.query(ProviderEvent).filter_by(outcome="applied").one()
    assert row.kind == "payment_intent.succeeded"
    forged = requests.post(door, json={"id": "evt_x"}, headers={"Stripe-Signature": "t=1,v1=00"}, timeout=5)
    assert forged.status_code == 400
