"""What the market knows of a thing and of a person, for the ports: life lines, personal data, retention."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.audit import WORDS, AuditLine
from core.db import stamp
from core.i18n import N_
from core.people.names import shown_name
from core.ports import DossierLine, RetentionRow
from market.channels.appraisal import own_data as appraisal_bookings
from market.channels.consignment import own_data as consignment
from market.channels.consignment.agreements import own_data as consignment_agreements
from market.channels.consignment.goods import own_data as consigned_goods
from market.channels.consignment.importing import retention as goods_imports
from market.channels.consignment.visits import own_data as consignment_visits
from market.listings import blocking, private_proof
from market.listings.block_models import PersonReport
from market.listings.models import Favourite, Listing, Message
from market.orders import parcel
from market.orders.models import Order, Review
from market.orders.replacement_models import Replacement
from market.oversight import own_data as oversight
from market.payments import own_data as payments
from market.shops import own_data as shops


def lines(session: Session, item_id: str) -> Iterable[DossierLine]:
    """Every recorded step of the item's listings and orders, from the audit log itself."""
    listings = list(session.scalars(select(Listing.id).where(Listing.item_id == item_id)))
    orders = list(session.scalars(select(Order.id).where(Order.item_id == item_id)))
    orders += session.scalars(select(Replacement.order_id).where(Replacement.item_id == item_id))
    links = {**{one: f"/listings/{one}" for one in listings}, **{one: f"/orders/{one}" for one in orders}}
    query = select(AuditLine).where(AuditLine.subject.in_(list(links))).order_by(AuditLine.line_no)
    for line in session.scalars(query):
        yield DossierLine(line.at, "market", WORDS[line.word], {}, links[line.subject], line.actor)
    yield from appraisal_bookings.lines(session, item_id)


def item_of(session: Session, text: str) -> str | None:
    """The thing behind a listing's or an order's number or id, as people type it."""
    word = text.strip()
    if ids.is_id(word.lower()):
        row = session.get(Listing, word.lower()) or session.get(Order, word.lower())
        return row.item_id if row else None
    try:
        number = str(ids.parse_number(word))
    except ids.BadCode:
        return None
    return session.scalars(select(Order.item_id).where(Order.number == number)).first()


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """Listings, orders, messages, favourites and reviews of a person, as plain values."""
    mine = session.scalars(select(Listing).where(Listing.seller_id == account_id))
    orders = session.scalars(select(Order).where((Order.buyer_id == account_id) | (Order.seller_id == account_id)))
    messages = session.scalars(select(Message).where(Message.author_id == account_id))
    reviews = session.scalars(select(Review).where(Review.author_id == account_id))
    kept = session.scalars(select(Favourite.listing_id).where(Favourite.account_id == account_id))
    return {
        "listings": [{"title": o.title, "price_minor": o.price_minor, "state": o.state, "created": stamp(o.created_at)}
                     for o in mine],
        "orders": [{"number": o.number, "price_minor": o.price_minor, "state": o.state, "at": stamp(o.created_at),
                    "contract": stamp(o.contract_at) if o.contract_at else "", "payment": o.payment, "got": o.fulfilment,
                    "parcel_to": parcel.personal_address(session, o, account_id),
                    "exchanged_to": parcel.personal_exchanges(session, o, account_id)}
                   for o in orders],
        "messages": [{"about": o.listing_id, "text": o.body, "at": stamp(o.at)} for o in messages],
        "reviews": [{"order": o.order_id, "stars": o.stars, "words": o.words} for o in reviews],
        "favourites": list(kept),
        "blocked": [{"name": shown_name(person), "since": stamp(row.at)}
                    for row, person in blocking.blocked_by(session, account_id)],
        "reports_about_people": [{"reason": o.reason, "words": o.words, "state": o.state, "at": stamp(o.at)}
                                 for o in session.scalars(select(PersonReport).where(PersonReport.reporter_id == account_id))],
        "warnings": [{"reason": o.reason, "why": o.decision, "at": stamp(o.handled_at or o.at)}
                     for o in session.scalars(select(PersonReport).where(PersonReport.person_id == account_id,
                                                                         PersonReport.state == "upheld"))],
        "private_proofs": private_proof.personal_data(session, account_id),
        **payments.personal_data(session, account_id),
        **oversight.personal_data(session, account_id),
        **appraisal_bookings.personal_data(session, account_id),
        **shops.personal_data(session, account_id),
        **consignment.personal_data(session, account_id),
        **consignment_agreements.personal_data(session, account_id),
        **consigned_goods.personal_data(session, account_id),
        **consignment_visits.personal_data(session, account_id),
    }  # fmt: skip


def retention() -> Iterable[RetentionRow]:
    law = N_("E-commerce Law, article 31: at least three years")
    return (
        RetentionRow(N_("Listings and orders"), 36, N_("the order was completed or ended"), law, N_("delete")),
        RetentionRow(N_("Messages about a listing"), 36, N_("the listing ended"), law, N_("delete")),
        RetentionRow(N_("Unfinished sell drafts"), 1, N_("the last change"),
                     N_("Personal Information Protection Law, article 19: shortest time"), N_("delete"), closing=True),
        RetentionRow(N_("Favourites"), 0, N_("they are taken off the list"), N_("own choice: least needed"), N_("erased"),
                     closing=True),
        RetentionRow(N_("Whom you have blocked"), 0, N_("the block was ended"), N_("own choice: least needed"), N_("erased"),
                     closing=True),
        RetentionRow(N_("Reports about people and their decisions"), 36, N_("the report was decided"), law, N_("delete")),
        private_proof.RETENTION,
        *payments.RETENTION,
        oversight.RETENTION,
        parcel.RETENTION,
        *appraisal_bookings.RETENTION,
        *shops.RETENTION,
        *consignment.retention(),
        consignment_agreements.RETENTION,
        *consigned_goods.retention(),
        *consignment_visits.retention(),
        goods_imports.RETENTION,
        RetentionRow(N_("Ledger entries"), 120, N_("the entry was posted"),
                     N_("our own rule, after accounting practice; to be checked"), N_("keep")),
    )  # fmt: skip
