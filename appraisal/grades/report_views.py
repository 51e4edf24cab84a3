"""The public report: read by number without an account, downloaded as signed text or PDF, and taken back with a reason."""

from dataclasses import dataclass

from flask import flash, g, redirect, request
from flask.blueprints import Blueprint
from flask.wrappers import Response
from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from appraisal.appeals.queries import under_appeal_since
from appraisal.blind.queries import demand_seeing
from appraisal.grades import report_paper, report_queries, reports
from appraisal.grades import report_rules as rules
from appraisal.grades.models import Appraisal, Report
from appraisal.grades.queries import locked
from appraisal.grades.report_show import report_address, report_page
from appraisal.grades.states import APPRAISAL
from appraisal.standards.queries import standard_of
from core import canonical, clock, pdf
from core.access import needs, public, visitor
from core.db import stamp
from core.errors import NotFound, Refused
from core.forms import Form, text
from core.goods.models import Item
from core.i18n import N_
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from core.work import work

blueprint = Blueprint("reports", __name__)
NO_FILE = N_("This appraisal was signed before reports carried the house's signature, so there is no signed file of it.")


@blueprint.get("/reports/<number>")
@public
@limiter.limit("60 per minute")
def show(number: str) -> object:
    made = report_queries.get_signed(g.db, number)
    demand_seeing(g.db, made.id, visitor().account_id)
    if number != made.number:
        return redirect(f"/reports/{made.number}", 308)
    return report_page(made).answer()


def _with_file(number: str) -> tuple[Appraisal, Report]:
    made = report_queries.get_signed(g.db, number)
    demand_seeing(g.db, made.id, visitor().account_id)
    report = report_queries.find_report(g.db, made.id)
    if report is None:
        raise NotFound("no_signed_file", NO_FILE)
    return made, report


@blueprint.get("/reports/<number>.json")
@public
@limiter.limit("60 per minute")
def as_json(number: str) -> Response:
    """The signed text with its signature, its place in the public log, and, unsigned, the state as of now."""
    made, report = _with_file(number)
    since = under_appeal_since(g.db, made.id)
    told = report_queries.download(g.db, made, report, clock.now())
    if since is not None:  # only then: checkers from before there were appeals know no such name
        told |= {"under_appeal_since": stamp(since)}
    answer = Response(canonical.encode(told), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.number}.json"'
    return answer


@blueprint.get("/reports/<number>.pdf")
@public
@limiter.limit("20 per minute")
def as_pdf(number: str) -> Response:
    made, report = _with_file(number)
    asked = request.args.get("language", g.language)
    language = asked if asked in ("zh", "en") else "zh"
    item, org = g.db.get_one(Item, made.item_id), shown_org(g.db.get_one(Organisation, made.org_id), language)
    state = rules.shown_state(made.state, made.signed_at, clock.now())
    standard = standard_of(g.db, made)
    paper = report_paper.document(
        made, standard, report, item, org, state, report_address(made), language,
        appealed=under_appeal_since(g.db, made.id) is not None,
    )  # fmt: skip
    answer = Response(pdf.render(paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{made.number}.pdf"'
    return answer


class RevokeForm(Form):
    reason = RadioField(
        text(N_("Why it is taken back")),
        [InputRequired(text(N_("Please choose a reason.")))],
        choices=[(code, text(sentence)) for code, sentence in rules.REVOCATIONS.items()],
    )


@dataclass(frozen=True, kw_only=True)
class RevokePage(Page):
    template = "appraisal/report_revoke.html"
    number: str
    state: tuple[str, str]
    form: RevokeForm


@blueprint.route("/reports/<number>/revoke", methods=["GET", "POST"])
@needs("appraisal:report:revoke", on=report_queries.get_signed)
def revoke(made: Appraisal) -> object:
    form, made_id, number, state = RevokeForm(), made.id, made.number, APPRAISAL[made.state]
    page = RevokePage(number=number, state=(_(state.label), state.tone), form=form)
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            reports.revoke(w, locked(w.session, made_id), form.reason.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    flash(_("Taken back. The owner and the appraiser were told why."), "good")
    return redirect(f"/reports/{number}", 303)
