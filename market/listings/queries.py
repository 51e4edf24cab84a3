"""What pages ask about listings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.access import visitor
from core.errors import NotFound
from core.goods.models import Item
from market.listings.models import Favourite, Listing, Message
from market.listings.states import OPEN

PUBLIC = ("published", "reserved", "sold")
STAFF = {"reviewer", "mediator", "regulator", "administrator"}


def find_listing(session: Session, listing_id: str) -> Listing | None:
    query = (
        select(Listing)
        .options(joinedload(Listing.item).selectinload(Item.photos))
        .where(Listing.id == listing_id)
    )
    return session.scalars(query).unique().first()


def get_listing(session: Session, listing_id: str) -> Listing:
    """A listing that this visitor may see: on sale, reserved, sold, or their own. Raises NotFound for all others."""
    listing = find_listing(session, listing_id)
    who = visitor()
    if listing is None or not (
        listing.state in PUBLIC or who.acts_for(listing.seller_id) or who.roles & STAFF
    ):
        raise NotFound()
    return listing


def listings_of(session: Session, seller_id: str) -> Sequence[Listing]:
    query = (
        select(Listing)
        .options(joinedload(Listing.item).options(selectinload(Item.photos)))
        .where(Listing.seller_id == seller_id)
        .order_by(Listing.changed_at.desc())
    )
    return session.scalars(query.limit(200)).unique().all()


def things_of(session: Session, owner_id: str) -> Sequence[Item]:
    query = (
        select(Item)
        .options(selectinload(Item.photos))
        .where(Item.owner_id == owner_id, Item.state.in_(("active", "frozen")))
        .order_by(Item.id.desc())
    )
    return session.scalars(query.limit(200)).all()


def name_of(item: Item) -> str:
    """Brand and model or title as they were told, or nothing."""
    told = (item.brand, item.model or str(item.attributes.get("title", "")))
    return " ".join(part for part in told if part)


def open_listing_of(session: Session, item_id: str) -> Listing | None:
    return open_listings_of(session, [item_id]).get(item_id)


def offer_page(session: Session, item_id: str) -> str:
    """For the port."""
    listing = open_listing_of(session, item_id)
    return f"/listings/{listing.id}" if listing else ""


def open_listings_of(session: Session, item_ids: Sequence[str]) -> dict[str, Listing]:
    """The newest open listing of each thing, in one query."""
    query = select(Listing).where(Listing.item_id.in_(item_ids), Listing.state.in_(OPEN))
    return {one.item_id: one for one in session.scalars(query.order_by(Listing.created_at))}


def is_favourite(session: Session, account_id: str | None, listing_id: str) -> bool:
    return account_id is not None and session.get(Favourite, (account_id, listing_id)) is not None


def favourites_of(session: Session, account_id: str) -> Sequence[Listing]:
    """Those that this person may look at now: what was withdrawn or frozen leads nowhere."""
    query = (
        select(Listing)
        .options(joinedload(Listing.item).selectinload(Item.photos))
        .join(Favourite, Favourite.listing_id == Listing.id)
        .where(Favourite.account_id == account_id, _seen_by(account_id))
        .order_by(Favourite.at.desc())
    )
    return session.scalars(query.limit(200)).unique().all()


def _seen_by(account_id: str) -> ColumnElement[bool]:
    return Listing.state.in_(PUBLIC) | (Listing.seller_id == account_id)


def favourites_gone(session: Session, account_id: str) -> int:
    """How many others this person keeps that are off the market for now."""
    query = select(func.count()).select_from(Favourite).join(Listing, Listing.id == Favourite.listing_id)
    return session.scalar(query.where(Favourite.account_id == account_id, ~_seen_by(account_id))) or 0


def wanted_by(session: Session, listing_id: str) -> int:
    return session.scalar(select(func.count()).where(Favourite.listing_id == listing_id)) or 0


def talk(session: Session, listing_id: str, buyer_id: str) -> Sequence[Message]:
    query = select(Message).where(Message.listing_id == listing_id, Message.buyer_id == buyer_id)
    return session.scalars(query.order_by(Message.id)).all()


def unread_in(session: Session, listing_id: str, buyer_id: str, reader_id: str) -> int:
    """How many lines of this conversation wait for the reader, a person or a house; one's own never do."""
    return unread_talks(session, reader_id).get((listing_id, buyer_id), 0)


def unread_talks(session: Session, reader_id: str) -> dict[tuple[str, str], int]:
    """(listing, buyer) -> how many lines of the other side the reader, a person or a house, hasn't seen."""
    query = (
        select(Message.listing_id, Message.buyer_id, func.count())
        .join(Listing, Listing.id == Message.listing_id)
        .where((Message.buyer_id == reader_id) | (Listing.seller_id == reader_id))
        .where(Message.author_id != reader_id, Message.read_at.is_(None))
        .group_by(Message.listing_id, Message.buyer_id)
    )
    return {(listing_id, buyer_id): count for listing_id, buyer_id, count in session.execute(query)}


@dataclass(frozen=True, slots=True)
class ListingPhoto:
    """One photo of a listing's thing."""

    listing: Listing
    photo_id: str

    @property
    def seller_id(self) -> str:
        return self.listing.seller_id


def get_photo(session: Session, listing_id: str, photo_id: str) -> ListingPhoto:
    listing = get_listing(session, listing_id)
    if not any(photo.id == photo_id and photo.removed_at is None for photo in listing.item.photos):
        raise NotFound()
    return ListingPhoto(listing, photo_id)
