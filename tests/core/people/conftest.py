"""Helpers for the stories about people: read the outbox, own a password, show the app's code."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, passwords, secrets, totp
from core.mail import Message
from core.people.actions.factors import LABEL
from core.people.models import Account, Contact
from core.work import Work

PASSWORD = "kettle sings at dawn"
NEW_PASSWORD = "seven grey herons"
HASH = passwords.hash_password(PASSWORD)


class Outbox:
    """What the house sent, newest last, opened."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def letters(self) -> list[tuple[str, str]]:
        self.session.rollback()
        rows = self.session.scalars(select(Message).order_by(Message.created_at, Message.id))
        return [
            (secrets.decrypt(row.address, "message"), secrets.decrypt(row.body, "message")) for row in rows
        ]

    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.letters()[-1][1])
        assert found, self.letters()[-1]
        return found[0]

    def link(self) -> str:
        return self.letters()[-1][1].split("127.0.0.1:8000")[-1] if self.letters() else ""


@pytest.fixture
def outbox(session: Session) -> Outbox:
    return Outbox(session)


class Keys:
    """Passwords, contacts and second factors of the people in the stories."""

    def __init__(self, session: Session, doing: Callable[..., AbstractContextManager[Work]]) -> None:
        self.session, self.doing = session, doing

    def give_password(self, account_id: str) -> str:
        """Returns the contact to sign in with."""
        with self.doing() as w:
            w.session.get_one(Account, account_id).password_hash = HASH
        return self.contact(account_id)

    def contact(self, account_id: str) -> str:
        self.session.rollback()
        row = self.session.scalars(select(Contact).where(Contact.account_id == account_id)).first()
        assert row is not None
        return secrets.decrypt(row.value, "contact")

    def give_factor(self, account_id: str) -> str:
        secret = totp.new_secret()
        with self.doing() as w:
            w.session.get_one(Account, account_id).totp_secret = secrets.encrypt(secret, LABEL)
        return secret

    def account(self, account_id: str) -> Account:
        self.session.rollback()
        return self.session.get_one(Account, account_id)


@pytest.fixture
def keys(session: Session, doing: Callable[..., AbstractContextManager[Work]]) -> Keys:
    return Keys(session, doing)


def code_now(secret: str, steps: int = 0) -> str:
    return totp.current_code(secret, clock.now() + timedelta(seconds=30 * steps))


def sign_in(client: FlaskClient, contact: str, password: str = PASSWORD, next_: str = "") -> object:
    where = f"/sign-in?next={next_}" if next_ else "/sign-in"
    return client.post(where, data={"contact": contact, "password": password})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200
