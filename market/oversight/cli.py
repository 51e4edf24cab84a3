"""`flask tax quarter`: a quarter's income, refunds and fees per seller, for the tax report."""

from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse

if TYPE_CHECKING:
    from market.oversight.tax import Line, Report


@click.group(cls=Group)
def tax() -> None:
    """What platforms report of their operators each quarter."""


@tax.command(cls=Command)
@click.argument("quarter")
@click.option("--out", type=click.Path(dir_okay=False), help="write it as CSV into this file; it is on record")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def quarter(quarter: str, out: str | None, as_json: bool) -> None:
    """Income, refunds and fees per seller in QUARTER, such as 2026Q4. Exit 0; 2 for what is no quarter, or one to come."""
    from core import clock
    from core.work import Actor, work
    from market.oversight.exporting import rows
    from market.oversight.tax import report
    from market.oversight.tax_rules import quarter_of, read_quarter

    found = read_quarter(quarter)
    if found is None:
        refuse("bad_quarter", f"{quarter!r} is no quarter: write it as 2026Q4")
    if found > quarter_of(clock.local(clock.now()).date()):
        refuse("quarter_to_come", f"{found} hasn't begun")
    with open_database() as session:
        with work(session, Actor("system:console"), clock.now()) as w:
            told = report(w.session, found, w.now)
            counts = {"operators": len(told.of("operator")), "idle": len(told.of("private_idle"))}
            w.record("market:tax:exported", str(found), **counts)
        if out is not None:
            _write(out, "".join(rows(told)))
    answer(_value(told), as_json, _words(told, out))


def _write(out: str, text: str) -> None:
    from pathlib import Path

    from core import sheets

    try:
        Path(out).write_text(sheets.MARK + text, encoding="utf-8", newline="")
    except OSError as fault:
        refuse("unwritable", f"{out} can't be written: {fault.strerror}")


def _value(told: "Report") -> dict[str, Any]:
    one = told.quarter
    return {
        "quarter": str(one), "from": one.first.isoformat(), "until": one.last.isoformat(), "due": one.due.isoformat(),
        "complete": told.complete, "operators": [_line(line) for line in told.of("operator")],
        "private_idle": [_line(line) for line in told.of("private_idle")],
    }  # fmt: skip


def _line(line: "Line") -> dict[str, Any]:
    sums = line.sums
    return {
        "ids": list(line.ids), "name": line.name or None, "kind": line.kind, "credit_code": line.credit_code or None,
        "currency": line.currency, "sales": sums.sales, "income_minor": sums.income, "refunds_minor": sums.refunds,
        "fees_minor": sums.fees, "fees_back_minor": sums.fees_back, "net_minor": sums.net,
    }  # fmt: skip


def _words(told: "Report", out: str | None) -> str:
    head = f"{told.quarter}: {len(told.of('operator'))} operators, {len(told.of('private_idle'))} private sellers"
    lines = [f"  {line.name or line.ids[0]} {line.currency} {line.sums.net} of {line.sums.income}" for line in told.lines]
    return "\n".join([head if told.complete else f"{head} (not over yet)", *lines, *([f"saved to {out}"] if out else [])])
