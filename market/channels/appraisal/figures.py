"""What became of an agency's bookings, in whole numbers: for its desk and for the platform."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
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
    query = query.where(AgencyDesk.org_id == org_id) if org_id else query
    counts, hours = _counts(session, org_id), _median_hours(session, org_id)
    return [
        Figures(org_id=one, name=name, hours=hours.get(one), **counts.get(one, {}))
        for one, name in session.execute(query.order_by(Organisation.name, AgencyDesk.org_id))
    ]


def _counts(session: Session, org_id: str) -> dict[str, dict[str, int]]:
    """By agency, what the database counts; agencies without bookings are left out."""
    row, many = AppraisalBooking, func.count()
    told = {
        "booked": many, "open": many.filter(row.why == ""), "graded": many.filter(row.graded_at.is_not(None)),
        "ungraded": many.filter(row.why == "ungraded"), "by_owner": many.filter(row.why.in_(("owner", "moved"))),
        "by_agency": many.filter(row.why == "agency"), "missed": many.filter(row.why == "no_show"),
        "paid_minor": func.coalesce(func.sum(row.fee_minor + row.extra_minor).filter(PaymentIntent.paid_at.is_not(None)), 0),
        "back_minor": func.sum(row.back_minor),
    }  # fmt: skip
    query = select(row.org_id, *told.values()).outerjoin(PaymentIntent, PaymentIntent.id == row.intent_id).group_by(row.org_id)
    rows = session.execute(query.where(row.org_id == org_id) if org_id else query)
    return {one: {name: int(value) for name, value in zip(told, values, strict=True)} for one, *values in rows}


def _median_hours(session: Session, org_id: str) -> dict[str, int]:
    """By agency, the lower median, so that it is a time that somebody really waited; agencies without any are left out."""
    row = AppraisalBooking
    query = select(row.org_id, row.checked_in_at, row.graded_at).where(row.graded_at.is_not(None), row.checked_in_at.is_not(None))
    waits: dict[str, list[timedelta]] = {}
    for one, came, graded in session.execute(query.where(row.org_id == org_id) if org_id else query):
        if came and graded:
            waits.setdefault(one, []).append(graded - came)
    return {one: sorted(found)[(len(found) - 1) // 2] // timedelta(hours=1) for one, found in waits.items()}
