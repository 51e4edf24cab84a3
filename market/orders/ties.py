"""With whom a person had a deal lately: what keeps an appraiser from grading a customer's or a seller's things; and what was
bought on the word of a report."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from appraisal.grades.models import Appraisal
from core.goods.models import Item
from core.grade_ports import Received
from core.ports import Tie
from market.listings.models import Listing
from market.listings.states import LIVE
from market.orders.models import Order
from market.orders.replacement_models import Replacement


def counterparties(session: Session, account_id: str, since: datetime, now: datetime) -> Iterable[Tie]:
    """For the port: everybody with whom this person made a contract since then, as buyer or seller, or has one open."""
    query = select(Order.buyer_id, Order.seller_id).where(
        or_(Order.buyer_id == account_id, Order.seller_id == account_id), Order.contract_at >= since, Order.contract_at <= now
    )
    others = {seller if buyer == account_id else buyer for buyer, seller in session.execute(query)}
    return [Tie(one, "counterparty") for one in sorted(others)]


def asked_price(session: Session, item_id: str) -> int | None:
    """For the port: what is asked for a thing that is on sale, in fen."""
    query = select(func.max(Listing.price_minor)).where(
        Listing.item_id == item_id, Listing.state.in_(LIVE), Listing.currency == "CNY"
    )
    return session.scalar(query)


def graded_sale(session: Session, account_id: str, appraisal_id: str) -> Received | None:
    """For the port: the last hand-over, by an order of this buyer or in an exchange in one, of the thing whose frozen listing
    named that appraisal. What went back is theirs no more."""
    item = select(Appraisal.item_id).where(Appraisal.id == appraisal_id).scalar_subquery()
    theirs = (Order.buyer_id == account_id, Item.id == item, Item.owner_id == account_id)
    bought = select(Order.snapshot, Order.received_at, Order.seller_id).join(Item, Item.id == Order.item_id)
    given = select(Replacement.snapshot, Replacement.at, Order.seller_id).select_from(Replacement)
    given = given.join(Order, Order.id == Replacement.order_id).join(Item, Item.id == Replacement.item_id)
    found = [
        Received(at, seller)
        for query in (bought, given)
        for told, at, seller in session.execute(query.where(*theirs))
        if at is not None and (told or {}).get("appraisal") == appraisal_id
    ]
    return max(found, key=lambda one: one.at, default=None)
