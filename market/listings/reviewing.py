"""The reviewers' desk: reports from people, and restricted goods that wait for a look at their proof."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.access import needs, visitor
from core.data_files import text
from core.db import get_row
from core.errors import Forbidden, Refused
from core.goods.describe import category_name
from core.i18n import N_
from core.page import Page
from core.people.acting import acts_for
from core.people.notices import notify
from core.ports import ItemFrozen, happened
from core.queue import actions as queue
from core.states import State, StateTable, walk
from core.work import Work, work
from market.listings import actions, photo_alarm
from market.listings.mine import rows_of
from market.listings.models import Listing, Report
from market.listings.private_proof import find_proofs, may_look, needed, settle
from market.listings.states import LISTING
from market.listings.views import REPORT_REASONS

blueprint = Blueprint("reviewing", __name__, url_prefix="/reports")
REPORT = StateTable(
    "report",
    {
        "open": State(N_("Open"), "info", N_("Nobody has decided on it yet.")),
        "upheld": State(N_("Upheld"), "warn", N_("The report was right; the listing was frozen.")),
        "dismissed": State(N_("Dismissed"), "neutral", N_("Nothing was found.")),
    },
    {("open", "uphold"): "upheld", ("open", "dismiss"): "dismissed"},
)


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    listing_id: str
    title: str
    reason: str
    words: str
    at: datetime
    proofs: int = 0
    other: str = ""
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class LookPage(Page):
    """One restricted thing with what it needs; `proofs`: addresses (shown, large), for reviewers only."""

    template = "market/review.html"
    listing_id: str
    title: str
    words: str
    price: str
    photo: str | None
    reasons: list[str]
    needed: list[str]
    proofs: list[tuple[str, str]]
    count: int
    sees: bool
    state: tuple[str, str]
    waits: bool
    own: bool


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "market/reports.html"
    reports: list[Row]
    waiting: list[Row]
    frozen: list[Row]


@blueprint.get("")
@needs("market:report:handle")
def desk() -> object:
    spoken = {code: str(words) for code, words in REPORT_REASONS} | {photo_alarm.REASON: _("The same photo as another seller's")}
    query = select(Report, Listing).join(Listing, Listing.id == Report.listing_id).where(Report.state == "open")
    reports = [
        Row(report.id, listing.id, listing.title, spoken.get(report.reason, report.reason), report.words, report.at,
            other=str(report.facts.get("other", "")), own=visitor().as_one_of(report.reporter_id, listing.seller_id) is not None)
        for report, listing in g.db.execute(query.order_by(Report.at).limit(100))
    ]
    asked = g.db.scalars(select(Listing).where(Listing.review == "asked").order_by(Listing.changed_at).limit(100))
    waiting = [
        Row("", one.id, one.title, " ".join(_hits(one)), one.description, one.changed_at, len(find_proofs(g.db, one.id)))
        for one in asked
    ]
    held = g.db.scalars(select(Listing).where(Listing.state == "frozen").order_by(Listing.changed_at.desc()).limit(50))
    frozen = [Row("", one.id, one.title, category_name(one.category, g.language), "", one.changed_at) for one in held]
    return DeskPage(reports=reports, waiting=waiting, frozen=frozen).answer()


def _hits(listing: Listing) -> list[str]:
    hits = actions.restricted_hits(listing.item, listing)
    return list(dict.fromkeys(_(hit.text) for hit in hits))


def get_report(session: Session, report_id: str) -> Report:
    return get_row(session, Report, report_id)


@blueprint.post("/<report_id>")
@needs("market:report:handle", on=get_report)
def handle(report: Report) -> object:
    report_id, upheld, reason = report.id, request.form.get("decision") == "uphold", request.form.get("reason", "")
    with work(g.db, visitor().actor, clock.now()) as w:
        decide(w, w.session.get_one(Report, report_id, with_for_update=True), upheld, reason)
    return redirect("/reports", 303)


def decide(w: Work, report: Report, upheld: bool, reason: str) -> None:
    """Uphold a report (the listing is frozen, its seller told) or dismiss it, with a reason; the reporter is told either way.

    Raises Forbidden for the seller and for who reported it."""
    verb = "uphold" if upheld else "dismiss"
    REPORT.next(report.state, verb)
    seller_id = w.session.get_one(Listing, report.listing_id).seller_id
    if w.actor.id == report.reporter_id or acts_for(w.session, w.actor.id, seller_id):
        raise Forbidden("own_report", N_("You are part of this: a colleague decides."))
    queue.settle(w, "report", report.id, "upheld" if upheld else "dismissed", reason)
    walk(w, REPORT, report, verb)
    report.handled_by, report.handled_at = w.actor.id, w.now
    w.record("market:report:handled", report.listing_id, report=report.id, upheld=upheld)
    listing = w.session.get_one(Listing, report.listing_id, with_for_update=True, populate_existing=True)
    if upheld and LISTING.can(listing.state, "freeze"):
        happened(w, ItemFrozen(listing.item_id, "report_upheld"))
        if listing.state == "frozen":  # what is with the carrier isn't
            notify(w, listing.seller_id, N_("“%(title)s” was frozen after a report. Write to us if that is wrong."),
                   f"/listings/{listing.id}", title=listing.title)  # fmt: skip
    if report.reporter_id is not None:
        notify(w, report.reporter_id, N_("Your report on “%(title)s” was looked at. Thank you."), "/inbox",
               title=listing.title)  # fmt: skip


def get_any_listing(session: Session, listing_id: str) -> Listing:
    return get_row(session, Listing, listing_id)


REVIEWS: dict[str, tuple[str, str]] = {
    "": (N_("Nobody asked for a look"), "neutral"), "asked": (N_("Waits for a look"), "info"),
    "granted": (N_("May be published"), "good"), "refused": (N_("Refused"), "bad"),
}  # fmt: skip


@blueprint.get("/listings/<listing_id>")
@needs("market:report:handle", on=get_any_listing)
def look(listing: Listing) -> object:
    """The restricted thing, what it has to show, and its private proof, for reviewers; an administrator sees how many."""
    about, proofs = rows_of([listing])[0], find_proofs(g.db, listing.id)
    sees = may_look(listing)
    paths = [f"/listings/{listing.id}/proofs/{row.id}" for row in proofs] if sees else []
    label, tone = REVIEWS[listing.review]
    return LookPage(
        listing_id=listing.id, title=listing.title, words=listing.description, price=about.price, photo=about.photo,
        reasons=_hits(listing), needed=[text(need.name, g.language) for need in needed(listing)],
        proofs=[(f"{path}/medium.jpg", f"{path}/large.jpg") for path in paths], count=len(proofs), sees=sees,
        state=(_(label), tone), waits=listing.review == "asked", own=visitor().acts_for(listing.seller_id),
    ).answer()  # fmt: skip


@blueprint.post("/listings/<listing_id>")
@needs("market:report:handle", on=get_any_listing)
def review(listing: Listing) -> object:
    listing_id, granted, reason = listing.id, request.form.get("decision") == "grant", request.form.get("reason", "")
    with work(g.db, visitor().actor, clock.now()) as w:
        fresh = w.session.get_one(Listing, listing_id, with_for_update=True)
        if fresh.review != "asked":
            raise Refused("not_asked", N_("Nobody asked for a review of this."))
        if acts_for(w.session, w.actor.id, fresh.seller_id):
            raise Refused("own_listing", N_("This is your own listing: another reviewer decides."))
        actions.decide_review(w, fresh, granted, reason)
        settle(w, fresh)
    return redirect("/reports", 303)


@blueprint.post("/listings/<listing_id>/unfreeze")
@needs("market:report:handle", on=get_any_listing)
def unfreeze(listing: Listing) -> object:
    listing_id = listing.id
    with work(g.db, visitor().actor, clock.now()) as w:
        fresh = w.session.get_one(Listing, listing_id, with_for_update=True)
        if acts_for(w.session, w.actor.id, fresh.seller_id):
            raise Refused("own_listing", N_("This is your own listing: another reviewer decides."))
        walk(w, LISTING, fresh, "unfreeze")
        w.record("market:listing:unfrozen", fresh.id)
        notify(w, fresh.seller_id, N_("“%(title)s” is free again. Publish it when you like."),
               f"/listings/{listing_id}", title=fresh.title)  # fmt: skip
    return redirect("/reports", 303)
