"""How stock follows what happens elsewhere: a clearance comes and ends, a number is found on a list, a listing is reserved or
sold. In the same transaction: no device keeps a price for a moment longer than its clearance."""

from sqlalchemy import select

from core.db import get_locked
from core.errors import Busy
from core.i18n import N_
from core.ports import ClearanceEnded, ItemFrozen, ItemUnfrozen
from core.states import Walked
from core.work import Work
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.states import PRICED
from market.channels.consignment.goods.stepping import step
from market.listings.on_the_way import is_on_its_way
from market.orders.events import ThingBack, ThingFound
from market.orders.queries import sold_by
from privacy.clearance.permit import ClearanceIssued
from privacy.clearance.queries import find_clearance

NOT_ON_FLOOR = N_("It isn't in the shop at the moment. Ask the shop, or look at what else it has.")
LISTED = "number_listed"


def cleared(w: Work, event: ClearanceIssued) -> None:
    """Its wiping has been verified: it waits no longer, and gets its price."""
    stock = _live(w, event.item_id)
    if stock is None or stock.state != "waiting":
        return
    epoch = stock.item.epoch
    step(w, stock, "clear", "cleared", also={"clearance_id": event.clearance_id, "epoch": epoch}, clearance=event.clearance_id)


def clearance_ended(w: Work, event: ClearanceEnded) -> None:
    """The price tag goes before the clearance does; what is reserved is freed first, its order has ended already."""
    stock = _live(w, event.item_id)
    if stock is None or stock.clearance_id != event.clearance_id:
        return
    if stock.state == "held":
        step(w, stock, "free", "freed")
    if stock.state in ("in_stock", *PRICED):
        step(w, stock, "unclear", "uncleared", also={"asking_minor": None}, why=event.why)


def frozen(w: Work, event: ItemFrozen) -> None:
    """A number on a list holds it until a person has looked. For another reason it only comes off the floor: whoever froze its
    listing says what becomes of that. What is on its way to its buyer already arrives."""
    stock = _live(w, event.item_id)
    if stock is None or stock.state == "frozen" or (stock.listing_id and is_on_its_way(w.session, stock.listing_id)):
        return
    if event.why != LISTED:
        if stock.state == "on_sale":
            step(w, stock, "unprice", "unpriced", also={"asking_minor": None}, before=stock.asking_minor or 0)
        return
    step(w, stock, "freeze", "frozen", also={"asking_minor": None}, was=stock.state, why=event.why)


def unfrozen(w: Work, event: ItemUnfrozen) -> None:
    """It gets a price anew: what was true before it was frozen is looked at again."""
    stock = _live(w, event.item_id)
    if stock is None or stock.state != "frozen" or event.froze != LISTED:
        return
    free = find_clearance(w.session, event.item_id, w.now) is not None
    step(w, stock, "unfreeze" if free else "unfreeze_waiting", "unfrozen")


def _live(w: Work, item_id: str) -> StockItem | None:
    found = queries.live_of(w.session, item_id)
    return None if found is None else w.session.scalars(
        select(StockItem).where(StockItem.id == found.id).with_for_update()
    ).one()  # fmt: skip


def listing_walked(w: Work, event: Walked) -> None:
    """What stands in the shop and online is sold once: whoever reserves it online holds it on the floor, too. Raises Busy for
    what has left the floor meanwhile."""
    found = queries.of_listing(w.session, event.row.id) if event.table == "listing" else None
    if found is None:
        return
    stock, listing_id = get_locked(w.session, StockItem, found.id), event.row.id
    if event.state == "reserved":
        if stock.state != "on_sale":
            raise Busy("not_on_floor", NOT_ON_FLOOR)
        step(w, stock, "hold", "held", listing=listing_id)
    elif event.state == "sold" and stock.state in PRICED:
        order = sold_by(w.session, listing_id)
        sold = {"ended_at": w.now, "went": "online", "went_words": order.number if order else ""}
        step(w, stock, "sell", "sold", also=sold, listing=listing_id, price=stock.asking_minor or 0)
    elif event.state == "lost" and stock.state == "held":
        step(w, stock, "lose", "lost", also={"asking_minor": None}, listing=listing_id)
    elif event.state != "sold" and stock.state == "held":
        step(w, stock, "free", "freed", listing=listing_id)


def thing_back(w: Work, event: ThingBack) -> None:
    """A buyer brought it back: it stands in the register again, without a price; a device waits to be wiped anew."""
    last = queries.last_of(w.session, event.item_id)
    if last is None or last.org_id != event.seller_id or last.state != "sold":
        return
    stock = get_locked(w.session, StockItem, last.id)
    verb = "bring_back_frozen" if stock.item.state != "active" else "bring_back"
    verb = "bring_back_waiting" if stock.data_bearing and verb == "bring_back" else verb
    here = {
        "ended_at": None, "went": "", "went_words": "", "floor_at": None, "asking_minor": None, "clearance_id": None,
        "epoch": None,
    }  # fmt: skip
    step(w, stock, verb, "brought_back", also=here, order=event.order_id)


def thing_found(w: Work, event: ThingFound) -> None:
    """A parcel that counted as lost is back at the counter: it gets a price anew, a device after a new wipe."""
    last = queries.last_of(w.session, event.item_id)
    if last is None or last.org_id != event.seller_id or last.state != "lost":
        return
    stock = get_locked(w.session, StockItem, last.id)
    anew = {"asking_minor": None, "clearance_id": None, "epoch": None, "floor_at": None}
    step(w, stock, "find_waiting" if stock.data_bearing else "find", "found", also=anew, order=event.order_id)
