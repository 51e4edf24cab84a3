"""The database's shape, step by step: where it stands, where the code is, and how to get there."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from core.db import Database

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def settings(connection: Connection | None = None) -> AlembicConfig:
    found = AlembicConfig()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["connection"] = connection
    return found


def head() -> str:
    return ScriptDirectory.from_config(settings()).get_current_head() or ""


def current(database: Database) -> str:
    """The revision the database is at; '' for an empty one. Raises RuntimeError for tables of unknown origin."""
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None and inspect(connection).has_table("accounts"):
            raise RuntimeError("this database has tables but no revision: it was not made by `make run`")
        return revision or ""


def is_used(database: Database) -> bool:
    """Are there tables, whoever made them?"""
    with database.engine.connect() as connection:
        return bool(inspect(connection).get_table_names())


def upgrade(database: Database, revision: str = "head") -> None:
    """Step up in one transaction: all or nothing."""
    with writing(database) as connection, connection.begin():
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str) -> None:
    """Step up as a part of a transaction that is open already."""
    command.upgrade(settings(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    with writing(database) as connection, connection.begin():
        command.downgrade(settings(connection), revision)


def writing(database: Database) -> Connection:
    return database.engine.connect().execution_options(writes=True)
