"""How the room that sells tells the one that grades what was bought on the word of a report, through core/ports.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from core.ports import providers


@dataclass(frozen=True, slots=True)
class Received:
    """A thing was handed over to its buyer at that moment; `seller_id`: the person who sold it."""

    at: datetime
    seller_id: str


class GradedSales(Protocol):
    """When this person received a thing that was sold to them on the word of this appraisal; None for everybody else."""

    def __call__(self, session: Session, account_id: str, appraisal_id: str) -> Received | None: ...


def graded_sale(session: Session, account_id: str, appraisal_id: str) -> Received | None:
    """When somebody received what was sold to them on the word of this appraisal, over all rooms."""
    found = (provider(session, account_id, appraisal_id) for provider in providers("graded_sale").values())
    return next((one for one in found if one is not None), None)
