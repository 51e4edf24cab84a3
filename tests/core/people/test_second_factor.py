"""The second factor: set up by who needs it, shown once per code, replaced by a recovery code, asked
before the role."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, secrets
from core.people.models import RecoveryCode
from tests.conftest import Person
from tests.core.people.conftest import Keys, code_now, is_signed_in, sign_in


def set_up(client: FlaskClient) -> tuple[str, list[str]]:
    page = client.get("/second-factor/set-up").text
    assert "<svg" in page and "style=" not in page.split("<svg")[1]
    with client.session_transaction() as cookie:
        secret = secrets.decrypt(cookie["factor_offer"], "factor_offer")
    assert client.post("/second-factor/set-up", data={"code": "000000x"}).status_code == 422
    answer = client.post("/second-factor/set-up", data={"code": code_now(secret)})
    codes = re.findall(r"<li>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</li>", answer.text)
    assert answer.status_code == 200 and len(codes) == 10
    return secret, codes


def test_zhao_sets_it_up_because_his_role_needs_it(anonymous: FlaskClient, zhao: Person, keys: Keys) -> None:
    contact = keys.give_password(zhao.id)
    assert sign_in(anonymous, contact).location == "/second-factor/set-up"
    assert "needs a second factor" in anonymous.get("/me").text
    set_up(anonymous)
    assert "needs a second factor" not in anonymous.get("/me").text, "the role is awake"
    assert keys.account(zhao.id).totp_secret is not None


def test_a_resident_is_not_asked(anonymous: FlaskClient, alice: Person, keys: Keys) -> None:
    assert sign_in(anonymous, keys.give_password(alice.id)).location == "/me"


def test_password_alone_opens_nothing_once_it_is_set_up(
    anonymous: FlaskClient, alice: Person, keys: Keys
) -> None:
    contact, secret = keys.give_password(alice.id), keys.give_factor(alice.id)
    assert sign_in(anonymous, contact, next_="/inbox").location == "/second-factor?next=/inbox"
    assert not is_signed_in(anonymous)
    assert anonymous.post("/second-factor", data={"code": "123456x"}).status_code == 422
    answer = anonymous.post("/second-factor?next=/inbox", data={"code": code_now(secret)})
    assert answer.location == "/inbox" and is_signed_in(anonymous)


def test_the_same_code_is_refused_a_second_time(app, alice: Person, keys: Keys) -> None:  # type: ignore[no-untyped-def]
    contact, secret, start = keys.give_password(alice.id), keys.give_factor(alice.id), clock.now()
    with clock.stopped_at(start):
        code = code_now(secret)
        for expected in (303, 422):
            client = app.test_client()
            sign_in(client, contact)
            assert client.post("/second-factor", data={"code": code}).status_code == expected
    with clock.stopped_at(start + timedelta(seconds=30)):
        assert client.post("/second-factor", data={"code": code_now(secret)}).status_code == 303


def test_half_way_in_ends_after_five_minutes_and_with_the_epoch(
    anonymous: FlaskClient, alice: Person, keys: Keys, doing
) -> None:  # type: ignore[no-untyped-def]
    contact, secret, start = keys.give_password(alice.id), keys.give_factor(alice.id), clock.now()
    with clock.stopped_at(start):
        sign_in(anonymous, contact)
        assert anonymous.get("/second-factor").status_code == 200
    with clock.stopped_at(start + timedelta(minutes=6)):
        late = anonymous.post("/second-factor", data={"code": code_now(secret)})
        assert late.status_code == 303 and late.location.startswith("/sign-in")
    sign_in(anonymous, contact)
    with doing() as w:
        w.session.get_one(type(keys.account(alice.id)), alice.id).sign_in_epoch += 1
    assert anonymous.get("/second-factor").location.startswith("/sign-in")


def test_a_recovery_code_lets_in_once(app, zhao: Person, keys: Keys, session: Session) -> None:  # type: ignore[no-untyped-def]
    contact = keys.give_password(zhao.id)
    client = app.test_client()
    sign_in(client, contact)
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    _, codes = set_up(client)
    session.rollback()
    stored = session.scalars(select(RecoveryCode.hash)).all()
    assert len(stored) == 10 and not set(codes) & set(stored)
    for expected in (303, 422):
        lost = app.test_client()
        sign_in(lost, contact)
        assert (
            lost.post("/second-factor?way=recovery", data={"code": codes[3].lower()}).status_code == expected
        )
    assert is_signed_in(client)


def test_ten_wrong_codes_close_the_door_even_for_the_right_one(
    anonymous: FlaskClient, alice: Person, keys: Keys
) -> None:
    contact, secret = keys.give_password(alice.id), keys.give_factor(alice.id)
    sign_in(anonymous, contact)
    answers = [anonymous.post("/second-factor", data={"code": "no such"}).status_code for _ in range(10)]
    assert answers == [422] * 10
    assert anonymous.post("/second-factor", data={"code": code_now(secret)}).status_code == 429


def test_replacing_or_removing_it_needs_a_fresh_sign_in(zhao: Person, alice: Person, keys: Keys) -> None:
    keys.give_factor(zhao.id)
    stale = zhao.client(factor=False)
    for method, path in [
        ("get", "/second-factor/set-up"),
        ("post", "/me/settings/recovery-codes"),
        ("post", "/me/settings/second-factor/remove"),
    ]:
        answer = getattr(stale, method)(path)
        assert answer.status_code == 303 and answer.location.startswith("/sign-in/again"), path
    fresh = zhao.client()
    assert fresh.get("/second-factor/set-up").status_code == 200
    assert fresh.post("/me/settings/recovery-codes").text.count("<li>") >= 10
    assert fresh.post("/me/settings/second-factor/remove").status_code == 409, "his role needs it"
    keys.give_factor(alice.id)
    assert alice.client().post("/me/settings/second-factor/remove").status_code == 303
    assert keys.account(alice.id).totp_secret is None


def test_setting_up_needs_the_password_lately(alice: Person) -> None:
    assert alice.client(factor=False).get("/second-factor/set-up").location.startswith("/sign-in/again")


def test_a_stale_factor_asks_for_the_whole_sign_in(zhao: Person, keys: Keys) -> None:
    keys.give_factor(zhao.id)
    client = zhao.client()
    assert client.get("/second-factor?next=/inbox").location == "/sign-in/again?next=/inbox"
