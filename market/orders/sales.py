"""What was sold, for whoever reckons or counts it anew: the fee simulator, the public figures, the tax report."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import LOCAL_ZONE, local
from core.ports import CompletedSale
from market.listings.models import Listing
from market.listings.terms_rules import BUSINESS
from market.orders.models import Order

STANDS = ("completed", "after_sales", "disputed")


def completed_sales(session: Session, first: date, last: date) -> Iterator[CompletedSale]:
    """Sales for money that were completed in these days (of Shanghai) and still stand, oldest first."""
    since, until = (datetime.combine(day, time(), LOCAL_ZONE) for day in (first, last + timedelta(days=1)))
    query = select(Order, Listing).join(Listing, Listing.id == Order.listing_id)
    query = query.where(Order.kind == "sale", Order.state.in_(STANDS), Order.completed_at >= since, Order.completed_at < until)
    for order, listing in session.execute(query.order_by(Order.completed_at)):
        yield CompletedSale(
            id=order.number, seller_id=order.seller_id, channel="business" if listing.seller_kind in BUSINESS else "private",
            category=listing.category, price=order.price_minor, currency=order.currency,
            on=local(order.completed_at or order.created_at).date(), org_id=listing.org_id,
        )  # fmt: skip
