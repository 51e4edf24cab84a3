"""The database: typed declarative base, named constraints, both engines, and guards (triggers) kept beside the models."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Dialect, Engine, Index, MetaData, String, Text, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from core.errors import NotFound
from core.together import Together
from core.turns import Turns

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time, always with zone, stored as fixed-width UTC text so that both engines sort and compare it alike."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return stamp(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A day of the calendar as text, 2026-11-30: the order of text is the order of days, and a backup keeps it as it stands."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value as text, keys sorted: the same bytes on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def stamp(value: datetime) -> str:
    """`2026-11-22T06:14:22.000000Z`: 27 characters, the order of text is the order of time."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Moment, date: Day}


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger with its text for each engine. `name` is unique; PostgreSQL needs a function of the same name."""

    name: str
    table: str
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]


def only_one(name: str, *columns: str, where: str) -> Index:
    """A unique index over those rows only for which `where` holds: one live key a person, one open job a device."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


Row = TypeVar("Row")
Locks = frozenset[tuple[type, str]]
_KEPT, _LOCKED = "xunshi_kept", "xunshi_locked"
MOST_KEPT = 1000  # a Work over thousands of rows goes on forgetting


def get_row(session: Session, kind: type[Row], id: str) -> Row:
    """The row of that id. Raises NotFound."""
    found = session.get(kind, id)
    if found is None:
        raise NotFound()
    return found


def begin_keeping(session: Session) -> None:
    """Until `end_keeping`, what is read stays in memory (a session alone forgets what nobody holds, and reads it again), and what
    was locked is known to be."""
    session.info[_KEPT], session.info[_LOCKED] = [], set()


def end_keeping(session: Session) -> None:
    session.info.pop(_KEPT, None)
    session.info.pop(_LOCKED, None)


def known_locks(session: Session) -> Locks:
    """Which rows are known to be locked at this moment."""
    return frozenset(session.info.get(_LOCKED) or ())


def forget_locks(session: Session, before: Locks) -> None:
    """A savepoint was rolled back, and with it PostgreSQL gave back the locks taken since: they are known no more."""
    if session.info.get(_LOCKED) is not None:
        session.info[_LOCKED] = set(before)


def _keep(session: Session, row: object) -> None:
    kept: list[object] | None = session.info.get(_KEPT)
    if kept is not None and len(kept) < MOST_KEPT:
        kept.append(row)


def find_locked(session: Session, kind: type[Row], id: str) -> Row | None:
    """The row, fresh and locked until the transaction ends.

    What was locked before in the same Work is only looked up, for nobody else can have changed it; so is, on SQLite, all that the
    Work has read, for it has the whole file to itself."""
    locked: set[tuple[type, str]] | None = session.info.get(_LOCKED)
    if locked is not None and ((kind, id) in locked or session.info.get("turns")):
        return session.get(kind, id)
    found = session.get(kind, id, with_for_update=True, populate_existing=True)
    if locked is not None and found is not None:
        locked.add((kind, id))
    return found


def get_locked(session: Session, kind: type[Row], id: str) -> Row:
    """`find_locked`. Raises NotFound."""
    found = find_locked(session, kind, id)
    if found is None:
        raise NotFound()
    return found


GUARDS: dict[str, Guard] = {}


def guard(name: str, table: str, when: str, condition: str, message: str, *, hold: str = "") -> None:
    """Refuse a change in the database itself. `when` is e.g. `BEFORE UPDATE`; `condition` uses NEW and OLD.

    `hold`: what the condition reads in another table and nobody may change until this transaction ends, as
    `clearances c WHERE c.id = NEW.clearance_id FOR SHARE`. On PostgreSQL two transactions that each read what the other is
    about to write would both go through; SQLite lets one write at a time."""
    message = message.replace("'", "''")
    sqlite = f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    back = "OLD" if "DELETE" in when else "NEW"
    held = f"PERFORM 1 FROM {hold}; " if hold else ""
    postgresql = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {held}IF {condition} THEN "
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {back}; END $$",
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
    GUARDS[name] = Guard(name, table, (sqlite,), postgresql)


def append_only(table: str) -> None:
    """Rows of this table are never changed and never deleted, by nobody."""
    for verb in ("UPDATE", "DELETE"):
        name = f"{table}_no_{verb.lower()}"
        guard(name, table, f"BEFORE {verb}", "(1 = 1)", f"{table} is append-only")


def create_guards(connection: Connection) -> None:
    for one in GUARDS.values():
        for statement in getattr(one, connection.dialect.name):
            connection.exec_driver_sql(statement)


def drop_guards(connection: Connection) -> None:
    for one in GUARDS.values():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {one.name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {one.name} ON {one.table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {one.name}()")


def open_engine(url: str) -> Engine:
    """An engine; on SQLite with WAL, foreign keys, a busy timeout, and transactions begun by us (see architecture.md)."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)  # a fault's text goes into the log, values don't
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver must not begin by itself, else savepoints and IMMEDIATE leak
    # recursive_triggers: else INSERT OR REPLACE would delete rows behind the guards' back
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "recursive_triggers=ON", "busy_timeout=10000", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """An engine and its sessions. `engine`: one that is open already, whose compiled statements serve again."""

    def __init__(self, url: str, engine: Engine | None = None) -> None:
        self.url, self.engine = url, engine or open_engine(url)
        self.turns = Turns() if self.is_sqlite else None
        self.together = Together(self.engine, self.turns) if self.turns else None
        # create_savepoint: a session that is lent a connection in the midst of a transaction commits its own part only
        self.sessions = sessionmaker(
            self.engine, expire_on_commit=True, join_transaction_mode="create_savepoint",
            info={"turns": self.turns, "together": self.together},
        )  # fmt: skip
        event.listen(self.sessions, "loaded_as_persistent", _keep)
        event.listen(self.sessions, "pending_to_persistent", _keep)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.sessions() as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"
