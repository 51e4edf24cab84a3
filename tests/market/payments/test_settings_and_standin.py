"""Card payment is off until the operator says where; a key goes to Stripe or to this machine; the stand-in behaves like Stripe."""

import json
from dataclasses import replace

import pytest
import requests

from core.config import BadSetting, Config, load
from market.payments import settings
from market.payments.providers import stripe_line
from market.payments.standin import beside
from market.payments.standin.app import Standin
from market.payments.standin.hooks import deliver, sign


def of(tmp_path, **words):
    return settings.read(Config(data=tmp_path, database_url="sqlite://", **words))


ON = {"stripe_key": "sk_live_1", "stripe_webhook_secret": "whsec_a, whsec_b", "stripe_region": "SG"}


def test_it_is_off_until_region_and_both_keys_are_there(tmp_path):
    assert of(tmp_path) is None
    for left_out in ON:
        assert of(tmp_path, **{**ON, left_out: ""}) is None
    one = of(tmp_path, **ON)
    assert (one.region, one.currencies, one.api, one.standin) == ("SG", {"SGD"}, settings.STRIPE, False)
    assert one.webhook_secrets == ("whsec_a", "whsec_b")
    assert of(tmp_path, **{**ON, "stripe_region": "sg:sgd, cny"}).currencies == {"SGD", "CNY"}
    assert "sk_live" not in repr(one) and "whsec" not in repr(one)


@pytest.mark.parametrize("region", ["CN", "XX", "SG:YUAN", "SG:", "China"])
def test_a_region_where_it_is_not_allowed_keeps_the_house_shut(tmp_path, region):
    if region == "SG:":
        assert of(tmp_path, **{**ON, "stripe_region": region}).currencies == {"SGD"}
        return
    with pytest.raises(BadSetting, match="XUNSHI_STRIPE_REGION"):
        of(tmp_path, **{**ON, "stripe_region": region})


@pytest.mark.parametrize(("api", "env", "good"), [
    ("http://127.0.0.1:8001", "development", True), ("http://localhost:8001/", "development", True), ("https://api.stripe.com/", "production", True),
    ("http://127.0.0.1:8001", "production", False), ("https://api.stripe.com.evil.example", "development", False),
    ("http://10.0.0.5:8001", "development", False), ("http://127.0.0.1.evil.example", "development", False),
])  # fmt: skip
def test_a_key_goes_to_stripe_or_stays_on_this_machine(tmp_path, api, env, good):
    if good:
        assert of(tmp_path, **ON, stripe_api=api, env=env).standin == ("stripe.com" not in api)
    else:
        with pytest.raises(BadSetting, match="XUNSHI_STRIPE_API"):
            of(tmp_path, **ON, stripe_api=api, env=env)


def test_the_settings_come_from_the_environment(tmp_path):
    one = load({"XUNSHI_DATA": str(tmp_path), "XUNSHI_STRIPE_KEY": "k", "XUNSHI_STRIPE_WEBHOOK_SECRET": "s", "XUNSHI_STRIPE_REGION": "SG",
                "XUNSHI_STRIPE_API": "http://127.0.0.1:9"})
    assert settings.read(one).key == "k" and "'k'" not in repr(one)


@pytest.fixture
def ask(bank):
    def post(path, words, key=""):
        headers = {"Authorization": f"Bearer {bank.standin.key}", **({"Idempotency-Key": key} if key else {})}
        return requests.post(bank.standin.home + path, words, headers=headers, timeout=5)

    return post


SESSION = {"mode": "payment", "success_url": "http://127.0.0.1/x", "line_items[0][quantity]": 1, "line_items[0][price_data][currency]": "cny",
           "line_items[0][price_data][unit_amount]": 500, "line_items[0][price_data][product_data][name]": "x"}


def test_the_same_key_gives_the_same_answer_and_other_words_are_refused(bank, ask):
    first, second = (ask("/v1/checkout/sessions", SESSION, "k") for _ in range(2))
    assert first.json() == second.json() and second.headers["Idempotent-Replayed"] == "true"
    other = ask("/v1/checkout/sessions", {**SESSION, "mode": "setup"}, "k")
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    assert len(bank.things("checkout.session")) == 1


def test_a_fault_is_kept_under_its_key_a_slip_in_the_words_is_not(bank, ask):
    assert ask("/v1/checkout/sessions", {**SESSION, "line_items[0][price_data][unit_amount]": "x"}, "k").status_code == 400
    assert ask("/v1/checkout/sessions", SESSION, "k").status_code == 200
    bank.switch("POST /v1/accounts", "broken_after", 1)
    assert [ask("/v1/accounts", {"country": "SG"}, "k2").status_code for _ in range(2)] == [500, 500]
    assert len(bank.things("account")) == 1, "it was done all the same"


