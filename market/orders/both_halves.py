"""The two halves of a swap: which order stands and falls with which, and where each of the two things is."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from market.orders.models import Order
from market.orders.queries import GIVEN_BACK, is_in_transit
from market.orders.swap_models import Swap


def other_order(session: Session, order: Order) -> Order | None:
    """The order that stands and falls with this one, or None."""
    if order.kind != "swap":
        return None
    row = session.scalars(select(Swap).where(or_(Swap.wanted_order_id == order.id, Swap.given_order_id == order.id))).first()
    if row is None:
        return None
    other = row.given_order_id if row.wanted_order_id == order.id else row.wanted_order_id
    return session.get(Order, other, with_for_update=True) if other else None


GONE = ("handed_over", "received", "completed", "after_sales", "disputed")


def has_gone(order: Order) -> bool:
    """Is this half of a swap with the other side: handed over and not given back?"""
    return order.state in GONE and order.received_at is not None and order.ended_why != GIVEN_BACK


def is_away(order: Order) -> bool:
    """Is this half with the other side, or with the carrier on its way there?"""
    return has_gone(order) or is_in_transit(order)


def half_owed(session: Session, order: Order, account_id: str | None) -> Order | None:
    """The half of this swap that this person gave while the other one neither came nor is on its way to
    them, or None. Either half may be asked."""
    other = other_order(session, order)
    if other is None:
        return None
    given, due = (order, other) if order.seller_id == account_id else (other, order)
    return given if given.seller_id == account_id and has_gone(given) and not is_away(due) else None
