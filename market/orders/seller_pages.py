"""A seller's public page: who, since when, what they sold, what others said, what is on sale. No more than the display name."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from sqlalchemy import func, select

from core.access import public, visitor
from core.page import Page, page_number
from core.people.models import Account
from core.people.names import shown_name
from core.people.sellers import KINDS, find_seller_file, seller_kind
from market.listings import blocking
from market.listings.catalogue import SHOWN, Card, cards_of
from market.listings.models import Listing
from market.listings.shop_page import get_shop
from market.orders.standing import BUYING, PER_PAGE, SELLING, Told, get_seller, house_org, on_sale, sales, told

blueprint = Blueprint("sellers", __name__)
KEYS = {SELLING: "reviews", BUYING: "bought", "shelf": "shelf"}  # how each list calls its page in the address


@dataclass(frozen=True, slots=True)
class Paged:
    """Which page of a list this is, of how many, the key in the address, and what else stays in it."""

    page: int
    pages: int
    key: str
    args: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the platform checked of this seller, and when it looks again."""

    at: datetime
    next: datetime


@dataclass(frozen=True, kw_only=True)
class SellerPage(Page):
    template = "market/seller.html"
    path: str
    name: str
    kind: str
    mine: bool
    signed_in: bool
    other: str
    blocked: bool
    since: datetime
    checked: Checked | None
    sales: int
    selling: Told
    buying: Told
    cards: list[Card]
    on_sale: int
    paging: dict[str, Paged]


@blueprint.get("/sellers/<account_id>")
@public
def show(account_id: str) -> object:
    org = house_org(g.db, account_id)
    if org is not None:
        return redirect(f"/shops/{get_shop(g.db, org).id}", 302)
    account = get_seller(g.db, account_id)
    me = visitor().account_id
    pages = {name: page_number(key) for name, key in KEYS.items()}
    selling, buying = (told(g.db, account.id, one, pages[one]) for one in (SELLING, BUYING))
    shelf = g.db.scalar(select(func.count(Listing.id)).where(on_sale(account.id))) or 0
    return SellerPage(
        path=f"/sellers/{account.id}", name=shown_name(account), kind=_(KINDS[seller_kind(g.db, account.id)]),
        mine=account.id == me, signed_in=me is not None, other=account.id if me and account.id != me else "",
        blocked=bool(me) and me in blocking.blocks_between(g.db, str(me), account.id), since=account.created_at,
        checked=_checked(account), sales=sales(g.db, account.id), selling=selling, buying=buying,
        cards=_cards(account.id, pages["shelf"]), on_sale=shelf,
        paging=_paging(pages, {SELLING: selling.count, BUYING: buying.count, "shelf": shelf}),
    ).answer()  # fmt: skip


def _paging(pages: dict[str, int], counts: dict[str, int]) -> dict[str, Paged]:
    return {
        name: Paged(
            pages[name], max(1, -(-count // PER_PAGE)), KEYS[name],
            [(KEYS[other], page) for other, page in pages.items() if other != name and page > 1],
        )
        for name, count in counts.items()
    }  # fmt: skip


def _checked(account: Account) -> Checked | None:
    found = find_seller_file(g.db, account.id, None)
    return Checked(found.verified_at, found.next_check_at) if found else None


def _cards(account_id: str, page: int) -> list[Card]:
    query = select(*SHOWN).where(on_sale(account_id)).order_by(Listing.published_at.desc(), Listing.id)
    return cards_of(g.db.execute(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all())
