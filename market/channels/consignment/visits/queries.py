"""Points that take visits, their free slots, and who comes when with what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from core import secrets
from core.clock import LOCAL_ZONE
from core.db import get_row
from core.errors import NotFound
from core.ids import is_id
from core.people.models import Contact, Organisation
from core.slot_rules import AHEAD, Bench, Span, crowds, free, read_bench, slots
from market.channels.consignment.models import Consignor
from market.channels.consignment.visits import rules
from market.channels.consignment.visits.models import Visit, VisitDesk, VisitThing
from market.channels.consignment.visits.rules import Thing
from market.channels.consignment.visits.states import HOLDS_ITS_PLACE
from market.shops.models import ShopClosing, ShopPoint
from market.shops.rules import SHOP_KINDS
from market.shops.standing import is_shown

NAME, CONTACT, THING = "visit_name", "visit_contact", "visit_thing"
# what a line in a list tells of a visit, read with it
LISTED = (
    selectinload(Visit.things), joinedload(Visit.org), joinedload(Visit.desk).joinedload(VisitDesk.point),
    joinedload(Visit.account), joinedload(Visit.consignor),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A desk that takes bookings now, and its free slots."""

    desk: VisitDesk
    free: list[datetime]


def get_visit(session: Session, visit_id: str) -> Visit:
    """Raises NotFound."""
    return get_row(session, Visit, visit_id)


def find_visit_of(session: Session, org_id: str, visit_id: str) -> Visit | None:
    """A visit of this shop."""
    row = session.get(Visit, visit_id) if is_id(visit_id) else None
    return row if row is not None and row.org_id == org_id else None


def find_desk(session: Session, point_id: str) -> VisitDesk | None:
    return session.get(VisitDesk, point_id)


def find_open_desk(session: Session, point_id: str) -> VisitDesk | None:
    """One that takes bookings now."""
    return session.scalars(_open_desks().where(VisitDesk.point_id == point_id)).first()


def get_open_desk(session: Session, point_id: str) -> VisitDesk:
    """One that takes bookings now. Raises NotFound."""
    found = find_open_desk(session, point_id)
    if found is None:
        raise NotFound()
    return found


def desks_of(session: Session, org_id: str) -> Sequence[VisitDesk]:
    """Of a shop, by the name of the point."""
    query = select(VisitDesk).join(VisitDesk.point).where(VisitDesk.org_id == org_id).options(contains_eager(VisitDesk.point))
    return session.scalars(query.order_by(ShopPoint.name, ShopPoint.id)).all()


def open_desks(session: Session, *, org_id: str = "", district: str = "") -> Sequence[VisitDesk]:
    """Desks that take bookings now, by district and name."""
    query = _open_desks()
    for column, value in ((VisitDesk.org_id, org_id), (ShopPoint.district, district)):
        query = query.where(column == value) if value else query
    return session.scalars(query.order_by(ShopPoint.district, ShopPoint.name, ShopPoint.id)).all()


def _open_desks() -> Select[VisitDesk]:
    """As market/shops/standing.takes_goods sees it, for many shops at once: public, at no end, the point open."""
    ending = select(ShopClosing.org_id).where(ShopClosing.state.in_(("announced", "ended")))
    return (
        select(VisitDesk).join(VisitDesk.point).join(VisitDesk.org)
        .where(
            VisitDesk.taking.is_(True), ShopPoint.state == "open", is_shown(), Organisation.kind.in_(SHOP_KINDS),
            VisitDesk.org_id.not_in(ending),
        )
        .options(contains_eager(VisitDesk.point).joinedload(ShopPoint.org), contains_eager(VisitDesk.org))
    )  # fmt: skip


def bench_of(desk: VisitDesk) -> Bench:
    """The desk as the rules want it; whenever the point is closed, so is its desk."""
    return read_bench(desk.hours, {*desk.closed, *desk.point.closed}, desk.minutes, desk.places)


def booked_spans(session: Session, point_ids: Collection[str], since: datetime) -> dict[str, list[Span]]:
    """From when until when each place of these desks is given away, as far as it isn't over at `since`; by point."""
    query = select(Visit.point_id, Visit.slot, Visit.until).where(
        Visit.point_id.in_(sorted(point_ids)), Visit.state.in_(HOLDS_ITS_PLACE), Visit.until > since
    )
    found: dict[str, list[Span]] = {one: [] for one in point_ids}
    for point_id, slot, until in session.execute(query):
        found[point_id].append((slot, until))
    return found


def free_slots(session: Session, desk: VisitDesk, now: datetime, *, by_shop: bool = False) -> list[datetime]:
    """What can still be booked; the shop itself also takes whoever stands there now, in the slot that runs."""
    return free_among(desk, booked_spans(session, [desk.point_id], now)[desk.point_id], now, by_shop=by_shop)


def free_among(desk: VisitDesk, booked: Sequence[Span], now: datetime, *, by_shop: bool = False) -> list[datetime]:
    bench, length, today = bench_of(desk), timedelta(minutes=desk.minutes), now.astimezone(LOCAL_ZONE).date()
    notice = timedelta(seconds=1) - length if by_shop else rules.NOTICE
    found = free(bench, crowds(bench, booked, today, AHEAD, LOCAL_ZONE), now, LOCAL_ZONE, notice)
    return [one for one in found if rules.is_open(desk.point.hours, desk.point.closed, one, one + length)]


def offers(session: Session, desks: Sequence[VisitDesk], now: datetime) -> list[Offer]:
    booked = booked_spans(session, [one.point_id for one in desks], now)
    return [Offer(one, free_among(one, booked[one.point_id], now)) for one in desks]


