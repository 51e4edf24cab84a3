"""What completed orders say of a person: sales, reviews by direction, and whether they have a public page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.people.models import Account
from core.ports import Standing
from market.listings.models import Listing
from market.listings.queries import PUBLIC
from market.orders.models import Order, Review
from market.orders.review_models import grounds_of
from market.orders.review_rules import GROUNDS
from market.orders.rules import average_of

PER_PAGE = 20
SELLING, BUYING = "selling", "buying"


@dataclass(frozen=True, slots=True)
class Said:
    """A review as everybody may read it: who wrote it stays between the two. `title`: of the thing, "" of what one bought;
    `hidden`: English for gettext, why the words aren't shown, "" where they are."""

    id: str
    stars: int
    words: str
    at: datetime
    title: str
    hidden: str


@dataclass(frozen=True, slots=True)
class Told:
    """The reviews of one direction: how many, their average ("" below three), and one page of them."""

    count: int
    average: str
    lines: Sequence[Said]


def get_seller(session: Session, account_id: str) -> Account:
    """Somebody with something on sale or sold in their own name, who is still here. Raises NotFound for everybody else."""
    account = session.get(Account, account_id)
    if account is None or account.state != "active" or not _ever_sold(session, account_id):
        raise NotFound()
    return account


def house_org(session: Session, account_id: str) -> str | None:
    """The organisation whose house this account is: its page is the shop's."""
    account = session.get(Account, account_id)
    return account.id if account is not None and account.house else None


def _ever_sold(session: Session, account_id: str) -> bool:
    query = select(Listing.id).where(*_own(account_id), Listing.state.in_(PUBLIC))
    return session.scalars(query.limit(1)).first() is not None


def _own(account_id: str) -> tuple[ColumnElement[bool], ...]:
    """In one's own name: what a clerk puts up for a shop is the shop's."""
    return (Listing.seller_id == account_id, Listing.org_id.is_(None))


def standing(session: Session, account_id: str) -> Standing:
    """For other pages: where the seller's page is, sales, and what buyers said. Nothing for who has no page."""
    try:
        get_seller(session, account_id)
    except NotFound:
        return Standing()
    count, average = _counted(session, account_id, SELLING)
    return Standing(f"/sellers/{account_id}", sales(session, account_id), count, average)


def sales(session: Session, account_id: str) -> int:
    query = select(func.count(Order.id)).join(Listing, Listing.id == Order.listing_id)
    return session.scalar(query.where(*_own(account_id), Order.state == "completed")) or 0


def on_sale(account_id: str) -> ColumnElement[bool]:
    return and_(*_own(account_id), Listing.state.in_(("published", "reserved")))


def told(session: Session, account_id: str, direction: str, page: int) -> Told:
    """What the other side said of this person as a seller or as a buyer, newest first."""
    count, average = _counted(session, account_id, direction)
    columns = select(Review.id, Review.stars, Review.words, Review.at, Listing.title)
    query = _about(columns, account_id, direction)
    query = query.order_by(Review.at.desc(), Review.id.desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    rows = session.execute(query).all()
    hidden = grounds_of(session, [row.id for row in rows])
    lines = [
        Said(row.id, row.stars, "" if row.id in hidden else row.words, row.at, row.title if direction == SELLING else "",
             GROUNDS[hidden[row.id]] if row.id in hidden else "")
        for row in rows
    ]  # fmt: skip
    return Told(count, average, lines)


def _counted(session: Session, account_id: str, direction: str) -> tuple[int, str]:
    columns = select(func.count(Review.id), func.coalesce(func.sum(Review.stars), 0))
    count, stars = session.execute(_about(columns, account_id, direction)).one()
    return count, average_of(count, int(stars))


def _about(query: Select[*tuple[Any, ...]], account_id: str, direction: str) -> Select[*tuple[Any, ...]]:
    """Reviews about this person from orders in which they sold in their own name, or bought."""
    side = _own(account_id) if direction == SELLING else (Order.buyer_id == account_id,)
    orders = query.select_from(Review).join(Order, Order.id == Review.order_id).join(Listing, Listing.id == Order.listing_id)
    return orders.where(Review.about_id == account_id, *side)


STANDING = ("awaiting_payment", "checked", "paid", "handed_over", "shipped", "received", "after_sales", "disputed")


def contract_between(session: Session, one: str, other: str) -> bool:
    """Does the contract of an order stand between these two that isn't done yet? A mere reservation binds nobody."""
    both = ((Order.buyer_id == one) & (Order.seller_id == other)) | ((Order.buyer_id == other) & (Order.seller_id == one))
    return session.scalars(select(Order.id).where(both, Order.state.in_(STANDING)).limit(1)).first() is not None
