"""`flask ledger verify | show | export`: do the books sum to zero, how one entry came about, every posting as CSV."""

from dataclasses import asdict
from typing import Any

import click
from flask.cli import with_appcontext

from core.commands.output import Group, answer, open_database

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Group)
def ledger() -> None:
    """The books: double entry, append-only."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@click.pass_context
@with_appcontext
def verify(ctx: click.Context, as_json: bool) -> None:
    """Add every entry up anew. Exit 0: all sums to zero; 1: it doesn't."""
    from market.ledger import queries

    with open_database() as session:
        found = queries.verify(session)
    answer(asdict(found), as_json, _words(asdict(found)))
    ctx.exit(0 if found.ok else 1)


def _words(found: dict[str, Any]) -> str:
    sums = ", ".join(f"{unit} {total}" for unit, total in sorted(found["sums"].items())) or "nothing"
    if found["ok"]:
        return f"{found['entries']} entries with {found['postings']} postings sum to zero ({sums})"
    return f"THE BOOKS DON'T BALANCE: {len(found['bad'])} entries ({', '.join(found['bad'][:5])}), sums {sums}"


@ledger.command()
@click.argument("entry_id")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="of the plain answer")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def show(entry_id: str, language: str, as_json: bool) -> None:
    """One entry: its postings, and how each amount came about. Exit 2: there is none of that number."""
    from core import i18n
    from core.commands.output import refuse
    from core.errors import NotFound
    from market.ledger import queries
    from market.ledger.entry_data import entry_data, entry_words

    i18n.compile_catalogue()
    with open_database() as session:
        try:
            found = queries.get_entry(session, entry_id)
        except NotFound:
            refuse("unknown_entry", f"there is no entry {entry_id}")
        answer(entry_data(session, found), as_json, "" if as_json else entry_words(session, found, language))


@ledger.command()
@click.option("--from", "since", type=DAY, help="first day")
@click.option("--until", type=DAY, help="last day, included")
@click.option("--out", type=click.Path(dir_okay=False), help="where to write; default the screen")
@with_appcontext
def export(since: Any, until: Any, out: str | None) -> None:
    """Every posting of a period as CSV: ids, codes and whole minor units."""
    from datetime import timedelta
    from pathlib import Path

    from core import sheets
    from core.clock import LOCAL_ZONE
    from core.commands.output import refuse
    from market.ledger import queries
    from market.ledger.export import rows

    if any(day and not 2000 <= day.year <= 2999 for day in (since, until)):
        refuse("bad_day", "a day lies between 2000-01-01 and 2999-12-31")
    if since and until and since > until:
        refuse("bad_period", "the first day is after the last one")
    first = since.replace(tzinfo=LOCAL_ZONE) if since else None
    last = until.replace(tzinfo=LOCAL_ZONE) + timedelta(days=1) if until else None
    with open_database() as session:
        text = "".join(rows(queries.period_postings(session, first, last)))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        Path(out).write_text(sheets.MARK + text, encoding="utf-8", newline="")
    except OSError as fault:
        refuse("unwritable", f"{out} can't be written: {fault.strerror}")
