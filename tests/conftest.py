"""The same people live in all tests: Alice owns, Wang runs the shop's bench, Zhao verifies, Bob buys, Ines inspects,
Charlie is a stranger. The network is closed; the database is fresh for each test, on either engine."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from core import clock, config, ids, jobs
from core.db import Base, Database, create_guards
from core.people.models import Account, Membership, Organisation
from core.people.roles import ROLES
from core.work import Actor, Work, work
from tests.soak import load_profile

load_profile()
SAMPLES = Path(os.environ.get("XUNSHI_SAMPLES", "../shared/samples"))


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """No socket leaves the machine: only loopback and local sockets connect."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> object:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("local", "127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        return real(self, address)  # type: ignore[arg-type]

    socket.socket.connect = connect  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = real  # type: ignore[method-assign]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: looks at more in `make soak`, which runs it with the property tests")
    later = timedelta(days=int(os.environ.get("XUNSHI_TEST_DAYS") or 0))
    if later:  # every story so many days later, to find today the test that a later day turns red
        clock.set_clock(lambda: datetime.now(UTC) + later)


SECOND_READINGS = {"independent", "attacks"}  # written by others of the same rules: they count when something lands


CASES_IN_A_HURRY = 2


def not_today(day: str, nodeids: Sequence[str]) -> set[str]:
    """Of a test with many cases all but two, others each `day`; house tests keep all. The same in every worker."""
    cases: dict[str, list[str]] = {}
    for one in nodeids:
        if "[" in one and not one.startswith("tests/house/"):
            cases.setdefault(one.split("[")[0], []).append(one)
    ranked = (sorted(some, key=lambda one: sha256(f"{day} {one}".encode()).digest()) for some in cases.values())
    return {one for some in ranked for one in some[CASES_IN_A_HURRY:]}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Second readings are slow tests; in a hurry each test brings a few of its cases; on PostgreSQL only what touches the database
    runs a second time."""
    for item in items:
        if SECOND_READINGS & set(item.path.parts):
            item.add_marker(pytest.mark.slow)
    if day := os.environ.get("XUNSHI_QUICK"):
        left = not_today(day, [item.nodeid for item in items])
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
        items[:] = [item for item in items if item.nodeid not in left]
    if not os.environ.get("XUNSHI_TEST_POSTGRES"):
        return
    touching = {"house", "app", "session", "database"}
    again = [item for item in items if touching & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def samples(*parts: str) -> Path:
    """A file of the shared samples, or a skip that says why."""
    path = SAMPLES.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is not there: set XUNSHI_SAMPLES to the folder of sample evidence")
    return path


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The program, once a worker; `app` gives it a fresh database for each test."""
    from app import create_app

    folder = tmp_path_factory.mktemp("house")
    postgres = os.environ.get("XUNSHI_TEST_POSTGRES")
    url = _postgres_database(postgres) if postgres else f"sqlite:///{folder / 'xunshi.db'}"
    app = create_app(config.Config(data=folder, database_url=url, testing=True))
    app.config.update(WTF_CSRF_ENABLED=False)
    database: Database = app.extensions["xunshi_db"]
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_guards(connection)
    fill_categories(database)
    database.engine.dispose()
    if database.is_sqlite:
        event.listen(database.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))  # no power cut here
        shutil.copy(folder / "xunshi.db", folder / "template.db")
    yield app
    app.extensions["xunshi_db"].engine.dispose()


def _postgres_database(server: str, kind: str = "x") -> str:
    """A database of this worker's own on the server that `make test` started; one `kind` never drops another's."""
    from sqlalchemy import create_engine

    name = f"{kind}_" + os.environ.get("PYTEST_XDIST_WORKER", "one")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


def fill_categories(database: Database) -> None:
    from core.goods.cards import all_cards
    from core.goods.models import Category

    with database.session() as session, work(session, Actor("system:test"), clock.now()) as w:
        for card in all_cards():
            w.session.merge(Category(code=card.code, data_bearing=card.data_bearing))


@pytest.fixture
def app(house: Flask, tmp_path: Path) -> Iterator[Flask]:
    from core.web import limiter

    assert not limiter.enabled, "a test before this one opened a program of its own in this process, and left its limits on"
    before = house.extensions["xunshi"]
    first: Database = house.extensions["xunshi_db"]
    house.extensions["xunshi"] = replace(before, data=tmp_path)
    house.extensions["xunshi_db"] = fresh_database(first)
    yield house
    first.engine.dispose()
    house.extensions["xunshi"], house.extensions["xunshi_db"] = before, first


def fresh_database(first: Database) -> Database:
    """Empty tables under the worker's one engine: each engine compiles each statement anew, half of a test's time."""
    first.engine.dispose()
    if first.is_sqlite:
        file = Path(first.url.removeprefix("sqlite:///"))
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            file.with_name(name).unlink(missing_ok=True)
        shutil.copy(file.with_name("template.db"), file)
    else:
        _empty(first)
    return Database(first.url, first.engine)


