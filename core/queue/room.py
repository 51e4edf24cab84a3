"""Opens the queue: who sees it, the words of the log, what gives entries free again, and the page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock, ports, runner
from core.access import permissions
from core.db import Database, stamp
from core.i18n import N_
from core.ports import PersonClosing, PersonSuspended, RetentionRow, RoleEnded, Waiting
from core.queue import actions, queries, views
from core.queue.models import QueueEntry
from core.queue.queries import Wanted
from core.web import nav
from core.work import Actor, work

WORDS = {
    "core:queue:taken": N_("Somebody took over what waits for a decision"),
    "core:queue:given_back": N_("Something that waits for a decision was given back"),
    "core:queue:handed_on": N_("Something that waits for a decision was handed to a colleague"),
    "core:queue:ended": N_("Something left the queue: decided by a person, or settled by itself"),
}
RETENTION = RetentionRow(
    N_("Entries of the staff queue"), 36, N_("the decision"),
    N_("E-commerce Law 31 and 38: what a platform knew and decided, three years"), N_("erased with their subject"),
)  # fmt: skip


def register(app: Flask) -> None:
    """Called by the ground floor; rooms add their kinds afterwards."""
    permissions(views.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    ports.subscribe(RoleEnded, actions.free_of)
    ports.subscribe(PersonSuspended, actions.free_of)
    ports.subscribe(PersonClosing, actions.free_of)
    app.config.setdefault("XUNSHI_KEEP", []).append(keep)
    runner.sweep("queue", timedelta(hours=1), fill)
    nav("/queue", N_("Queue"), "check-circle", "reviewer", "administrator", "mediator", "standards_editor")


def fill(w: Any) -> None:
    actions.fill(w)


def keep(database: Database) -> None:
    """At every start: what waits from before the queue, or came by time, stands in it."""
    with database.session() as session, work(session, Actor("system:queue"), clock.now()) as w:
        actions.fill(w)


def waiting(session: Session, visitor: Any) -> Iterable[Waiting]:
    """For the page of one's own work."""
    if queries.kinds_of(visitor.grants):
        yield Waiting(N_("Waits for your decision"), queries.count(session, visitor, Wanted(), clock.now()), "/queue")


def personal_data(session: Session, account_id: str) -> list[dict[str, Any]]:
    """What somebody had in hand or decided here."""
    mine = (QueueEntry.owner_id == account_id) | (QueueEntry.ended_by == account_id)
    return [
        {"kind": row.kind, "since": stamp(row.since), "state": row.state, "verdict": row.verdict, "reason": row.reason}
        for row in session.scalars(select(QueueEntry).where(mine).order_by(QueueEntry.id))
    ]