def is_offered(desk: VisitDesk, row: Visit) -> bool:
    """Does a booked visit still begin where the desk's slots begin, while the point is open?"""
    start, until = row.slot.astimezone(LOCAL_ZONE), row.until.astimezone(LOCAL_ZONE)
    return start in slots(bench_of(desk), start.date(), 1, LOCAL_ZONE) and rules.is_open(
        desk.point.hours, desk.point.closed, start, until
    )


def outside(session: Session, desk: VisitDesk, now: datetime) -> int:
    """How many booked visits the hours of today no longer offer: they stand until somebody calls them off."""
    rows = session.scalars(select(Visit).where(Visit.point_id == desk.point_id, Visit.state == "booked", Visit.slot >= now))
    return sum(not is_offered(desk, one) for one in rows)


def find_overlap(session: Session, org_id: str, who: str, slot: datetime, until: datetime, but: str = "") -> Visit | None:
    """A booked visit of the same person at the same shop over that time. `but`: the id of one that doesn't count."""
    query = select(Visit).where(
        Visit.org_id == org_id, Visit.who == who, Visit.state == "booked", Visit.slot < until, Visit.until > slot, Visit.id != but
    )
    return session.scalars(query).first()


def of_person(session: Session, account_id: str) -> list[Visit]:
    """All of a person's visits: those to come in time order, then the newest."""
    rows = session.scalars(select(Visit).where(Visit.account_id == account_id).options(*LISTED).order_by(Visit.slot.desc())).all()
    coming = [one for one in rows if one.state == "booked"]
    return [*reversed(coming), *(one for one in rows if one.state != "booked")]


def of_file(session: Session, consignor_id: str) -> Sequence[Visit]:
    """Visits of a consignor's file, the newest first."""
    return session.scalars(select(Visit).where(Visit.consignor_id == consignor_id).order_by(Visit.slot.desc())).all()


def of_day(session: Session, org_id: str, day: date) -> Sequence[Visit]:
    """Who comes, or came, to a shop on a day of the market's zone, in time order; called-off visits are left out."""
    start = datetime.combine(day, time(), LOCAL_ZONE)
    query = select(Visit).where(
        Visit.org_id == org_id, Visit.slot >= start, Visit.slot < start + timedelta(days=1), Visit.state != "cancelled"
    )
    return session.scalars(query.options(*LISTED).order_by(Visit.slot, Visit.id)).all()


def booked_before(session: Session, moment: datetime, *where: ColumnElement[bool], most: int = 200) -> Sequence[Visit]:
    """Booked visits that begin before a moment."""
    query = select(Visit).where(Visit.state == "booked", Visit.slot < moment, *where)
    return session.scalars(query.order_by(Visit.slot, Visit.id).limit(most)).all()


def find_file(session: Session, org_id: str, account_id: str) -> Consignor | None:
    """The open file of an account at a shop."""
    query = select(Consignor).where(Consignor.org_id == org_id, Consignor.account_id == account_id, Consignor.state == "open")
    return session.scalars(query).first()


def file_by_contact(session: Session, org_id: str, digest: str) -> Consignor | None:
    """The one open file of a shop with this contact; None where several people share it."""
    query = select(Consignor).where(
        Consignor.org_id == org_id, Consignor.contact_digest == digest, Consignor.contact_denied.is_(False),
        Consignor.state == "open",
    )  # fmt: skip
    rows = session.scalars(query.limit(2)).all()
    return rows[0] if len(rows) == 1 else None


def file_by_number(session: Session, org_id: str, number: str) -> Consignor | None:
    query = select(Consignor).where(Consignor.org_id == org_id, Consignor.number == number, Consignor.state == "open")
    return session.scalars(query).first()


def files_of(session: Session, rows: Sequence[Visit]) -> dict[str, Consignor]:
    """The files of visits whose person opened one only later, by visit."""
    open_ = [one for one in rows if one.account_id and one.consignor_id is None]
    query = select(Consignor).where(
        Consignor.account_id.in_({one.account_id for one in open_}), Consignor.org_id.in_({one.org_id for one in open_}),
        Consignor.state == "open",
    )  # fmt: skip
    known = {(one.account_id, one.org_id): one for one in session.scalars(query)} if open_ else {}
    found = {one.id: known[one.account_id, one.org_id] for one in open_ if (one.account_id, one.org_id) in known}
    return found | {one.id: one.consignor for one in rows if one.consignor is not None}


def contacts_of(session: Session, account_ids: Collection[str]) -> dict[str, str]:
    """The first verified contact of each account, masked."""
    query = select(Contact).where(Contact.account_id.in_(sorted(account_ids)), Contact.verified_at.is_not(None))
    found: dict[str, str] = {}
    for one in session.scalars(query.order_by(Contact.id)):
        found.setdefault(one.account_id, one.masked)
    return found


def has_verified(session: Session, account_id: str) -> bool:
    return bool(contacts_of(session, [account_id]))


def things_of(row: Visit) -> list[Thing]:
    """The list in plain."""
    return [Thing(category=one.category, name=_plain(one), pieces=one.pieces, wish=one.wish) for one in row.things]


def _plain(one: VisitThing) -> str:
    return secrets.decrypt(one.name, THING)


def contact_of(row: Visit) -> str:
    """In plain, "" where none is kept with the visit: only after the look was recorded."""
    return secrets.decrypt(row.contact, CONTACT) if row.contact else ""


def name_of(row: Visit) -> str:
    return secrets.decrypt(row.name, NAME) if row.name else ""
