"""Points, their free slots, and who comes when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import LOCAL_ZONE
from core.db import get_row
from core.goods.cards import get_card
from core.goods.models import Item, StorageMedium
from core.people.models import Organisation
from core.slot_rules import AHEAD, Bench, Span, crowds, free, read_bench
from privacy.booking import rules
from privacy.booking.models import BenchPoint, Booking
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import wiping_points

BUILT_IN = "flash"  # as a check-list enters it (privacy.wipes.checklist_filling); a test keeps both equal


@dataclass(frozen=True, slots=True)
class Point:
    """A point that takes bookings, and its next free slots."""

    org: Organisation
    bench: BenchPoint
    free: list[datetime]


def find_bench(session: Session, org_id: str) -> BenchPoint | None:
    return session.get(BenchPoint, org_id)


def bench_of(row: BenchPoint) -> Bench:
    """The row as the rules want it."""
    return read_bench(row.hours, row.closed, row.minutes, row.places)


def booked_spans(session: Session, org_id: str, now: datetime) -> list[Span]:
    """From when until when devices come that nobody called off, the past left out."""
    query = select(Booking.slot, Booking.until).where(
        Booking.org_id == org_id, Booking.state.in_(("booked", "received")), Booking.until > now
    )
    return [(slot, until) for slot, until in session.execute(query)]


def free_slots(session: Session, row: BenchPoint, now: datetime) -> list[datetime]:
    """What can still be booked; whatever lies over any part of a slot counts, also when slots had another length before."""
    bench, today = bench_of(row), now.astimezone(LOCAL_ZONE).date()
    return free(bench, crowds(bench, booked_spans(session, row.org_id, now), today, AHEAD, LOCAL_ZONE), now, LOCAL_ZONE)


def points(session: Session, now: datetime, *, media: list[str] | None = None, district: str = "") -> list[Point]:
    """Every open point with an operator, soonest free slot first; only those that wipe all of `media`."""
    query = select(BenchPoint, Organisation).join(Organisation, Organisation.id == BenchPoint.org_id)
    query = query.where(BenchPoint.taking.is_(True), BenchPoint.org_id.in_(wiping_points(session)))
    if district:
        query = query.where(Organisation.district == district)
    found = [
        Point(org, bench, free_slots(session, bench, now))
        for bench, org in session.execute(query).all()
        if media is None or rules.takes(bench.kinds, media)
    ]
    never = now + timedelta(days=3650)
    return sorted(found, key=lambda one: (one.free[0] if one.free else never, one.org.name))


def media_of_job(session: Session, job: WipeJob) -> list[str]:
    """Kinds of storage that the bench has to wipe. What goes by a check-list has built-in storage that the bench enters."""
    query = select(StorageMedium.kind).where(StorageMedium.item_id == job.item_id, StorageMedium.state == "present")
    kinds = list(session.scalars(query))
    by_list = get_card(get_row(session, Item, job.item_id).category).wipe_route == "checklist"
    return [*kinds, BUILT_IN] if by_list and BUILT_IN not in kinds else kinds


def find_booking(session: Session, job_id: str) -> Booking | None:
    """The last booking of a job, whatever became of it."""
    query = select(Booking).where(Booking.job_id == job_id).order_by(Booking.id.desc()).limit(1)
    return session.scalars(query).first()


def find_open(session: Session, job_id: str) -> Booking | None:
    query = select(Booking).where(Booking.job_id == job_id, Booking.state == "booked")
    return session.scalars(query).first()


def get_booking(session: Session, booking_id: str) -> Booking:
    return get_row(session, Booking, booking_id)


def day_of(session: Session, org_id: str, start: datetime, days: int) -> list[tuple[Booking, WipeJob]]:
    """Who comes to a point in these days, in time order."""
    query = select(Booking, WipeJob).join(WipeJob, WipeJob.id == Booking.job_id)
    query = query.where(Booking.org_id == org_id, Booking.slot >= start, Booking.slot < start + timedelta(days=days))
    return [(one, job) for one, job in session.execute(query.order_by(Booking.slot, Booking.id)).all()]


def coming(session: Session, before: datetime, *, reminded: bool | None = None) -> list[Booking]:
    """Booked slots that begin before a moment."""
    query = select(Booking).where(Booking.state == "booked", Booking.slot < before)
    if reminded is not None:
        query = query.where(Booking.reminded.is_(reminded))
    return list(session.scalars(query.order_by(Booking.slot)))
