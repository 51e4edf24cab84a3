"""Pages about reviews: report unlawful words; reviewers hide them for a ground of the list, or keep them."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.db import get_row
from core.errors import Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.web import limiter
from core.work import work
from market.orders import hiding
from market.orders.hiding import REVIEW_REPORT
from market.orders.models import Review
from market.orders.review_models import ReviewReport
from market.orders.review_rules import GROUNDS, MOST
from market.orders.show import name_of

blueprint = Blueprint("reviews", __name__)
KEEP = "keep"


class ReviewReportForm(Form):
    words = TextAreaField(text(N_("What is unlawful about it?")), validators=[Length(max=MOST)])


class DecideForm(Form):
    ground = RadioField(
        text(N_("Decision")), validate_choice=False,
        choices=[(KEEP, text(N_("Keep the words: none of these holds"))), *((code, text(why)) for code, why in GROUNDS.items())],
    )  # fmt: skip
    reason = TextAreaField(text(N_("Reason")), validators=[Length(max=MOST)])


@dataclass(frozen=True, slots=True)
class Shown:
    """A review as its report's page shows it. `author` and `about`: display names."""

    id: str
    stars: int
    words: str
    at: datetime
    author: str
    about: str


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    template = "market/review_report.html"
    review: Shown
    form: ReviewReportForm


@dataclass(frozen=True, slots=True)
class Waiting:
    id: str
    words: str
    about: str
    at: datetime
    state: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class ReviewsPage(Page):
    template = "market/review_reports.html"
    open: list[Waiting]
    decided: list[Waiting]


@dataclass(frozen=True, kw_only=True)
class DecidePage(Page):
    template = "market/review_decide.html"
    report_id: str
    review: Shown
    reporter: str
    words: str
    at: datetime
    state: tuple[str, str]
    open: bool
    own: bool
    ground: str
    reason: str
    form: DecideForm


def get_review(session: Session, review_id: str) -> Review:
    return get_row(session, Review, review_id)


def get_report(session: Session, report_id: str) -> ReviewReport:
    return get_row(session, ReviewReport, report_id)


def _shown(review: Review) -> Shown:
    return Shown(review.id, review.stars, review.words, review.at, name_of(review.author_id), name_of(review.about_id))


@blueprint.get("/reviews/<review_id>/report")
@needs("market:opinion:report", on=get_review)
def ask(review: Review) -> object:
    return ReportPage(review=_shown(review), form=ReviewReportForm(formdata=None)).answer()


@blueprint.post("/reviews/<review_id>/report")
@limiter.limit("20 per hour")
@needs("market:opinion:report", on=get_review)
def send(review: Review) -> object:
    form, review_id = ReviewReportForm(), review.id
    try:
        if not form.validate():
            return ReportPage(review=_shown(review), form=form).answer(422)
        with work(g.db, visitor().actor, clock.now()) as w:
            hiding.report(w, get_review(w.session, review_id), form.words.data or "")
    except Refused as no:
        form.blame(no)
        return ReportPage(review=_shown(get_review(g.db, review_id)), form=form).answer(no.status)
    flash(_("Thank you. A reviewer looks at it, and you hear what was decided."), "good")
    return redirect("/inbox", 303)


@blueprint.get("/reports/reviews")
@needs("market:opinion:decide")
def desk() -> object:
    query = select(ReviewReport).where(ReviewReport.state == "open").order_by(ReviewReport.at).limit(100)
    past = select(ReviewReport).where(ReviewReport.state != "open").order_by(ReviewReport.decided_at.desc()).limit(50)
    return ReviewsPage(open=[_waiting(one) for one in g.db.scalars(query)],
                       decided=[_waiting(one) for one in g.db.scalars(past)]).answer()  # fmt: skip


def _waiting(row: ReviewReport) -> Waiting:
    state = REVIEW_REPORT[row.state]
    return Waiting(row.id, row.review.words, name_of(row.review.about_id), row.at, (_(state.label), state.tone))


def _decide_page(row: ReviewReport, form: DecideForm, status: int = 200) -> object:
    state, parties = REVIEW_REPORT[row.state], (row.review.author_id, row.review.about_id, row.reporter_id)
    own = visitor().as_one_of(*parties) is not None
    return DecidePage(
        report_id=row.id, review=_shown(row.review), reporter="" if own else name_of(row.reporter_id),
        words="" if own else row.words, at=row.at,
        state=(_(state.label), state.tone), open=row.state == "open",
        own=own,
        ground=_(GROUNDS[row.ground]) if row.ground else "", reason=row.reason, form=form,
    ).answer(status)  # fmt: skip


@blueprint.get("/reports/reviews/<report_id>")
@needs("market:opinion:decide", on=get_report)
def look(row: ReviewReport) -> object:
    return _decide_page(row, DecideForm(formdata=None))


@blueprint.post("/reports/reviews/<report_id>")
@needs("market:opinion:decide", on=get_report)
def decide(row: ReviewReport) -> object:
    form, report_id = DecideForm(), row.id
    try:
        if not form.validate():
            return _decide_page(row, form, 422)
        chosen = form.ground.data or ""
        with work(g.db, visitor().actor, clock.now()) as w:
            fresh = w.session.get_one(ReviewReport, report_id, with_for_update=True)
            hiding.decide(w, fresh, _ground(chosen), form.reason.data or "")
    except Refused as no:
        form.blame(no)
        return _decide_page(get_report(g.db, report_id), form, no.status)
    return redirect("/reports/reviews", 303)


def _ground(chosen: str) -> str:
    """The form's choice as the action takes it: keeping is no ground; nothing chosen is said at the field."""
    return "" if chosen == KEEP else chosen or "unchosen"
