"""The answers given so far, and how long each took."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades.guide_models import CheckAnswer


def last_answers(session: Session, appraisal_id: str) -> Mapping[str, CheckAnswer]:
    """The newest answer to each check, by its code."""
    query = select(CheckAnswer).where(CheckAnswer.appraisal_id == appraisal_id).order_by(CheckAnswer.id)
    return {one.check_code: one for one in session.scalars(query)}


def seconds_by_check(session: Session, appraisal_id: str) -> dict[str, int]:
    """How long each check took, all its visits together, in seconds; only what was measured."""
    query = select(CheckAnswer).where(CheckAnswer.appraisal_id == appraisal_id, CheckAnswer.seconds.is_not(None))
    spent: dict[str, int] = {}
    for one in session.scalars(query):
        spent[one.check_code] = spent.get(one.check_code, 0) + (one.seconds or 0)
    return spent


def newest(session: Session, appraisal_id: str) -> str:
    """The id of the last answer to any check, "" when there is none."""
    query = select(CheckAnswer.id).where(CheckAnswer.appraisal_id == appraisal_id).order_by(CheckAnswer.id.desc())
    return session.scalars(query.limit(1)).first() or ""
