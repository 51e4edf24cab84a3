"""Opens oversight: who may look and decide, the words of the log, when the program looks, and the pages."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, ports, runner
from core.access import Predicate, fresh, has_role, permissions
from core.i18n import N_
from core.ports import CustodyRaised
from core.queue import kinds
from core.queue.kinds import Ask
from core.web import nav
from market.listings.events import OfferShown, WordsSaid
from market.listings.models import Listing
from market.oversight import flagging, listing_words, signalling
from market.oversight.limits import factors, limits
from market.oversight.models import Flag
from market.oversight.views import PAGES

_staff = tuple(has_role(role) for role in ("reviewer", "administrator"))
_not_about = Predicate("isn't whom it is about", lambda v, s: s.about_id != v.account_id)
_not_seller = Predicate("isn't the seller", lambda v, s: s.id != v.account_id)
PERMISSIONS = {
    "market:flag:decide": tuple((one, _not_about) for one in _staff),
    "market:signal:see": tuple((one,) for one in _staff),
    "market:signal:answer": tuple((one, _not_seller) for one in _staff),
    "market:tax:see": ((has_role("administrator"),),),
    "market:tax:export": ((has_role("administrator"), fresh),),
}
WORDS = {
    "market:flag:raised": N_("The program asked for a look at unusual figures"),
    "market:flag:looked": N_("Staff looked at somebody's marked lines"),
    "market:flag:followed": N_("A seller changed the words that the program had asked about"),
    "market:flag:decided": N_("A person decided on what the program had noticed"),
    "market:signal:raised": N_("A private seller's figures reached a line"),
    "market:signal:answered": N_("A person weighed whether a seller is a business"),
    "market:tax:exported": N_("A quarter's figures of sellers were exported"),
}


def register(app: Flask) -> None:
    """Called once by the market room. A wrong line or factor stops the start."""
    limits()
    factors()
    permissions(PERMISSIONS)
    audit.words(WORDS)
    for part in PAGES:
        app.register_blueprint(part.blueprint)
    kinds.source("flag", flags)
    kinds.source("signal", signalling.waiting)
    ports.subscribe(OfferShown, flagging.look_later)
    ports.subscribe(WordsSaid, listing_words.look_at_words)
    ports.subscribe(CustodyRaised, flagging.look_at_sales)
    runner.sweep("marked_lines", timedelta(minutes=10), flagging.look_at_lines)
    runner.sweep("seller_signals", timedelta(hours=24), signalling.look_at_sellers)
    nav("/signals", N_("Regular sellers"), "chart", "reviewer", "administrator")


def flags(session: Session) -> Iterator[Ask]:
    query = select(Flag, Listing).join(Listing, Listing.id == Flag.listing_id).where(Flag.state == "open").order_by(Flag.id)
    for flag, listing in session.execute(query):
        yield flagging.flag_ask(flag, listing)
