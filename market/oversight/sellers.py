"""What private people sold: turnover of the calendar year, how often, how much of one kind. Out of completed orders."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.clock import LOCAL_ZONE, local
from core.goods.models import Item
from core.people.models import SellerFile
from market.listings.models import Listing
from market.orders.models import Order
from market.oversight.limits import limits
from market.oversight.models import SellerSignal
from market.oversight.signal_rules import Figures

SOLD = ("completed", "after_sales", "disputed", "refunded")


def year_of(now: datetime) -> tuple[int, datetime, datetime]:
    """The calendar year in the market's zone: its number, its first moment, the first moment after it."""
    year = local(now).year
    return year, datetime(year, 1, 1, tzinfo=LOCAL_ZONE), datetime(year + 1, 1, 1, tzinfo=LOCAL_ZONE)


def _own_sales(*more: ColumnElement[bool]) -> Select[Order, Listing]:
    """What people sold for themselves; a shop's sales are the shop's."""
    query = select(Order, Listing).join(Listing, Listing.id == Order.listing_id)
    return query.where(
        Order.kind == "sale", Order.state.in_(SOLD), Order.completed_at.is_not(None), Listing.org_id.is_(None),
        Order.currency == limits().currency, *more,
    )  # fmt: skip


def businesses() -> Select[str | None]:
    """Accounts that are on file as a business already: nothing has to be asked about them."""
    return select(SellerFile.account_id).where(SellerFile.kind == "operator", SellerFile.account_id.is_not(None))


def active_sellers(session: Session, now: datetime) -> list[str]:
    """Private people who completed a sale within the last year."""
    recent = _own_sales(Order.completed_at >= now - timedelta(days=366), Order.seller_id.not_in(businesses()))
    return sorted(session.scalars(recent.with_only_columns(Order.seller_id).distinct()))


def figures_of(session: Session, account_id: str, now: datetime) -> Figures:
    """Of one person; what was given back to buyers doesn't count."""
    asked, (_year, first, end) = limits(), year_of(now)
    mine = Order.seller_id == account_id
    left = func.coalesce(func.sum(Order.price_minor - Order.refunded_minor), 0)
    this_year = _own_sales(mine, Order.completed_at >= first, Order.completed_at < end)
    rows = session.execute(this_year.with_only_columns(Listing.seller_kind, left).group_by(Listing.seller_kind))
    by_kind = {str(kind): int(minor) for kind, minor in rows}
    name, same, worth = _most_sold(session, mine, now - asked.same_days)
    return Figures(
        turnover_minor=sum(by_kind.values()), idle_minor=by_kind.get("idle", 0),
        sales_year=_count(session, this_year),
        sales_lately=_count(session, _own_sales(mine, Order.completed_at >= now - asked.lately)),
        same_sales=same, same_minor=worth, same_name=name,
    )  # fmt: skip


def _most_sold(session: Session, mine: ColumnElement[bool], since: datetime) -> tuple[str, int, int]:
    """Brand and model of which most were sold, how many, for how much; things without a model are told apart by their title."""
    brand, model = func.lower(func.trim(Item.brand)), func.lower(func.trim(Item.model))
    rows = _own_sales(mine, Order.completed_at >= since).join(Item, Item.id == Order.item_id)
    count, worth = func.count(), func.sum(Order.price_minor - Order.refunded_minor)
    named = rows.where(Item.model != "").with_only_columns(func.max(Item.brand), func.max(Item.model), count, worth)
    unnamed = rows.where(Item.model == "").with_only_columns(func.max(Item.brand), func.max(Listing.title), count, worth)
    found = [
        *session.execute(named.group_by(Listing.category, brand, model)),
        *session.execute(unnamed.group_by(Listing.category, brand, func.lower(func.trim(Listing.title)))),
    ]
    if not found:
        return "", 0, 0
    first, second, many, money = max(found, key=lambda row: (row[2], row[3], row[1]))
    return " ".join(filter(None, (str(first), str(second)))), int(many), int(money)


def _count(session: Session, query: Select[Order, Listing]) -> int:
    return int(session.scalar(query.with_only_columns(func.count(Order.id))) or 0)


def signals_of(session: Session, account_id: str) -> list[SellerSignal]:
    """Newest first."""
    query = select(SellerSignal).where(SellerSignal.account_id == account_id)
    return list(session.scalars(query.order_by(SellerSignal.id.desc())))


def open_signals(session: Session) -> set[str]:
    """Accounts that have one that waits."""
    return set(session.scalars(select(SellerSignal.account_id).where(SellerSignal.state == "open")))
