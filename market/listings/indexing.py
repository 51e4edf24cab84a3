"""The index follows the listings: a job row per change, applied within a second, rebuilt when it has to be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.goods.describe import category_name, disclosed, properties
from core.jobs import handles
from core.web import config
from market.listings.models import Listing
from market.listings.places import district_name
from market.search.documents import Changes, Document
from market.search.engine import NeedsRebuild, RebuildReport, SearchEngine
from market.search.whoosh_engine import WhooshEngine

FOUND = ("published", "reserved")


def engine() -> SearchEngine:
    """The one engine of this data folder. Another engine is chosen here, and nowhere else."""
    engines: dict[Path, SearchEngine] = current_app.extensions.setdefault("xunshi_search", {})
    folder = config().data / "index"
    if folder not in engines:
        engines[folder] = WhooshEngine(folder)
    return engines[folder]


def document_of(listing: Listing) -> Document:
    """What can be found of a listing: both languages of its category, place and properties."""
    item = listing.item
    words = [name for language in ("zh", "en") for name in (
        category_name(listing.category, language), district_name(listing.district, language),
        *(value for _, value in properties(item, language)),
    )]  # fmt: skip
    told = [answer for _, answer, code in disclosed(item, "zh") if code == "text"]
    return Document(
        id=listing.id, title=listing.title, body=" ".join([listing.description, *told]), category=listing.category,
        district=listing.district, grade=listing.grade or "", condition=listing.condition, wiped=listing.data_bearing,
        price_minor=listing.price_minor, currency=listing.currency, seller_kind=listing.seller_kind,
        published_at=listing.published_at or listing.created_at, url=f"/listings/{listing.id}",
        attributes=tuple(dict.fromkeys(words)),
    )  # fmt: skip


def documents(session: Session) -> Iterator[Document]:
    query = select(Listing).options(joinedload(Listing.item)).where(Listing.state.in_(FOUND)).order_by(Listing.id)
    for listing in session.scalars(query.execution_options(yield_per=500)):
        yield document_of(listing)


def rebuild(session: Session) -> RebuildReport:
    return engine().rebuild(documents(session))


@handles("market:index_listing")
def follow(session: Session, payloads: list[dict[str, Any]]) -> None:
    """Bring the named listings up to date in the index: as they are now, so that running twice does no harm."""
    named = {str(payload["listing_id"]) for payload in payloads}
    query = select(Listing).options(joinedload(Listing.item)).where(Listing.id.in_(named), Listing.state.in_(FOUND))
    fresh = tuple(document_of(listing) for listing in session.scalars(query))
    gone = named - {one.id for one in fresh}
    try:
        engine().apply(Changes(upserts=fresh, deletes=tuple(sorted(gone))))
    except NeedsRebuild:
        rebuild(session)
