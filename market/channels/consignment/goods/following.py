"""How the listing of a thing in a shop follows its tag: one price, and online only what stands on the floor. In the same
transaction. Whoever changes both locks the listing first, as whoever reserves it does; then the thing, then its row here."""

from sqlalchemy.orm import Session

from core.db import find_locked, get_locked
from core.goods import custody
from core.states import Walked
from core.work import Work
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.states import PRICED
from market.channels.consignment.goods.stepping import line
from market.listings import actions
from market.listings.actions import Offer
from market.listings.models import Listing
from market.listings.states import EDITABLE, LISTING
from market.listings.tags import Tag

GONE = ("returned", "lost", "damaged")


def locked(w: Work, stock_id: str) -> StockItem:
    """The row of the stock, fresh and locked; before it its listing and the thing itself, which whoever ends a clearance holds,
    too. Raises NotFound."""
    found = queries.get_stock(w.session, stock_id)
    if found.listing_id is not None:
        find_locked(w.session, Listing, found.listing_id)
    custody.locked(w, found.item_id)
    return get_locked(w.session, StockItem, stock_id)


def listing_of(w: Work, stock: StockItem) -> Listing | None:
    return find_locked(w.session, Listing, stock.listing_id) if stock.listing_id is not None else None


def follow_price(w: Work, stock: StockItem) -> None:
    """Its tag has another price: so has its listing, on sale or not."""
    listing = listing_of(w, stock)
    if listing is not None and listing.state in EDITABLE and listing.price_minor != stock.asking_minor:
        actions.edit(w, listing, offer_of(stock, title=listing.title, description=listing.description))


def offer_of(stock: StockItem, *, title: str = "", description: str = "") -> Offer:
    """What its tag says, at a fixed price."""
    return Offer(
        title=title or stock.title, description=description or stock.words, price_minor=stock.asking_minor or 0,
        district=stock.point.district, condition=stock.condition,
    )  # fmt: skip


def stock_walked(w: Work, event: Walked) -> None:
    """Off the floor is off the market. What ends with a clearance or is frozen comes down by its own rule (market/listings)."""
    stock = event.row
    if event.table != "stock_item" or stock.listing_id is None or event.verb in ("unclear", "freeze", "bring_back"):
        return
    listing = listing_of(w, stock) if event.state not in (*PRICED, "sold") else None
    if listing is None:
        return
    if event.state in GONE and LISTING.can(listing.state, "withdraw"):
        actions.withdraw(w, listing)
        line(w, stock, "offline", listing=listing.id)
    elif listing.state == "published":
        actions.pause(w, listing)
        line(w, stock, "offline", listing=listing.id)


def tag_of(session: Session, listing_id: str) -> Tag | None:
    """For the listing: what its tag says."""
    stock = queries.of_listing(session, listing_id)
    if stock is None:
        return None
    return Tag(stock.asking_minor if stock.state in PRICED else None, f"/stock/{stock.id}")
