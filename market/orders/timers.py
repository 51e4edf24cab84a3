"""What time does to an order: each of its dates is shown to both sides before it comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core.each import each
from core.i18n import N_
from core.work import Work
from market.orders import actions, paying
from market.orders.both_halves import at_hand
from market.orders.models import Order
from market.orders.states import BEFORE_PAYMENT, ORDER
from market.orders.telling import tell_both

SAID_WAITS = timedelta(days=3)
HALF_WAITS = timedelta(days=2)
HALF_SWAPPED = N_(
    "The other half of the swap was handed over or sent, and “%(title)s” is still owed for it. Hand it over or send it. "
    "Whoever gave the other half can ask for it back at its order."
)
SAID_AND_LATE = N_(
    "The buyer said that “%(title)s” is paid, and the seller hasn't confirmed it. Seller: look whether the money is there and "
    "confirm it; if it isn't, write to the buyer or call the order off."
)


@dataclass(frozen=True, slots=True)
class Timer:
    """`label`: what happens then, with the moment put in by the page."""

    label: str
    at: datetime


def timers(order: Order) -> list[Timer]:
    """The dates of an order that are still to come, in their order."""
    rows = [
        (order.state == "created", N_("The reservation ends"), order.reserved_until),
        (order.state in BEFORE_PAYMENT and order.state != "created", _until(order), order.reserved_until),
        (order.state == "shipped", N_("Counts as received, unless the buyer says otherwise"), order.confirm_until),
        (order.state == "received", N_("Closes by itself; what is held goes to the seller"), order.confirm_until),
        (order.received_at is not None and order.return_policy == "no_reason_7d", N_("Can be returned without a reason until"),
         order.after_sales_until),
        (order.received_at is not None, N_("Warranty until"), order.warranty_until),
    ]  # fmt: skip
    return sorted((Timer(_(label), at) for holds, label, at in rows if holds and at is not None), key=lambda one: one.at)


def _until(order: Order) -> str:
    if not order.is_free:
        return N_("Pay and hand over until")
    return N_("Send it until") if order.fulfilment == "parcel" else N_("Hand over until")


def run_out(w: Work) -> None:
    """Every half minute: reservations end, parcels count as received, orders close."""
    expire_reservations(w)
    late = select(Order).where(Order.state.in_(("shipped", "received")), Order.confirm_until <= w.now)
    each(w, w.session.scalars(late.with_for_update(skip_locked=True).limit(200)), lambda order: _go_on(w, order))


def _go_on(w: Work, order: Order) -> None:
    if not at_hand(w, order.id):
        return  # its two people are at it: half a minute later, then
    if order.state == "shipped":
        actions.deliver(w, order)
        actions.receive(w, order)
        tell_both(w, order, N_("“%(title)s” counts as received: nobody said otherwise in time."))
    elif order.state == "received":
        actions.close(w, order)
        tell_both(w, order, N_("The order of “%(title)s” is closed."))


def expire_reservations(w: Work) -> None:
    query = select(Order).where(Order.state.in_(BEFORE_PAYMENT), Order.reserved_until < w.now)
    each(w, w.session.scalars(query.with_for_update(skip_locked=True).limit(200)), lambda order: _expire(w, order))


def _expire(w: Work, order: Order) -> None:
    if not at_hand(w, order.id):
        return
    if not ORDER.can(order.state, "expire"):
        return  # the other half of a swap that has just run out
    if paying.underway(w, order):
        return  # the provider is still at it: its answer ends the wait
    if actions.other_half_went(w.session, order, lock=True):
        order.reserved_until = w.now + HALF_WAITS
        tell_both(w, order, HALF_SWAPPED)
        return
    if _said_paid(w, order):
        order.reserved_until = w.now + SAID_WAITS
        tell_both(w, order, SAID_AND_LATE)
        return
    actions.end(w, order, "expire", "time_ran_out")
    tell_both(w, order, N_("The reservation of “%(title)s” ran out."))


def _said_paid(w: Work, order: Order) -> bool:
    """The buyer says it is paid, so the money may be with the seller: it doesn't run out until one of them says otherwise."""
    intent = paying.find_intent(w, order)
    return intent is not None and intent.state == "said"
