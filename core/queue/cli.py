"""`flask queue list | take`: what waits for a person, and who sees to it, for scripts and the duty desk."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse
from core.commands.persons import account_of

if TYPE_CHECKING:

    from core.queue.models import QueueEntry

CONSOLE: Final = "system:console"
SHOWN: Final = ("open", "free", "overdue", "done")


@click.group(cls=Group)
def queue() -> None:
    """The staff queue: everything that waits for a person."""


@queue.command("list", cls=Command)
@click.option("--show", type=click.Choice(SHOWN), default="open", help="which entries; default those that wait")
@click.option("--kind", default="", help="one kind only, by its code")
@click.option("--owner", default="", help="only what this account (id, mobile or mail) has in hand")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def list_(show: str, kind: str, owner: str, as_json: bool) -> None:
    """What waits, the nearest date first. Exit 0, also when nothing waits."""
    from core import clock
    from core.queue import kinds, queries

    known = {one.code for one in kinds.all_kinds()}
    if kind and kind not in known:
        refuse("unknown_kind", f"{kind!r} is none of {', '.join(sorted(known))}")
    with open_database() as session:
        mine = account_of(session, owner) if owner else ""
        now = clock.now()
        found = [
            _value(one, now)
            for one in queries.all_entries(session, queries.Wanted(show=show, kind=kind), now)
            if not mine or one.owner_id == mine
        ]
    value = {"entries": found, "overdue": sum(one["overdue"] for one in found)}
    answer(value, as_json, "\n".join(map(_line, found)) or "nothing")


@queue.command(cls=Command)
@click.argument("entry")
@click.option("--person", required=True, help="who sees to it: account id, mobile or mail")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def take(entry: str, person: str, as_json: bool) -> None:
    """Put an entry into somebody's hands. Exit 1: they may not decide on it, or a colleague has it, or it is over."""
    from core import clock
    from core.errors import Refused
    from core.queue import actions
    from core.queue.models import QueueEntry
    from core.work import Actor, work

    with open_database() as session:
        if session.get(QueueEntry, entry) is None:
            refuse("unknown_entry", f"there is no entry {entry!r}; `flask queue list` names them")
        account, code = account_of(session, person), ""
        try:
            with work(session, Actor(CONSOLE), clock.now()) as w:
                actions.take(w, entry, account)
        except Refused as no:
            code = no.code
        session.rollback()
        value = {"entry": entry, "taken": not code, "reason": code or None, "owner": session.get_one(QueueEntry, entry).owner_id}
    answer(value, as_json, f"{entry} is in the hands of {account}" if not code else f"{entry} wasn't taken: {code}")
    sys.exit(1 if code else 0)


def _value(one: "QueueEntry", now: Any) -> dict[str, Any]:
    from core.db import stamp

    return {
        "id": one.id, "kind": one.kind, "subject": one.subject_id, "link": one.link, "state": one.state,
        "since": stamp(one.since),
        "due": stamp(one.due_at), "overdue": one.state == "open" and one.due_at < now, "owner": one.owner_id,
        "verdict": one.verdict or None, "decided_by": one.ended_by or None,
        "decided_at": stamp(one.ended_at) if one.ended_at else None,
    }  # fmt: skip


def _line(one: dict[str, Any]) -> str:
    mark = "OVERDUE" if one["overdue"] else one["state"]
    return f"{one['id']} {mark:8} {one['kind']:14} until {one['due'][:10]} {one['owner'] or '-'} {one['link']}"
