"""CHECK constraints, foreign keys and widths of tables that others point to: another one, a new one, one less.

PostgreSQL alters them. SQLite can't, and making the table anew inside a transaction would trip the foreign keys, so the text
of the table is changed as its documentation describes for such changes (lang_altertable.html, section 7: a CHECK doesn't
change what is on disk). Rows are looked at first, on both engines: a condition that they don't meet is never put up."""

import re

from sqlalchemy import Connection, text


def swap(connection: Connection, table: str, name: str, before: str, after: str) -> None:
    """`before` and `after`: the conditions, exactly as the migration that made the table wrote them."""
    _met(connection, table, name, after)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({after})"))
        return
    _rewrite(connection, table, f"CHECK ({before})", f"CHECK ({after})")


def add(connection: Connection, table: str, name: str, condition: str) -> None:
    _met(connection, table, name, condition)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})"))
        return
    now = _sql_of(connection, table)
    _set_sql(connection, table, f"{now.rstrip()[:-1].rstrip()}, \n\tCONSTRAINT {name} CHECK ({condition})\n)")


def drop(connection: Connection, table: str, name: str, condition: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        return
    now = _sql_of(connection, table)
    found = re.search(rf",\s*CONSTRAINT {re.escape(name)} CHECK \({re.escape(condition)}\)", now)
    if found is None:
        raise RuntimeError(f"{table} has no such check: {name}")
    _set_sql(connection, table, now[: found.start()] + now[found.end() :])


def refer(connection: Connection, table: str, name: str, column: str, to: str) -> None:
    """A foreign key of a column that was just added, to another table's id."""
    words = f"FOREIGN KEY({column}) REFERENCES {to} (id)"
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}"))
        return
    now = _sql_of(connection, table)
    _set_sql(connection, table, f"{now.rstrip()[:-1].rstrip()}, \n\tCONSTRAINT {name} {words}\n)")


def forget(connection: Connection, table: str, name: str, column: str, to: str) -> None:
    """Take such a foreign key away again."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        return
    now = _sql_of(connection, table)
    found = re.search(rf",\s*CONSTRAINT {re.escape(name)} FOREIGN KEY\({column}\) REFERENCES {to} \(id\)", now)
    if found is None:
        raise RuntimeError(f"{table} has no such key: {name}")
    _set_sql(connection, table, now[: found.start()] + now[found.end() :])


def widen(connection: Connection, table: str, column: str, before: int, after: int) -> None:
    """Another length of a text column."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE VARCHAR({after})"))
        return
    now = _sql_of(connection, table)
    new = re.sub(rf"\b{column} VARCHAR\({before}\)", f"{column} VARCHAR({after})", now, count=1)
    if new == now:
        raise RuntimeError(f"{table}.{column} is no VARCHAR({before})")
    _set_sql(connection, table, new)


def _met(connection: Connection, table: str, name: str, condition: str) -> None:
    query = f"SELECT count(*) FROM {table} WHERE NOT ({condition})"  # noqa: S608  (conditions of our own models)
    if connection.dialect.name == "postgresql":
        query = query.replace("%", "%%")
    misfits = connection.exec_driver_sql(query).scalar_one()
    if misfits:
        raise RuntimeError(f"{misfits} rows of {table} don't meet {name}: mend them first")


def _rewrite(connection: Connection, table: str, before: str, after: str) -> None:
    now = _sql_of(connection, table)
    if before not in now:
        raise RuntimeError(f"{table} has no such check: {before}")
    _set_sql(connection, table, now.replace(before, after))


def _sql_of(connection: Connection, table: str) -> str:
    query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    return str(connection.execute(query, {"table": table}).scalar_one())


def _set_sql(connection: Connection, table: str, sql: str) -> None:
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    change = text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table")
    connection.execute(change, {"sql": sql, "table": table})
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
