"""Opens the books: who may read what, the words of the log, the sweep over unclaimed money, and the pages."""

from datetime import timedelta

from flask import Flask, g

from core import audit, ports, runner
from core.access import Predicate, has_role, in_org, permissions
from core.i18n import N_
from core.queue import kinds
from core.web import nav
from market.ledger import account_pages, books, debt_waits, own_steps, pages, unclaimed
from market.ledger.debt_payments import WAITS
from market.ledger.news import EntryReversed
from market.ledger.queries import owners_in
from market.ledger.words import parties_of

_own_or_managed = Predicate("has a side in it, or manages the place that has", lambda v, e: bool(owners_in(e) & pages.owners()))
_own_deal = Predicate(
    "it is about a deal of theirs, or of a place they manage", lambda v, e: bool(parties_of(g.db, e.subject_id) & pages.owners())
)
_own_account = Predicate("it is theirs, or of a place they manage", lambda v, a: a.owner_id in pages.owners())
_not_theirs = Predicate("it is nobody's of theirs, nor of a place they manage", lambda v, a: a.owner_id not in pages.owners())
_staff = tuple((has_role(role),) for role in pages.STAFF)
_manages = in_org("shop_manager", lambda place: place.id, "the place")

PERMISSIONS = {
    "market:entry:read": ((_own_or_managed,), (_own_deal,), *_staff),
    "market:account:read": ((_own_account,), *_staff),
    "market:money:read": ((_manages,), *_staff),
    "market:money:claim": ((_own_account,),),
    "market:books:read": ((has_role("administrator"),), (has_role("regulator"),)),
    "market:entry:reverse": ((has_role("administrator"),),),
    "market:debt:settle": ((has_role("administrator"), _not_theirs),),
}
WORDS = {
    "market:ledger:posted": N_("An entry was posted in the ledger"),
    "market:ledger:reversed": N_("An entry of the ledger was taken back by a correction"),
    "market:ledger:debt_paid": N_("Fees that a seller owed were paid, and staff wrote it down"),
    "market:ledger:debt_waived": N_("Fees that a seller owed aren't asked for any more"),
    "market:ledger:looked": N_("Staff looked at an entry or account of the ledger"),
    "market:ledger:exported": N_("The ledger was exported"),
    "market:unclaimed:set_aside": N_("Money that nobody fetched was moved to unclaimed payables"),
    "market:unclaimed:told": N_("An owner was told of unclaimed money"),
    "market:unclaimed:claimed": N_("Unclaimed money was fetched by its owner"),
}


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    own_steps.register()
    kinds.source(WAITS, debt_waits.waiting)
    kinds.effect(WAITS, debt_waits.answered)
    ports.subscribe(EntryReversed, debt_waits.taken_back)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(account_pages.blueprint)
    app.register_blueprint(books.blueprint)
    runner.sweep("unclaimed_money", timedelta(hours=12), unclaimed.sweep)
    runner.sweep("fees_owed", timedelta(hours=12), debt_waits.sweep)
    nav("/books", N_("The books"), "book", "administrator", "regulator")
