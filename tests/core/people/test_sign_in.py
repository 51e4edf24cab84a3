"""Signing in, out and in again; guessing is slow and tells nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, secrets, web
from core.people.actions import accounts
from tests.conftest import Person
from tests.core.people.conftest import NEW_PASSWORD, PASSWORD, Keys, code_now, is_signed_in, sign_in


def test_alice_signs_in_and_out(anonymous: FlaskClient, alice: Person, keys: Keys) -> None:
    contact = keys.give_password(alice.id)
    answer = sign_in(anonymous, contact.upper())
    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_signed_in(anonymous)
    anonymous.post("/sign-out")
    assert not is_signed_in(anonymous)


def test_a_wrong_password_and_an_unknown_contact_read_the_same(
    anonymous: FlaskClient, alice: Person, keys: Keys
) -> None:
    contact = keys.give_password(alice.id)
    wrong = sign_in(anonymous, contact, "not my password")
    nobody = sign_in(anonymous, "x" + contact, "not my password")
    assert wrong.status_code == nobody.status_code == 422
    strip = lambda answer, typed: answer.text.replace(typed, "…").split("csrf_token")[-1]  # noqa: E731
    assert strip(wrong, contact).split("<main")[-1] == strip(nobody, "x" + contact).split("<main")[-1]


@pytest.mark.slow
def test_ten_wrong_guesses_close_the_door_for_a_while_for_both(
    anonymous: FlaskClient, alice: Person, keys: Keys
) -> None:
    contact, start = keys.give_password(alice.id), clock.now()
    for known in (contact, "nobody@example.com"):
        with clock.stopped_at(start):
            answers = [sign_in(anonymous, known, "wrong wrong wrong").status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]
    with clock.stopped_at(start + timedelta(minutes=14)):
        assert sign_in(anonymous, contact).status_code == 429, "the right one neither"
    with clock.stopped_at(start + timedelta(minutes=16)):
        assert sign_in(anonymous, contact).status_code == 303


@pytest.mark.slow
def test_the_address_is_limited_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import create_app
    from core.config import Config

    before = app.extensions["xunshi"]
    monkeypatch.setattr(web.limiter, "enabled", True)
    monkeypatch.setattr(
        secrets, "_vault", secrets._vault
    )  # a second program opens its own; put ours back after
    open_app = create_app(Config(data=before.data, database_url=app.extensions["xunshi_db"].url, https=False))
    open_app.config["WTF_CSRF_ENABLED"] = False
    client = open_app.test_client()
    answers = [
        client.post("/sign-in", data={"contact": f"a{n}@example.com", "password": "x"}) for n in range(11)
    ]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert client.get("/sign-in").status_code == 200, "looking is free"
    open_app.extensions["xunshi_db"].engine.dispose()


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/inbox", "/inbox"),
        ("https://evil.example/", "/me"),
        ("//evil.example/", "/me"),
        ("/\\evil.example", "/me"),
        ("/%09/evil.example", "/me"),
        ("javascript:alert(1)", "/me"),
    ],
)
def test_nobody_is_sent_elsewhere(
    anonymous: FlaskClient, alice: Person, keys: Keys, asked: str, goes: str
) -> None:
    contact = keys.give_password(alice.id)
    assert sign_in(anonymous, contact, next_=asked).location == goes


def test_a_planted_session_is_not_taken_over(anonymous: FlaskClient, alice: Person, keys: Keys) -> None:
    contact = keys.give_password(alice.id)
    with anonymous.session_transaction() as cookie:
        cookie["sign_in_id"], cookie["factor_at"], cookie["planted"] = (
            "planted",
            clock.now().isoformat(),
            "yes",
        )
    sign_in(anonymous, contact)
    with anonymous.session_transaction() as cookie:
        assert cookie["sign_in_id"] != "planted"
        assert "planted" not in cookie and "factor_at" not in cookie


def test_a_suspended_person_is_told_after_the_right_password_only(
    anonymous: FlaskClient, alice: Person, root: Person, keys: Keys, doing
) -> None:  # type: ignore[no-untyped-def]
    contact = keys.give_password(alice.id)
    inside = alice.client()
    assert is_signed_in(inside)
    with doing(root) as w:
        accounts.suspend(w, alice.id, "fraud")
    assert not is_signed_in(inside), "open sign-ins end"
    assert "stopped" not in sign_in(anonymous, contact, "wrong wrong").text
    refused = sign_in(anonymous, contact)
    assert refused.status_code == 403 and "stopped by the platform" in refused.text
    with doing(root) as w:
        accounts.restore(w, alice.id)
    assert sign_in(anonymous, contact).status_code == 303


def test_signing_in_afresh_sets_the_clock_for_what_must_be_now(zhao: Person, keys: Keys) -> None:
    keys.give_password(zhao.id)
    secret = keys.give_factor(zhao.id)
    client = zhao.client(factor=False)
    wrong = client.post("/sign-in/again", data={"password": "wrong wrong wrong", "code": code_now(secret)})
    assert wrong.status_code == 422
    half = client.post("/sign-in/again", data={"password": PASSWORD, "code": "000000x"})
    assert half.status_code == 422
    with client.session_transaction() as cookie:
        assert "factor_at" not in cookie
    right = client.post("/sign-in/again?next=/inbox", data={"password": PASSWORD, "code": code_now(secret)})
    assert (right.status_code, right.location) == (303, "/inbox")
    with client.session_transaction() as cookie:
        assert cookie["factor_at"]


def test_without_a_second_factor_afresh_is_the_password_and_no_more(alice: Person, keys: Keys) -> None:
    keys.give_password(alice.id)
    client = alice.client(factor=False)
    assert client.post("/sign-in/again", data={"password": PASSWORD}).status_code == 303
    with client.session_transaction() as cookie:
        assert "factor_at" not in cookie and "password_at" in cookie


def test_changing_the_password_ends_the_other_sign_ins(alice: Person, keys: Keys) -> None:
    keys.give_password(alice.id)
    here, elsewhere = alice.client(), alice.client()
    assert here.post("/password", data={"old": "wrong", "new": NEW_PASSWORD}).status_code == 422
    assert here.post("/password", data={"old": PASSWORD, "new": "short"}).status_code == 422
    assert is_signed_in(elsewhere)
    assert here.post("/password", data={"old": PASSWORD, "new": NEW_PASSWORD}).status_code == 303
    assert is_signed_in(here) and not is_signed_in(elsewhere)


def test_the_language_is_kept_for_next_time(alice: Person, keys: Keys) -> None:
    client = alice.client()
    client.get("/language/zh")
    assert keys.account(alice.id).language == "zh"
    client.get("/language/en?next=//evil.example")
    assert keys.account(alice.id).language == "en"
    client.get("/language/xx")
    assert keys.account(alice.id).language == "en"


@pytest.mark.parametrize(("chosen", "spoken"), [("en", "en"), ("zh", "zh"), ("", "zh")])
def test_what_was_just_chosen_wins_over_what_the_account_spoke(
    app: Flask, alice: Person, keys: Keys, chosen: str, spoken: str
) -> None:
    contact = keys.give_password(alice.id)
    alice.client().get("/language/zh")
    client = app.test_client()
    if chosen:
        client.get(f"/language/{chosen}")
    sign_in(client, contact)
    assert f'lang="{"zh-CN" if spoken == "zh" else "en"}"' in client.get("/me").text
    secret = keys.give_factor(alice.id)
    client.post("/sign-out")
    if chosen:
        client.get(f"/language/{chosen}")
    sign_in(client, contact)
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        client.post("/second-factor", data={"code": code_now(secret)})
        assert f'lang="{"zh-CN" if spoken == "zh" else "en"}"' in client.get("/me").text


def test_signing_out_empties_the_browsers_memory_of_forms(alice: Person) -> None:
    assert alice.client().post("/sign-out").headers["Clear-Site-Data"] == '"cache"'
