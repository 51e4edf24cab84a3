"""The demonstration: one button for each demo person, their second-factor codes, and the outbox. Never
in production."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core import clock, ids, passwords, secrets, totp
from core.access import public
from core.config import BadSetting, Config
from core.db import Database
from core.errors import NotFound
from core.mail import Message
from core.page import Page
from core.people import texts, visitors
from core.people.actions.consents import give_consent
from core.people.actions.contacts import add_contact
from core.people.actions.factors import LABEL, secret_of
from core.people.models import Account
from core.people.names import shown_org
from core.people.queries import get_account, memberships, opened
from core.people.roles import ROLES
from core.people.rules import read_address
from core.web import config, local_path
from core.work import Actor, Work, work

DEMO_PASSWORD = "come-in-and-look-26"  # noqa: S105 - known to everybody, for demo people only
blueprint = Blueprint("demo", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section. `copies`: (label, value) to copy; `links`: (label, address); `person`: id of who does it."""

    cells: tuple[str, ...]
    person: str = ""
    copies: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What a room adds to the demo page: title, text, headers and rows, in the reader's language already.
    `numbered`: the rows are steps, (who, what) each, shown as an ordered list."""

    title: str
    text: str
    headers: tuple[str, ...]
    rows: Sequence[Row]
    numbered: bool = False


demo_sections: list[Callable[[Session], Section | None]] = []
"""None where a section has nothing to say in this house."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    id: str
    name: str
    contact: str
    roles: list[tuple[str, str]]
    code: str


@dataclass(frozen=True, kw_only=True)
class DemoPage(Page):
    template = "core/demo.html"
    people: list[DemoPerson]
    password: str
    code_until: datetime
    sections: list[Section]


@dataclass(frozen=True, slots=True)
class Letter:
    at: datetime
    channel: str
    address: str
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class OutboxPage(Page):
    template = "core/demo_outbox.html"
    letters: list[Letter]


def add_demo_person(
    w: Work,
    name: str,
    contact: str,
    *,
    language: str = "zh",
    second_factor: bool = False,
    password_hash: str = "",
) -> Account:
    """Make a demo person with the demo password, all texts agreed to, and a second factor if their
    roles need one. `password_hash`: that of the demo password, for who makes many people at once."""
    account = Account(
        id=ids.new_id(),
        name=name,
        password_hash=password_hash or passwords.hash_password(DEMO_PASSWORD),
        language=language,
        of_age_at=w.now,
        created_at=w.now,
        demo=True,
        totp_secret=secrets.encrypt(totp.new_secret(), LABEL) if second_factor else None,
    )
    w.session.add(account)
    w.session.flush()
    add_contact(w, account.id, read_address(contact))
    for code in texts.REQUIRED:
        give_consent(w, account.id, code, texts.newest_version(code), language)
    w.record("core:account:opened", account.id, demo=True)
    return account


def refuse_demo_in_production(database: Database, config: Config) -> None:
    """Raises BadSetting when a production house holds people whose password everybody knows."""
    if not config.production or not inspect(database.engine).has_table(Account.__tablename__):
        return
    with database.session() as session:
        if find_demo_people(session):
            raise BadSetting(
                "XUNSHI_ENV=production with demo people: start with an empty XUNSHI_DATA (or database)"
            )


def find_demo_people(session: Session) -> list[Account]:
    return list(session.scalars(select(Account).where(Account.demo).order_by(Account.created_at, Account.id)))


def _demo_people() -> list[Account]:
    """Raises NotFound where there is no demonstration."""
    found = [] if config().production else find_demo_people(g.db)
    if not found:
        raise NotFound()
    return found


@blueprint.get("/demo")
@public
def demo() -> object:
    now, step = clock.now(), totp.STEP_SECONDS
    until = datetime.fromtimestamp((int(now.timestamp()) // step + 1) * step, now.tzinfo)
    return DemoPage(
        people=[_person(account, now) for account in _demo_people() if account.state == "active"],
        password=DEMO_PASSWORD,
        code_until=until,
        sections=[one for make in demo_sections if (one := make(g.db)) is not None],
    ).answer()


def _person(account: Account, now: datetime) -> DemoPerson:
    held = [(_(ROLES[row.role].label), shown_org(row.organisation, g.language)) for row in memberships(g.db, account.id)]
    secret = secret_of(account)
    contact = next((opened(one).value for one in account.contacts), "")
    return DemoPerson(
        account.id, account.name, contact, held, totp.current_code(secret, now) if secret else ""
    )


@blueprint.post("/demo/sign-in/<account_id>")
@public
def demo_sign_in(account_id: str) -> object:
    """Signs a demo person in, second factor included."""
    _demo_people()
    account = get_account(g.db, account_id)
    if not account.demo or account.state != "active":
        raise NotFound()
    factor = account.totp_secret is not None
    with work(g.db, Actor(account_id), clock.now()) as w:
        w.record("core:sign_in:made", account_id, factor=factor, demo=True)
    language = g.language
    visitors.sign_in(get_account(g.db, account_id), factor=factor)
    _keep(language)
    return redirect(local_path("/me"), 303)


def _keep(language: str) -> None:
    """Whoever tries the demo reads it in the language they chose, not in the demo person's."""
    from flask import session

    session["language"] = language
    session["password_at"] = clock.now().isoformat()


@blueprint.get("/demo/outbox")
@public
def demo_outbox() -> object:
    _demo_people()
    rows = g.db.scalars(select(Message).order_by(Message.created_at.desc(), Message.id.desc()).limit(50))
    return OutboxPage(letters=[_letter(row) for row in rows]).answer()


def _letter(row: Message) -> Letter:
    address, subject, body = (
        secrets.decrypt(part, "message") for part in (row.address, row.subject, row.body)
    )
    return Letter(row.created_at, row.channel, address, subject, body)
