"""`flask numbers lists | tac`: load lists of stolen or barred numbers and the table of type codes; see what is loaded."""

from pathlib import Path
from typing import Any, Final

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse

CONSOLE: Final = "system:console"
JSON = click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")


@click.group(cls=Group)
def numbers() -> None:
    """Lists of stolen and barred numbers, and type codes."""


@numbers.group("lists", cls=Group)
def lists_() -> None:
    """Lists of stolen and barred numbers."""


@lists_.command("import", cls=Command)
@click.argument("file")
@click.option("--kind", required=True, type=click.Choice(["stolen", "blocked"]), help="reported stolen, or barred by a carrier")
@click.option("--source", required=True, help="whose list it is; readers of reports see it")
@click.option("--day", required=True, help="the list's own day, like 2026-11-30")
@JSON
@with_appcontext
def import_(file: str, kind: str, source: str, day: str, as_json: bool) -> None:
    """Load the next version of a source's list from a CSV file. Kept as keyed digests; all of it or nothing."""
    from appraisal.identity import lists
    from core import clock
    from core.csv_files import BadFile
    from core.work import Actor, work

    raw = _raw(file)
    with open_database() as session:
        try:
            with work(session, Actor(CONSOLE), clock.now()) as w:
                done = lists.load(w, raw, kind=kind, source=source, day=day)
        except BadFile as no:
            refuse("bad_list", f"{file}: {no}")
    value = {"list": done.id, "version": done.version, "lines": done.lines, "found": done.hits, "new": done.new}
    again = "" if done.new else "; this file was loaded before"
    answer(value, as_json, f"{done.id}: version {done.version}, {done.lines} numbers, {done.hits} things found on it{again}")


@lists_.command("show", cls=Command)
@JSON
@with_appcontext
def show(as_json: bool) -> None:
    """The newest version of each list, and whether it is fresh enough to say that a number isn't on it."""
    from appraisal.identity import list_rules, queries
    from core import clock

    with open_database() as session:
        today = clock.local(clock.now()).date()
        found: list[dict[str, Any]] = [
            {"kind": one.kind, "source": one.source, "version": one.version, "day": one.day, "lines": one.lines,
             "fresh": list_rules.state_of(queries.one_list(one, False), today)[0] == "clear"}
            for one in queries.newest_lists(session)
        ]  # fmt: skip
    said = "\n".join(f"{one['kind']:8} {one['source']} v{one['version']} {one['day']} {one['lines']} "
                     f"{'fresh' if one['fresh'] else 'too old'}" for one in found)  # fmt: skip
    answer({"lists": found}, as_json, said or "no list is loaded: every answer is unknown")


@numbers.group(cls=Group)
def tac() -> None:
    """Type codes: which model the first eight digits of an IMEI belong to."""


@tac.command("import", cls=Command)
@click.argument("file")
@click.option("--source", required=True, help="where the table comes from")
@JSON
@with_appcontext
def import_types(file: str, source: str, as_json: bool) -> None:
    """Load the operator's table from a CSV file with the columns TAC, brand, model.

    The table that was loaded last counts. A file that was loaded before changes nothing."""
    from appraisal.identity import type_codes
    from core import clock
    from core.csv_files import BadFile
    from core.work import Actor, work

    raw = _raw(file)
    with open_database() as session:
        try:
            with work(session, Actor(CONSOLE), clock.now()) as w:
                done = type_codes.load(w, raw, source)
        except BadFile as no:
            refuse("bad_table", f"{file}: {no}")
    value = {"table": done.id, "lines": done.lines, "new": done.new}
    again = "" if done.new else "; this file was loaded before and changes nothing"
    answer(value, as_json, f"{done.id}: {done.lines} type codes{again}")


def _raw(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as no:
        refuse("no_file", f"{file}: {no.strerror}")
