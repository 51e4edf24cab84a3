"""`flask audit verify | export`: check the log's chain, in the database or in an export; write it out as CSV."""

import csv
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from core.commands.output import Group, answer, open_database, refuse

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Group)
def audit() -> None:
    """The audit log."""


@audit.command()
@click.option("--file", "export", type=click.Path(), help="check an export (- is standard input), not the database")
@click.option("--head", help="a hash kept elsewhere that must be in the chain")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@click.pass_context
def verify(ctx: click.Context, export: str | None, head: str | None, as_json: bool) -> None:
    """Check every line and the chain. Exit 0: it holds; 1: it doesn't."""
    head = head.strip().lower() if head is not None else None
    if head is not None and (len(head) != 64 or set(head) - set("0123456789abcdef")):
        refuse("bad_head", "--head takes 64 hexadecimal digits")
    found = _in_database(head) if export is None else _in_export(export, head)
    answer(found, as_json, _words(found))
    ctx.exit(0 if found["ok"] else 1)


@with_appcontext
def _in_database(head: str | None) -> dict[str, Any]:
    from core import audit, db

    with open_database() as session:
        found = audit.verify(session, head)
    value = asdict(found)
    value["sealed_until"] = db.stamp(found.sealed_until) if found.sealed_until else None
    return value


def _in_export(export: str, head: str | None) -> dict[str, Any]:
    from core import audit_csv

    try:
        raw = sys.stdin.buffer.read() if export == "-" else Path(export).read_bytes()
    except (OSError, ValueError) as fault:
        refuse("missing", f"{export!r} can't be read: {fault}")
    try:
        return audit_csv.verify(raw.decode("utf-8-sig"), head)
    except (ValueError, csv.Error) as fault:
        refuse("unusable_export", f"{export!r} is no audit export: {fault}")


@audit.command()
@click.option("--from", "start", type=DAY, help="first day (UTC), as 2026-11-22")
@click.option("--until", "end", type=DAY, help="last day (UTC), included")
@click.option("--out", type=click.Path(dir_okay=False), help="file to write; standard output without it")
@with_appcontext
def export(start: datetime | None, end: datetime | None, out: str | None) -> None:
    """Write the sealed lines as CSV that `verify --file` checks."""
    from core import audit_csv

    if start and end and start > end:
        refuse("days_reversed", "--from must not be later than --until")
    days = [moment.replace(tzinfo=UTC) if moment else None for moment in (start, end)]
    with open_database() as session:
        rows = audit_csv.rows(session, days[0], days[1])
        if out is None:
            for row in rows:
                click.echo(row, nl=False)
            return
        try:
            _write(Path(out), rows)
        except OSError as fault:
            refuse("unwritable", f"{out!r} can't be written: {fault.strerror}")


def _write(path: Path, rows: Iterable[str]) -> None:
    """All or nothing: a broken-off export would look like a cut-off log."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.writelines(rows)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _words(found: dict[str, Any]) -> str:
    if found["ok"]:
        waiting = f", {found['unsealed']} not sealed yet" if "unsealed" in found else ""
        return f"The chain holds: {found['lines']} lines, head {found['head']}{waiting}."
    return f"The chain does not hold: {found['lines']} lines are good, line {found['first_bad']} is bad or missing."
