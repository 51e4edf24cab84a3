"""Corrections of a certificate as they are stored."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import get_row
from privacy.clearance.corrections.models import Correction, CorrectionDecision


@dataclass(frozen=True, slots=True)
class Proposed:
    """A correction and the other person's word on it, if there is one yet."""

    one: Correction
    decision: CorrectionDecision | None


def get_correction(session: Session, correction_id: str) -> Correction:
    """Raises NotFound."""
    return get_row(session, Correction, correction_id)


def find_decision(session: Session, correction_id: str) -> CorrectionDecision | None:
    return session.scalars(select(CorrectionDecision).where(CorrectionDecision.correction_id == correction_id)).first()


def of_certificate(session: Session, certificate_id: str) -> list[Proposed]:
    """Oldest first."""
    query = (
        select(Correction, CorrectionDecision)
        .outerjoin(CorrectionDecision, CorrectionDecision.correction_id == Correction.id)
        .where(Correction.certificate_id == certificate_id)
        .order_by(Correction.id)
    )
    return [Proposed(*found) for found in session.execute(query)]


def amendments(session: Session, certificate_id: str) -> list[CorrectionDecision]:
    """The approved ones, by their number on the paper."""
    mine = CorrectionDecision.certificate_id == certificate_id
    query = select(CorrectionDecision).where(mine, CorrectionDecision.n.is_not(None))
    return list(session.scalars(query.order_by(CorrectionDecision.n)))
