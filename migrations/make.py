"""Write the next migration: `.venv/bin/python migrations/make.py 0004 "what it does"`, then read it and mend it by hand.

Tables by Alembic's comparison with a database at today's head; CHECKs, which Alembic doesn't see, by our own; guards frozen
from the models as JSON."""

import json
import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Boolean, CheckConstraint, Connection, Integer, inspect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import app  # noqa: E402, F401  (all tables)
from core import migrate  # noqa: E402
from core.db import GUARDS, Base, Database, Json  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "versions"


Change = tuple[str, str, str | None, str | None]  # table, name of the CHECK, condition before, condition after


def changed_checks(connection: Connection) -> list[Change]:
    """Each CHECK of a table that stands already and isn't as the models say."""
    there = inspect(connection)
    found: list[Change] = []
    for name in sorted(set(there.get_table_names()) & set(Base.metadata.tables)):
        old = {str(one["name"]): str(one["sqltext"]) for one in there.get_check_constraints(name)}
        table = Base.metadata.tables[name]
        new = {str(one.name): str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)}
        found += [
            (name, key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)
        ]
    return found


def steps(changes: list[Change], revision: str, up: bool) -> str:
    """Old conditions go, rows are mended (by data_REVISION.py, if there is one), new ones come and are held against them."""
    ways = [(table, name, before if up else after, after if up else before) for table, name, before, after in changes]
    lines = [f"checks.drop(op.get_bind(), {table!r}, {name!r}, {old!r})" for table, name, old, _ in ways if old is not None]
    if (FOLDER.parent / f"data_{revision}.py").exists():
        lines.append(f"data_{revision}.{'up' if up else 'down'}(op.get_bind())")
    lines += [f"checks.add(op.get_bind(), {table!r}, {name!r}, {new!r})" for table, name, _, new in ways if new is not None]
    return "".join(f"    {line}\n" for line in lines)


def early_indexes(connection: Connection) -> list[str]:
    """New unique indexes over columns that stand already: a new table may point to them, so they come before it."""
    there = inspect(connection)
    found = []
    for name in sorted(set(there.get_table_names()) & set(Base.metadata.tables)):
        columns = {one["name"] for one in there.get_columns(name)}
        known = {one["name"] for one in there.get_indexes(name)}
        for index in Base.metadata.tables[name].indexes:
            if index.unique and index.name not in known and {one.name for one in index.columns} <= columns:
                found.append(str(index.name))
    return found


def moved(up: str, down: str, early: list[str]) -> tuple[str, str]:
    """Put those indexes up first, and take them down last."""
    for name in early:
        made = re.search(rf"^    op\.create_index\('{name}'.*\n", up, re.M)
        gone = re.search(rf"^    op\.drop_index\('{name}'.*\n", down, re.M)
        if made is None or gone is None:
            raise RuntimeError(f"{name} isn't where it was expected")
        up = up.replace(made[0], "", 1).replace("def upgrade() -> None:\n", f"def upgrade() -> None:\n{made[0]}", 1)
        down = f"{down.replace(gone[0], '', 1).rstrip()}\n{gone[0]}"
    return up, down


def mended(text: str) -> str:
    """What Alembic writes, so that SQLite can do it and rows that are there get a value."""
    added = r"(op\.add_column\('(\w+)', sa\.Column\('(\w+)', .+?, nullable=False)\)\)"
    text = re.sub(added, lambda m: f"{m[1]}, server_default={_default(m[2], m[3])}))", text)
    text = re.sub(
        r"op\.create_foreign_key\(op\.f\('(\w+)'\), '(\w+)', '(\w+)', \['(\w+)'\], \['id'\]\)",
        r"checks.refer(op.get_bind(), '\2', '\1', '\4', '\3')", text,
    )  # fmt: skip
    keys = {
        name: (column, to)
        for name, column, to in re.findall(r"checks\.refer\(op\.get_bind\(\), '\w+', '(\w+)', '(\w+)', '(\w+)'\)", text)
    }
    text = re.sub(
        r"op\.drop_constraint\(op\.f\('(\w+)'\), '(\w+)', type_='foreignkey'\)",
        lambda m: f"checks.forget(op.get_bind(), '{m[2]}', '{m[1]}', {keys[m[1]][0]!r}, {keys[m[1]][1]!r})", text,
    )  # fmt: skip
    # an index of the old schema is read from SQLite, so that Alembic knows its condition for that engine only
    text = re.sub(r"unique=1, sqlite_where=(sa\.text\(\".*?\"\))\)", r"unique=True, sqlite_where=\1, postgresql_where=\1)", text)
    length = r"sa\.\w+\(length=(\d+)\),\s+"
    wider = rf"op\.alter_column\('(\w+)', '(\w+)',\s+existing_type={length}type_={length}existing_nullable=\w+\)"
    return re.sub(wider, r"checks.widen(op.get_bind(), '\1', '\2', \3, \4)", text)


def _default(table: str, column: str) -> str:
    """What rows that are there get: the model's own default, else nothing of its kind."""
    one = Base.metadata.tables[table].c[column]
    value = one.default.arg if one.default is not None and one.default.is_scalar else None
    if isinstance(one.type, Boolean):
        return f"sa.{'true' if value else 'false'}()"
    if isinstance(one.type, Json):
        return "'[]'" if one.default is not None and one.default.is_callable else "'{}'"
    return repr(str(value if value is not None else 0 if isinstance(one.type, Integer) else ""))


def main() -> None:
    revision, message = sys.argv[1], sys.argv[2]
    before = migrate.head() if list(FOLDER.glob("*.py")) else None
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/scratch.db")
        if before:
            migrate.upgrade(database)
        with database.engine.connect().execution_options(writes=True) as connection:
            settings = migrate.settings(connection)
            command.revision(settings, message, autogenerate=True, rev_id=revision)
            changes, early = changed_checks(connection), early_indexes(connection)
    frozen = {
        name: {"table": one.table, "sqlite": list(one.sqlite), "postgresql": list(one.postgresql)}
        for name, one in sorted(GUARDS.items())
    }
    path = FOLDER / f"{revision}_guards.json"
    path.write_text(json.dumps(frozen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    file = next(FOLDER.glob(f"{revision}_*.py"))
    text = file.read_text(encoding="utf-8")
    needs = ["checks", *([f"data_{revision}"] if (FOLDER.parent / f"data_{revision}.py").exists() else []), "guards"]
    text = text.replace("from alembic import op\n", f"from alembic import op\n\nfrom migrations import {', '.join(needs)}\n", 1)
    up, down = mended(text).split("def downgrade() -> None:\n")
    swap = "    guards.swap(op.get_bind(), {!r}, {!r})\n"  # rows are mended while no guard is awake
    up, down = moved(up, down, early)
    up = f"{up.rstrip()}\n{swap.format(before, None)}{steps(changes, revision, True)}{swap.format(None, revision)}\n\n"
    down = f"{swap.format(revision, None)}{steps(changes, revision, False)}{swap.format(None, before)}{down}"
    file.write_text(up + "def downgrade() -> None:\n" + down, encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
