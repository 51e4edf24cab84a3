"""`flask consignment import`: things of a file into a visit that is open, looked through first; all of them or none."""

import sys
from typing import TYPE_CHECKING, Any

import click

from core.commands.output import Command

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from market.channels.consignment.goods.models import Intake
    from market.channels.consignment.importing.actions import Sent
    from market.channels.consignment.importing.keeping import Report


@click.command("import", cls=Command)
@click.argument("file")
@click.option("--intake", required=True, help="The visit's number or id.")
@click.option("--person", default="", help="Who takes them in: account id, mobile or mail; not needed with --dry-run.")
@click.option("--came-by", default="", help="How they were come by where a line doesn't say it: a code.")
@click.option("--again", is_flag=True, help="Also when this very file was taken in before.")
@click.option("--dry-run", is_flag=True, help="Only look through it.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def import_(
    file: str, intake: str, person: str, came_by: str, again: bool, dry_run: bool, language: str, as_json: bool
) -> None:
    """Take in the things of a CSV file; - is standard input. Exit 1: something is wrong with it, and nothing was taken in."""
    from flask.cli import with_appcontext

    with_appcontext(_run)(file, intake, person, came_by, again, dry_run, language, as_json)


def _run(
    file: str, intake: str, person: str, came_by: str, again: bool, dry_run: bool, language: str, as_json: bool
) -> None:
    from core import i18n
    from core.commands.output import answer, open_database, refuse
    from core.errors import Invalid
    from market.channels.consignment.importing import actions
    from market.channels.consignment.importing.telling import said

    i18n.compile_catalogue()
    sent = actions.Sent(raw=_bytes(file), came_by=came_by)
    try:
        lines = actions.checked_lines(sent)
    except Invalid as no:
        refuse(no.code, said(no.sentence, no.values, language))
    if not dry_run and not person:
        refuse("usage", "--person is needed, or --dry-run")
    with open_database() as session:
        visit = _intake(session, intake)
        found = _looked(session, visit, sent) if dry_run else None
        reason, taken = "", 0
        if found is None:
            found, reason, taken = _taken(session, visit, sent, lines, person, again)
    wrong = len(found.cells)
    errors = _errors(found, language)
    value = {"lines": lines, "fit": lines - wrong, "taken": taken, "reason": reason or None, "errors": errors}
    answer(value, as_json, "\n".join([*map(_line, errors), f"{lines} lines, {lines - wrong} right, {taken} taken in"]))
    sys.exit(1 if wrong or reason else 0)


def _bytes(name: str) -> bytes:
    from core.commands.output import refuse
    from market.channels.consignment.importing.table_rules import MOST_BYTES

    try:
        with click.open_file(name, "rb") as stream:
            return bytes(stream.read(MOST_BYTES + 1))
    except OSError as no:
        refuse("missing", f"{name}: {no.strerror}")


def _intake(session: "Session", typed: str) -> "Intake":
    from sqlalchemy import or_, select

    from core.commands.output import refuse
    from market.channels.consignment.goods.models import Intake

    found = session.scalars(select(Intake).where(or_(Intake.id == typed.lower(), Intake.number == typed.upper()))).first()
    if found is None:
        refuse("unknown_intake", f"there is no visit {typed!r}")
    return found


def _looked(session: "Session", visit: "Intake", sent: "Sent") -> "Report":
    from market.channels.consignment.importing.looking import look, open_table, report

    return report(look(session, visit, open_table(sent.raw, sent.came_by), sent.came_by), {})


def _taken(
    session: "Session", visit: "Intake", sent: "Sent", lines: int, person: str, again: bool
) -> tuple["Report", str, int]:
    """What was found, why nothing was taken in, and how much was. A file of which nothing came is erased at once."""
    from core import clock
    from core.commands.persons import account_of
    from core.db import get_locked
    from core.errors import Refused
    from core.work import Actor, work
    from market.channels.consignment.goods.models import Intake
    from market.channels.consignment.importing import actions, running
    from market.channels.consignment.importing.keeping import NOTHING, report_of
    from market.channels.consignment.importing.models import GoodsImport

    actor, intake_id, import_id, found = Actor(account_of(session, person)), visit.id, "", NOTHING
    try:
        with work(session, actor, clock.now()) as w:
            import_id = actions.send(w, get_locked(w.session, Intake, intake_id), sent, lines)
        running.read(session, import_id)
        found = report_of(session.get_one(GoodsImport, import_id))
        with work(session, actor, clock.now()) as w:
            actions.order(w, get_locked(w.session, GoodsImport, import_id), all_or_nothing=True, again=again)
        running.take(session, import_id)
        session.rollback()
        row = session.get_one(GoodsImport, import_id)
        return found, row.fault, row.taken
    except Refused as no:
        if import_id:
            with work(session, actor, clock.now()) as w:
                actions.give_up(w, get_locked(w.session, GoodsImport, import_id))
        return found, no.code, 0


def _errors(found: "Report", language: str) -> list[dict[str, Any]]:
    from market.channels.consignment.importing.telling import sentence

    return [
        {"line": one.line, "column": one.column, "code": one.code, "text": sentence(one, language)} for one in found.wrong
    ]


def _line(one: dict[str, Any]) -> str:
    return f"line {one['line']}, {one['column'] or '-'}: {one['text']}"
