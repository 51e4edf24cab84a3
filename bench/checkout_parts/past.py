"""Rows by the hundred thousand: one real thing or one real sale, made by the program, is copied inside the database.

Every text that holds an id of the copied rows gets a new one; times, amounts and people stay. Guards and foreign keys sleep
meanwhile, as they would reckon a million times what was reckoned once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, text
from sqlalchemy.engine import Connection

from core.db import Base, Database, create_guards, drop_guards

Rows = dict[str, list[dict[str, Any]]]
LEFT_OUT = {"jobs", "audit_pending", "number_series", "ledger_accounts"}  # done and gone by then, or there already
BATCH = 50_000


def tables() -> Sequence[Table]:
    return Base.metadata.sorted_tables


def rows_now(database: Database) -> Rows:
    with database.engine.connect() as connection:
        return {one.name: _rows(connection, one.name) for one in tables() if one.name != "categories"}


def _rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]


def added(before: Rows, after: Rows) -> Rows:
    """The rows that came, or that changed, in between."""
    new = {name: [row for row in rows if row not in before[name]] for name, rows in after.items() if name not in LEFT_OUT}
    return {name: rows for name, rows in new.items() if rows}


def multiply(database: Database, rows: Rows, times: int, mark: str) -> None:
    """Copy `rows` so many times. `mark`: one letter, another one for each call on a database."""
    found = sorted({row["id"] for some in rows.values() for row in some if "id" in row})
    ids = {one: f"{one[:10]}{nth:06}" for nth, one in enumerate(found)}  # the same moment; alike in its first letters otherwise
    with _asleep(database) as connection:
        for begun in range(0, times, BATCH):
            some = range(begun, min(begun + BATCH, times))
            with connection.begin():
                _sleep(connection)
                for table in tables():
                    for row in rows.get(table.name, ()):
                        connection.exec_driver_sql(_copying(table, row, ids, some, mark, database.is_sqlite))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


@contextmanager
def _asleep(database: Database) -> Iterator[Connection]:
    with database.engine.begin() as connection:
        drop_guards(connection)
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        yield connection
        connection.invalidate()
    with database.engine.begin() as connection:
        create_guards(connection)


def _sleep(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def _copying(table: Table, row: Mapping[str, Any], ids: Mapping[str, str], some: range, mark: str, sqlite: bool) -> str:
    digits = "printf('%09d', i)" if sqlite else "lpad(i::text, 9, '0')"
    kept = [column for column in table.columns if not (column.primary_key and isinstance(row[column.name], int))]
    names = ", ".join(f'"{column.name}"' for column in kept)
    values = ", ".join(_value(column, row[column.name], ids, f"'{mark}' || {digits}") for column in kept)
    series = (
        f"(WITH RECURSIVE n(i) AS (SELECT {some[0]} UNION ALL SELECT i + 1 FROM n WHERE i < {some[-1]}) SELECT i FROM n)"
        if sqlite
        else f"generate_series({some[0]}, {some[-1]}) AS n(i)"
    )
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {series}".replace("%", "%%" if not sqlite else "%")


def _value(column: Column[Any], value: Any, ids: Mapping[str, str], tail: str) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    parts = [_part(one, ids, tail) for one in re.split("(" + "|".join(sorted(ids)) + ")", str(value)) if one]
    if len(parts) < 2 and value not in ids and _unique(column):
        return tail
    return " || ".join(parts) or "''"


def _part(part: str, ids: Mapping[str, str], tail: str) -> str:
    return f"'{ids[part]}' || {tail}" if part in ids else "'" + part.replace("'", "''") + "'"


def _unique(column: Column[Any]) -> bool:
    alone = [one for one in column.table.constraints if isinstance(one, UniqueConstraint) and list(one.columns) == [column]]
    return bool(column.unique or alone)