def test_strangers_and_unknown_words_are_refused(bank, ask):
    assert requests.get(bank.standin.home + "/v1/balance", timeout=5).status_code == 401
    assert requests.post(bank.standin.home + "/levers/payout", timeout=5).status_code == 401
    assert ask("/v1/nothing", {}).status_code == 404
    slip = ask("/v1/checkout/sessions", {**SESSION, "payment_method_types[0]": "card"})
    assert slip.json()["error"]["code"] == "parameter_unknown"


def test_it_remembers_over_a_kill(tmp_path):
    """Another process over the same file has the same keys, things and reports."""
    one = Standin(tmp_path / "s.db", "http://127.0.0.1:1")
    with one.store.open() as shelf:
        thing = shelf.add("po", "payout", amount=1)
        shelf.report("payout.paid", thing)
    two = Standin(tmp_path / "s.db", "http://127.0.0.1:1")
    assert (two.key, two.secret) == (one.key, one.secret)
    sent = []
    assert deliver(two, lambda raw, signature: sent.append((raw, signature)) or 200) == 1
    assert json.loads(sent[0][0])["data"]["object"]["id"] == thing["id"]
    assert deliver(one, lambda raw, signature: 200) == 0


def test_a_report_that_is_refused_comes_again(tmp_path):
    one = Standin(tmp_path / "s.db", "http://127.0.0.1:1")
    with one.store.open() as shelf:
        shelf.report("x.y", shelf.add("po", "payout"))
    assert [deliver(one, lambda *_: 503), deliver(one, lambda *_: 200)] == [0, 0], "not at once"
    with one.store.open() as shelf:
        shelf.sql.execute("UPDATE reports SET due = 0")
    assert deliver(one, lambda *_: 200) == 1


def test_signatures_are_stripes_own():
    from stripe import WebhookSignature

    assert WebhookSignature.verify_header('{"a": 1}', sign(b'{"a": 1}', "whsec_x", 1), "whsec_x", 0)


@pytest.mark.parametrize(("language", "words"), [("en", "This is not Stripe"), ("zh", "这不是 Stripe")])
def test_its_pages_say_what_they_are(bank, ask, language, words):
    url = ask("/v1/checkout/sessions", SESSION).json()["url"]
    page = requests.get(f"{url}?lang={language}", timeout=5).text
    assert words in page and "4242 4242 4242 4242" in page and "4000 0000 0000 0002" in page
    assert requests.post(url, {"method": "card", "number": "1234"}, timeout=5).status_code == 402
    assert requests.get(bank.standin.home + "/pay/nothing", timeout=5).status_code == 404
    assert requests.get(bank.standin.home + "/style.css", timeout=5).headers["Content-Type"].startswith("text/css")


def test_the_demonstration_gets_it_beside_its_server(app, session, monkeypatch, tmp_path):
    """Only with demo people, without a key, outside production; a taken port is said and nothing breaks."""
    from core import clock, ids
    from core.people.models import Account
    from core.work import Actor, work

    class Server:
        def run(self):
            pass

    opened = []
    monkeypatch.setattr(beside, "server_of", lambda standin, port: opened.append(port) or Server())
    monkeypatch.setattr(beside.hooks, "start", lambda standin: None)
    beside.beside(app)
    assert opened == [], "nobody is here"
    with work(session, Actor("system:test"), clock.now()) as w:
        w.session.add(Account(id=ids.new_id(), name="Demo", password_hash="-", of_age_at=w.now, created_at=w.now, demo=True))
    config = app.extensions["xunshi"]
    try:
        for changed in ({"env": "production"}, {"stripe_key": "sk_live_1"}):
            app.extensions["xunshi"] = replace(config, **changed)
            beside.beside(app)
        app.extensions["xunshi"] = config
        assert opened == [] and "xunshi_standin" not in app.extensions
        beside.beside(app)
        assert opened == [config.port + 1] and (tmp_path / "standin.db").exists()
        with app.app_context():
            assert settings.stripe_settings().currencies == {"CNY", "SGD"}
            assert stripe_line.settings().standin
        first = app.extensions["xunshi_standin"].key
        with work(session, Actor("system:test"), clock.now()) as w:
            w.session.delete(session.query(Account).one())
            w.session.add(Account(id=ids.new_id(), name="Demo", password_hash="-", of_age_at=w.now, created_at=w.now, demo=True))
        beside.beside(app)
        assert app.extensions["xunshi_standin"].key != first, "another demonstration begins with another stand-in"
        monkeypatch.setattr(beside, "server_of", lambda standin, port: (_ for _ in ()).throw(OSError(98, "Address already in use")))
        beside.beside(app)
    finally:
        app.extensions["xunshi"] = config
        app.extensions.pop("xunshi_standin", None)
