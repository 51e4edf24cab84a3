"""The reviewers' desk for reports about people and messages: the line with its surroundings, a decision with its reason."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import Form, text
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.work import work
from market.listings import person_reports
from market.listings.block_models import PersonReport
from market.listings.person_reports import PERSON_REPORT, REASONS, get_person_report

blueprint = Blueprint("person_desk", __name__, url_prefix="/reports/people")


class DecisionForm(Form):
    why = TextAreaField(text("The reason for your decision"), validators=[Length(max=1000)])


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: str
    reason: str
    words: str
    at: datetime
    about: str
    state: tuple[str, str]
    decision: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the talk: `theirs` is the reported person's; `reported` is the line it is about."""

    text: str
    at: datetime
    theirs: bool
    reported: bool


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "market/person_reports.html"
    open_ones: list[Row]
    decided: list[Row]


@dataclass(frozen=True, kw_only=True)
class LookPage(Page):
    template = "market/person_report.html"
    form: DecisionForm
    one: Row
    lines: list[Line]
    waits: bool
    own: bool
    person_href: str


def _row(report: PersonReport) -> Row:
    state = PERSON_REPORT[report.state]
    about = _("One message") if report.message_id else _("The person as a whole")
    return Row(
        report.id, shown_name(g.db.get_one(Account, report.person_id)), _(REASONS[report.reason]), report.words, report.at, about,
        (_(state.label), state.tone), report.decision,
    )  # fmt: skip


@blueprint.get("")
@needs("market:report:handle")
def desk() -> object:
    return DeskPage(
        open_ones=[_row(one) for one in person_reports.open_reports(g.db)],
        decided=[_row(one) for one in person_reports.decided_reports(g.db)],
    ).answer()


@blueprint.get("/<person_report_id>")
@needs("market:report:handle", on=get_person_report)
def look(report: PersonReport) -> object:
    """A reviewer reads no more of a talk than the reported line and its surroundings; each look is written down."""
    report_id = report.id
    if report.message_id is not None:
        with work(g.db, visitor().actor, clock.now()) as w:
            w.record("market:person:looked", report_id)
    return _page(get_person_report(g.db, report_id), DecisionForm(formdata=None))


def _page(report: PersonReport, form: DecisionForm, status: int = 200) -> object:
    lines = [
        Line(one.body, one.at, one.author_id == report.person_id, one.id == report.message_id)
        for one in person_reports.excerpt(g.db, report)
    ]
    own = visitor().account_id in (report.reporter_id, report.person_id)
    return LookPage(
        form=form, one=_row(report), lines=[] if own else lines, waits=report.state == "open", own=own,
        person_href=f"/admin/people/{report.person_id}" if "administrator" in visitor().roles else "",
    ).answer(status)  # fmt: skip


@blueprint.post("/<person_report_id>")
@needs("market:report:handle", on=get_person_report)
def decide(report: PersonReport) -> object:
    form, report_id, upheld = DecisionForm(), report.id, request.form.get("decision") == "uphold"
    if not form.validate():
        return _page(report, form, 422)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            row = w.session.get_one(PersonReport, report_id, with_for_update=True)
            person_reports.decide(w, row, upheld, str(form.why.data or ""))
    except Refused as no:
        form.blame(no)
        return _page(get_person_report(g.db, report_id), form, no.status)
    flash(_("Decided and told."), "good")
    return redirect("/reports/people", 303)
