"""What waits for reviewers about listings, as the queue asks for it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import Account
from core.people.names import shown_name
from core.queue.kinds import Ask
from market.listings.block_models import PersonReport
from market.listings.models import Listing, Report


def report_ask(report: Report, listing: Listing) -> Ask:
    """Not decided by the seller, nor by who reported it."""
    barred = (listing.seller_id, *([report.reporter_id] if report.reporter_id else []))
    return Ask(subject_id=report.id, title=listing.title, link=f"/reports#{report.id}", barred=barred, since=report.at)


def restricted_ask(listing: Listing) -> Ask:
    link = f"/reports/listings/{listing.id}"
    return Ask(subject_id=listing.id, title=listing.title, link=link, barred=(listing.seller_id,), since=listing.changed_at)


def person_ask(report: PersonReport, name: str) -> Ask:
    """Not decided by the two of it. `name`: the reported person's display name."""
    link = f"/reports/people/{report.id}"
    return Ask(subject_id=report.id, title=name, link=link, barred=(report.reporter_id, report.person_id), since=report.at)


def reports(session: Session) -> Iterator[Ask]:
    query = select(Report, Listing).join(Listing, Listing.id == Report.listing_id).where(Report.state == "open")
    for report, listing in session.execute(query.order_by(Report.id)):
        yield report_ask(report, listing)


def person_reports(session: Session) -> Iterator[Ask]:
    query = select(PersonReport, Account).join(Account, Account.id == PersonReport.person_id)
    for report, person in session.execute(query.where(PersonReport.state == "open").order_by(PersonReport.id)):
        yield person_ask(report, shown_name(person))


def restricted(session: Session) -> Iterator[Ask]:
    query = select(Listing).where(Listing.review == "asked", Listing.state != "withdrawn").order_by(Listing.id)
    for listing in session.scalars(query):
        yield restricted_ask(listing)
