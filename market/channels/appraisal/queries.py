"""Agencies that take bookings, their free slots and fees, and who comes when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from appraisal.appraisers import queries as appraisers
from appraisal.appraisers.models import Appraiser
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
# what a line in a list tells of a booking, read with it
LISTED = (joinedload(AppraisalBooking.item), joinedload(AppraisalBooking.org))


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
    query = select(FeeTable).where(FeeTable.org_id == org_id).options(selectinload(FeeTable.lines))
    return session.scalars(query.order_by(FeeTable.version.desc())).all()


def scope_of(session: Session, org_id: str, now: datetime) -> tuple[str, ...]:
    """Kinds of things that a valid credential of an admitted body covers today."""
    return _covered(appraisers.find_agency(session, org_id), now)


def _covered(file: Appraiser | None, now: datetime) -> tuple[str, ...]:
    if file is None or file.state != "active":
        return ()
    valid = [one for one in file.credentials if one.state == "valid" and (one.expires_at is None or one.expires_at > now)]
    covered = {code for one in valid for code, level in one.scope.items() if level >= SIGN}
    return tuple(code for code in appraisers.graded_categories() if code in covered or ANY in covered)


def find_agency(session: Session, org_id: str, now: datetime) -> Agency | None:
    """None while it is closed to bookings: not taking any, without fees, or no longer admitted for anything it takes."""
    return next(iter(_open(session, now, AgencyDesk.org_id == org_id)), None)


def agencies(session: Session, now: datetime, *, category: str = "", district: str = "") -> list[Agency]:
    """Every agency that takes bookings now, by name; only for that kind, and only in that district, where given."""
    found = _open(session, now, *([Organisation.district == district] if district else []))
    return [one for one in found if not category or category in one.fees]


def _open(session: Session, now: datetime, *where: ColumnElement[bool]) -> list[Agency]:
    any_ = aliased(FeeTable)
    newest = select(func.max(any_.version)).where(any_.org_id == AgencyDesk.org_id).scalar_subquery()
    query = (
        select(Organisation, AgencyDesk, FeeTable)
        .join(AgencyDesk, AgencyDesk.org_id == Organisation.id)
        .join(FeeTable, and_(FeeTable.org_id == Organisation.id, FeeTable.version == newest))
        .where(AgencyDesk.taking.is_(True), Organisation.state == "approved", *where)
        .options(selectinload(FeeTable.lines))
    )
    rows = session.execute(query.order_by(Organisation.name, Organisation.id)).all()
    files = appraisers.agencies_of(session, [org.id for org, _desk, _table in rows])
    found = [Agency(org, desk, table, _fees(desk, table, _covered(files.get(org.id), now))) for org, desk, table in rows]
    return [one for one in found if one.fees]


def _fees(desk: AgencyDesk, table: FeeTable, covered: Collection[str]) -> dict[str, int]:
    return {one.category: one.amount_minor for one in table.lines if one.category in desk.categories and one.category in covered}


def is_admitted(session: Session, org_id: str) -> bool:
    """May it appraise at all today? Else whatever falls through is not its customers' doing."""
    org, file = session.get(Organisation, org_id), appraisers.find_agency(session, org_id)
    return org is not None and org.state == "approved" and file is not None and file.state == "active"


def bench_of(desk: AgencyDesk) -> Bench:
    return read_bench(desk.hours, desk.closed, desk.minutes, desk.places)


def booked_spans(session: Session, org_ids: Collection[str], since: datetime) -> dict[str, list[Span]]:
    """From when until when each place of these agencies is given away, as far as it isn't over at `since`; by agency."""
    query = select(AppraisalBooking.org_id, AppraisalBooking.slot, AppraisalBooking.until).where(
        AppraisalBooking.org_id.in_(sorted(org_ids)), AppraisalBooking.state.not_in(FREES_ITS_PLACE),
        AppraisalBooking.until > since,
    )  # fmt: skip
    found: dict[str, list[Span]] = {one: [] for one in org_ids}
    for org_id, slot, until in session.execute(query):
        found[org_id].append((slot, until))
    return found


def free_slots(session: Session, desk: AgencyDesk, now: datetime, way: str = rules.DROP_OFF) -> list[datetime]:
    return free_among(desk, booked_spans(session, [desk.org_id], now)[desk.org_id], now, way)


def free_among(desk: AgencyDesk, booked: Sequence[Span], now: datetime, way: str) -> list[datetime]:
    """The slots that can still be booked that way, where this is booked already."""
    notice = rules.VISIT_NOTICE if way == rules.VISIT else NOTICE
    bench, today = bench_of(desk), now.astimezone(LOCAL_ZONE).date()
    return free(bench, crowds(bench, booked, today, AHEAD, LOCAL_ZONE), now, LOCAL_ZONE, notice)


def is_offered(bench: Bench, slot: datetime) -> bool:
    """Does a booked slot still begin where the desk's slots begin?"""
    return slot in slots(bench, slot.astimezone(LOCAL_ZONE).date(), 1, LOCAL_ZONE)


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
    return sorted(session.scalars(query.options(*LISTED)), key=lambda one: one.ended_at is not None)


def coming(session: Session, org_id: str, start: datetime, days: int) -> Sequence[AppraisalBooking]:
    """Who comes, or came, to an agency in these days, in time order; called-off slots are left out."""
    return _in_time(
        session, AppraisalBooking.org_id == org_id, AppraisalBooking.slot >= start,
        AppraisalBooking.slot < start + timedelta(days=days), AppraisalBooking.state.in_(("booked", "no_show")),
        listed=True,
    )  # fmt: skip


def in_hand(session: Session, org_id: str) -> Sequence[AppraisalBooking]:
    """What an agency has from a booking, or is looking at."""
    return _in_time(session, AppraisalBooking.org_id == org_id, AppraisalBooking.state.in_(("checked_in", "graded")), listed=True)


def outside(session: Session, desk: AgencyDesk, now: datetime) -> list[AppraisalBooking]:
    """Booked slots that the hours of today no longer offer: they stand until somebody calls them off."""
    mine = (AppraisalBooking.org_id == desk.org_id, AppraisalBooking.state == "booked", AppraisalBooking.slot >= now)
    rows = _in_time(session, *mine)
    bench = bench_of(desk)
    return [one for one in rows if not is_offered(bench, one.slot)]


def booked_before(session: Session, moment: datetime, *where: ColumnElement[bool]) -> Sequence[AppraisalBooking]:
    """Booked slots that begin before a moment."""
    return _in_time(session, AppraisalBooking.state == "booked", AppraisalBooking.slot < moment, *where)


def _in_time(session: Session, *where: ColumnElement[bool], listed: bool = False) -> Sequence[AppraisalBooking]:
    """`listed`: with their things and agencies, for a list to be shown."""
    query = select(AppraisalBooking).where(*where).options(*(LISTED if listed else ()))
    return session.scalars(query.order_by(AppraisalBooking.slot, AppraisalBooking.id)).all()


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


