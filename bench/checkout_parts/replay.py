"""The raw driver with the very same rows: every statement of the program's checkouts is written down once, with its values, and
sent again by the bare driver to a copy of the database, in the same transactions. What is left out is Python, not a promise."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import make_url

from core.db import Database, open_engine

Spoken = tuple[str, Any, bool]  # statement, values, many
COMMIT: Spoken = ("COMMIT", (), False)


def copy_of(database: Database) -> str:
    """A copy of the whole database as it is; its address."""
    database.engine.dispose()
    if database.is_sqlite:
        place = Path(database.url.removeprefix("sqlite:///"))
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.engine.dispose()
        copy = place.with_name(f"{place.stem}-copy.db")
        shutil.copy(place, copy)
        return f"sqlite:///{copy}"
    name = make_url(database.url).database
    server = open_engine(database.url.replace(f"/{name}?", "/postgres?"))
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}_copy"))
        connection.execute(text(f"CREATE DATABASE {name}_copy TEMPLATE {name}"))
    server.dispose()
    return database.url.replace(f"/{name}?", f"/{name}_copy?")


@contextmanager
def written_down(database: Database) -> Iterator[list[Spoken]]:
    """What goes to the database meanwhile, reads and writes and where each transaction ends."""
    said: list[Spoken] = []

    def speak(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        # several rows in one statement come as one flat row
        rows = many and not isinstance(values, dict) and isinstance(values[0], (tuple, list, dict))
        said.append((statement, values, rows))

    def end(_connection: Any) -> None:
        said.append(COMMIT)

    heard: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", speak), ("commit", end), ("rollback", end)]
    for name, listener in heard:
        event.listen(database.engine, name, listener)
    yield said
    for name, listener in heard:
        event.remove(database.engine, name, listener)


def say_again(url: str, said: list[Spoken], together: int = 1) -> float:
    """Seconds that the bare driver takes. `together`: so many transactions are committed as one (the database's own limit)."""
    engine = open_engine(url)
    raw = engine.raw_connection()
    cursor, sqlite, open_, ended = raw.cursor(), engine.dialect.name == "sqlite", False, 0
    begun = time.perf_counter()
    for statement, values, many in said:
        if statement == "COMMIT":
            ended += 1
            if ended % together == 0 and open_:
                raw.commit()
                open_ = False
            continue
        if statement.startswith("BEGIN"):
            if not open_:
                cursor.execute("BEGIN IMMEDIATE")
        elif many:
            cursor.executemany(statement, values)
        else:
            cursor.execute(statement, values)
            if cursor.description:
                cursor.fetchall()
        open_ = True
    raw.commit()
    seconds = time.perf_counter() - begun
    raw.close()
    engine.dispose()
    assert sqlite or engine.dialect.name == "postgresql"
    return seconds
