"""The price on the tag: after the clearance where one is needed, within what was agreed with the giver; and off again."""

from dataclasses import dataclass
from typing import Any

from core.errors import Refused
from core.goods.models import Item
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.goods import following, queries, rules
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.opening import not_own
from market.channels.consignment.goods.rules import Agreed
from market.channels.consignment.goods.stepping import days_on_floor, line, step
from market.listings.lost import refuse_held
from privacy.clearance.permit import Cleared
from privacy.clearance.queries import find_clearance

NOT_HERE = N_("By the register it isn't in this shop any more.")
NOT_CLEARED = N_("It can hold data: it gets a price once its wiping has been verified.")


@dataclass(frozen=True, slots=True)
class Tag:
    """The price for the tag in fen. `consented`: the giver agreed to a price below what the shop may ask by itself."""

    price: int
    consented: bool = False


def price(w: Work, stock: StockItem, tag: Tag) -> None:
    """Put a price on it, or another one. Raises Refused before its clearance and below what was agreed; the same price twice
    is once."""
    demand_role(w, stock.org_id, *STAFF)
    stock = following.locked(w, stock.id)
    item = w.session.get_one(Item, stock.item_id)
    if stock.state == "on_sale" and stock.asking_minor == tag.price:
        return
    not_own(w, stock.consignor)
    if item.owner_id != stock.org_id:
        raise Refused("not_here", NOT_HERE)
    permit = find_clearance(w.session, stock.item_id, w.now)
    if permit is None:
        raise Refused("not_cleared", NOT_CLEARED)
    refuse_held(w.session, item, w.now)
    rules.check_price(queries.terms_under(stock.intake), agreed(stock, w), tag.price, tag.consented)
    facts: dict[str, Any] = {"price": tag.price, "before": stock.asking_minor or 0, "consented": tag.consented}
    if isinstance(permit, Cleared):
        stock.clearance_id, stock.epoch = permit.clearance_id, permit.epoch
    if stock.state == "on_sale":
        stock.asking_minor = tag.price
        w.session.flush()
        line(w, stock, "priced", **facts)
        following.follow_price(w, stock)
        return
    stock.floor_at = stock.floor_at or w.now
    step(w, stock, "price", "priced", also={"asking_minor": tag.price}, **facts)
    following.follow_price(w, stock)


def agreed(stock: StockItem, w: Work) -> Agreed:
    return Agreed(
        wanted=stock.wanted_minor, reserve=stock.reserve_minor, kept_price=stock.kept_price, days=days_on_floor(stock, w.now)
    )


def unprice(w: Work, stock: StockItem) -> None:
    """Off the floor, back into the stock room: it has no price for now, and isn't online any more. Raises Refused while somebody
    has reserved it."""
    demand_role(w, stock.org_id, *STAFF)
    stock = following.locked(w, stock.id)
    step(w, stock, "unprice", "unpriced", also={"asking_minor": None}, before=stock.asking_minor or 0)
