"""A shop full of coats for shoppers to fall upon, and what must be true of it whatever they do and whenever they die."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core import clock, ids, secrets
from core.db import Base, Database, create_guards
from core.people.models import Account, Contact
from core.work import Actor, work
from market.ledger import queries as ledger
from market.ledger.models import LedgerAccount
from market.listings import actions as listings
from market.listings.actions import Offer
from market.listings.models import Listing
from market.orders.models import Order
from market.payments.models import PaymentIntent
from privacy.clearance.queries import find_clearance
from tests import stories
from tests.conftest import fill_categories

TAKEN = ("completed", "received", "handed_over", "shipped")


def open_shop(url: str, data: Path, *, things: int, buyers: dict[int, int]) -> Database:
    """`buyers`: seed -> how many. Sold by one seller, so that nobody is alone with their own things."""
    secrets.use_vault(secrets.open_vault(data))
    database = Database(url)
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_guards(connection)
    fill_categories(database)
    with database.session() as session:
        with work(session, Actor("system:test"), clock.now()) as w:
            seller = _person(w, "Seller")
            for seed, many in buyers.items():
                for nth in range(many):
                    _person(w, f"Buyer {seed}-{nth}")
        for nth in range(things):
            put_up_coat(session, seller, nth)
    return database


def _person(w: Any, name: str) -> str:
    account = Account(id=ids.new_id(), name=name, password_hash="-", of_age_at=w.now, created_at=w.now, language="en")
    w.session.add(account)
    w.session.flush()
    address = f"{account.id}@example.com"
    w.session.add(
        Contact(id=ids.new_id(), account_id=account.id, kind="email", masked="x***@example.com", value=secrets.encrypt(address, "contact"),
                digest=secrets.keyed_digest(address, "contact"), verified_at=w.now)
    )  # fmt: skip
    w.session.flush()
    return account.id


class _Owner:
    def __init__(self, account_id: str) -> None:
        self.id = account_id


def put_up_coat(session: Any, seller: str, nth: int) -> None:
    def doing(_who: Any) -> Any:
        return work(session, Actor(seller), clock.now())

    from core.goods.models import Item

    item_id = stories.coat(doing, _Owner(seller))
    with doing(None) as w:
        item = w.session.get_one(Item, item_id)
        offer = Offer(title=f"羽绒服 {nth}", price_minor=1000 + nth, district="330106")
        listing = listings.draft(w, item, seller, offer, seller_kind="idle")
        permit = find_clearance(w.session, item_id)
        assert permit is not None
        listings.publish(w, listing, permit)


def check_invariants(database: Database) -> dict[str, int]:
    """Nothing is sold twice, nothing is half done, every fen is booked. Returns how many are sold and how many orders there are."""
    with database.session() as session:
        sold = dict(session.execute(select(Order.item_id, func.count()).where(Order.state.in_(TAKEN)).group_by(Order.item_id)).all())
        assert set(sold.values()) <= {1}, "a thing was sold twice"
        assert set(session.scalars(select(Listing.item_id).where(Listing.state == "sold"))) == set(sold), "sold and not sold"
        open_ones = set(session.scalars(select(Order.listing_id).where(Order.state.in_(("created", "awaiting_payment", "checked", "paid")))))
        assert set(session.scalars(select(Listing.id).where(Listing.state == "reserved"))) == open_ones, "a half reservation"
        for order in session.scalars(select(Order)):
            _whole(session, order)
        found = ledger.verify(session)
        assert found.ok and found.open == 0, found
        prices = session.scalar(select(func.coalesce(func.sum(Order.price_minor), 0)).where(Order.state.in_(TAKEN)))
        for kind in ("buyer", "seller_payable"):
            owners = session.scalars(select(LedgerAccount.owner_id).where(LedgerAccount.kind == kind))
            assert sum(ledger.balance(session, kind, owner).minor for owner in owners) == 0, "cash in the hand settles it all"
        paid = session.scalar(select(func.coalesce(func.sum(PaymentIntent.amount_minor), 0)).where(PaymentIntent.state == "paid"))
        assert paid == prices, "every sale is paid once and every payment is a sale"
        return {"sold": len(sold), "orders": session.scalar(select(func.count()).select_from(Order)) or 0}


def _whole(session: Any, order: Order) -> None:
    intent = session.get(PaymentIntent, order.intent_id) if order.intent_id else None
    if order.state == "created":
        assert order.contract_at is None and intent is None and not order.lines
    elif order.state in ("awaiting_payment", "checked"):
        assert order.contract_at and len(order.lines) == 1 and intent is not None and intent.state == "begun"
    elif order.state in TAKEN:
        kinds = sorted(entry.kind for entry in ledger.entries_of(session, order.id))
        assert intent is not None and intent.state == "paid" and kinds == ["payment_in_person", "sale"], (order.state, kinds)
