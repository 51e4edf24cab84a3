"""What the stand-in remembers: one SQLite file, one transaction a request, so that a killed process forgets nothing it
answered."""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core import clock

Thing = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY, kind TEXT NOT NULL, seq INTEGER NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS things_kind ON things (kind, seq);
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reports (id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, body TEXT NOT NULL, due INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Shelf:
    """The things inside one open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection

    def _next(self, table: str) -> int:
        return int(self.sql.execute(f"SELECT coalesce(max(seq), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608 - our own names

    def add(self, prefix: str, kind: str, **body: Any) -> Thing:
        thing = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": now(), "livemode": False, **body}
        row = (thing["id"], kind, self._next("things"), json.dumps(thing))
        self.sql.execute("INSERT INTO things VALUES (?, ?, ?, ?)", row)
        return thing

    def save(self, thing: Thing) -> None:
        self.sql.execute("UPDATE things SET body = ? WHERE id = ?", (json.dumps(thing), thing["id"]))

    def find(self, thing_id: str) -> Thing | None:
        row = self.sql.execute("SELECT body FROM things WHERE id = ?", (thing_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str, **equal: Any) -> list[Thing]:
        """Newest first; those whose values equal what is asked."""
        rows = self.sql.execute("SELECT body FROM things WHERE kind = ? ORDER BY seq DESC", (kind,))
        things = (json.loads(row[0]) for row in rows)
        return [one for one in things if all(one.get(name) == value for name, value in equal.items() if value is not None)]

    def report(self, kind: str, thing: Thing) -> None:
        """Put an event down; the hooks bring it to the door."""
        event_id = f"evt_{secrets.token_hex(12)}"
        body = {
            "id": event_id, "object": "event", "type": kind, "created": now(), "livemode": False, "api_version": "standin",
            "pending_webhooks": 1, "data": {"object": thing},
        }  # fmt: skip
        pause = int(self.switch("late") or 0)
        self.sql.execute(
            "INSERT INTO reports (id, seq, body, due) VALUES (?, ?, ?, ?)",
            (event_id, self._next("reports"), json.dumps(body), now() + pause),
        )

    def switch(self, name: str, *, use: bool = False) -> str:
        """The value of a switch, "" when it is off. `use`: one of its times is used up."""
        row = self.sql.execute("SELECT value, times FROM switches WHERE name = ?", (name,)).fetchone()
        if row is None:
            return ""
        if use and row[1] == 1:
            self.sql.execute("DELETE FROM switches WHERE name = ?", (name,))
        elif use and row[1] > 1:
            self.sql.execute("UPDATE switches SET times = times - 1 WHERE name = ?", (name,))
        return str(row[0])

    def set_switch(self, name: str, value: str, times: int = 0) -> None:
        """`times` 0: until it is turned off by an empty value."""
        self.sql.execute("DELETE FROM switches WHERE name = ?", (name,))
        if value:
            self.sql.execute("INSERT INTO switches VALUES (?, ?, ?)", (name, value, times))

    def note(self, name: str, otherwise: str = "") -> str:
        """A note that stays; written down the first time."""
        row = self.sql.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        if row is None and otherwise:
            self.sql.execute("INSERT INTO notes VALUES (?, ?)", (name, otherwise))
        return str(row[0]) if row else otherwise

    @contextmanager
    def part(self) -> Iterator[None]:
        """What fails inside leaves nothing, while the rest of the transaction stays."""
        self.sql.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.sql.execute("ROLLBACK TO part")
            raise
        finally:
            self.sql.execute("RELEASE part")


def now() -> int:
    return int(clock.now().timestamp())


class Store:
    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=20)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        connection.close()

    @contextmanager
    def open(self) -> Iterator[Shelf]:
        """One transaction; what was answered is on the disk."""
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Shelf(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.close()
