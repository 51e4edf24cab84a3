"""Opens the blind looks: who may do what, audit words, the sweep that draws, the kind of the queue, and the pages."""

from datetime import timedelta

from flask import Flask

from appraisal.blind import actions, queries, views
from appraisal.grades.reports import ReportOver
from core import audit, ports, runner
from core.access import Predicate, has_role, permissions
from core.i18n import N_
from core.queue import kinds
from core.web import nav

appraiser, administrator, regulator = has_role("appraiser"), has_role("administrator"), has_role("regulator")
assigned = Predicate("was assigned by lot", lambda v, s: s.second_id == v.account_id)
not_part = Predicate("gave neither grade", lambda v, s: v.account_id not in (s.first_id, s.second_id))
PERMISSIONS = {
    "appraisal:blind:read": ((appraiser,), (administrator,), (regulator,)),
    "appraisal:blind:grade": ((appraiser, assigned),),
    "appraisal:blind:see": ((administrator, not_part), (regulator,)),
    "appraisal:blind:decide": ((administrator, not_part),),
}
WORDS = {
    "appraisal:blind:drawn": N_("A lot decided whether an appraisal is looked at blind"),
    "appraisal:blind:opened": N_("A blind look at an appraisal was opened"),
    "appraisal:blind:assigned": N_("The lot fell on a second appraiser"),
    "appraisal:blind:returned": N_("A second appraiser gave a blind look back"),
    "appraisal:blind:set_aside": N_("A blind look is drawn anew: who was to take it was drawn for an appeal"),
    "appraisal:blind:graded": N_("A blind grade was given"),
    "appraisal:blind:decided": N_("The platform decided between two grades"),
}


def register(app: Flask) -> None:
    """Called by the room, after the grades."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    ports.subscribe(ReportOver, actions.lapse)
    kinds.source("blind_check", queries.disagreed)
    runner.sweep("blind_draws", timedelta(seconds=30), actions.draw_due)
    nav("/blind", N_("Blind looks"), "eye", "appraiser", "regulator")
