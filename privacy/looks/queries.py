"""Second looks and the seeds they were made with."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from privacy.looks.models import PatternKey, ReadBackOrder, SecondLook


def looks_of(session: Session, job_id: str) -> list[SecondLook]:
    return list(session.scalars(select(SecondLook).where(SecondLook.job_id == job_id).order_by(SecondLook.id)))


def best_grade(session: Session, job_id: str, medium_id: str) -> str:
    """E3 or E4 where a second look at this medium agreed, else nothing."""
    return max((one.grade for one in looks_of(session, job_id) if one.medium_id == medium_id), default="")


def find_pattern(session: Session, job_id: str, medium_id: str) -> PatternKey | None:
    """The key of a medium's keyed last pass in this job, if one was given."""
    query = select(PatternKey).where(PatternKey.job_id == job_id, PatternKey.medium_id == medium_id)
    return session.scalars(query).first()


def find_order(session: Session, job_id: str, medium_id: str) -> ReadBackOrder | None:
    """The last seed that was given for a medium in this job."""
    query = select(ReadBackOrder).where(ReadBackOrder.job_id == job_id, ReadBackOrder.medium_id == medium_id)
    return session.scalars(query.order_by(ReadBackOrder.id.desc()).limit(1)).first()
