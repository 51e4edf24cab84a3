"""Favourites, messages between a buyer and a seller, and reports to the reviewers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, ids
from core.access import needs, visitor
from core.errors import Invalid, Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.people.notices import unread
from core.queue import actions as queue
from core.web import limiter
from core.work import Work, work
from market.listings import blocking, queries, saying, watching
from market.listings.away.rules import KINDS, PAYMENT, Found
from market.listings.cautioning import own_hosts
from market.listings.mine import mine_of, rows_of
from market.listings.models import Listing, Message, Report
from market.listings.saying import LeadsAway, Talk, get_talk, mark_read, path_of
from market.listings.views import REPORT_REASONS, ReportForm, TalkForm
from market.listings.waits import report_ask

blueprint = Blueprint("talk", __name__)


@blueprint.post("/listings/<listing_id>/favourite")
@needs("market:listing:favour", on=queries.get_listing)
def favour(listing: Listing) -> object:
    listing_id = listing.id
    with work(g.db, visitor().actor, clock.now()) as w:
        watching.favour(w, w.session.get_one(Listing, listing_id))
    return redirect(f"/listings/{listing_id}", 303)


@dataclass(frozen=True, kw_only=True)
class TalkPage(Page):
    template = "market/talk.html"
    form: TalkForm
    listing_id: str
    title: str
    photo: str | None
    price: str
    state: tuple[str, str] | None
    action: str
    closed: str
    other: str
    other_id: str
    messages: list[dict[str, object]]
    warned: bool
    paying: bool
    caution: list[tuple[str, str]]
    caution_paying: bool
    blocked: bool
    running: bool
    first: bool
    for_house: bool
    with_house: bool


@blueprint.get("/listings/<listing_id>/talk")
@needs("market:listing:favour", on=queries.get_listing)
def my_talk(listing: Listing) -> object:
    if visitor().acts_for(listing.seller_id):
        return redirect(mine_of(listing.seller_id, "/me/messages"), 303)
    return redirect(path_of(listing.id, str(visitor().account_id)), 303)


@blueprint.get("/listings/<listing_id>/talk/<buyer_id>")
@needs("market:talk:read", on=get_talk)
def read(found: Talk) -> object:
    """Opening the conversation is reading it: what the other side wrote is marked for both."""
    me, listing_id, buyer_id = _me(found), found.listing.id, found.buyer_id
    if queries.unread_in(g.db, listing_id, buyer_id, me) or me != visitor().account_id:  # a colleague may have read it
        with work(g.db, visitor().actor, clock.now()) as w:
            mark_read(w, get_talk(w.session, listing_id, buyer_id))
        g.visitor = replace(visitor(), unread=unread(g.db, str(visitor().account_id)))
        found = get_talk(g.db, listing_id, buyer_id)
    return _page(found, TalkForm())


def _me(found: Talk) -> str:
    """The side on which the reader is: themselves, or the house at whose counter they work."""
    return str(visitor().as_one_of(found.buyer_id, found.seller_id))


def _page(found: Talk, form: TalkForm, status: int = 200, caution: Sequence[Found] = ()) -> object:
    me = _me(found)
    other = found.other(me)
    lines = queries.talk(g.db, found.listing.id, found.buyer_id)
    person, about = g.db.get_one(Account, other), rows_of([found.listing])[0]
    why = saying.why_closed(g.db, found, me)
    name, blocked = shown_name(person), me in blocking.blocks_between(g.db, me, other)
    messages = [_line(one, me, name) for one in lines]
    return TalkPage(
        form=form, listing_id=found.listing.id, title=found.listing.title, other=name, other_id=other, photo=about.photo,
        price=about.price, state=about.state, closed=_(why) if why else "",
        action=path_of(found.listing.id, found.buyer_id), messages=messages, warned=any(one.warned for one in lines),
        paying=any(PAYMENT & set(one.found) for one in lines if one.author_id != me),
        caution=[(_(KINDS[one.kind]), one.words) for one in caution], caution_paying=any(one.kind in PAYMENT for one in caution),
        blocked=blocked, running=blocked and blocking.deal_stands(g.db, me, other), first=not lines,
        for_house=me != visitor().account_id, with_house=person.house,
    ).answer(status)  # fmt: skip


def _line(one: Message, me: str, name: str) -> dict[str, object]:
    mine, comma = one.author_id == me, "、" if g.language == "zh" else ", "
    return {
        "text": one.body, "time": one.at, "mine": mine, "who": _("You") if mine else name,
        "read": mine and one.read_at is not None, "note": comma.join(_(KINDS[kind]) for kind in one.found),
    }  # fmt: skip


@blueprint.post("/listings/<listing_id>/talk/<buyer_id>")
@limiter.limit("30 per minute")
@needs("market:talk:write", on=get_talk)
def write(found: Talk) -> object:
    form, listing_id, buyer_id = TalkForm(), found.listing.id, found.buyer_id
    sure, body = request.form.get("sure") == "yes", str(form.body.data or "").strip()
    try:
        if not form.validate() or not body:
            raise Invalid("message_empty", N_("Write something first, up to 1,000 characters."), field="body")
        with work(g.db, visitor().actor, clock.now()) as w:
            saying.say(w, get_talk(w.session, listing_id, buyer_id), body, sure=sure, own=own_hosts())
    except LeadsAway as away:
        return _page(get_talk(g.db, listing_id, buyer_id), form, away.status, away.found)
    except Refused as no:
        form.blame(no)
        return _page(get_talk(g.db, listing_id, buyer_id), form, no.status)
    return redirect(path_of(listing_id, buyer_id), 303)


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    template = "market/report.html"
    form: ReportForm
    listing_id: str
    title: str


@blueprint.get("/listings/<listing_id>/report")
@needs("market:listing:favour", on=queries.get_listing)
def report(listing: Listing) -> object:
    return ReportPage(form=ReportForm(), listing_id=listing.id, title=listing.title).answer()


@blueprint.post("/listings/<listing_id>/report")
@limiter.limit("10 per hour")
@needs("market:listing:report", on=queries.get_listing)
def send_report(listing: Listing) -> object:
    form, listing_id, title = ReportForm(), listing.id, listing.title
    if form.reason.data not in dict(REPORT_REASONS):
        form.blame(Invalid("reason_missing", N_("Choose what is wrong."), field="reason"))
    if form.errors or not form.validate():
        return ReportPage(form=form, listing_id=listing_id, title=title).answer(422)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            keep_report(w, listing_id, str(form.reason.data), str(form.words.data or ""))
    except Refused as no:
        form.blame(no)
        return ReportPage(form=form, listing_id=listing_id, title=title).answer(no.status)
    flash(_("Thank you. A reviewer looks at it."))
    return redirect(f"/listings/{listing_id}", 303)


def keep_report(w: Work, listing_id: str, reason: str, words: str) -> None:
    """One report a person and listing; sent again, it replaces the words."""
    query = select(Report).where(Report.listing_id == listing_id, Report.reporter_id == w.actor.id)
    row = w.session.scalars(query).first()
    if row is not None and row.state != "open":
        raise Refused("report_decided", N_("You reported this before, and a reviewer has decided on it."))
    if row is not None:
        row.reason, row.words, row.at = reason, words, w.now
        return
    row = Report(
        id=ids.new_id(), listing_id=listing_id, reporter_id=w.actor.id, reason=reason, words=words, at=w.now, handled_by=None,
        handled_at=None, facts={},
    )  # fmt: skip
    queue.ask(w, "report", report_ask(row, w.session.get_one(Listing, listing_id)))
    w.session.add(row)
    w.record("market:listing:reported", listing_id, reason=reason)


