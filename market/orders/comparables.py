"""What sales teach about prices, and how long things were on offer; for whoever learns from it. Nobody can be found in it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from core import secrets
from core.audit import AuditLine
from core.clock import LOCAL_ZONE, local
from core.db import Moment
from core.goods.models import Item
from core.people.models import Membership
from core.price_ports import ComparableSale, OfferedTime
from market.listings.models import Listing
from market.orders.models import Order
from market.orders.replacement_models import Replacement
from market.orders.states import SOLD

GOODS = (Item.category, Item.brand, Item.model, Item.attributes)
ON = "market:listing:published"
OFF = tuple(f"market:listing:{how}" for how in ("withdrawn", "expired", "paused", "taken_down", "frozen", "held"))
TOLD = "told_"  # how the contract's snapshot codes what the seller disclosed


def comparable_sales(session: Session, first: date, last: date) -> Iterator[ComparableSale]:
    """Sales for money that are completed and of which nothing was given back: no open case, no dispute, no refund of a part; and
    no exchange: what the price was paid for went back, and nobody set a price for what was given instead.

    The grade and the defects are those of the contract, so that what came later changes nothing."""
    since, until = _bounds(first, last)
    query = select(
        Order.buyer_id, Order.seller_id, Order.price_minor, Order.currency, Order.contract_at, Order.snapshot,
        Listing.org_id, Listing.seller_kind, *GOODS,
    ).join(Listing, Listing.id == Order.listing_id).join(Item, Item.id == Order.item_id)  # fmt: skip
    query = query.where(
        Order.kind == "sale", Order.state == "completed", Order.refunded_minor == 0, Order.contract_at >= since,
        Order.contract_at < until, ~exists().where(Replacement.order_id == Order.id),
    )  # fmt: skip
    staff = _staff(session)
    for row in session.execute(query.order_by(Order.contract_at, Order.id)):
        frozen: dict[str, Any] = row.snapshot or {}
        told = (str(one["code"]) for one in frozen.get("defects", ()))
        yield ComparableSale(
            category=row.category, brand=row.brand, model=row.model, attributes=dict(row.attributes),
            told=tuple(sorted(code.removeprefix(TOLD) for code in told if code.startswith(TOLD))),
            grade=str(frozen.get("grade", "")), price=row.price_minor, currency=row.currency,
            sold_on=local(row.contract_at).date(), channel=row.seller_kind,
            pair=pair_of(row.buyer_id, row.org_id or row.seller_id), related=(row.buyer_id, row.org_id) in staff,
        )  # fmt: skip


def pair_of(one: str, other: str) -> str:
    """The same two have the same digest, whoever of them sold; without the house's secret nobody can try out who they are."""
    return secrets.keyed_digest("\n".join(sorted((one, other))), "price_pair")


def offered_times(session: Session, first: date, last: date) -> Iterator[OfferedTime]:
    """From the first time that a listing went on sale to the contract, or to when it was taken down, or to `last`."""
    since, until = _bounds(first, last)
    begun = _told_of((ON,), func.min).subquery()
    ended = _told_of(OFF, func.max).subquery()
    # the sale of a listing, if there was one: the database allows one at most
    sold = select(Order.listing_id, Order.contract_at).where(Order.state.in_(SOLD)).subquery()
    query = select(begun.c.at, sold.c.contract_at, Listing.state, ended.c.at.label("ended_at"), *GOODS).join(
        Listing, Listing.id == begun.c.subject
    ).join(Item, Item.id == Listing.item_id).outerjoin(sold, sold.c.listing_id == Listing.id)  # fmt: skip
    query = query.outerjoin(ended, ended.c.subject == Listing.id)
    query = query.where(begun.c.at >= since, begun.c.at < until, Listing.gift.is_(False))
    for row in session.execute(query.order_by(begun.c.at, Listing.id)):
        there = row.state in ("published", "reserved") or row.ended_at is None
        end = min(row.contract_at or (until if there else row.ended_at), until)
        begin = local(row.at).date()
        yield OfferedTime(
            category=row.category, brand=row.brand, model=row.model, attributes=dict(row.attributes), since=begin,
            until=max(begin, min(local(end).date(), last)), sold=row.contract_at is not None and row.contract_at < until,
        )  # fmt: skip


def _told_of(words: Sequence[str], which: Callable[..., Any]) -> Select[Any]:
    """(listing, first or last time) by the log: a listing itself only keeps when it went on sale the last time."""
    query = select(AuditLine.subject, which(AuditLine.at, type_=Moment).label("at")).where(AuditLine.word.in_(words))
    return query.group_by(AuditLine.subject)


def _bounds(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(), LOCAL_ZONE), datetime.combine(last + timedelta(days=1), time(), LOCAL_ZONE)


def _staff(session: Session) -> set[tuple[str, str]]:
    """(person, organisation) of everybody who works or worked somewhere: what they buy there is no price between strangers."""
    return {(one.account_id, one.org_id) for one in session.execute(select(Membership.account_id, Membership.org_id))}
