"""My things, my sales, my favourites."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.access import needs, visitor
from core.errors import NotFound
from core.goods.cards import find_card
from core.goods.describe import category_name
from core.goods.pictures import first_pictures
from core.money import Money, format_money
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from market.listings import queries
from market.listings.models import Listing, Message
from market.listings.places import district_name
from market.listings.proof import permit_for
from market.listings.states import LISTING
from market.listings.views import READY, sold_shown

blueprint = Blueprint("mine", __name__, url_prefix="/me")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing or listing in a list."""

    title: str
    href: str
    photo: str | None
    text: str
    price: str
    state: tuple[str, str] | None
    actions: list[tuple[str, str]]
    icon: str = "box"


def side() -> str:
    """Whose things are listed: the visitor's own, or those of the house named by `for` in the address, for which they act.
    Raises NotFound."""
    asked = request.args.get("for", "")
    if asked and asked not in visitor().houses():
        raise NotFound()
    return asked or str(visitor().account_id)


def mine_of(account_id: str, path: str) -> str:
    """The address of a list of the visitor's own, or of a house for which they act."""
    return path if account_id == visitor().account_id else f"{path}?for={account_id}"


def sides() -> list[tuple[str, str, bool]]:
    """(name, address, is it shown now) of oneself and of every house for which one acts; [] for who acts for none."""
    found, shown = g.db.scalars(select(Account).where(Account.id.in_(visitor().houses()), Account.house)).all(), side()
    if not found:
        return []
    rows = [(_("I myself"), request.path, shown == visitor().account_id)]
    return rows + [(shown_name(one), f"{request.path}?for={one.id}", shown == one.id) for one in found]


def unread_messages() -> int:
    """For the mark at the messages' tab: lines that wait for whoever's things are shown."""
    return sum(queries.unread_talks(g.db, side()).values())


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    template = "market/mine.html"
    title: str
    lead: str
    here: str
    rows: list[Row]
    empty_title: str
    empty_text: str
    ways: list[tuple[str, str]]
    unread: int = field(default_factory=unread_messages)
    sides: list[tuple[str, str, bool]] = field(default_factory=sides)
    also: str = field(default_factory=lambda: f"?for={request.args['for']}" if request.args.get("for") else "")


def rows_of(listings: Sequence[Listing]) -> list[Row]:
    photos = first_pictures(g.db, [one.item_id for one in listings])
    found = []
    for one in listings:
        photo = photos.get(one.item_id)
        found.append(
            Row(
                title=one.title, href=f"/listings/{one.id}", photo=photo.thumb if photo else None,
                text=district_name(one.district, g.language),
                price=format_money(Money(one.price_minor, one.currency), g.language),
                state=state_of(one), actions=[], icon=icon_of(one.category),
            )
        )  # fmt: skip
    return found


def state_of(listing: Listing) -> tuple[str, str]:
    """The mark of a listing for its seller: one that waited and is cleared meanwhile can be published."""
    ready = listing.state == "waiting_wipe" and permit_for(g.db, listing.item_id) is not None
    state = READY if ready else sold_shown(listing)
    return _(state.label), state.tone


def icon_of(category: str) -> str:
    card = find_card(category)
    return card.icon if card else "box"


@blueprint.get("/sales")
@needs("market:mine:read")
def sales() -> object:
    return ListPage(
        title=_("My sales"), lead=_("Everything you put up, newest change first."), here="/me/sales",
        rows=rows_of(queries.listings_of(g.db, side())), empty_title=_("Nothing up for sale yet"),
        empty_text=_("Three screens, photo first."), ways=[(_("Sell something"), "/sell")],
    ).answer()  # fmt: skip


@blueprint.get("/favourites")
@needs("market:mine:read")
def favourites() -> object:
    me = str(visitor().account_id)
    gone = queries.favourites_gone(g.db, me)
    away = ngettext("%(num)s thing you kept is off the market.", "%(num)s things you kept are off the market.", gone)
    return ListPage(
        title=_("Favourites"), lead=" ".join([_("What you want to keep an eye on."), *([away] if gone else [])]),
        here="/me/favourites", rows=rows_of(queries.favourites_of(g.db, me)), empty_title=_("No favourites yet"),
        empty_text=_("Tap the heart on a listing to find it here again."), ways=[(_("Look around"), "/search")],
    ).answer()  # fmt: skip


@blueprint.get("/things")
@needs("market:mine:read")
def things() -> object:
    items = queries.things_of(g.db, str(visitor().account_id))
    photos = first_pictures(g.db, [item.id for item in items])
    listings = queries.open_listings_of(g.db, [item.id for item in items])
    rows = []
    for item in items:
        listing, photo = listings.get(item.id), photos.get(item.id)
        name = queries.name_of(item) or category_name(item.category, g.language)
        ways = [(_("Life story"), f"/items/{item.id}")]
        if listing is None:
            ways.append((_("Sell it"), f"/items/{item.id}/sell"))
        elif LISTING.can(listing.state, "publish") and permit_for(g.db, item.id) is not None:
            ways.insert(0, (_("Publish"), f"/listings/{listing.id}"))
        rows.append(
            Row(
                title=listing.title if listing else name, href=f"/listings/{listing.id}" if listing else f"/items/{item.id}",
                photo=photo.thumb if photo else None, text=category_name(item.category, g.language), price="",
                state=state_of(listing) if listing else None, actions=ways,
                icon=icon_of(item.category),
            )
        )  # fmt: skip
    return ListPage(
        title=_("My things"), lead=_("What is registered as yours: bought here or put up by you."), here="/me/things",
        rows=rows, empty_title=_("No things yet"), empty_text=_("What you sell or buy here is kept on this shelf."),
        ways=[(_("Sell something"), "/sell"), (_("Look around"), "/search")],
    ).answer()  # fmt: skip


@blueprint.get("/messages")
@needs("market:mine:read")
def messages() -> object:
    me = side()
    query = (
        select(Message, Listing)
        .join(Listing, Listing.id == Message.listing_id)
        .where((Message.buyer_id == me) | (Listing.seller_id == me))
        .order_by(Message.id.desc())
    )
    waiting = queries.unread_talks(g.db, me)
    seen: dict[tuple[str, str], Row] = {}
    for message, listing in g.db.execute(query.limit(400)):
        key = (message.listing_id, message.buyer_id)
        if key not in seen:
            seen[key] = Row(
                title=listing.title, href=f"/listings/{listing.id}/talk/{message.buyer_id}", photo=None,
                text=message.body[:80], price="", state=_unread(waiting.get(key, 0)), actions=[], icon="message",
            )  # fmt: skip
    return ListPage(
        title=_("Messages"), lead=_("Your conversations about things."), here="/me/messages", rows=list(seen.values()),
        empty_title=_("No conversations yet"), empty_text=_("Ask a seller something on a listing's page."),
        ways=[(_("Look around"), "/search")],
    ).answer()  # fmt: skip


def _unread(count: int) -> tuple[str, str] | None:
    return (ngettext("%(num)s unread", "%(num)s unread", count), "info") if count else None
