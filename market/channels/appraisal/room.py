"""Opens the booking of appraisals: who may do what, the log's words, the books, what other rooms tell, and the pages."""

from flask import Flask

from appraisal.appeals.events import GradeOverturned
from appraisal.grades.actions import Graded
from core import audit, ports, runner
from core.access import permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import CustodyRaised, PersonClosing
from core.web import nav
from market.channels.appraisal import access, books, explain, following, own_data, refunds, timers
from market.channels.appraisal.views import blueprint, choosing, desk_pages, manage, owner, parts, public  # noqa: F401  (pages)
from market.channels.appraisal.words import WORDS
from market.ledger import explaining
from market.ledger import words as ledger_words
from market.listings import life
from market.payments import fee_words
from market.payments.events import PaymentSucceeded


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    ledger_words.entry_words(books.ENTRIES)
    explain.register()
    explaining.behind(explain.behind)
    ledger_words.subjects(explain.subject)
    ledger_words.account_names(explain.account_names)
    life.bookings(parts.booked_of)
    fee_words.fees(explain.is_fee)
    ledger_words.parties(explain.parties)
    ports.subscribe(PaymentSucceeded, refunds.paid)
    ports.subscribe(Graded, following.graded)
    ports.subscribe(GradeOverturned, refunds.overturned)
    ports.subscribe(CustodyRaised, following.follow_custody)
    ports.subscribe(PersonClosing, own_data.leave)
    ports.provide("holds", "appraisal_booking", own_data.holds)
    runner.sweep("appraisal_bookings", timers.EVERY, timers.run)
    leads("devices", "/appraisal-bookings")
    nav("/appraisal-bookings/desk", N_("Bookings for appraisals"), "calendar", "appraiser", "shop_manager", "shop_clerk")
