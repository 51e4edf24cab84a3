"""Prices are learned anew each night, in the background."""

from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.prices import actions, queries
from core import clock
from core.jobs import Job, handles
from core.work import Actor, Work

KIND = "price_refit"
FROM = time(3)  # in the market's zone: few are here then
REFITTER = Actor("system:price_refit")


def plan(w: Work) -> None:
    """Sweep: once a day, from three in the morning, unless today's sales were fitted already or a job waits for it."""
    here = clock.local(w.now)
    if here.time() < FROM or queries.fitted_on(w.session, here.date()):
        return
    waits = select(Job.id).where(Job.kind == KIND, Job.done_at.is_(None))
    if w.session.scalars(waits.limit(1)).first() is None:
        w.later(KIND, day=here.date().isoformat())


@handles(KIND)
def refit(session: Session, payloads: list[dict[str, Any]]) -> None:
    """However many were planned, once; twice the same sales on one day change nothing."""
    actions.refit(session, REFITTER, clock.now())
