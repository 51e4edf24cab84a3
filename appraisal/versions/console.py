"""What the command writes: a draft from a file, and a second person's approval, by the same steps as the pages."""

import tomllib
from typing import Any

import click
from sqlalchemy.orm import Session

from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import find_row, read_stored
from appraisal.versions import actions, queries, telling
from appraisal.versions.fit_rules import MOST_BYTES
from core import clock
from core.commands.output import refuse
from core.commands.persons import account_of
from core.data_files import BadDataFile
from core.errors import NotFound, Refused
from core.work import Actor, work

Plain = dict[str, Any]


def read_file(name: str) -> str:
    """The text of a file, - for standard input; unusable input is refused."""
    try:
        with click.open_file(name, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as no:
        refuse("missing", f"{name}: {no.strerror}")
    if len(raw) > MOST_BYTES:
        refuse("bad_standard", f"{name}: the text is larger than {MOST_BYTES} bytes")
    try:
        return str(raw.decode("utf-8"))
    except UnicodeDecodeError:
        refuse("bad_standard", f"{name}: it isn't UTF-8 text")


def _id_in(body: str) -> str:
    try:
        found = tomllib.loads(body).get("id")
    except (ValueError, RecursionError) as no:
        refuse("bad_standard", f"the text can't be read: {no}")
    if not isinstance(found, str):
        refuse("bad_standard", "the text names no standard: id is missing")
    return found


def keep_draft(session: Session, body: str, person: str, why: str) -> tuple[Plain, bool]:
    """What was kept, and whether all went well. Refused as unusable where the text is no standard of our own."""
    standard_id, account, reason = _id_in(body), account_of(session, person), ""
    value: Plain = {"standard": standard_id, "version": None, "state": None, "digest": None, "broken": [], "reason": None}
    try:
        with work(session, Actor(account), clock.now()) as w:
            row = actions.begin(w, standard_id)
            actions.write(w, row, body)
            row_id = row.id
        if why:
            with work(session, Actor(account), clock.now()) as w:
                actions.hand_in(w, w.session.get_one(StandardVersion, row_id, with_for_update=True), why)
    except BadDataFile as no:
        refuse("bad_standard", str(no))
    except NotFound:
        refuse("unknown_standard", f"{standard_id} is no standard that is drafted here")
    except Refused as no:
        reason = no.code
    session.rollback()
    kept = queries.find_open(session, standard_id)
    if kept is not None and kept.drafted_by == account:
        broken = telling.laws(read_stored(kept))["broken"]
        value |= {"version": kept.version, "state": kept.state, "digest": kept.digest, "broken": broken}
    return value | {"reason": reason or None}, not reason and not value["broken"]


def approve(session: Session, standard_id: str, version: int, person: str, reason: str) -> Plain:
    row, account, code = find_row(session, standard_id, version), account_of(session, person), ""
    if row is None:
        refuse("unknown_standard", f"There is no draft {standard_id} version {version}.")
    row_id = row.id
    try:
        with work(session, Actor(account), clock.now()) as w:
            actions.approve(w, w.session.get_one(StandardVersion, row_id, with_for_update=True), reason)
    except Refused as no:
        code = no.code
    session.rollback()
    now = session.get_one(StandardVersion, row_id)
    return {"standard": standard_id, "version": version, "approved": not code, "reason": code or None, "state": now.state,
            "from": now.effective_from, "digest": now.digest}  # fmt: skip
