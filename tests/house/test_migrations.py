"""Migrations give the same schema as the models, up and down, with the rows of older houses, on the engine of this run."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Connection, MetaData, Table, inspect, select, text

from core import migrate
from core.db import GUARDS, Base, Database, create_guards
from migrations import guards as frozen

# rows of small genuine houses, each as its revision had them; keep_rows.py makes the next file
ROWS = Path(__file__).resolve().parents[1] / "fixtures" / "rows"
KEPT = sorted(path.stem for path in ROWS.glob("*.json"))
# what a step up says otherwise: (table, column) -> before -> after; all else stays as it was, and is the same again after the
# step down
REWORDED = {("orders", "state"): {"reserved": "created"}}
House = dict[str, list[dict[str, Any]]]


@pytest.fixture
def empty(tmp_path: Path, house):
    server = os.environ.get("XUNSHI_TEST_POSTGRES")
    if not server:
        database = Database(f"sqlite:///{tmp_path / 'm.db'}")
    else:
        from tests.conftest import _postgres_database

        database = Database(_postgres_database(server, "migrated"))
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


def revisions() -> list[str]:
    """Oldest first."""
    return [one.revision for one in ScriptDirectory.from_config(migrate.settings()).walk_revisions()][::-1]


def test_there_is_one_head():
    assert migrate.head()


def test_every_older_revision_has_rows_that_are_brought_along():
    assert revisions()[:-1] == [one for one in KEPT if one != migrate.head()], "keep_rows.py keeps them before the models change"


@pytest.mark.slow
def test_up_gives_the_models_schema(empty):
    migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.slow
def test_up_gives_the_models_checks(empty, tmp_path):
    """Alembic doesn't compare them."""
    migrate.upgrade(empty)
    migrated = checks_of(empty)
    made_of_models(empty)
    assert migrated == checks_of(empty) and len(migrated) > 100


def checks_of(database: Database) -> dict[tuple[str, str], str]:
    with database.engine.connect() as connection:
        there = inspect(connection)
        return {
            (table, str(one["name"])): str(one["sqltext"])
            for table in there.get_table_names() if table != "alembic_version" for one in there.get_check_constraints(table)
        }  # fmt: skip


@pytest.mark.slow
def test_up_gives_the_models_partial_indexes(empty, tmp_path):
    """Alembic compares their columns, not the rows that they are about: "one order a listing" hangs on these."""
    migrate.upgrade(empty)
    migrated = partial_indexes(empty)
    made_of_models(empty)
    assert migrated == partial_indexes(empty) and len(migrated) > 20


def partial_indexes(database: Database) -> dict[str, str]:
    """Name to definition, without what only looks different."""
    told = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %'",
    }
    with database.engine.connect() as connection:
        rows = connection.execute(text(told[connection.dialect.name])).all()
    return {name: " ".join(re.sub(r'[\s"()]+', " ", sql).lower().split()) for name, sql in rows}


