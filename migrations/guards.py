"""Guards (triggers) as each revision had them, frozen as JSON beside it: migrations never read today's models."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

FOLDER = Path(__file__).resolve().parent / "versions"


def load(revision: str | None) -> dict[str, dict[str, Any]]:
    """Name -> {table, sqlite: [texts], postgresql: [texts]}; nothing before the first revision."""
    return json.loads((FOLDER / f"{revision}_guards.json").read_text(encoding="utf-8")) if revision else {}


def swap(connection: Connection, before: str | None, after: str | None) -> None:
    """Take down the guards of one revision that another lacks or words differently, and put up the other's."""
    old, new = load(before), load(after)
    for name in [name for name in old if new.get(name) != old[name]]:
        _drop(connection, name, old[name]["table"])
    for name in [name for name in new if old.get(name) != new[name]]:
        for text in new[name][connection.dialect.name]:
            connection.exec_driver_sql(text.replace("%", "%%") if connection.dialect.name == "postgresql" else text)


def _drop(connection: Connection, name: str, table: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
