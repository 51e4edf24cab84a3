"""`flask ledger verify | show | paid | export`: do the books sum to zero, how one entry came about, what a seller paid, every
posting as CSV."""

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
@click.argument("account_id")
@click.option("--amount", required=True, help="yuan, as 12.50")
@click.option("--reference", required=True, help="the bank's; each is booked once")
@click.option("--received", required=True, help="day on which it came, as 2026-11-29")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def paid(account_id: str, amount: str, reference: str, received: str, as_json: bool) -> None:
    """Book what a seller paid of the fees that they owed. Exit 1: too much, or the reference stands for another."""
    from core import clock
    from core.commands.output import refuse
    from core.errors import Invalid, NotFound, Refused
    from core.work import Actor, work
    from market.ledger import debt_payments, debts, paid_typed, queries

    with open_database() as session:
        code, entry, left = "", None, 0
        try:
            with work(session, Actor("system:console"), clock.now()) as w:
                typed = paid_typed.read(w.now, amount, reference, received)
                entry = debt_payments.pay(w, queries.get_ledger_account(w.session, account_id), typed).id
        except NotFound:
            refuse("unknown_account", f"there is no account {account_id}")
        except Refused as no:
            if isinstance(no, Invalid) and no.code != "too_much":
                refuse(no.code, no.sentence)
            code = no.code
        session.rollback()
        left = debts.standing(session, queries.get_ledger_account(session, account_id)).due.minor
    value = {"account": account_id, "entry": entry, "reason": code or None, "due_minor": left}
    answer(value, as_json, f"booked as {entry}; {left} fen still owed" if entry else f"not booked: {code}; {left} fen owed")
    click.get_current_context().exit(1 if code else 0)


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
