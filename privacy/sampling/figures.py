"""What is to be tried, and each point's figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from privacy.clearance.models import Clearance
from privacy.sampling.models import RecoveryTry, SampleCheck, SampleDraw
from privacy.sampling.queries import WITHIN_REACH
from privacy.wipes.models import WipeJob


@dataclass(frozen=True, slots=True)
class Due:
    """An open check with its job; `reachable`: its device can still be tried."""

    check: SampleCheck
    job: WipeJob
    reachable: bool


def due(session: Session, org_ids: Iterable[str] | None = None, most: int = 200) -> list[Due]:
    """Open checks, those that stop a sale first, then the oldest. `org_ids`: of these points only."""
    query = (
        select(SampleCheck, WipeJob, Clearance.state)
        .join(WipeJob, WipeJob.id == SampleCheck.job_id)
        .join(Clearance, Clearance.id == SampleCheck.clearance_id)
        .where(SampleCheck.state == "open")
    )
    if org_ids is not None:
        query = query.where(SampleCheck.org_id.in_(sorted(org_ids)))
    ordered = query.order_by(SampleCheck.mandatory.desc(), SampleCheck.opened_at, SampleCheck.id)
    return [Due(one, job, state in WITHIN_REACH) for one, job, state in session.execute(ordered.limit(most)).all()]


@dataclass(frozen=True, slots=True)
class Tally:
    """One point's figures. `accepted`: wipes that were in the urn; `tried`, `found`: of the drawn ones only, for a batch is no
    random sample; `batch_*`: of the others; `left`: open, but the device is out of reach; `not_done`: tries that led nowhere."""

    org_id: str | None
    accepted: int
    drawn: int
    tried: int
    found: int
    open: int
    left: int
    oldest: datetime | None
    not_done: int
    batch: int
    batch_tried: int
    batch_found: int


def tallies(session: Session, org_ids: Iterable[str] | None = None) -> list[Tally]:
    """By point, only where something was drawn from."""
    wanted = None if org_ids is None else set(org_ids)
    urn = _counted(
        session, select(WipeJob.org_id, func.count()).join(SampleDraw, SampleDraw.job_id == WipeJob.id).group_by(WipeJob.org_id)
    )
    drawn = _counted(
        session,
        select(WipeJob.org_id, func.count())
        .join(SampleDraw, SampleDraw.job_id == WipeJob.id)
        .where(SampleDraw.drawn.is_(True))
        .group_by(WipeJob.org_id),
    )
    failed = _counted(
        session,
        select(SampleCheck.org_id, func.count())
        .join(RecoveryTry, RecoveryTry.check_id == SampleCheck.id)
        .where(RecoveryTry.result == "not_done")
        .group_by(SampleCheck.org_id),
    )
    rows = session.execute(
        select(SampleCheck.org_id, SampleCheck.why, SampleCheck.state, SampleCheck.opened_at, Clearance.state).join(
            Clearance, Clearance.id == SampleCheck.clearance_id
        )
    ).all()
    found: list[tuple[str | None, str, str, datetime, str]] = [(one[0], one[1], one[2], one[3], one[4]) for one in rows]
    points = {*urn, *(row[0] for row in found)}
    return [
        _tally(org, urn.get(org, 0), drawn.get(org, 0), failed.get(org, 0), [row for row in found if row[0] == org])
        for org in sorted(points, key=lambda one: one or "")
        if wanted is None or org in wanted
    ]


def _counted(session: Session, query: Select[str | None, int]) -> dict[str | None, int]:
    return {org: count for org, count in session.execute(query).all()}


def _tally(
    org: str | None, urn: int, drawn: int, not_done: int, rows: Sequence[tuple[str | None, str, str, datetime, str]]
) -> Tally:
    def count(why: str, *states: str) -> int:
        return sum(1 for row in rows if row[1] == why and row[2] in states)

    waiting = [row for row in rows if row[2] == "open" and row[4] in WITHIN_REACH]
    left = sum(1 for row in rows if row[2] == "open") - len(waiting)
    return Tally(
        org_id=org, accepted=urn, drawn=drawn, tried=count("drawn", "clean", "found"), found=count("drawn", "found"),
        open=len(waiting), left=left, oldest=min((row[3] for row in waiting), default=None), not_done=not_done,
        batch=count("batch", "open", "clean", "found"), batch_tried=count("batch", "clean", "found"),
        batch_found=count("batch", "found"),
    )  # fmt: skip
