"""Keeps the rows of a small genuine house as today's head has them, for the tests of the migration that comes next.

Run it before the models change: `.venv/bin/python -m pytest -q -n 0 tests/house/keep_rows.py`. It isn't one of the tests."""

import json
from pathlib import Path

from sqlalchemy import text

from core import migrate
from core.db import Base
from tests.house.town import Town

ROWS = Path(__file__).resolve().parents[1] / "fixtures" / "rows"


def test_keep(town: Town) -> None:
    town.session.rollback()
    tables = []
    with town.app.extensions["xunshi_db"].engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(text(f"SELECT * FROM {table.name}")).mappings()
            lines = [json.dumps(dict(row), ensure_ascii=False, sort_keys=True) for row in rows]
            if lines:
                tables.append(f'"{table.name}": [\n' + ",\n".join(lines) + "\n]")
    (ROWS / f"{migrate.head()}.json").write_text("{\n" + ",\n".join(tables) + "\n}\n", encoding="utf-8")
