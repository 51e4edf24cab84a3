"""Migrations give the same schema as the models, up and down, with data, on the engine of this run."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from core import clock, migrate
from core.db import GUARDS, Base, Database, create_guards, stamp


@pytest.fixture
def empty(tmp_path: Path, house):
    server = os.environ.get("XUNSHI_TEST_POSTGRES")
    if not server:
        database = Database(f"sqlite:///{tmp_path / 'm.db'}")
    else:
        from tests.conftest import _postgres_database

        os.environ["PYTEST_XDIST_WORKER"], before = "m_" + os.environ.get("PYTEST_XDIST_WORKER", "one"), os.environ.get(
            "PYTEST_XDIST_WORKER"
        )
        database = Database(_postgres_database(server))
        os.environ.pop("PYTEST_XDIST_WORKER") if before is None else os.environ.update(PYTEST_XDIST_WORKER=before)
    yield database
    database.engine.dispose()


def guards(database: Database) -> dict[str, str]:
    with database.engine.connect() as connection:
        if database.is_sqlite:
            sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        else:
            sql = ("SELECT t.tgname, p.prosrc || pg_get_triggerdef(t.oid) FROM pg_trigger t "
                   "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal")  # fmt: skip
        return {name: body for name, body in connection.execute(text(sql)).all()}


def test_there_is_one_head():
    assert migrate.head()


def test_up_gives_the_models_schema(empty):
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_up_gives_the_same_guards_as_the_models(empty, tmp_path):
    migrate.upgrade(empty)
    migrated = guards(empty)
    with empty.engine.connect().execution_options(writes=True) as connection, connection.begin():
        Base.metadata.drop_all(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        Base.metadata.create_all(connection)
        create_guards(connection)
    assert migrated == guards(empty)
    assert set(migrated) == set(GUARDS)


def test_down_leaves_nothing_and_up_again_works(empty):
    migrate.upgrade(empty)
    migrate.downgrade(empty, "base")
    with empty.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    assert guards(empty) == {}
    migrate.upgrade(empty)


def test_up_keeps_the_data(empty):
    migrate.upgrade(empty)
    with empty.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(
            text("INSERT INTO categories (code, data_bearing) VALUES ('book', false), ('laptop', true)")
        )
        connection.execute(
            text("INSERT INTO audit_lines (line_no, at, actor, word, subject, facts) "
                 "VALUES (1, :at, 'x', 'core:lookup:made', 'y', '{}')"), {"at": stamp(clock.now())},
        )  # fmt: skip
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM categories")).scalar_one() == 2
        with pytest.raises(Exception, match="append-only"):
            connection.execute(text("DELETE FROM audit_lines"))
