"""What others ask and got for the like, how often one thing was sold, to whom marked lines were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from core.goods.models import Identifier
from market.listings.models import Listing, Message
from market.orders.models import Order
from market.oversight.limits import Limits

SHOWN: Final = ("published", "paused", "reserved", "sold")
WENT: Final = ("shipped", "handed_over", "received", "completed", "after_sales", "disputed")
MOST: Final = 500


def prices_of_others(session: Session, listing: Listing, since: datetime, *, same_grade: bool) -> list[int]:
    """Prices of other sellers' listings of the category that were put on sale since then, the newest 500, in minor units. Nobody
    sets the measure for their own price."""
    query = select(Listing.price_minor).where(
        Listing.category == listing.category, Listing.state.in_(SHOWN), Listing.published_at >= since, Listing.gift.is_(False),
        Listing.currency == listing.currency, Listing.seller_id != listing.seller_id,
    )  # fmt: skip
    if listing.org_id:
        query = query.where(or_(Listing.org_id.is_(None), Listing.org_id != listing.org_id))
    if same_grade:
        query = query.where(Listing.grade == listing.grade)
    return list(session.scalars(query.order_by(Listing.published_at.desc(), Listing.id).limit(MOST)))


def same_things(session: Session, item_id: str) -> list[str]:
    """The item, and items that bear one of its numbers: the same thing registered anew."""
    mine = select(Identifier.kind, Identifier.digest).where(Identifier.item_id == item_id)
    numbers = [tuple(one) for one in session.execute(mine)]
    if not numbers:
        return [item_id]
    twins = select(Identifier.item_id).where(tuple_(Identifier.kind, Identifier.digest).in_(numbers)).distinct()
    return sorted({item_id, *session.scalars(twins)})


def sales_of(session: Session, item_ids: Sequence[str], since: datetime) -> Sequence[Order]:
    """Orders for money by which these things went to a buyer and that still stand, the newest first."""
    query = select(Order).where(
        Order.item_id.in_(item_ids), Order.kind == "sale", Order.state.in_(WENT), Order.contract_at >= since
    )
    return session.scalars(query.order_by(Order.contract_at.desc(), Order.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Wrote:
    """Somebody whose lines were marked: how many lines, to how many people, and the listing of the last one."""

    author_id: str
    people: int
    lines: int
    listing_id: str


def marked_lines(session: Session, limits: Limits, now: datetime) -> list[Wrote]:
    """Authors of marked lines within the days that are counted."""
    counted = (Message.warned.is_(True), Message.at >= now - limits.away_days)
    talks = (
        select(Message.author_id, Message.listing_id, Message.buyer_id, Listing.seller_id, func.count(), func.max(Message.id))
        .join(Listing, Listing.id == Message.listing_id)
        .where(*counted)
        .group_by(Message.author_id, Message.listing_id, Message.buyer_id, Listing.seller_id)
    )
    found: dict[str, list[tuple[str, str, int, str]]] = {}
    for author, listing, buyer, seller, lines, last in session.execute(talks):
        other = seller if author == buyer else buyer
        found.setdefault(author, []).append((last, listing, lines, other))
    return [
        Wrote(author, len({one[3] for one in rows}), sum(one[2] for one in rows), max(rows)[1])
        for author, rows in sorted(found.items())
    ]


def lines_of(session: Session, author_id: str, since: datetime, until: datetime) -> list[tuple[datetime, str]]:
    """The marked lines themselves, oldest first: only those, never the talk around them."""
    query = select(Message.at, Message.body).where(
        Message.author_id == author_id, Message.warned.is_(True), Message.at >= since, Message.at <= until
    )
    return [(at, body) for at, body in session.execute(query.order_by(Message.id).limit(50))]
