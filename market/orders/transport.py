"""What can become of a parcel on its way that somebody missed: it came, it is lost, it came back, or it is waited for on.

Each step moves the order, the thing in the register and the listing together; the money follows by the case (after-sales)."""

from datetime import datetime

from core.db import get_locked
from core.errors import Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import N_
from core.people.acting import acting_as
from core.ports import happened
from core.states import walk
from core.work import Work
from market.listings.actions import reindex
from market.listings.models import Listing
from market.listings.states import LISTING
from market.orders import actions
from market.orders.events import ThingFound
from market.orders.models import Order
from market.orders.order_rules import AUTO_CONFIRM, runs_on
from market.orders.states import ORDER
from market.orders.telling import tell_both


def miss(w: Work, order: Order) -> None:
    """Its clock stands still from now on: nothing is handed on to the seller, and it doesn't count as received."""
    walk(w, ORDER, order, "claim")


def wait_on(w: Work, order: Order, since: datetime) -> None:
    """The buyer waits on: the clock that stood still `since` then runs on with what was left of it."""
    if ORDER.can(order.state, "send_on"):
        order.confirm_until = runs_on(order.confirm_until or since + AUTO_CONFIRM, since, w.now)
        walk(w, ORDER, order, "send_on")


def arrive(w: Work, order: Order) -> None:
    """It came: the thing is the buyer's, and the time to look at it begins now. Money that went back meanwhile, because nobody
    decided before the provider's time was over, stays where it is."""
    actions.deliver(w, order)
    if ORDER.can(order.state, "receive"):
        actions.receive(w, order)


def lose(w: Work, order: Order) -> None:
    """It is lost, so far as anybody knows. It stays its owner's, who bore the risk; its listing ends, no proof of it stands."""
    listing = get_locked(w.session, Listing, order.listing_id)
    if LISTING.can(listing.state, "lose"):
        walk(w, LISTING, listing, "lose")
    _into(w, order, "lost")
    reindex(w, listing)
    order.ended_why = "lost_on_its_way"
    w.record("market:parcel:lost", order.id, item=order.item_id)
    _all_back(w, order)


def come_back(w: Work, order: Order) -> None:
    """The carrier brought it back. Whatever could hold data was in strange hands: it is wiped and verified anew before it is
    listed; anything else can be put back on sale by its seller."""
    _into(w, order, "undelivered")
    listing = get_locked(w.session, Listing, order.listing_id)
    if listing.state == "reserved":
        walk(w, LISTING, listing, "stop")
        reindex(w, listing)
    order.ended_why = "came_back"
    w.record("market:parcel:came_back", order.id, item=order.item_id)
    _all_back(w, order)


def find(w: Work, order: Order) -> None:
    """What counted as lost is with its seller again; said again, nothing changes. Raises Refused for what isn't lost."""
    if acting_as(w, order.buyer_id, order.seller_id) != order.seller_id:
        raise Refused("not_yours", N_("The other side does this."))
    if order.ended_why != "lost_on_its_way":
        raise Refused("not_lost", N_("This parcel isn't lost."))
    if not custody.is_lost(w.session, order.item_id):
        return
    _into(w, order, "undelivered")
    w.record("market:parcel:found", order.id, item=order.item_id)
    happened(w, ThingFound(order.item_id, order.seller_id, order.id))
    tell_both(w, order, N_("“%(title)s”, which was lost on its way, is back with its seller."))


def _into(w: Work, order: Order, why: str) -> None:
    """A line of the register: lost, or back where it was sent from. Both raise the custody epoch."""
    item, line = w.session.get_one(Item, order.item_id), custody.find_holder(w.session, order.item_id)
    if line is not None and line.holder_kind == "org":
        place = line.place if why == "lost" else "counter"
        custody.move(w, item, holder_kind="org", holder_id=line.holder_id, place=place, why=why)
    else:
        custody.move(w, item, holder_kind="person", holder_id=order.seller_id, place="owner", why=why)


def _all_back(w: Work, order: Order) -> None:
    """All of a price went back before this was known: then the order reads so at once."""
    w.session.flush()
    if not order.is_free and order.refunded_minor == order.price_minor and ORDER.can(order.state, "refund"):
        walk(w, ORDER, order, "refund")
        order.holder = "nobody"
