"""A shop's intakes and stock: open visits, what waits, the register by day, one thing by number, code or id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core import clock, ids
from core.db import get_row
from core.errors import NotFound
from core.goods.models import Item
from market.channels.consignment.agreements.queries import terms_of
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.goods.models import Intake, IntakeDraft, StockItem, StockLine, StockPlace
from market.channels.consignment.goods.states import LIVE, PRICED
from market.listings.models import Listing

A_PAGE: Final = 50


def get_intake(session: Session, intake_id: str) -> Intake:
    return get_row(session, Intake, intake_id)


def get_stock(session: Session, stock_id: str) -> StockItem:
    return get_row(session, StockItem, stock_id)


def get_stock_of(session: Session, org_id: str, stock_id: str) -> StockItem:
    """Raises NotFound for what stands in another shop."""
    stock = get_stock(session, stock_id)
    if stock.org_id != org_id:
        raise NotFound()
    return stock


def open_intakes(session: Session, org_id: str) -> Sequence[Intake]:
    query = select(Intake).where(Intake.org_id == org_id, Intake.state == "open").options(joinedload(Intake.consignor))
    return session.scalars(query.order_by(Intake.opened_at)).all()


def find_open(session: Session, org_id: str, consignor_id: str) -> Intake | None:
    query = select(Intake).where(Intake.org_id == org_id, Intake.consignor_id == consignor_id, Intake.state == "open")
    return session.scalars(query).first()


def goods_of(session: Session, intake_id: str) -> Sequence[StockItem]:
    return session.scalars(select(StockItem).where(StockItem.intake_id == intake_id).order_by(StockItem.id)).all()


def goods_of_consignor(session: Session, consignor_id: str) -> Sequence[StockItem]:
    """Newest first."""
    return session.scalars(select(StockItem).where(StockItem.consignor_id == consignor_id).order_by(StockItem.id.desc())).all()


def find_draft(session: Session, intake_id: str, clerk_id: str) -> IntakeDraft | None:
    query = select(IntakeDraft).where(IntakeDraft.intake_id == intake_id, IntakeDraft.clerk_id == clerk_id)
    return session.scalars(query.order_by(IntakeDraft.changed_at.desc())).first()


def find_begun_with(session: Session, visit_id: str) -> Intake | None:
    """What was begun with a booked visit, and not given up."""
    query = select(Intake).where(Intake.visit == visit_id, Intake.state != "given_up").order_by(Intake.id.desc())
    return session.scalars(query).first() if visit_id else None


def terms_under(row: Intake) -> Terms | None:
    """What this visit's things are taken in under; None for the shop's own stock."""
    return terms_of(row.agreement) if row.agreement is not None else None


def live_of(session: Session, item_id: str) -> StockItem | None:
    """The stock row of the shop that answers for a thing now."""
    return session.scalars(select(StockItem).where(StockItem.item_id == item_id, StockItem.state.in_(LIVE))).first()


def last_of(session: Session, item_id: str) -> StockItem | None:
    return session.scalars(select(StockItem).where(StockItem.item_id == item_id).order_by(StockItem.id.desc())).first()


def of_listing(session: Session, listing_id: str) -> StockItem | None:
    return session.scalars(select(StockItem).where(StockItem.listing_id == listing_id)).first()


def not_online(session: Session, org_id: str, most: int) -> Sequence[StockItem]:
    """What stands on the floor and isn't on the market, the newest first."""
    shown = select(Listing.id).where(Listing.state.in_(("published", "reserved")))
    query = select(StockItem).where(StockItem.org_id == org_id, StockItem.state == "on_sale")
    query = query.where(StockItem.listing_id.is_(None) | StockItem.listing_id.not_in(shown))
    loads = joinedload(StockItem.item).selectinload(Item.photos)
    return session.scalars(query.options(loads).order_by(StockItem.id.desc()).limit(most)).all()


def online_now(session: Session, org_id: str, most: int) -> Sequence[StockItem]:
    """What stands in the shop and on the market, the newest first."""
    query = select(StockItem).join(Listing, Listing.id == StockItem.listing_id)
    query = query.where(StockItem.org_id == org_id, StockItem.state.in_(PRICED), Listing.state.in_(("published", "reserved")))
    return session.scalars(query.order_by(StockItem.id.desc()).limit(most)).all()


def lines_of(session: Session, stock_id: str) -> Sequence[StockLine]:
    return session.scalars(select(StockLine).where(StockLine.stock_id == stock_id).order_by(StockLine.id)).all()


def places_of(session: Session, org_id: str, point_id: str = "") -> Sequence[StockPlace]:
    query = select(StockPlace).where(StockPlace.org_id == org_id, StockPlace.ended_at.is_(None))
    query = query.where(StockPlace.point_id == point_id) if point_id else query
    return session.scalars(query.order_by(StockPlace.code)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """`states`: () for all; `text`: number or words of the title; `since` and `until`: days of the intake, both included."""

    org_id: str
    states: tuple[str, ...] = ()
    text: str = ""
    since: date | None = None
    until: date | None = None
    point_id: str = ""


def found(session: Session, sought: Sought, page: int = 1) -> tuple[Sequence[StockItem], int]:
    """One page of the stock, the newest first, and how many there are in all."""
    total = session.scalar(select(func.count()).select_from(StockItem).where(*_where(sought))) or 0
    query = _rows(sought).order_by(StockItem.id.desc()).limit(A_PAGE).offset((page - 1) * A_PAGE)
    return session.scalars(query).all(), total


def register(session: Session, sought: Sought) -> Sequence[StockItem]:
    """All of it, in the order of the intake: for the register's file."""
    query = _rows(sought).options(selectinload(StockItem.item).selectinload(Item.identifiers))
    return session.scalars(query.order_by(StockItem.id)).all()


def _rows(sought: Sought) -> Select[StockItem]:
    return select(StockItem).where(*_where(sought)).options(
        joinedload(StockItem.consignor), joinedload(StockItem.intake), joinedload(StockItem.place), joinedload(StockItem.point)
    )


def _where(sought: Sought) -> list[ColumnElement[bool]]:
    found = [StockItem.org_id == sought.org_id]
    if sought.states:
        found.append(StockItem.state.in_(sought.states))
    if sought.point_id:
        found.append(StockItem.point_id == sought.point_id)
    if sought.since:
        found.append(StockItem.taken_at >= _begin(sought.since))
    if sought.until:
        found.append(StockItem.taken_at < _begin(sought.until + timedelta(days=1)))
    if sought.text:
        found.append(_says(sought.text))
    return found


def _begin(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time(), clock.LOCAL_ZONE))


def _says(text: str) -> ColumnElement[bool]:
    """A number as people type it, else words of the title."""
    try:
        return StockItem.number == str(ids.parse_number(text))
    except ids.BadCode:
        safe = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return StockItem.title.ilike(f"%{safe}%", escape="\\")


def counts(session: Session, org_id: str) -> dict[str, int]:
    """How many things stand in each state."""
    query = select(StockItem.state, func.count()).where(StockItem.org_id == org_id).group_by(StockItem.state)
    return {state: many for state, many in session.execute(query)}
