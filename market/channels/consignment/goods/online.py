"""A thing on a shop's floor goes on sale online, too: in the shop's name, at the price on its tag, with its photos. Once."""

from core.db import find_locked
from core.errors import Refused
from core.goods.cards import get_card
from core.goods.models import Item
from core.i18n import N_, say
from core.people.acting import demand_role
from core.people.houses import house_of
from core.people.sellers import seller_kind
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.goods import following
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.stepping import line
from market.channels.consignment.goods.fixed_words import USED
from market.listings import actions
from market.listings.models import Listing
from market.listings.shots import least
from market.listings.states import LISTING, OPEN
from privacy.clearance.queries import find_clearance

NOT_ON_FLOOR = N_("Only what stands on the floor with its price tag goes on sale online.")
FEW_PHOTOS = N_("People online see it only by its photos: add them here, then put it on sale.")


def put_online(w: Work, stock: StockItem) -> Listing:
    """Put it on the market, or back on it; twice is once. It stays a draft while photos are missing or a reviewer looks first.

    Raises Refused for what isn't on the floor, isn't cleared, or may not be sold by this shop, Forbidden for who doesn't work
    there."""
    demand_role(w, stock.org_id, *STAFF)
    stock = following.locked(w, stock.id)
    item = w.session.get_one(Item, stock.item_id)
    if stock.state != "on_sale":
        raise Refused("not_on_floor", NOT_ON_FLOOR)
    listing = _going_on(w, stock) or _draft(w, stock, item)
    if listing.state == "published":
        return listing
    permit = find_clearance(w.session, item.id, w.now)
    if permit is None:
        raise Refused("not_cleared", actions.NOT_CLEARED)
    if not has_photos(item):
        return listing
    if actions.publish(w, listing, permit):
        line(w, stock, "online", listing=listing.id, price=stock.asking_minor or 0)
    return listing


def _going_on(w: Work, stock: StockItem) -> Listing | None:
    """The listing that it has already, with the words and the price of the tag."""
    listing = find_locked(w.session, Listing, stock.listing_id) if stock.listing_id is not None else None
    if listing is None or listing.state not in OPEN:
        return None
    following.follow_price(w, stock)
    return listing


def _draft(w: Work, stock: StockItem, item: Item) -> Listing:
    house = house_of(w, stock.org_id)
    offer = following.offer_of(stock, description="\n".join(one for one in (stock.words, _mark(stock)) if one))
    listing = actions.draft(w, item, house.id, offer, seller_kind=kind_of(w, stock), org_id=stock.org_id)
    stock.listing_id = listing.id
    w.session.flush()
    return listing


def _mark(stock: StockItem) -> str:
    """The mark of what was refurbished or remanufactured stands on the page in both languages (Circular Economy Promotion Law
    40)."""
    return "" if stock.used == "used" else f"{say(USED[stock.used], 'zh')} / {say(USED[stock.used], 'en')}"


def kind_of(w: Work, stock: StockItem) -> str:
    """What others brought is sold on consignment; the shop's own stock as whatever the shop is else."""
    if stock.kind == "consigned":
        return "consignment"
    kind = seller_kind(w.session, stock.org_id, stock.org_id)
    return "operator" if kind == "consignment" else kind


def has_photos(item: Item) -> bool:
    """As many as its kind needs, and never none."""
    return sum(photo.removed_at is None for photo in item.photos) >= max(1, least(get_card(item.category)))


def take_offline(w: Work, stock: StockItem) -> None:
    """Off the market; it goes on standing in the shop. Twice is once. Raises Refused while somebody has reserved it."""
    demand_role(w, stock.org_id, *STAFF)
    stock = following.locked(w, stock.id)
    listing = following.listing_of(w, stock)
    if listing is None or not LISTING.can(listing.state, "pause") and listing.state != "reserved":
        return
    if listing.state == "reserved":
        raise Refused("reserved_now", N_("Somebody has reserved it online. End that order first."))
    actions.pause(w, listing)
    line(w, stock, "offline", listing=listing.id)