def _empty(database: Database) -> None:
    """Rows of the test before go, guards and keys asleep; much quicker than TRUNCATE of fifty tables."""
    names = [table for table in Base.metadata.tables if table != "categories"]
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in names))


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["xunshi_db"]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as session:
        yield session


@pytest.fixture
def doing(session: Session) -> Callable[..., AbstractContextManager[Work]]:
    """`with doing(alice) as w:` opens a Work for a person (or the system) now."""

    def open_work(who: "Person | None" = None) -> AbstractContextManager[Work]:
        return work(session, Actor(who.id) if who else Actor("system:test"), clock.now())

    return open_work


@dataclass(frozen=True)
class Person:
    """Somebody in the stories. `client()` is a browser in which they are signed in."""

    id: str
    name: str
    _open: Callable[..., FlaskClient]

    def client(self, *, factor: bool = True, language: str = "en") -> FlaskClient:
        return self._open(self.id, factor=factor, language=language)

    @property
    def actor(self) -> Actor:
        return Actor(self.id)


class People:
    """Makes accounts, organisations and roles straight in the database."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session

    def person(self, name: str, *, verified: bool = True) -> Person:
        from core import secrets
        from core.people.models import Contact

        now = clock.now()
        with work(self.session, Actor("system:test"), now) as w:
            account = Account(
                id=ids.new_id(), name=name, password_hash="-", of_age_at=now, created_at=now, language="en"
            )
            w.session.add(account)
            w.session.flush()
            address = f"{name.lower().replace(' ', '.')}.{account.id}@example.com"
            w.session.add(
                Contact(
                    id=ids.new_id(), account_id=account.id, kind="email", masked=f"{name[0]}***@example.com",
                    value=secrets.encrypt(address, "contact"), digest=secrets.keyed_digest(address, "contact"),
                    verified_at=now if verified else None,
                )
            )  # fmt: skip
            found = account.id
        return Person(found, name, self._open)

    def organisation(self, name: str, kind: str = "shop", state: str = "approved") -> str:
        with work(self.session, Actor("system:test"), clock.now()) as w:
            org = Organisation(id=ids.new_id(), kind=kind, name=name, state=state, created_at=w.now, district="330106")
            w.session.add(org)
            return org.id

    def give_role(self, person: Person, role: str, org_id: str, *, credential: bool = True) -> None:
        """An appraiser comes with a credential for everything, unless the story is about having none."""
        from appraisal.appraisers.queries import find_file
        from tests.appraiser_stories import admitted

        assert role in ROLES
        with work(self.session, Actor("system:test"), clock.now()) as w:
            w.session.add(
                Membership(
                    id=ids.new_id(), account_id=person.id, org_id=org_id, role=role, granted_by="system:test",
                    granted_at=w.now, ended_at=None,
                )
            )  # fmt: skip
        if role == "appraiser" and credential and find_file(self.session, person.id) is None:
            admitted(self.session, person.id)
        self.session.rollback()

    def _open(self, account_id: str, *, factor: bool, language: str) -> FlaskClient:
        client = self.app.test_client()
        epoch = self.session.get_one(Account, account_id).sign_in_epoch
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{account_id}.{epoch}"
            cookie["_fresh"] = True
            cookie["language"] = language
            cookie["sign_in_id"] = ids.new_id()
            if factor:
                cookie["factor_at"] = clock.now().isoformat()
        self.session.rollback()
        return client


@pytest.fixture
def people(app: Flask, session: Session) -> People:
    return People(app, session)


@pytest.fixture
def alice(people: People) -> Person:
    return people.person("Alice")


@pytest.fixture
def bob(people: People) -> Person:
    return people.person("Bob")


@pytest.fixture
def charlie(people: People) -> Person:
    return people.person("Charlie")


@pytest.fixture
def shop(people: People) -> str:
    return people.organisation("西湖旧货行")


@pytest.fixture
def wang(people: People, shop: str) -> Person:
    """Operates the bench in the shop."""
    person = people.person("Wang")
    people.give_role(person, "wipe_operator", shop)
    people.give_role(person, "shop_clerk", shop)
    return person


@pytest.fixture
def zhao(people: People, shop: str) -> Person:
    """Verifies in the same shop: another person."""
    person = people.person("Zhao")
    people.give_role(person, "wipe_verifier", shop)
    return person


@pytest.fixture
def li(people: People, shop: str) -> Person:
    """Appraises."""
    person = people.person("Li")
    people.give_role(person, "appraiser", shop)
    return person


@pytest.fixture
def ines(people: People) -> Person:
    """Inspects for the regulator."""
    person = people.person("Ines")
    people.give_role(person, "regulator", people.organisation("市场监管局", "regulator"))
    return person


@pytest.fixture
def root(people: People) -> Person:
    """Administers the platform."""
    person = people.person("Root")
    people.give_role(person, "administrator", people.organisation("循市", "platform"))
    return person


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


@pytest.fixture
def run_jobs(session: Session) -> Callable[[], int]:
    """Run every job that is due, as the server's runner would within a second."""
    return lambda: jobs.run_due(session)
