"""Opens the appraisal room: permissions, audit words, ports and pages."""

from flask import Flask

from appraisal.grades import actions, queries, views
from core import audit, ports
from core.access import Predicate, has_role, permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import CustodyRaised
from core.web import nav

appraiser = has_role("appraiser")
makes = Predicate("makes this appraisal", lambda v, s: s.appraiser_id == v.account_id)
not_own = Predicate("is not the owner", lambda v, s: s.owner_id != v.account_id)

PERMISSIONS = {
    "appraisal:desk:read": ((appraiser,),),
    "appraisal:appraisal:make": ((appraiser, not_own),),
    "appraisal:appraisal:sign": ((appraiser, makes),),
}
WORDS = {
    "appraisal:appraisal:begun": N_("An appraisal was begun"),
    "appraisal:appraisal:signed": N_("An appraisal was signed"),
    "appraisal:appraisal:dropped": N_("An appraisal was given up"),
}


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    ports.subscribe(CustodyRaised, actions.end_drafts)
    ports.provide("dossier", "appraisal", queries.dossier)
    ports.provide("personal_data", "appraisal", queries.personal_data)
    ports.provide("retention", "appraisal", queries.retention)
    ports.provide("waiting", "appraisal", queries.waiting)
    leads("devices", "/appraisals")
    nav("/appraisals", N_("Appraisals"), "certificate", "appraiser")
