"""A CHECK constraint with another condition, on a table that others point to.

PostgreSQL drops and adds it. SQLite can't, and making the table anew inside a transaction would trip the foreign keys, so the
text of the table is changed as its documentation describes for such changes (lang_altertable.html, section 7: a CHECK doesn't
change what is on disk)."""

from sqlalchemy import Connection, text


def swap(connection: Connection, table: str, name: str, before: str, after: str) -> None:
    """`before` and `after`: the conditions, exactly as the migration that made the table wrote them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({after})"))
        return
    row = {"table": table, "before": f"CHECK ({before})", "after": f"CHECK ({after})"}
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = :table AND instr(sql, :before) > 0"
        ),
        row,
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"{table} has no such check: {before}")
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
