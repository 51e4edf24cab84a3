"""Houses that were made by the migrations, as `make run` makes them: to be saved, damaged and put back."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from core import audit, clock, migrate
from core.db import Database
from core.work import Actor, work


@dataclass(frozen=True)
class Home:
    """A data folder and its database. `run` is the command line in it."""

    app: Flask
    data: Path
    database: Database

    @contextmanager
    def lived_in(self) -> Iterator[None]:
        before = self.app.extensions["xunshi"], self.app.extensions["xunshi_db"]
        config = replace(before[0], data=self.data, database_url=self.database.url)
        self.app.extensions["xunshi"], self.app.extensions["xunshi_db"] = config, self.database
        try:
            yield
        finally:
            self.app.extensions["xunshi"], self.app.extensions["xunshi_db"] = before

    def run(self, command: Any, *words: str, stdin: str | bytes | None = None) -> Result:
        with self.lived_in():
            return self.app.test_cli_runner().invoke(command, list(words), input=stdin)

    def record(self, count: int, start: int = 0) -> None:
        """Some lines of the log, sealed."""
        for number in range(start, start + count):
            self.write("core:lookup:made", f"thing{number}", kind="serial", found=number)
        self.seal()

    def write(self, word: str, subject: str, **facts: audit.Fact) -> None:
        with self.database.session() as session, work(session, Actor("system:test"), clock.now()) as w:
            w.record(word, subject, **facts)

    def seal(self) -> None:
        with self.database.session() as session, work(session, Actor("system:sealer"), clock.now()) as w:
            audit.seal(w.session)

    def sql(self, *statements: str, **values: object) -> Any:
        """Somebody at the database itself, past every guard of the program."""
        with self.database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for statement in statements:
                found = connection.execute(text(statement), values)
            return found.fetchall() if found.returns_rows else None

    def without_guards(self, *statements: str, **values: object) -> None:
        if self.database.is_sqlite:
            names = self.sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'")
            drop = [f"DROP TRIGGER {name}" for (name,) in names]
        else:
            drop = [f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in ("audit_lines", "audit_seals", "audit_pending")]
        self.sql(*drop, *statements, **values)


@pytest.fixture(scope="session")
def template(house: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database in its newest shape, made by the migrations once."""
    path = tmp_path_factory.mktemp("template") / "xunshi.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.engine.dispose()
    return path


@pytest.fixture
def new_home(house: Flask, template: Path, tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """`new_home("old")`: an empty data folder and database; `prepared=True` steps it up to the newest shape."""
    opened: list[Database] = []

    def make(name: str, *, prepared: bool = False, embedded: bool = False) -> Home:
        folder = tmp_path / name
        folder.mkdir()
        server = None if embedded else os.environ.get("XUNSHI_TEST_POSTGRES")
        if prepared and not server:
            shutil.copy(template, folder / "xunshi.db")
        database = Database(_on_server(server, name) if server else f"sqlite:///{folder / 'xunshi.db'}")
        opened.append(database)
        if prepared and server:
            migrate.upgrade(database)
        return Home(house, folder, database)

    yield make
    for database in opened:
        database.engine.dispose()


def _on_server(server: str, name: str) -> str:
    name = f"x_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}_{name}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def home(new_home: Callable[..., Home]) -> Home:
    return new_home("home", prepared=True)
