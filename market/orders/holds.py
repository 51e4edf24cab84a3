"""Money that a provider holds doesn't rest for ever: what the end of a hold does to an order, and what can't begin any more."""

from datetime import timedelta

from core.db import find_locked
from core.errors import Refused
from core.i18n import N_
from core.money import Money
from core.work import Work
from market.orders.actions import close, deliver, end, receive
from market.orders.models import Order
from market.orders.paying import find_intent, refund, release
from market.orders.telling import tell_both
from market.payments.events import HoldEnding
from market.payments.queries import releases_of


def refuse_short_hold(w: Work, order: Order, needed: timedelta) -> None:
    """What is sent now must have arrived before the money can't be held any longer. Raises Refused."""
    intent = find_intent(w, order)
    if intent is not None and intent.hold_until is not None and intent.hold_until < w.now + needed:
        raise Refused(
            "hold_too_short",
            N_("The money can't be held until the parcel counts as received. Call the order off: it all goes back."),
        )


def hold_ending(w: Work, event: HoldEnding) -> None:
    """Money doesn't rest for ever: warned at day 60, ended at day 80, before the provider would end it."""
    order = find_locked(w.session, Order, event.subject_id)
    if order is None:
        return
    if event.stage == "resolve" and order.state == "shipped":  # nobody said that it hasn't come: it counts as received now
        deliver(w, order)
        receive(w, order)
        tell_both(w, order, N_("The money for “%(title)s” can't be held any longer: the parcel counts as received."))
    if event.stage == "warn":
        tell_both(w, order, N_("The money for “%(title)s” can't be held much longer. Settle it soon."))
    elif order.state == "received":
        close(w, order)
    elif order.state == "completed":
        if not releases_of(w.session, event.intent_id):  # a try that failed waits for staff
            release(w, order)
    elif order.state in ("after_sales", "disputed"):  # nobody has decided in all that time
        refund(w, order, Money(order.price_minor - order.refunded_minor, order.currency), f"hold_ended/{order.id}", "hold_ended")
    elif order.state == "paid":
        end(w, order, "cancel", "held_too_long")
