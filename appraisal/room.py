"""Opens the appraisal room: permissions, audit words, ports and pages."""

from datetime import timedelta

from flask import Flask

from appraisal.grades import (
    actions,
    asking,
    asking_views,
    desk_queries,
    guide_views,
    photo_views,
    queries,
    report_queries,
    report_views,
    reports,
    views,
)
from core import audit, ports, runner
from core.access import Predicate, has_role, permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import CustodyRaised
from core.web import nav

appraiser = has_role("appraiser")
makes = Predicate("makes this appraisal", lambda v, s: s.appraiser_id == v.account_id)
not_mine = Predicate("is not its appraiser", lambda v, s: s is None or s.appraiser_id != v.account_id)
administrator, regulator = has_role("administrator"), has_role("regulator")
not_own = Predicate("is not the owner", lambda v, s: s.owner_id != v.account_id)

owns = Predicate("owns this", lambda v, s: s.owner_id == v.account_id)
keeps = Predicate("works where it is kept", lambda v, s: s.part in v.orgs_as(*asking.CLERKS))

PERMISSIONS = {
    "appraisal:request:make": ((owns,), (keeps,)),
    "appraisal:desk:read": ((appraiser,),),
    "appraisal:appraisal:make": ((appraiser, not_own),),
    "appraisal:appraisal:sign": ((appraiser, makes),),
    "appraisal:report:revoke": ((administrator, not_mine), (regulator, not_mine)),
}
WORDS = {
    "appraisal:appraisal:begun": N_("An appraisal was begun"),
    "appraisal:appraisal:signed": N_("An appraisal was signed"),
    "appraisal:appraisal:dropped": N_("An appraisal was given up"),
    "appraisal:photo:added": N_("An appraiser's photo was added"),
    "appraisal:photo:removed": N_("An appraiser's photo was taken out"),
    "appraisal:request:made": N_("Somebody asked for an appraisal"),
    "appraisal:request:ended": N_("What was asked of an appraiser ended"),
    "appraisal:report:issued": N_("An appraisal report was signed and issued"),
    "appraisal:report:ended": N_("An appraisal report ended"),
    "appraisal:report:revoked": N_("An appraisal report was revoked"),
}


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(asking_views.blueprint)
    app.register_blueprint(guide_views.blueprint)
    app.register_blueprint(photo_views.blueprint)
    app.register_blueprint(report_views.blueprint)
    ports.subscribe(CustodyRaised, actions.end_drafts)
    ports.subscribe(CustodyRaised, reports.follow_custody)
    ports.subscribe(CustodyRaised, asking.follow_custody)
    ports.provide("papers", "appraisal", report_queries.page_of)
    runner.sweep("appraisal_expiry", timedelta(minutes=10), reports.expire_due)
    ports.provide("dossier", "appraisal", queries.dossier)
    ports.provide("personal_data", "appraisal", queries.personal_data)
    ports.provide("retention", "appraisal", queries.retention)
    ports.provide("waiting", "appraisal", desk_queries.waiting)
    leads("devices", "/appraisals", "/reports")
    nav("/appraisals", N_("Appraisals"), "certificate", "appraiser")
