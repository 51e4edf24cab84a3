"""What pages ask about orders."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.access import Visitor, visitor
from core.errors import NotFound
from core.goods import custody
from market.orders.models import InPersonCheck, Order, Review
from market.orders.offer_models import Bid
from market.orders.states import ACTIVE

STAFF = {"mediator", "regulator", "administrator"}
IN_TRANSIT = ("shipped", "after_sales", "disputed")
NOT_DELIVERED = ("lost_on_its_way", "came_back")
"""Why a sent order ended without the buyer ever having the thing: `Order.ended_why`."""

GIVEN_BACK = "given_back"
"""What was given for nothing or for another thing is its giver's again: `Order.ended_why`."""

COUNTER = ("shop_clerk", "bench_manager", "wipe_operator", "wipe_verifier")


def get_order(session: Session, order_id: str) -> Order:
    """An order as its two people may see it, staff who mediate or inspect, and the staff of the place that keeps the thing.

    Raises NotFound for all others."""
    order = session.get(Order, order_id)
    who = visitor()
    if order is None or not (
        who.as_one_of(order.buyer_id, order.seller_id) or who.roles & STAFF or gives_out(session, order)
    ):
        raise NotFound()
    return order


def sold_by(session: Session, listing_id: str) -> Order | None:
    """The order by which a listing was sold last."""
    query = select(Order).where(Order.listing_id == listing_id, Order.contract_at.is_not(None)).order_by(Order.id.desc())
    return session.scalars(query.limit(1)).first()


def on_seller_side(who: Visitor, one: Order | Bid) -> bool:
    """Whoever sells, or works at the counter of the house that does; never who buys."""
    return who.as_one_of(one.buyer_id, one.seller_id) == one.seller_id


def kept_at(session: Session, order: Order) -> str | None:
    """The organisation that keeps the thing of an order that isn't handed over yet, or None."""
    if order.state not in ACTIVE or not custody.is_with_staff(session, order.item_id):
        return None
    line = custody.find_holder(session, order.item_id)
    return line.holder_id if line else None


def kept_elsewhere(session: Session, order: Order) -> str | None:
    """The organisation that keeps it where that isn't the house that sells it: then somebody else gives it out."""
    place = kept_at(session, order)
    return None if place == order.seller_id else place


def gives_out(session: Session, order: Order) -> bool:
    """Does the visitor work at the counter of the place that keeps it?"""
    place = kept_at(session, order)
    return place is not None and place in visitor().orgs_as(*COUNTER)


def to_hand_out(session: Session, org_ids: set[str]) -> Sequence[Order]:
    """Open orders of things that these places keep, those that are settled first."""
    query = select(Order).options(joinedload(Order.listing)).where(Order.state.in_(("awaiting_payment", "checked", "paid")))
    found = [order for order in session.scalars(query.order_by(Order.id).limit(500)) if kept_at(session, order) in org_ids]
    return sorted(found, key=lambda order: order.state != "paid")


def orders_of(session: Session, account_id: str) -> Sequence[Order]:
    mine = (Order.buyer_id == account_id) | (Order.seller_id == account_id)
    query = select(Order).options(joinedload(Order.listing)).where(mine)
    return session.scalars(query.order_by(Order.id.desc()).limit(200)).all()


def last_check(session: Session, order_id: str) -> InPersonCheck | None:
    query = select(InPersonCheck).where(InPersonCheck.order_id == order_id).order_by(InPersonCheck.id.desc())
    return session.scalars(query).first()


def reviews_of(session: Session, order_id: str) -> Sequence[Review]:
    return session.scalars(select(Review).where(Review.order_id == order_id).order_by(Review.id)).all()


def is_in_transit(order: Order) -> bool:
    """Is it with the carrier, whether or not the buyer has said that it hasn't come?"""
    sent = order.shipped_at is not None and order.received_at is None
    return sent and order.state in IN_TRANSIT and order.ended_why not in NOT_DELIVERED


def is_sent(session: Session, listing_id: str) -> bool:
    """Is the listing's thing with the carrier, on its way to its buyer?"""
    query = select(Order).where(Order.listing_id == listing_id, Order.state.in_(IN_TRANSIT), Order.shipped_at.is_not(None))
    return any(is_in_transit(order) for order in session.scalars(query))
