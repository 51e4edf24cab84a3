"""What waits for reviewers about listings, as the queue asks for it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.queue.kinds import Ask
from market.listings.models import Listing, Report


def report_ask(report: Report, listing: Listing) -> Ask:
    """Not decided by the seller, nor by who reported it."""
    barred = (listing.seller_id, *([report.reporter_id] if report.reporter_id else []))
    return Ask(subject_id=report.id, title=listing.title, link=f"/reports#{report.id}", barred=barred, since=report.at)


def restricted_ask(listing: Listing) -> Ask:
    link = f"/reports/listings/{listing.id}"
    return Ask(subject_id=listing.id, title=listing.title, link=link, barred=(listing.seller_id,), since=listing.changed_at)


def reports(session: Session) -> Iterator[Ask]:
    query = select(Report, Listing).join(Listing, Listing.id == Report.listing_id).where(Report.state == "open")
    for report, listing in session.execute(query.order_by(Report.id)):
        yield report_ask(report, listing)


def restricted(session: Session) -> Iterator[Ask]:
    query = select(Listing).where(Listing.review == "asked", Listing.state != "withdrawn").order_by(Listing.id)
    for listing in session.scalars(query):
        yield restricted_ask(listing)
