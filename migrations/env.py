"""Alembic's entry. The connection comes from core.migrate; all tables are known once app is imported."""

from typing import Any

from alembic import context

import app  # noqa: F401  (imports every room's tables)
from core.db import Base, Day, Json, Moment


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations are frozen history: they name plain SQL types, not ours."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.String(27)"
    if kind == "type" and isinstance(item, Day):
        return "sa.String(10)"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=False,
        transaction_per_migration=False,
    )
    context.run_migrations()


run()
