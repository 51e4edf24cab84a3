"""The staff queue in tests that go past the program's own actions, straight to the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from core.queue import actions
from core.queue.kinds import Ask
from core.queue.models import QueueEntry

Doing = Callable[..., Any]


def entered(doing: Doing, kind: str, subject_id: str) -> None:
    """An open entry, so that what a test puts in by hand is refused for its own sake and not for missing here."""
    with doing() as w:
        actions.ask(w, kind, Ask(subject_id=subject_id, title="x", link="/"))


def ended(doing: Doing, kind: str, subject_id: str) -> None:
    with doing() as w:
        actions.lapse(w, kind, subject_id)


def entry_of(session: Session, kind: str, subject_id: str) -> QueueEntry:
    """The newest entry of that subject."""
    session.rollback()
    query = session.query(QueueEntry).filter_by(kind=kind, subject_id=subject_id)
    return query.order_by(QueueEntry.id.desc()).first()  # type: ignore[return-value]
