"""Paying by card in the demonstration: its sellers have an account at the stand-in, and the page /demo shows the way."""

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.people.demo import Row, Section, find_demo_people
from core.web import database
from market.demo.cast import MAKER
from market.listings.models import Listing
from market.orders.models import Order
from market.payments import payout
from market.payments.offer import find_payout_account
from market.payments.settings import StripeSettings, stripe_settings
from market.payments.standin.beside import ready

SELLER, BUYER = "Tang", "Bob"
STEPS = (
    (BUYER, N_("Opens the thing linked here and reserves it. On the page “Order it” he chooses the card and orders: the contract "
               "stands.")),
    (BUYER, N_("Presses “Pay” on the order and once more on the payment, and pays on the stand-in's page with the test card "
               "4242 4242 4242 4242. A card that is declined: 4000 0000 0000 0002. Back here the payment says who holds the "
               "money, and until when.")),
    (BUYER, N_("Meets Tang, starts the check on the order's page and answers it. The receipt code is there.")),
    (SELLER, N_("Opens the order under “My orders” and types the receipt code: it is handed over, the order closes, and the "
                "money is handed on to her account at the stand-in. “My money” shows each posting.")),
    (BUYER, N_("If you like: “Something is wrong” on the order asks for part of the money back. Tang accepts it (her inbox leads "
               "there), and her share is fetched back from her account.")),
    ("Guan", N_("At “Reconciliation”: compares the stand-in's balance with the books. Nothing differs. In “The books” every "
                "entry sums to zero.")),
)  # fmt: skip


def _standin() -> StripeSettings | None:
    found = stripe_settings()
    return found if found is not None and found.standin else None


def open_accounts(app: Flask) -> None:
    """A first step of `flask start`, after the stand-in stands: every demo seller without an account there gets one that has
    passed its checks, by the way every seller goes."""
    with app.app_context():
        found = _standin()
        if found is None:
            return
        with database().session() as session:
            for owner_id in _sellers(session):
                ready(app, payout.open_account(session, owner_id, MAKER))
                payout.look(session, owner_id)


def _sellers(session: Session) -> list[str]:
    """Who is paid for what demo people sell: they themselves, or the place in whose name they do."""
    demo = {one.id for one in find_demo_people(session)}
    rows = session.execute(select(Listing.org_id, Listing.seller_id).distinct())
    payees = {org_id or seller_id for org_id, seller_id in rows if seller_id in demo}
    found = sorted(one for one in payees if _unfinished(session, one))
    session.rollback()
    return found


def _unfinished(session: Session, owner_id: str) -> bool:
    row = find_payout_account(session, owner_id)
    return row is None or row.state == "begun"


def walk(session: Session) -> Section | None:
    """The steps, with something that is on sale now; None where the stand-in doesn't stand or nobody plays the part."""
    people = {one.name.rpartition("(")[2].rstrip(")"): one for one in find_demo_people(session)}
    if _standin() is None or not {SELLER, BUYER} <= set(people):
        return None
    thing = _thing(session, people[SELLER].id, people[BUYER].id)
    rows = [Row((people[who].name, _(text)), person=people[who].id) for who, text in STEPS if who in people]
    if thing is not None:
        rows[0] = Row(rows[0].cells, rows[0].person, links=((thing.title, f"/listings/{thing.id}"),))
    return Section(
        title=_("Paying by card"),
        text=_("Card payments go to a stand-in for Stripe on this machine: no key, no internet, no real money. All that this "
               "market does about them is the same as with real ones."),
        headers=(_("Person"), _("What to do")), rows=rows, numbered=True,
    )  # fmt: skip


def _thing(session: Session, seller_id: str, buyer_id: str) -> Listing | None:
    """What this buyer is in the middle of, else something that needs no wipe and can be reserved now."""
    mine = select(Listing).where(Listing.seller_id == seller_id, Listing.org_id.is_(None))
    begun = mine.join(Order, Order.listing_id == Listing.id).where(Order.buyer_id == buyer_id, Listing.state == "reserved")
    on_sale = mine.where(Listing.state == "published", Listing.data_bearing.is_(False)).order_by(Listing.id)
    return session.scalars(begun.limit(1)).first() or session.scalars(on_sale.limit(1)).first()

