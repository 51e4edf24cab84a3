"""Agencies that take bookings, their free slots and fees, and who comes when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from appraisal.appraisers import queries as appraisers
from appraisal.appraisers.rules import ANY, SIGN
from core import secrets
from core.clock import LOCAL_ZONE
from core.db import get_row
from core.people.models import Membership, Organisation
from core.slot_rules import AHEAD, NOTICE, Bench, Span, crowds, free, read_bench, slots
from market.channels.appraisal import rules
from market.channels.appraisal.models import AgencyDesk, AppraisalBooking, FeeTable
from market.channels.appraisal.states import FREES_ITS_PLACE, OPEN

CODE = "appraisal_code"
ADDRESS = "appraisal_visit"


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency that takes bookings now, with what it charges. `fees`: {category: fen} of what it takes."""

    org: Organisation
    desk: AgencyDesk
    table: FeeTable
    fees: dict[str, int]


def find_desk(session: Session, org_id: str) -> AgencyDesk | None:
    return session.get(AgencyDesk, org_id)


def find_table(session: Session, org_id: str) -> FeeTable | None:
    """The fees and terms that count for new bookings."""
    query = select(FeeTable).where(FeeTable.org_id == org_id).order_by(FeeTable.version.desc()).limit(1)
    return session.scalars(query).first()


def tables_of(session: Session, org_id: str) -> Sequence[FeeTable]:
    """Every version, the newest first."""
    return session.scalars(select(FeeTable).where(FeeTable.org_id == org_id).order_by(FeeTable.version.desc())).all()


def scope_of(session: Session, org_id: str, now: datetime) -> tuple[str, ...]:
    """Kinds of things that a valid credential of an admitted body covers today."""
    file = appraisers.find_agency(session, org_id)
    if file is None or file.state != "active":
        return ()
    valid = [one for one in file.credentials if one.state == "valid" and (one.expires_at is None or one.expires_at > now)]
    covered = {code for one in valid for code, level in one.scope.items() if level >= SIGN}
    return tuple(code for code in appraisers.graded_categories() if code in covered or ANY in covered)


def find_agency(session: Session, org_id: str, now: datetime) -> Agency | None:
    """None while it is closed to bookings: not taking any, without fees, or no longer admitted for anything it takes."""
    desk, table, org = find_desk(session, org_id), find_table(session, org_id), session.get(Organisation, org_id)
    if desk is None or table is None or org is None or org.state != "approved" or not desk.taking:
        return None
    covered = scope_of(session, org_id, now)
    fees = {one.category: one.amount_minor for one in table.lines if one.category in desk.categories and one.category in covered}
    return Agency(org, desk, table, fees) if fees else None


def agencies(session: Session, now: datetime, *, category: str = "", district: str = "") -> list[Agency]:
    """Every agency that takes bookings now; only for that kind, and only in that district, where given."""
    query = select(AgencyDesk.org_id).join(Organisation, Organisation.id == AgencyDesk.org_id).where(AgencyDesk.taking.is_(True))
    if district:
        query = query.where(Organisation.district == district)
    found = [find_agency(session, one, now) for one in session.scalars(query.order_by(Organisation.name, Organisation.id))]
    return [one for one in found if one is not None and (not category or category in one.fees)]


def is_admitted(session: Session, org_id: str) -> bool:
    """May it appraise at all today? Else whatever falls through is not its customers' doing."""
    org, file = session.get(Organisation, org_id), appraisers.find_agency(session, org_id)
    return org is not None and org.state == "approved" and file is not None and file.state == "active"


def bench_of(desk: AgencyDesk) -> Bench:
    return read_bench(desk.hours, desk.closed, desk.minutes, desk.places)


def booked_spans(session: Session, org_id: str, since: datetime) -> list[Span]:
    """From when until when each place of an agency is given away, as far as it isn't over at `since`."""
    query = select(AppraisalBooking.slot, AppraisalBooking.until).where(
        AppraisalBooking.org_id == org_id, AppraisalBooking.state.not_in(FREES_ITS_PLACE), AppraisalBooking.until > since
    )
    return [(slot, until) for slot, until in session.execute(query)]


