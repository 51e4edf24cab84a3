"""Backup and restore: one file for either engine, rows as JSON lines, with the stored files beside them.

The archive holds no deployment secret unless asked: whoever has both reads everything."""

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select, text

from core import clock, migrate
from core.db import Database

FORMAT = "xunshi-backup-1"
SECRET = "deployment.secret"  # noqa: S105  (a file's name)


class BadBackup(ValueError):
    """The file is no backup of ours, is damaged, or doesn't fit."""


def backup(database: Database, data: Path, target: Path | None = None, *, with_secret: bool = False) -> Path:
    """Write a consistent archive and return its path; readers and writers go on meanwhile."""
    target = target or data / "backups" / f"xunshi-{clock.now():%Y%m%d-%H%M%S}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    with tarfile.open(draft, "w:gz") as archive:
        _add(archive, "manifest.json", json.dumps({"format": FORMAT, "revision": migrate.current(database)}))
        for name, lines in _dump(database):
            _add(archive, f"tables/{name}.jsonl", lines)
        for folder in ("files", "keys"):
            if (data / folder).exists():
                archive.add(data / folder, folder)
        if with_secret:
            archive.add(data / SECRET, SECRET)
    draft.chmod(0o600)
    draft.replace(target)
    return target


def restore(database: Database, data: Path, source: Path) -> int:
    """Fill an empty database and data folder from an archive, then step it up to this program. Returns the rows."""
    if migrate.current(database):
        raise BadBackup("the database is not empty: restore into a new data folder or an empty database")
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = json.loads(_read(archive, "manifest.json"))
            if manifest.get("format") != FORMAT:
                raise BadBackup(f"{source} is not a backup of this program")
            rows = _load(database, archive, str(manifest["revision"]))
            members = [m for m in archive if m.name.split("/")[0] in ("files", "keys", SECRET)]
            archive.extractall(data, members=members, filter="data")
    except (tarfile.TarError, KeyError, EOFError, json.JSONDecodeError) as damage:
        raise BadBackup(f"{source} is damaged: {damage}") from damage
    migrate.upgrade(database)
    return rows


def _dump(database: Database) -> Iterator[tuple[str, str]]:
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in _tables(connection):
            rows = (dict(row) for row in connection.execute(select(table)).mappings())
            yield table.name, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _tables(connection: Connection) -> list[Table]:
    """The tables as the database has them (not as the models would like them), parents first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _load(database: Database, archive: tarfile.TarFile, revision: str) -> int:
    migrate.upgrade(database, revision)
    count = 0
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        with _guards_down(connection):
            for table in _tables(connection):
                connection.execute(table.delete())
                rows = [json.loads(line) for line in _read(archive, f"tables/{table.name}.jsonl").splitlines()]
                if rows:
                    connection.execute(insert(table), rows)
                count += len(rows)
        _sequences(connection)
    return count


@contextmanager
def _guards_down(connection: Connection) -> Iterator[None]:
    """History is put back as it was, which the guards rightly refuse to anybody else."""
    if connection.dialect.name == "sqlite":
        sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        guards = [(str(name), str(body)) for name, body in connection.exec_driver_sql(sql)]
        for name, _ in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield
        for _, body in guards:
            connection.exec_driver_sql(body)
        return
    names = [table.name for table in _tables(connection)]
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def _sequences(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return
    for table, column in (("audit_lines", "line_no"), ("audit_seals", "seq")):
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "  # noqa: S608  (our own names)
                f"(SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
            )
        )


def _add(archive: tarfile.TarFile, name: str, content: str) -> None:
    raw = content.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(raw), int(clock.now().timestamp()), 0o600
    archive.addfile(entry, io.BytesIO(raw))


def _read(archive: tarfile.TarFile, name: str) -> str:
    member: Any = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return str(member.read().decode())
