"""What becomes of an order and the money held for it when its case is over."""

from core.goods.models import Item
from core.states import walk
from core.work import Work
from market.orders import paying
from market.orders.models import Order
from market.orders.states import ORDER


def close_order(w: Work, order: Order) -> None:
    """When all goes back the order reads refunded once the money has moved. Else it waits as received while the time to look
    runs, and the rest keeps that clock; after it, or closed before the case, what is held is handed on."""
    w.session.refresh(order)
    if order.price_minor and order.refunded_minor == order.price_minor:
        return
    back = w.session.get_one(Item, order.item_id).owner_id == order.seller_id  # then nothing is left to look at
    if not back and order.completed_at is None and (order.confirm_until or w.now) > w.now and ORDER.can(order.state, "go_on"):
        walk(w, ORDER, order, "go_on")
    elif ORDER.can(order.state, "settle"):
        walk(w, ORDER, order, "settle", completed_at=order.completed_at or w.now)
        paying.release(w, order)
