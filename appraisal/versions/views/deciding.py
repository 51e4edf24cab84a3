"""The second person's decision on a version that was handed in: approved with a reason, or sent back with one."""

from flask import flash, g, redirect
from flask_babel import gettext as _

from appraisal.standards.models import StandardVersion
from appraisal.versions import actions
from appraisal.versions.forms import DecisionForm
from appraisal.versions.views import blueprint
from appraisal.versions.views.common import get_drafted, path_of
from appraisal.versions.views.drafting import draft_page
from core import clock
from core.access import needs, visitor
from core.errors import Invalid, Refused
from core.i18n import N_
from core.work import work


@blueprint.post("/<standard_id>/<int:version>/draft/decision")
@needs("appraisal:standard:decide", on=get_drafted)
def decide(row: StandardVersion) -> object:
    row_id, path, form = row.id, path_of(row), DecisionForm()
    try:
        if not form.validate_on_submit():
            return draft_page(row, decision=form, status=422)
        steps = {"approve": actions.approve, "send_back": actions.send_back}
        if form.decision.data not in steps:
            raise Invalid("decision_missing", N_("Please choose one of the answers offered."), field="decision")
        with work(g.db, visitor().actor, clock.now()) as w:
            steps[form.decision.data](w, w.session.get_one(StandardVersion, row_id, with_for_update=True), form.reason.data or "")
    except Refused as no:
        form.blame(no)
        return draft_page(g.db.get_one(StandardVersion, row_id), decision=form, status=no.status)
    flash(_("Approved. It counts from its day on; what was graded before stays as it was graded.")
          if form.decision.data == "approve" else _("Sent back. Its drafter was told."), "good")  # fmt: skip
    return redirect(path, 303)
