"""When something may be given to the carrier: a sale once it is paid; a gift once its contract stands; a half of a swap once both
halves stand. Of what costs nothing no money is held, so only its own dates drive it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from core.work import Work
from market.orders.both_halves import other_order
from market.orders.models import Order
from market.orders.queries import GIVEN_BACK, NOT_DELIVERED
from market.orders.states import ENDED, ORDER

SEND_WITHIN = timedelta(days=3)
"""So long the giver has to send it, from the day on which it is clear that and where it goes. This market's own measure."""


def verb_of(order: Order) -> str:
    """The arrow by which it goes to the carrier. What has a price never goes before it is paid."""
    return "send" if order.is_free else "ship"


def stands(order: Order) -> bool:
    """Does its contract stand, and has the thing neither gone back nor got lost?"""
    over = order.state in ENDED or order.ended_why in (GIVEN_BACK, *NOT_DELIVERED)
    return order.contract_at is not None and not over


def waits_for_other(session: Session, order: Order, *, lock: bool = False) -> bool:
    """A half of a swap whose other half isn't ordered yet, or has ended. `lock`: as other_order has it."""
    other = other_order(session, order, lock=lock)
    return other is not None and not stands(other)


def can_be_sent(session: Session, order: Order) -> bool:
    """May its giver or seller see the address and give it to the carrier now?"""
    return order.fulfilment == "parcel" and ORDER.can(order.state, verb_of(order)) and not waits_for_other(session, order)


def allow_time(w: Work, order: Order) -> None:
    """It has become clear that it is to be sent: its giver gets the whole time for that. Never shortens it."""
    if order.is_free and order.fulfilment == "parcel" and order.state == "awaiting_payment":
        order.reserved_until = max(order.reserved_until, w.now + SEND_WITHIN)
