"""What became of an agency's bookings, in whole numbers: for its desk and for the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import Organisation
from market.channels.appraisal.models import AgencyDesk, AppraisalBooking
from market.payments.models import PaymentIntent


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of bookings; `open`: to come or in hand. `hours`: median from check-in to grade in whole hours, None without any.
    Money in fen: paid by owners, and of that decided to go back."""

    org_id: str
    name: str
    booked: int = 0
    open: int = 0
    graded: int = 0
    ungraded: int = 0
    by_owner: int = 0
    by_agency: int = 0
    missed: int = 0
    hours: int | None = None
    paid_minor: int = 0
    back_minor: int = 0


def figures(session: Session, org_id: str = "") -> list[Figures]:
    """One line for each agency that ever offered bookings, by name; only that one where named."""
    query = select(AgencyDesk.org_id, Organisation.name).join(Organisation, Organisation.id == AgencyDesk.org_id)
    if org_id:
        query = query.where(AgencyDesk.org_id == org_id)
    return [_of(session, one, name) for one, name in session.execute(query.order_by(Organisation.name, AgencyDesk.org_id))]


def _of(session: Session, org_id: str, name: str) -> Figures:
    rows = session.scalars(select(AppraisalBooking).where(AppraisalBooking.org_id == org_id)).all()
    intents = [one.intent_id for one in rows if one.intent_id]
    paid_query = select(PaymentIntent.id).where(PaymentIntent.id.in_(intents), PaymentIntent.paid_at.is_not(None))
    paid = set(session.scalars(paid_query))
    ends = [one.why for one in rows]
    return Figures(
        org_id=org_id, name=name, booked=len(rows), open=ends.count(""), graded=sum(one.graded_at is not None for one in rows),
        ungraded=ends.count("ungraded"), by_owner=ends.count("owner") + ends.count("moved"), by_agency=ends.count("agency"),
        missed=ends.count("no_show"), hours=_median_hours(rows),
        paid_minor=sum(one.total_minor for one in rows if one.intent_id in paid), back_minor=sum(one.back_minor for one in rows),
    )  # fmt: skip


def _median_hours(rows: Sequence[AppraisalBooking]) -> int | None:
    """The lower median, so that it is a time that somebody really waited."""
    waits = sorted(one.graded_at - one.checked_in_at for one in rows if one.graded_at and one.checked_in_at)
    return waits[(len(waits) - 1) // 2] // timedelta(hours=1) if waits else None
