"""A new password by code, for who forgot it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core import clock
from tests.conftest import Person
from tests.core.people.conftest import NEW_PASSWORD, PASSWORD, Keys, Outbox, is_signed_in, sign_in


def test_alice_gets_back_in_and_a_thief_goes_out(
    anonymous: FlaskClient, alice: Person, keys: Keys, outbox: Outbox
) -> None:
    contact, thief = keys.give_password(alice.id), alice.client()
    assert anonymous.post("/forgotten", data={"contact": contact}).location == "/forgotten/code"
    code = outbox.code()
    assert anonymous.post("/forgotten/code", data={"code": code, "new": "short"}).status_code == 422
    assert is_signed_in(thief)
    assert anonymous.post("/forgotten/code", data={"code": code, "new": NEW_PASSWORD}).location == "/sign-in"
    assert not is_signed_in(thief)
    assert sign_in(anonymous, contact, PASSWORD).status_code == 422
    assert sign_in(anonymous, contact, NEW_PASSWORD).status_code == 303


def test_a_code_is_good_once_and_for_its_purpose_only(
    anonymous: FlaskClient, alice: Person, keys: Keys, outbox: Outbox
) -> None:
    contact = keys.give_password(alice.id)
    anonymous.post("/forgotten", data={"contact": contact})
    code = outbox.code()
    anonymous.post("/forgotten/code", data={"code": code, "new": NEW_PASSWORD})
    assert anonymous.get("/forgotten/code").location == "/forgotten", "used up"
    start = clock.now()
    with clock.stopped_at(start + timedelta(minutes=2)):
        anonymous.post("/sign-up", data={"contact": "13912345678"})
    sign_up_code = outbox.code()
    with clock.stopped_at(start + timedelta(minutes=4)):
        anonymous.post("/forgotten", data={"contact": "13912345678"})
        other = anonymous.post("/forgotten/code", data={"code": sign_up_code, "new": NEW_PASSWORD})
    assert other.status_code == 422


def test_unknown_and_known_contacts_read_the_same(
    anonymous: FlaskClient, alice: Person, keys: Keys, outbox: Outbox
) -> None:
    known = keys.give_password(alice.id)
    seen = []
    for contact in (known, "nobody@example.com"):
        first = anonymous.post("/forgotten", data={"contact": contact})
        wrong = [
            anonymous.post("/forgotten/code", data={"code": "1x", "new": NEW_PASSWORD}) for _ in range(6)
        ]
        again = anonymous.post("/forgotten", data={"contact": contact})
        seen.append([(a.status_code, a.location) for a in (first, *wrong, again)])
    assert seen[0] == seen[1]
    assert [one.status_code for one in wrong] == [422] * 5 + [429]
    assert [address for address, _ in outbox.letters()] == [known]


@pytest.mark.slow
def test_it_opens_a_door_closed_by_wrong_guesses(
    anonymous: FlaskClient, alice: Person, keys: Keys, outbox: Outbox
) -> None:
    contact = keys.give_password(alice.id)
    for _ in range(11):
        sign_in(anonymous, contact, "wrong wrong wrong")
    assert sign_in(anonymous, contact).status_code == 429
    anonymous.post("/forgotten", data={"contact": contact})
    anonymous.post("/forgotten/code", data={"code": outbox.code(), "new": NEW_PASSWORD})
    assert sign_in(anonymous, contact, NEW_PASSWORD).status_code == 303