def free_slots(session: Session, desk: AgencyDesk, now: datetime, way: str = rules.DROP_OFF) -> list[datetime]:
    notice = rules.VISIT_NOTICE if way == rules.VISIT else NOTICE
    bench, today = bench_of(desk), now.astimezone(LOCAL_ZONE).date()
    taken = crowds(bench, booked_spans(session, desk.org_id, now), today, AHEAD, LOCAL_ZONE)
    return free(bench, taken, now, LOCAL_ZONE, notice)


def is_offered(desk: AgencyDesk, slot: datetime) -> bool:
    """Does a booked slot still begin where the desk's slots begin?"""
    return slot in slots(bench_of(desk), slot.astimezone(LOCAL_ZONE).date(), 1, LOCAL_ZONE)


def get_booking(session: Session, booking_id: str) -> AppraisalBooking:
    return get_row(session, AppraisalBooking, booking_id)


def find_open(session: Session, item_id: str) -> AppraisalBooking | None:
    """The booking of a thing that hasn't ended."""
    query = select(AppraisalBooking).where(AppraisalBooking.item_id == item_id, AppraisalBooking.state.in_(OPEN))
    return session.scalars(query).first()


def of_report(session: Session, appraisal_id: str) -> AppraisalBooking | None:
    return session.scalars(select(AppraisalBooking).where(AppraisalBooking.appraisal_id == appraisal_id)).first()


def of_owner(session: Session, account_id: str) -> Sequence[AppraisalBooking]:
    """All of a person's bookings: open ones first, then the newest."""
    query = select(AppraisalBooking).where(AppraisalBooking.booked_by == account_id).order_by(AppraisalBooking.id.desc())
    return sorted(session.scalars(query), key=lambda one: one.ended_at is not None)


def coming(session: Session, org_id: str, start: datetime, days: int) -> Sequence[AppraisalBooking]:
    """Who comes, or came, to an agency in these days, in time order; called-off slots are left out."""
    return _in_time(
        session, AppraisalBooking.org_id == org_id, AppraisalBooking.slot >= start,
        AppraisalBooking.slot < start + timedelta(days=days), AppraisalBooking.state.in_(("booked", "no_show")),
    )  # fmt: skip


def in_hand(session: Session, org_id: str) -> Sequence[AppraisalBooking]:
    """What an agency has from a booking, or is looking at."""
    return _in_time(session, AppraisalBooking.org_id == org_id, AppraisalBooking.state.in_(("checked_in", "graded")))


def outside(session: Session, desk: AgencyDesk, now: datetime) -> list[AppraisalBooking]:
    """Booked slots that the hours of today no longer offer: they stand until somebody calls them off."""
    mine = (AppraisalBooking.org_id == desk.org_id, AppraisalBooking.state == "booked", AppraisalBooking.slot >= now)
    rows = _in_time(session, *mine)
    return [one for one in rows if not is_offered(desk, one.slot)]


def booked_before(session: Session, moment: datetime, *where: ColumnElement[bool]) -> Sequence[AppraisalBooking]:
    """Booked slots that begin before a moment."""
    return _in_time(session, AppraisalBooking.state == "booked", AppraisalBooking.slot < moment, *where)


def _in_time(session: Session, *where: ColumnElement[bool]) -> Sequence[AppraisalBooking]:
    return session.scalars(select(AppraisalBooking).where(*where).order_by(AppraisalBooking.slot, AppraisalBooking.id)).all()



def terms_of(session: Session, booking: AppraisalBooking) -> rules.Terms:
    """What was agreed when it was booked, whatever the agency charges today."""
    return terms_in(get_row(session, FeeTable, booking.fee_table_id), booking.total_minor)


def terms_in(table: FeeTable, total: int) -> rules.Terms:
    return rules.Terms(total=total, free_hours=table.free_hours, late=table.late_minor, missed=table.missed_minor)


def appraisers_at(session: Session, org_id: str, category: str, now: datetime) -> list[str]:
    """Who appraises such things there with a credential that counts today, by id."""
    query = select(Membership.account_id).where(
        Membership.org_id == org_id, Membership.role == "appraiser", Membership.ended_at.is_(None)
    )
    everybody = session.scalars(query.order_by(Membership.account_id)).all()
    return [one for one in everybody if appraisers.why_not(session, one, category, now) is None]


def code_of(booking: AppraisalBooking) -> str:
    return secrets.decrypt(booking.code, CODE)


def address_of(booking: AppraisalBooking) -> str:
    """Where a visit goes; "" for none, or once it was erased."""
    return secrets.decrypt(booking.address, ADDRESS) if booking.address else ""


