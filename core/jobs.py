"""Jobs as rows: written with the change they follow, run at least once, so handlers must bear being run twice."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock, ids
from core.db import Base, Json

log = logging.getLogger("xunshi.jobs")
Handler = Callable[[Session, list[dict[str, Any]]], None]
HANDLERS: dict[str, Handler] = {}
MOST_TRIES = 8
WAKE = threading.Event()


class Job(Base):
    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime]
    run_after: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    fault: Mapped[str] = mapped_column(String(200), default="")

    @classmethod
    def new(cls, kind: str, payload: Mapping[str, Any], now: datetime) -> "Job":
        if kind not in HANDLERS:
            raise ValueError(f"nobody handles jobs of kind {kind!r}")
        return cls(id=ids.new_id(), kind=kind, payload=dict(payload), created_at=now, run_after=now)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind. It gets all due payloads of the kind at once, oldest first."""

    def keep(handler: Handler) -> Handler:
        if HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"two handlers for {kind!r}")
        return handler

    return keep


def due(session: Session, now: datetime) -> dict[str, list[Job]]:
    query = (
        select(Job)
        .where(Job.done_at.is_(None), Job.run_after <= now, Job.tries < MOST_TRIES)
        .order_by(Job.created_at, Job.id)
        .limit(500)
    )
    groups: dict[str, list[Job]] = {}
    for job in session.scalars(query):
        groups.setdefault(job.kind, []).append(job)
    return groups


def claim(session: Session, group: list[Job], now: datetime) -> list[Job]:
    """Take jobs for a minute by a guarded update; another runner that was quicker keeps its own."""
    until, mine = now + timedelta(seconds=60), []
    for job in group:
        guarded = update(Job).where(
            Job.id == job.id, Job.done_at.is_(None), or_(Job.tries == job.tries), Job.run_after <= now
        )
        changed = session.execute(guarded.values(run_after=until, tries=Job.tries + 1))
        if changed.rowcount == 1:  # type: ignore[attr-defined]
            mine.append(job)
    return mine


def run_due(session: Session) -> int:
    """Run what is due now; returns how many jobs were done. Faults are kept on the row and tried again later."""
    from core.work import SYSTEM, work

    done = 0
    for kind in list(due(session, clock.now())):
        with work(session, SYSTEM, clock.now()) as w:
            mine = claim(session, due(session, w.now).get(kind, []), w.now)
            todo = [(job.id, dict(job.payload)) for job in mine]
        if not todo:
            continue
        for job_ids, fault in _attempts(session, kind, todo):
            with work(session, SYSTEM, clock.now()) as w:
                _settle(w.session, job_ids, w.now, fault)
            done += 0 if fault else len(job_ids)
    return done


def _attempts(
    session: Session, kind: str, todo: list[tuple[str, dict[str, Any]]]
) -> Iterator[tuple[list[str], str]]:
    """All at once; if that fails, one by one, so that a broken job takes no other down with it."""
    fault = _run(session, kind, [payload for _, payload in todo])
    if not fault or len(todo) == 1:
        yield [job_id for job_id, _ in todo], fault
        return
    for job_id, payload in todo:
        yield [job_id], _run(session, kind, [payload])


def _run(session: Session, kind: str, payloads: list[dict[str, Any]]) -> str:
    try:
        HANDLERS[kind](session, payloads)
    except Exception as fault:  # a broken job must not stop the others
        session.rollback()
        log.exception("job %s failed", kind)
        return type(fault).__name__
    return ""


def _settle(session: Session, job_ids: list[str], now: datetime, fault: str) -> None:
    for job in session.scalars(select(Job).where(Job.id.in_(job_ids))):
        if fault:
            job.fault, job.run_after = fault, now + timedelta(seconds=2**job.tries)
        else:
            job.fault, job.done_at = "", now
