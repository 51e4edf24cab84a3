"""A case is over: what becomes of its order and of the money held for it."""

from core.goods.models import Item
from core.i18n import N_
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.aftersales.models import Case
from market.aftersales.saying import order_of, say, sides, tell
from market.aftersales.states import CASE
from market.listings.models import Listing
from market.orders import paying, replacement_ways, replacing
from market.orders.models import Order
from market.orders.queries import NOT_DELIVERED
from market.orders.states import ORDER


def settle(w: Work, case: Case, words: str, *, by_itself: bool = False) -> None:
    walk(w, CASE, case, "settle", ended_at=w.now)
    case.due_at = None
    say(w, case, "settled", words, by_itself=by_itself)
    w.record("market:case:ended", case.id, how="settled")
    free_choice(w, case)
    close_order(w, order_of(w, case))
    for one in sides(case):
        tell(w, case, one, N_("Case %(number)s is settled."))


def free_choice(w: Work, case: Case) -> None:
    """What was chosen in an exchange that ended otherwise is on sale again, or paused while a carrier has it; what was given
    stays on record."""
    if case.replacement_id is None:
        return
    away = replacement_ways.is_sent(w.session, case.id)
    if replacing.free(w, case.replacement_id, paused=away):
        unchosen(w, case)


def unchosen(w: Work, case: Case) -> Listing:
    """The case no longer names what was chosen. Returns its listing."""
    listing = w.session.get_one(Listing, case.replacement_id)
    case.replacement_id = None
    replacement_ways.end(w, case.id)
    w.session.flush()
    return listing


def overtaken(w: Work, case: Case) -> None:
    """Something else has settled it: nobody has to look at it any more."""
    CASE.next(case.state, "settle")
    for kind in ("mediation", "appeal"):
        queue.lapse(w, kind, case.id)
    settle(w, case, "", by_itself=True)


def _never_came(w: Work, order: Order) -> None:
    """What was sent for nothing and never came: there is nothing to close and nothing to send back."""
    if ORDER.can(order.state, "fall_through"):
        walk(w, ORDER, order, "fall_through")
        w.record("market:order:ended", order.id, why=order.ended_why)


def close_order(w: Work, order: Order) -> None:
    """When all goes back the order reads refunded once the money has moved. Else it waits as received while the time to look
    runs, and the rest keeps that clock; after it, or closed before the case, what is held is handed on."""
    w.session.refresh(order)
    if order.is_free and order.ended_why in NOT_DELIVERED:
        _never_came(w, order)
        return
    if not order.is_free and order.refunded_minor == order.price_minor:
        return
    thing = w.session.get_one(Item, replacing.thing_of(w.session, order))
    back = thing.owner_id == order.seller_id  # then nothing is left to look at
    if not back and order.completed_at is None and (order.confirm_until or w.now) > w.now and ORDER.can(order.state, "go_on"):
        walk(w, ORDER, order, "go_on")
    elif ORDER.can(order.state, "settle"):
        walk(w, ORDER, order, "settle", completed_at=order.completed_at or w.now)
        paying.release(w, order)
