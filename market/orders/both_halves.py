"""The two halves of a swap: which order stands and falls with which, and where each of the two things is.

What is done to one half may move the other one, so whoever moves one locks both: always here, in the order of their ids, and
before a case about either of them (market/aftersales/saying.py). So two sides that act in the same instant wait in line and never
for each other. Jobs, which go through many orders, wait for none."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.db import find_locked, get_locked, get_row
from core.work import Work
from market.orders.models import Order
from market.orders.order_rules import missing_from_half
from market.orders.queries import GIVEN_BACK, is_in_transit
from market.orders.states import ORDER
from market.orders.swap_models import Swap


def _other_id(session: Session, order: Order) -> str | None:
    row = swap_of(session, order)
    if row is None:
        return None
    return row.given_order_id if row.wanted_order_id == order.id else row.wanted_order_id


def other_order(session: Session, order: Order, *, lock: bool = False) -> Order | None:
    """The order that stands and falls with this one, or None. `lock`: for who changes it or decides by it, fresh and locked."""
    other = _other_id(session, order)
    if other is None:
        return None
    return find_locked(session, Order, other) if lock else session.get(Order, other)


def _both_ids(session: Session, order: Order) -> set[str]:
    other = _other_id(session, order)
    return {order.id, other} if other else {order.id}


def locked(w: Work, order_id: str) -> Order:
    """This order, fresh and locked, and with it the other half of its swap. Raises NotFound."""
    return all_locked(w, [order_id])[0]


def all_locked(w: Work, order_ids: Iterable[str]) -> list[Order]:
    """These orders and their other halves, all in one line. Raises NotFound."""
    orders = [get_row(w.session, Order, one) for one in list(order_ids)]
    for one in sorted(set().union(*(_both_ids(w.session, order) for order in orders))):
        get_locked(w.session, Order, one)
    return orders


def at_hand(w: Work, order_id: str) -> bool:
    """For a job, which never waits: lock this order and its other half, or leave both while somebody else is at one of them."""
    both = _both_ids(w.session, get_row(w.session, Order, order_id))
    query = select(Order).where(Order.id.in_(both)).with_for_update(skip_locked=True)
    return len(w.session.scalars(query, execution_options={"populate_existing": True}).all()) == len(both)


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


def missing_since(session: Session, given: Order) -> datetime | None:
    """From when on who gave this half can say that the other one never came; None where they can at once, or a case is open."""
    due = other_order(session, given)
    waits = due is not None and ORDER.can(due.state, "cancel") and given.state in ("received", "completed")
    return missing_from_half(given.received_at) if waits and given.received_at else None


def swap_of(session: Session, order: Order) -> Swap | None:
    """The swap that this order is a half of, or None."""
    if order.kind != "swap":
        return None
    return session.scalars(select(Swap).where(or_(Swap.wanted_order_id == order.id, Swap.given_order_id == order.id))).first()
