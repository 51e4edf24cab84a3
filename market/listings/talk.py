"""Favourites, messages between a buyer and a seller, and reports to the reviewers."""

import re
from dataclasses import dataclass, replace

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock, ids
from core.access import needs, visitor
from core.errors import Invalid, NotFound, Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.people.notices import notify, read_about, unread
from core.web import limiter
from core.work import Work, work
from market.listings import queries
from market.listings.mine import rows_of
from market.listings.models import Favourite, Listing, Message, Report
from market.listings.views import REPORT_REASONS, ReportForm, TalkForm

blueprint = Blueprint("talk", __name__)
# words and numbers that lead away from the market, where nobody can help (R-FRAUD; off-platform payment tricks)
AWAY = re.compile(
    r"微信|支付宝|转账|银行卡|weixin|wechat|alipay|whats\s?app|telegram|paypal|https?://|1[3-9]\d{9}", re.I
)


@blueprint.post("/listings/<listing_id>/favourite")
@needs("market:listing:favour", on=queries.get_listing)
def favour(listing: Listing) -> object:
    listing_id, account_id = listing.id, visitor().account_id
    with work(g.db, visitor().actor, clock.now()) as w:
        row = w.session.get(Favourite, (account_id, listing_id))
        if row is None:
            w.session.add(Favourite(account_id=account_id, listing_id=listing_id, at=w.now))
        else:
            w.session.delete(row)
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
    open: bool
    other: str
    messages: list[dict[str, object]]
    warned: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """One buyer's conversation about one listing. The seller sees it too; nobody else does."""

    listing: Listing
    buyer_id: str
    seller_id: str


def get_talk(session: Session, listing_id: str, buyer_id: str) -> Talk:
    listing = queries.get_listing(session, listing_id)
    if session.get(Account, buyer_id) is None or buyer_id == listing.seller_id:
        raise NotFound()
    return Talk(listing, buyer_id, listing.seller_id)


@blueprint.get("/listings/<listing_id>/talk")
@needs("market:listing:favour", on=queries.get_listing)
def my_talk(listing: Listing) -> object:
    if listing.seller_id == visitor().account_id:
        return redirect("/me/messages", 303)
    return redirect(path_of(listing.id, str(visitor().account_id)), 303)


@blueprint.get("/listings/<listing_id>/talk/<buyer_id>")
@needs("market:talk:read", on=get_talk)
def read(found: Talk) -> object:
    """Opening the conversation is reading it: what the other side wrote is marked for both."""
    me, listing_id, buyer_id = str(visitor().account_id), found.listing.id, found.buyer_id
    if queries.unread_in(g.db, listing_id, buyer_id, me):
        with work(g.db, visitor().actor, clock.now()) as w:
            mark_read(w, listing_id, buyer_id)
        g.visitor = replace(visitor(), unread=unread(g.db, me))
        found = get_talk(g.db, listing_id, buyer_id)
    return _page(found, TalkForm())


def mark_read(w: Work, listing_id: str, buyer_id: str) -> None:
    """The person of this Work has read what the other side wrote, and the notices that told of it."""
    theirs = (Message.listing_id == listing_id, Message.buyer_id == buyer_id, Message.author_id != w.actor.id)
    w.session.execute(update(Message).where(*theirs, Message.read_at.is_(None)).values(read_at=w.now))
    read_about(w, w.actor.id, path_of(listing_id, buyer_id))


def path_of(listing_id: str, buyer_id: str) -> str:
    return f"/listings/{listing_id}/talk/{buyer_id}"


def _page(found: Talk, form: TalkForm, status: int = 200) -> object:
    me = visitor().account_id
    other = found.seller_id if me == found.buyer_id else found.buyer_id
    lines = queries.talk(g.db, found.listing.id, found.buyer_id)
    person, about = g.db.get_one(Account, other), rows_of([found.listing])[0]
    name = shown_name(person)
    messages = [
        {
            "text": one.body, "time": one.at, "mine": one.author_id == me,
            "who": _("You") if one.author_id == me else name, "read": one.author_id == me and one.read_at is not None,
        }
        for one in lines
    ]  # fmt: skip
    return TalkPage(
        form=form, listing_id=found.listing.id, title=found.listing.title, other=name, photo=about.photo,
        price=about.price, state=about.state, open=person.state != "closed",
        action=path_of(found.listing.id, found.buyer_id), messages=messages,
        warned=any(one.warned for one in lines),
    ).answer(status)  # fmt: skip


@blueprint.post("/listings/<listing_id>/talk/<buyer_id>")
@limiter.limit("30 per minute")
@needs("market:talk:write", on=get_talk)
def write(found: Talk) -> object:
    form, listing_id, buyer_id = TalkForm(), found.listing.id, found.buyer_id
    try:
        if not form.validate() or not str(form.body.data or "").strip():
            raise Invalid("message_empty", N_("Write something first, up to 1,000 characters."), field="body")
        with work(g.db, visitor().actor, clock.now()) as w:
            say(w, get_talk(w.session, listing_id, buyer_id), str(form.body.data).strip())
    except Refused as no:
        form.blame(no)
        return _page(get_talk(g.db, listing_id, buyer_id), form, no.status)
    return redirect(path_of(listing_id, buyer_id), 303)


def say(w: Work, found: Talk, body: str) -> Message:
    """Write a line; the other side is told. Words that lead away from the market are marked for both.

    Raises Refused when the other side has left the market."""
    to = found.seller_id if w.actor.id == found.buyer_id else found.buyer_id
    if w.session.get_one(Account, to).state == "closed":
        raise Refused("person_left", N_("This person has closed the account and can't read it any more."), field="body")
    message = Message(
        id=ids.new_id(), listing_id=found.listing.id, buyer_id=found.buyer_id, author_id=w.actor.id, body=body,
        warned=bool(AWAY.search(body)), at=w.now, read_at=None,
    )  # fmt: skip
    w.session.add(message)
    notify(w, to, N_("A message about “%(title)s”"), path_of(found.listing.id, found.buyer_id), title=found.listing.title)
    return message


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
    with work(g.db, visitor().actor, clock.now()) as w:
        keep_report(w, listing_id, str(form.reason.data), str(form.words.data or ""))
    flash(_("Thank you. A reviewer looks at it."))
    return redirect(f"/listings/{listing_id}", 303)


def keep_report(w: Work, listing_id: str, reason: str, words: str) -> None:
    """One report a person and listing; sent again, it replaces the words."""
    query = select(Report).where(Report.listing_id == listing_id, Report.reporter_id == w.actor.id)
    row = w.session.scalars(query).first()
    if row is not None:
        row.reason, row.words, row.at = reason, words, w.now
        return
    w.session.add(
        Report(id=ids.new_id(), listing_id=listing_id, reporter_id=w.actor.id, reason=reason, words=words, at=w.now,
               handled_by=None, handled_at=None, facts={})
    )  # fmt: skip
    w.record("market:listing:reported", listing_id, reason=reason)


