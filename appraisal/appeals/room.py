"""Opens appeals: who may do what, audit words, clocks, the kind of the queue, and the pages."""

from datetime import timedelta

from flask import Flask

from appraisal.appeals import clocks, deciding, queries, views
from appraisal.appeals.seating import KIND
from appraisal.grades.giving import BlindGiven
from appraisal.grades.reports import ReportOver
from core import audit, ports, runner
from core.access import Predicate, has_role, permissions, signed_in
from core.i18n import N_
from core.people.notices import leads
from core.ports import CustodyRaised
from core.queue import kinds
from core.web import nav

administrator, regulator = has_role("administrator"), has_role("regulator")
party = Predicate("is a side of this appeal, or was its owner", lambda v, s: v.account_id in s.part)
not_party = Predicate("is no side of this appeal", lambda v, s: v.account_id not in s.part)
appealed = Predicate("made this appeal", lambda v, s: s.by_id == v.account_id)
PERMISSIONS = {
    "appraisal:appeal:read": ((signed_in,),),
    "appraisal:appeal:make": ((signed_in,),),
    "appraisal:appeal:see": ((party,), (administrator,), (regulator,)),
    "appraisal:appeal:withdraw": ((appealed,),),
    "appraisal:appeal:panel": ((party,),),
    "appraisal:appeal:decide": ((administrator, not_party),),
}
WORDS = {
    "appraisal:appeal:made": N_("Somebody appealed against a grade"),
    "appraisal:appeal:assigned": N_("The lot fell on somebody who grades anew in an appeal"),
    "appraisal:appeal:vacated": N_("Somebody no longer grades anew in an appeal"),
    "appraisal:appeal:reviewed": N_("A reviewer came to a grade in an appeal"),
    "appraisal:appeal:panel_asked": N_("A panel of three was asked for in an appeal"),
    "appraisal:appeal:panel_graded": N_("A panel of three came to a grade in an appeal"),
    "appraisal:appeal:short": N_("Too few uninvolved appraisers could be found for an appeal"),
    "appraisal:appeal:left": N_("The platform ended an appeal for which too few could be found"),
    "appraisal:appeal:withdrawn": N_("An appeal against a grade was taken back"),
    "appraisal:appeal:lapsed": N_("An appeal against a grade lapsed"),
    "appraisal:appeal:ended": N_("An appeal against a grade was decided"),
}


def register(app: Flask) -> None:
    """Called by the room, after the grades and the blind looks."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    ports.subscribe(BlindGiven, deciding.given)
    ports.subscribe(ReportOver, clocks.report_over)
    ports.subscribe(CustodyRaised, clocks.custody_raised)
    kinds.source(KIND, queries.short)
    runner.sweep("appraisal_appeals", timedelta(seconds=30), clocks.due)
    leads("disputes", "/appeals")
    nav("/appeals", N_("Appeals"), "scale", "appraiser", "administrator", "regulator")
