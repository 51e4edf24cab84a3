"""`flask standards list | show | diff | replay | draft | approve`: versions of grading standards for scripts and the console."""

import sys
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from appraisal.standards.standard import Standard

LANGUAGE = click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="of the plain answer")
JSON = click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")


@click.group(cls=Group)
def standards() -> None:
    """Grading standards: every version, what a draft changes, and what it does to past grades."""


@standards.command("list", cls=Command)
@JSON
@with_appcontext
def list_(as_json: bool) -> None:
    """Every standard with its versions."""
    from appraisal.versions import telling

    with open_database() as session:
        found = telling.every_standard(session)
    lines = [
        f"{one['id']:22} v{version['version']} {version['state']:9} {version['from']:11} {version['digest'][:12]}"
        for one in found
        for version in one["versions"]
    ]
    answer({"standards": found}, as_json, "\n".join(lines))


@standards.command(cls=Command)
@click.argument("standard_id")
@click.option("--version", type=int, help="the one in force if left out; a draft's number shows the draft")
@click.option("--toml", is_flag=True, help="the text itself, byte for byte")
@JSON
@LANGUAGE
@with_appcontext
def show(standard_id: str, version: int | None, toml: bool, as_json: bool, language: str) -> None:
    """One version: since when, its digest, its checks and the laws of grading over it."""
    from appraisal.versions import telling

    with open_database() as session:
        found = _get(session, standard_id, version)
        if toml:
            sys.stdout.buffer.write(telling.text_of(session, found))
            return
        value = telling.one_standard(session, found)
    broken = [one[language] for one in value["laws"]["broken"]]
    laws = "laws hold" if not broken else "breaks: " + "; ".join(broken)
    answer(value, as_json, f"{standard_id} v{found.version} {value['state']} from {found.effective_from} {found.digest}\n{laws}")


@standards.command(cls=Command)
@click.argument("standard_id")
@click.option("--version", type=int, help="the newer one; the open draft, else the newest, if left out")
@click.option("--against", type=int, help="the older one; the one in force if left out")
@JSON
@LANGUAGE
@with_appcontext
def diff(standard_id: str, version: int | None, against: int | None, as_json: bool, language: str) -> None:
    """What one version changes against another, check by check."""
    from appraisal.versions import telling

    with open_database() as session:
        new, old = (
            _get(session, standard_id, version or telling.newest(session, standard_id)),
            _get(session, standard_id, against),
        )
        changes = telling.changes(old, new)
    lines = [f"{one['name'][language]}: {said[language]}" for one in changes for said in one["said"]]
    value = {"standard": standard_id, "old": old.version, "new": new.version, "changes": changes}
    answer(value, as_json, "\n".join(lines) or "nothing")


@standards.command(cls=Command)
@click.argument("standard_id")
@click.option("--version", type=int, help="the open draft, else the newest, if left out")
@click.option("--most", type=click.IntRange(1), help="only so many appraisals, the latest; all if left out")
@JSON
@with_appcontext
def replay(standard_id: str, version: int | None, most: int | None, as_json: bool) -> None:
    """Past appraisals under a version: how many grades rise, fall, stay or go. Writes nothing."""
    from appraisal.versions import telling

    with open_database() as session:
        found = _get(session, standard_id, version or telling.newest(session, standard_id))
        value = telling.replayed(session, found, most)
    head = f"{value['total']} replayed: " + ", ".join(f"{name} {many}" for name, many in value["counts"].items())
    lines = [f"{one['number']} {one['old']} -> {one['new']}" for one in value["changed"]]
    answer(value, as_json, "\n".join([head, *lines]))


@standards.command(cls=Command)
@click.argument("file")
@click.option("--person", required=True, help="who drafts it: account id, mobile or mail")
@click.option("--hand-in", "why", default="", help="hand it in for approval at once: what changes and why")
@JSON
@LANGUAGE
@with_appcontext
def draft(file: str, person: str, why: str, as_json: bool, language: str) -> None:
    """Keep a whole text as the draft of the standard that it names. Exit 1: refused, or it breaks a law."""
    from appraisal.versions import console

    body = console.read_file(file)
    with open_database() as session:
        value, good = console.keep_draft(session, body, person, why)
    words = [f"{value['standard']} v{value['version']} {value['state']} {value['digest'][:12]}"] if value["version"] else []
    words += [one[language] for one in value["broken"]] + ([f"refused: {value['reason']}"] if value["reason"] else [])
    answer(value, as_json, "\n".join(words))
    sys.exit(0 if good else 1)


@standards.command(cls=Command)
@click.argument("standard_id")
@click.argument("version", type=int)
@click.option("--person", required=True, help="who decides: account id, mobile or mail; never who drafted it")
@click.option("--reason", required=True, help="stands beside the decision")
@JSON
@with_appcontext
def approve(standard_id: str, version: int, person: str, reason: str, as_json: bool) -> None:
    """Approve a version that was handed in. Exit 1 when it is refused."""
    from appraisal.versions import console

    with open_database() as session:
        value = console.approve(session, standard_id, version, person, reason)
    words = f"{standard_id} v{version} is approved" if value["approved"] else f"not approved: {value['reason']}"
    answer(value, as_json, words)
    sys.exit(0 if value["approved"] else 1)


def _get(session: "Session", standard_id: str, version: int | None) -> "Standard":
    from appraisal.standards.queries import Damaged
    from appraisal.versions import telling

    try:
        found = telling.find_any(session, standard_id, version)
    except Damaged as no:
        refuse(no.code, no.sentence % no.values)
    if found is None:
        refuse("unknown_standard", f"There is no grading standard {standard_id}{f' version {version}' if version else ''}.")
    return found
