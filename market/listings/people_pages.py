"""Block somebody, see whom one has blocked, and tell the reviewers about a person or a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from core import clock
from core.access import needs, visitor
from core.db import get_row
from core.errors import NotFound, Refused
from core.forms import Form, text
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.web import limiter, local_path
from core.work import work
from market.listings import blocking, person_reports
from market.listings.models import Listing, Message
from market.listings.person_reports import REASONS

blueprint = Blueprint("people_pages", __name__)
LINES = 20  # so many of their last lines can be chosen from


@dataclass(frozen=True, slots=True)
class Other:
    """Another person, as the subject of a permission."""

    account: Account


@dataclass(frozen=True, slots=True)
class Blocked:
    id: str
    name: str
    at: datetime
    running: bool


@dataclass(frozen=True, kw_only=True)
class BlockedPage(Page):
    template = "market/blocked.html"
    people: list[Blocked]


class PersonReportForm(Form):
    about = SelectField(text("What is it about?"), validators=[Optional()], validate_choice=False)
    reason = RadioField(
        text("What is wrong?"), choices=[(code, text(label)) for code, label in REASONS.items()], validate_choice=False
    )
    words = TextAreaField(text("What happened?"), validators=[Length(max=1000)])
    block = BooleanField(text("Block this person as well"))


@dataclass(frozen=True, kw_only=True)
class ReportPersonPage(Page):
    template = "market/report_person.html"
    form: PersonReportForm
    name: str
    action: str
    back: str
    lines: bool
    blocked: bool


def get_other(session: Session, account_id: str) -> Other:
    return Other(get_row(session, Account, account_id))


def _back(otherwise: str) -> str:
    return local_path(request.values.get("back"), otherwise)


@blueprint.get("/me/settings/blocked")
@needs("market:person:block")
def blocked() -> object:
    me = str(visitor().account_id)
    rows = blocking.blocked_by(g.db, me)
    people = [Blocked(one.id, shown_name(one), row.at, blocking.deal_stands(g.db, me, one.id)) for row, one in rows]
    return BlockedPage(people=people).answer()


@blueprint.post("/people/<account_id>/block")
@limiter.limit("60 per hour")
@needs("market:person:block_other", on=get_other)
def block(other: Other) -> object:
    other_id, me = other.account.id, str(visitor().account_id)
    with work(g.db, visitor().actor, clock.now()) as w:
        blocking.block(w, other_id)
    if blocking.deal_stands(g.db, me, other_id):
        flash(_("Blocked. An order stands between you, so messages about it still arrive until it is done."), "info")
    else:
        flash(_("Blocked. Neither of you can write to the other or buy from the other; they aren't told."), "good")
    return redirect(_back("/me/settings/blocked"), 303)


@blueprint.post("/people/<account_id>/unblock")
@needs("market:person:block_other", on=get_other)
def unblock(other: Other) -> object:
    other_id = other.account.id
    with work(g.db, visitor().actor, clock.now()) as w:
        blocking.unblock(w, other_id)
    flash(_("The block has ended."), "good")
    return redirect(_back("/me/settings/blocked"), 303)


@blueprint.get("/people/<account_id>/report")
@needs("market:person:report", on=get_other)
def report(other: Other) -> object:
    return _page(other.account, _form(other.account))


def _form(person: Account) -> PersonReportForm:
    form = PersonReportForm()
    form.about.choices = [("", _("The person as a whole")), *((one.id, _shortened(one.body)) for one in _lines_to_me(person.id))]
    return form


def _lines_to_me(person_id: str) -> Sequence[Message]:
    """Their last lines to the visitor, newest first: nobody reports what was written to somebody else."""
    me = str(visitor().account_id)
    query = (
        select(Message)
        .join(Listing, Listing.id == Message.listing_id)
        .where(Message.author_id == person_id)
        .where((Message.buyer_id == me) | ((Message.buyer_id == person_id) & Listing.seller_id.in_({me, *visitor().houses()})))
    )
    found: Sequence[Message] = g.db.scalars(query.order_by(Message.id.desc()).limit(LINES)).all()
    return found


def _shortened(body: str) -> str:
    line = " ".join(body.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def _page(person: Account, form: PersonReportForm, status: int = 200) -> object:
    me = str(visitor().account_id)
    return ReportPersonPage(
        form=form, name=shown_name(person), action=f"/people/{person.id}/report?{urlencode({'back': _back('/me/messages')})}",
        back=_back("/me/messages"), lines=len(form.about.choices) > 1,
        blocked=me in blocking.blocks_between(g.db, me, person.id),
    ).answer(status)  # fmt: skip


@blueprint.post("/people/<account_id>/report")
@limiter.limit("10 per hour")
@needs("market:person:report", on=get_other)
def send_report(other: Other) -> object:
    person_id, form, back = other.account.id, _form(other.account), _back("/me/messages")
    if not form.validate():
        return _page(other.account, form, 422)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            message = next((one for one in _lines_to_me(person_id) if one.id == form.about.data), None)
            if form.about.data and message is None:
                raise NotFound()
            person_reports.report_person(
                w, person_id, reason=str(form.reason.data or ""), words=str(form.words.data or "").strip(), message=message
            )
            if form.block.data:
                blocking.block(w, person_id)
    except Refused as no:
        form.blame(no)
        return _page(g.db.get_one(Account, person_id), form, no.status)
    flash(_("Thank you. A reviewer looks at it; the other side doesn't learn who reported."), "good")
    return redirect(back, 303)
