"""The house's clockwork: runs due jobs, seals the log, and does the sweeps that rooms ask for; one thread beside the server."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import audit, clock, jobs
from core.db import Database
from core.work import Actor, Work, work

log = logging.getLogger("xunshi.runner")
SEALER = Actor("system:sealer")
SWEEPS: dict[str, tuple[timedelta, Callable[[Work], None]]] = {}


def sweep(name: str, every: timedelta, step: Callable[[Work], None]) -> None:
    """Ask for a step to be run again and again, each time in a Work of its own (expiries, retention)."""
    SWEEPS[name] = (every, step)


def seal(session: Session) -> int:
    if session.scalars(select(audit.AuditPending.line_no).limit(1)).first() is None:
        return 0
    with work(session, SEALER, clock.now()) as w:
        return audit.seal(w.session)


def sweep_due(session: Session, last: dict[str, datetime]) -> None:
    for name, (every, step) in SWEEPS.items():
        if name not in last or clock.now() - last[name] >= every:
            last[name] = clock.now()
            try:
                with work(session, Actor(f"system:{name}"), clock.now()) as w:
                    step(w)
            except Exception:  # a broken sweep must not stop the others, nor the seal
                log.exception("sweep %s failed", name)


def turn(database: Database, last: dict[str, datetime]) -> None:
    """One turn of the wheel: jobs, sweeps, then the seal over all of it."""
    with database.session() as session:
        jobs.run_due(session)
        sweep_due(session, last)
        seal(session)


def start(run_in: Callable[[Callable[[], None]], None], database: Database) -> threading.Event:
    """Start the thread. `run_in` runs a function inside the application's context. Set the returned event to stop."""
    stop = threading.Event()

    def wheel() -> None:
        last: dict[str, datetime] = {}
        while not stop.is_set():
            jobs.WAKE.wait(0.5)
            jobs.WAKE.clear()
            try:
                run_in(lambda: turn(database, last))
            except OperationalError:
                log.warning("the database was busy; the next turn tries again")
            except Exception:  # the wheel must go on turning, whatever a job did
                log.exception("a turn failed")

    threading.Thread(target=wheel, name="runner", daemon=True).start()
    return stop
