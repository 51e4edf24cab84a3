"""Backup and restore: one file for either engine, rows as JSON lines, with the stored files beside them.

The archive holds no deployment secret unless asked: whoever has both reads everything."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from alembic.util import CommandError
from sqlalchemy import Connection, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from core import clock, migrate, secrets
from core.db import Database

FORMAT = "xunshi-backup-2"
OLDER = "xunshi-backup-1"  # had no digests
DIGESTS = "digests.json"
SECRET = secrets.FILE_NAME
FOLDERS = ("files", "keys")
_UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, SQLAlchemyError)


class BadBackup(ValueError):
    """The file is no backup of ours, is damaged, or doesn't fit."""


def backup(database: Database, data: Path, target: Path | None = None, *, with_secret: bool = False) -> Path:
    """Write a consistent archive and return its path; readers and writers go on meanwhile."""
    revision = migrate.current(database)
    if not revision:
        raise BadBackup("there is nothing to save: the database is empty")
    target = target or data / "backups" / f"xunshi-{clock.now():%Y%m%d-%H%M%S}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    try:
        with _private(draft) as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            manifest = {"format": FORMAT, "revision": revision, "secret": _secret_mark(data)}
            digests = {"manifest.json": _add(archive, "manifest.json", json.dumps(manifest))}
            for name, lines in _dump(database):
                digests[f"tables/{name}.jsonl"] = _add(archive, f"tables/{name}.jsonl", lines)
            for folder in FOLDERS:
                digests |= _add_folder(archive, data, folder)
            if with_secret:
                digests[SECRET] = _add(archive, SECRET, (data / SECRET).read_bytes())
            _add(archive, DIGESTS, json.dumps(digests, sort_keys=True))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def restore(database: Database, data: Path, source: Path) -> int:
    """Fill an empty database and data folder from an archive, then step it up to this program. Returns the rows.

    All or nothing: raises BadBackup and leaves the database as empty as it was."""
    if migrate.is_used(database):
        raise BadBackup("the database is not empty: restore into a new data folder or an empty database")
    try:
        digests = _read_to_the_end(source)
        with tarfile.open(source, "r:gz") as archive:
            manifest = json.loads(_read(archive, "manifest.json"))
            if not isinstance(manifest, dict) or manifest.get("format") not in (FORMAT, OLDER):
                raise BadBackup(f"{source} is not a backup of this program")
            if manifest["format"] == FORMAT and json.loads(_read(archive, DIGESTS)) != digests:
                raise BadBackup(f"{source} is damaged: something in it was changed, added or taken away")
            if SECRET not in archive.getnames() and manifest.get("secret") not in (None, _secret_mark(data)):
                raise BadBackup(
                    f"this backup was made under another deployment secret: put the {SECRET} that belongs to it "
                    f"into {data} first, else nobody can read the encrypted numbers"
                )
            rows = _load(database, data, archive, str(manifest["revision"]))
    except BadBackup:
        raise
    except CommandError as unknown:
        raise BadBackup(f"{source} was made by another version of this program: {unknown}") from unknown
    except _UNREADABLE as damage:
        raise BadBackup(f"{source} is damaged: {_in_short(damage)}") from damage
    migrate.upgrade(database)
    return rows


def _in_short(damage: Exception) -> str:
    return f"{type(damage).__name__} {damage}".splitlines()[0][:200]


def _secret_mark(data: Path) -> str:
    """Tells two deployment secrets apart and tells nothing of either."""
    return secrets.open_vault(data).keyed_digest("which house is this", "backup")


def _read_to_the_end(source: Path) -> dict[str, str]:
    """Nothing is put back from an archive whose last byte hasn't been checked. Returns each file's SHA-256 by name."""
    found: dict[str, str] = {}
    with gzip.open(source, "rb") as stream:
        while stream.read(1 << 20):
            pass
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            top = member.name.split("/")[0]
            known = top in FOLDERS or top == "tables" or member.name in ("manifest.json", DIGESTS, SECRET)
            if not known or ".." in member.name.split("/") or not (member.isfile() or member.isdir()):
                raise BadBackup(f"{source} holds {member.name!r}, which no backup of ours does")
            stream_ = archive.extractfile(member) if member.isfile() and member.name != DIGESTS else None
            if stream_ is not None:
                found[member.name] = _digest(stream_)
    return found


def _digest(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while part := stream.read(1 << 20):
        found.update(part)
    return found.hexdigest()


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


def _load(database: Database, data: Path, archive: tarfile.TarFile, revision: str) -> int:
    """Tables, rows and files in one transaction, as the program of that revision had them."""
    count = 0
    with migrate.writing(database) as connection, connection.begin():
        migrate.upgrade_on(connection, revision)
        with _guards_down(connection):
            tables = _tables(connection)
            for table in reversed(tables):
                connection.execute(table.delete())  # what a migration put there is in the archive too
            for table in tables:
                # not splitlines(): a text may hold U+2028 and its like
                lines = _read(archive, f"tables/{table.name}.jsonl").split("\n")
                rows = [json.loads(line) for line in lines if line]
                if rows:
                    connection.execute(insert(table), rows)
                count += len(rows)
        _sequences(connection)
        members = [m for m in archive if m.name.split("/")[0] in (*FOLDERS, SECRET)]
        archive.extractall(data, members=members, filter="data")
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
    """Where PostgreSQL counts by itself it goes on after the highest number that came back."""
    if connection.dialect.name == "sqlite":
        return
    for table in _tables(connection):
        for column in table.primary_key:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            if isinstance(column.type, Integer) and connection.scalar(select(sequence)):
                highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, highest, False)))


@contextmanager
def _private(path: Path) -> Iterator[Any]:
    """A new file that only its owner can read, from its first byte on."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _add(archive: tarfile.TarFile, name: str, content: str | bytes) -> str:
    """Returns the content's SHA-256."""
    raw = content.encode() if isinstance(content, str) else content
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(raw), int(clock.now().timestamp()), 0o600
    archive.addfile(entry, io.BytesIO(raw))
    return hashlib.sha256(raw).hexdigest()


def _add_folder(archive: tarfile.TarFile, data: Path, folder: str) -> dict[str, str]:
    found = {}
    for path in sorted((data / folder).rglob("*")):
        if path.name.startswith(".") or not path.is_file():
            continue  # a draft that is being written, or a folder
        try:
            raw, name = path.read_bytes(), str(path.relative_to(data))
        except FileNotFoundError:
            continue  # retention removed it a moment ago
        found[name] = _add(archive, name, raw)
    return found


def _read(archive: tarfile.TarFile, name: str) -> str:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member.read().decode()
