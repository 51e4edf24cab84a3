"""`flask audit verify | export`: check the log's chain, in the database or in an export; write it out as CSV."""

import csv
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from core.commands.output import answer, refuse


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
@click.option("--file", "export", type=click.Path(), help="check an export instead of the database")
@click.option("--head", help="a hash kept elsewhere that must be in the chain")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def verify(ctx: click.Context, export: str | None, head: str | None, as_json: bool) -> None:
    """Check every line and the chain. Exit 0: it holds; 1: it doesn't."""
    from core import audit_csv

    if head is not None and (len(head) != 64 or set(head.lower()) - set("0123456789abcdef")):
        refuse("bad_head", "--head takes 64 hexadecimal digits")
    if export is None:
        found = _in_database(head and head.lower())
    else:
        try:
            text = sys.stdin.read() if export == "-" else Path(export).read_text(encoding="utf-8-sig")
            found = audit_csv.verify(text, head and head.lower())
        except (OSError, UnicodeDecodeError, ValueError, csv.Error) as fault:
            refuse("unusable_export", str(fault))
    answer(found, as_json, _words(found))
    ctx.exit(0 if found["ok"] else 1)


@with_appcontext
def _in_database(head: str | None) -> dict[str, Any]:
    from core import audit, db
    from core.web import database

    with database().session() as session:
        found = audit.verify(session, head)
    value = asdict(found)
    value["sealed_until"] = db.stamp(found.sealed_until) if found.sealed_until else None
    return value


@audit.command()
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="first day (UTC)")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="last day (UTC)")
@click.option("--out", type=click.Path(dir_okay=False), help="file to write; standard output without it")
@with_appcontext
def export(start: datetime | None, end: datetime | None, out: str | None) -> None:
    """Write the sealed lines as CSV that `verify --file` checks."""
    from core import audit_csv
    from core.web import database

    zone = [moment.replace(tzinfo=UTC) if moment else None for moment in (start, end)]
    with database().session() as session:
        text = "".join(audit_csv.rows(session, zone[0], zone[1]))
    if out:
        Path(out).write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


def _words(found: dict[str, Any]) -> str:
    if found["ok"]:
        return f"The chain holds: {found['lines']} lines, head {found['head']}, {found.get('unsealed', 0)} not sealed yet."
    return f"The chain is broken at line {found['first_bad']}."