def made_of_models(database: Database) -> None:
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        Base.metadata.drop_all(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        Base.metadata.create_all(connection)
        create_guards(connection)


@pytest.mark.slow
def test_up_gives_the_same_guards_as_the_models(empty, tmp_path):
    migrate.upgrade(empty)
    migrated = guards(empty)
    made_of_models(empty)
    assert migrated == guards(empty)
    assert set(migrated) == set(GUARDS)


@pytest.mark.slow
def test_down_leaves_nothing_and_up_again_works(empty):
    migrate.upgrade(empty)
    migrate.downgrade(empty, "base")
    with empty.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    assert guards(empty) == {}
    migrate.upgrade(empty)


# --- with the rows of an older house ---


def kept(revision: str) -> House:
    return json.loads((ROWS / f"{revision}.json").read_text(encoding="utf-8"))


def fill(database: Database, revision: str, rows: House) -> None:
    """Put an older house's rows in, guards asleep: they were written one by one under them, long ago."""
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        frozen.swap(connection, revision, None)
        for table in tables_of(connection).sorted_tables:
            found = [{name: _fit(table, name, value) for name, value in row.items()} for row in rows.get(table.name, [])]
            if found:
                connection.execute(table.insert(), found)
        frozen.swap(connection, None, revision)


def _fit(table: Table, column: str, value: Any) -> Any:
    """SQLite writes booleans as numbers."""
    return bool(value) if value is not None and isinstance(table.c[column].type, Boolean) else value


def tables_of(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def differences(database: Database, rows: House, reworded: bool) -> list[str]:
    """What isn't there as it was, row by row."""
    found = []
    with database.engine.connect() as connection:
        tables = tables_of(connection).tables
        for name, old in rows.items():
            table = tables[name]
            keys = [column.name for column in table.primary_key]
            now = {tuple(row[key] for key in keys): row for row in connection.execute(select(table)).mappings()}
            found += [f"{name}: {len(now)} rows, not {len(old)}"] if len(now) != len(old) else []
            for row in old:
                there = now.get(tuple(row[key] for key in keys), {})
                for column, value in row.items():
                    wanted = REWORDED.get((name, column), {}).get(value, value) if reworded else value
                    if there.get(column, "nothing") != wanted:
                        found.append(f"{name}.{column}: {value!r} became {there.get(column, 'nothing')!r}")
    return found


def readable(database: Database) -> None:
    """Today's program reads every row."""
    with database.session() as session:
        for mapper in Base.registry.mappers:
            session.scalars(select(mapper.class_)).unique().all()


@pytest.mark.slow
@pytest.mark.parametrize("revision", KEPT)
def test_the_rows_of_an_older_house_come_along_and_go_back(empty, revision):
    rows = kept(revision)
    migrate.upgrade(empty, revision)
    fill(empty, revision, rows)
    assert differences(empty, rows, reworded=False) == []
    migrate.upgrade(empty)
    assert differences(empty, rows, reworded=True) == []
    readable(empty)
    if empty.is_sqlite:
        with empty.engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with pytest.raises(Exception, match="append-only"), empty.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_lines"))
    migrate.downgrade(empty, revision)
    assert differences(empty, rows, reworded=False) == []
    migrate.upgrade(empty)
    assert differences(empty, rows, reworded=True) == []


def test_the_comparison_would_see_a_lost_or_changed_row(empty):
    rows = kept("0001")
    migrate.upgrade(empty, "0001")
    fill(empty, "0001", rows)
    with empty.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("DELETE FROM notices"))
        connection.execute(text("UPDATE accounts SET name = 'X' WHERE name = 'Bob'"))
    found = differences(empty, rows, reworded=True)
    assert "accounts.name: 'Bob' became 'X'" in found and any(one.startswith("notices: 0 rows") for one in found)


@pytest.mark.parametrize(("state", "fits"), [("mistyped", True), ("returned", False)])
def test_a_state_that_the_older_shape_doesnt_know_stops_the_step_down_whole(empty, state, fits):
    migrate.upgrade(empty, "0002")
    fill(empty, "0002", kept("0002"))
    with empty.engine.connect().execution_options(writes=True) as connection, connection.begin():
        frozen.swap(connection, "0002", None)
        connection.execute(text("UPDATE storage_media SET state = :state WHERE state = 'present'"), {"state": state})
        frozen.swap(connection, None, "0002")
    before = guards(empty)
    if fits:
        migrate.downgrade(empty, "0001")
        assert migrate.current(empty) == "0001"
        return
    with pytest.raises(RuntimeError, match="rows of storage_media don't meet ck_storage_media_state_known: mend them first"):
        migrate.downgrade(empty, "0001")
    assert migrate.current(empty) == "0002" and guards(empty) == before, "all or nothing"


def test_guards_quote_what_postgresql_reserves():
    """PL/pgSQL reads a guard when a row first meets it: an unquoted `by` would wait for production."""
    bare = re.compile(r"\b(NEW|OLD)\.(by|end|order|user)\b")
    assert [one.name for one in GUARDS.values() if any(bare.search(text) for text in one.postgresql)] == []


@pytest.mark.parametrize("revision", ["0004"])
def test_appraisers_from_before_credentials_go_on_with_none_on_record_and_a_day_to_show_one(empty, revision):
    from appraisal.appraisers.models import Appraiser
    from appraisal.appraisers.settings import settings
    from migrations import data_0005

    assert settings().show_within == data_0005.SHOW_WITHIN
    rows = kept(revision)
    appointed = {row["account_id"] for row in rows["memberships"] if row["role"] == "appraiser" and row["ended_at"] is None}
    migrate.upgrade(empty, revision)
    fill(empty, revision, rows)
    migrate.upgrade(empty)
    with empty.session() as session:
        found = session.scalars(select(Appraiser)).all()
        assert appointed and {one.account_id for one in found} == appointed
        assert {(one.state, len(one.credentials), one.show_by - one.applied_at) for one in found} == {("active", 0, settings().show_within)}


@pytest.mark.parametrize("kept_for", ["exchange", "order"])
def test_what_is_kept_for_an_open_exchange_is_its_sellers_to_put_on_sale_in_the_older_house(empty, kept_for):
    """There no case names it any more, so nothing would free it. What is kept for an order's buyer stays kept."""
    migrate.upgrade(empty, "0005")
    fill(empty, "0005", rows := kept("0005"))
    migrate.upgrade(empty)
    ordered, on_sale = (next(one["id"] for one in rows["listings"] if one["state"] == state) for state in ("reserved", "published"))
    assert any(one["listing_id"] == ordered and one["state"] == "awaiting_payment" for one in rows["orders"])
    if kept_for == "exchange":
        with empty.engine.connect().execution_options(writes=True) as connection, connection.begin():
            frozen.swap(connection, "0006", None)
            connection.execute(text("UPDATE listings SET state = 'reserved' WHERE id = :id"), {"id": on_sale})
            connection.execute(text("UPDATE aftersales_cases SET kind = 'exchange', state = 'accepted', replacement_id = :id"), {"id": on_sale})
            frozen.swap(connection, None, "0006")
    migrate.downgrade(empty, "0005")
    with empty.engine.connect() as connection:
        states = dict(connection.execute(text("SELECT id, state FROM listings")).all())
    assert states[ordered] == "reserved" and states[on_sale] == ("paused" if kept_for == "exchange" else "published")
    assert frozen.load("0005").keys() <= guards(empty).keys(), "the guards of the older house are up again"
    migrate.upgrade(empty)
    readable(empty)
