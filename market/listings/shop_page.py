"""A shop's public page: who it is by its licence, what the platform checked, and what it has on sale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, g
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import may, public, visitor
from core.errors import NotFound
from core.page import Page, page_number
from core.people.models import Organisation, SellerFile
from core.people.names import shown_org
from core.people.sellers import KINDS, find_seller_file, seller_kind
from market.listings.catalogue import SHOWN, Card, cards_of
from market.listings.models import Listing
from market.listings.places import district_name
from market.listings.queries import PUBLIC
from market.shops.show import ShopFile, has_points, shown_file
from market.shops.standing import is_public

blueprint = Blueprint("shop_page", __name__)
PER_PAGE = 24
ON_SALE = ("published", "reserved")
Finder = Callable[[Session, str], tuple[str, str] | None]
_more: list[Finder] = []


def more(finder: Finder) -> None:
    """A room above adds a way to the page of a shop, by its id: (words, address)."""
    if finder not in _more:
        _more.append(finder)


@dataclass(frozen=True, kw_only=True)
class ShopPage(Page):
    template = "market/shop.html"
    path: str
    name: str
    kind: str
    org_id: str
    file: ShopFile
    address: str
    checked: SellerFile | None
    cards: list[Card]
    on_sale: int
    page: int
    pages: int
    more: Sequence[tuple[str, str]]


def has_page(session: Session, org: Organisation) -> bool:
    """It stands, shows its licence or an accepted exemption, and has a point, or something on sale, or has sold something."""
    if not is_public(session, org.id):
        return False
    query = select(Listing.id).where(Listing.org_id == org.id, Listing.state.in_(PUBLIC)).limit(1)
    return session.scalars(query).first() is not None or has_points(session, org.id)


def shop_href(session: Session, org: Organisation) -> str:
    return f"/shops/{org.id}" if has_page(session, org) else ""


def get_shop(session: Session, org_id: str) -> Organisation:
    """Raises NotFound for whatever has no page."""
    org = session.get(Organisation, org_id)
    if org is None or not has_page(session, org):
        raise NotFound()
    return org


@blueprint.get("/shops/<org_id>")
@public
def show(org_id: str) -> object:
    org = get_shop(g.db, org_id)
    kind, shelf = seller_kind(g.db, "", org.id), (Listing.org_id == org.id, Listing.state.in_(ON_SALE))
    count = g.db.scalar(select(func.count(Listing.id)).where(*shelf)) or 0
    pages = max(1, -(-count // PER_PAGE))
    page = min(page_number(), pages)
    query = select(*SHOWN).where(*shelf).order_by(Listing.published_at.desc(), Listing.id)
    rows = g.db.execute(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    place = f"{district_name(org.district, g.language)} {org.address}".strip() if org.district else org.address
    return ShopPage(
        path=f"/shops/{org.id}", name=shown_org(org, g.language), kind=_(KINDS[kind]),
        org_id=org.id, address=place,
        file=shown_file(g.db, org, visitor().account_id, works=may(visitor(), "market:shop:see", org)),
        checked=find_seller_file(g.db, None, org.id),
        cards=cards_of(rows), on_sale=count, page=page, pages=pages,
        more=[way for find in _more if (way := find(g.db, org.id))],
    ).answer()  # fmt: skip
