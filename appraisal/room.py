"""Opens the appraisal room: permissions, audit words, ports and pages."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from appraisal.grades import actions, queries, report_queries, report_views, reports, views
from appraisal.versions import room as versions
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

PERMISSIONS = {
    "appraisal:desk:read": ((appraiser,),),
    "appraisal:appraisal:make": ((appraiser, not_own),),
    "appraisal:appraisal:sign": ((appraiser, makes),),
    "appraisal:report:revoke": ((administrator, not_mine), (regulator, not_mine)),
}
WORDS = {
    "appraisal:appraisal:begun": N_("An appraisal was begun"),
    "appraisal:appraisal:signed": N_("An appraisal was signed"),
    "appraisal:appraisal:dropped": N_("An appraisal was given up"),
    "appraisal:report:issued": N_("An appraisal report was signed and issued"),
    "appraisal:report:ended": N_("An appraisal report ended"),
    "appraisal:report:revoked": N_("An appraisal report was revoked"),
}


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """What this room holds about a person."""
    return queries.personal_data(session, account_id) | versions.personal_data(session, account_id)


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(report_views.blueprint)
    ports.subscribe(CustodyRaised, actions.end_drafts)
    ports.subscribe(CustodyRaised, reports.follow_custody)
    ports.provide("papers", "appraisal", report_queries.page_of)
    runner.sweep("appraisal_expiry", timedelta(minutes=10), reports.expire_due)
    ports.provide("dossier", "appraisal", queries.dossier)
    ports.provide("personal_data", "appraisal", personal_data)
    ports.provide("retention", "appraisal", queries.retention)
    ports.provide("waiting", "appraisal", queries.waiting)
    leads("devices", "/appraisals", "/reports")
    versions.register(app)
    nav("/appraisals", N_("Appraisals"), "certificate", "appraiser")
