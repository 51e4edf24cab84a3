"""Opens the appraisal room: permissions, audit words, ports and pages."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from appraisal.agreement import room as agreement_room
from appraisal.appeals import queries as appeals
from appraisal.appeals import room as appeals_room
from appraisal.appraisers import queries as appraisers
from appraisal.appraisers import room as appraisers_room
from appraisal.blind import queries as blind
from appraisal.blind import room as blind_room
from appraisal.exam import queries as exam
from appraisal.exam import room as exam_room
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
from appraisal.identity import room as identity
from appraisal.prices import jobs as price_jobs
from appraisal.prices import views as price_views
from appraisal.versions import room as versions
from core import audit, ports, runner
from core.access import Predicate, Visitor, has_role, permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import CustodyRaised, RetentionRow, Waiting
from core.queue import kinds
from core.web import nav

appraiser = has_role("appraiser")
makes = Predicate("makes this appraisal", lambda v, s: s.appraiser_id == v.account_id)
not_mine = Predicate("is not its appraiser", lambda v, s: s is None or s.appraiser_id != v.account_id)
administrator, regulator = has_role("administrator"), has_role("regulator")

owns = Predicate("owns this", lambda v, s: s.owner_id == v.account_id)
keeps = Predicate("works where it is kept", lambda v, s: s.part in v.orgs_as(*asking.CLERKS))

PERMISSIONS = {
    "appraisal:request:make": ((owns,), (keeps,)),
    "appraisal:desk:read": ((appraiser,),),
    "appraisal:appraisal:make": ((appraiser,),),
    "appraisal:appraisal:sign": ((appraiser, makes),),
    "appraisal:report:revoke": ((administrator, not_mine), (regulator, not_mine)),
}
WORDS = {
    "appraisal:appraisal:begun": N_("An appraisal was begun"),
    "appraisal:appraisal:signed": N_("An appraisal was signed"),
    "appraisal:appraisal:given": N_("A grade was given blind in an appeal"),
    "appraisal:appraisal:dropped": N_("An appraisal was given up"),
    "appraisal:photo:added": N_("An appraiser's photo was added"),
    "appraisal:photo:removed": N_("An appraiser's photo was taken out"),
    "appraisal:request:made": N_("Somebody asked for an appraisal"),
    "appraisal:request:ended": N_("What was asked of an appraiser ended"),
    "appraisal:report:issued": N_("An appraisal report was signed and issued"),
    "appraisal:report:ended": N_("An appraisal report ended"),
    "appraisal:report:frozen": N_("An appraisal report was frozen after a blind look"),
    "appraisal:report:unfrozen": N_("A frozen appraisal report stands again"),
    "appraisal:report:revoked": N_("An appraisal report was revoked"),
    "appraisal:prices:fitted": N_("Prices were learned anew from completed sales"),
    "appraisal:prices:imported": N_("Sales from elsewhere were brought in for prices"),
    "appraisal:prices:forgotten": N_("Sales from elsewhere were taken back"),
}


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """What this room holds about a person: appraisals made, blind grades given, exams, drafts of standards, and the own file."""
    parts = (queries, appraisers, blind, appeals, exam, versions, identity)
    return {name: value for part in parts for name, value in part.personal_data(session, account_id).items()}


def retention() -> Iterable[RetentionRow]:
    parts = (queries, appraisers, blind, appeals, exam, identity)
    return tuple(row for part in parts for row in part.retention())


def waiting(session: Session, visitor: Visitor) -> Iterable[Waiting]:
    return (*desk_queries.waiting(session, visitor), *blind.waiting(session, visitor), *appeals.waiting(session, visitor))


def register(app: Flask) -> None:
    """Called once by app.py, after the rooms below."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(asking_views.blueprint)
    app.register_blueprint(guide_views.blueprint)
    app.register_blueprint(photo_views.blueprint)
    app.register_blueprint(report_views.blueprint)
    app.register_blueprint(price_views.blueprint)
    ports.subscribe(CustodyRaised, actions.end_drafts)
    ports.subscribe(CustodyRaised, reports.follow_custody)
    ports.subscribe(CustodyRaised, asking.follow_custody)
    ports.provide("papers", "appraisal", report_queries.page_of)
    runner.sweep("price_refit", timedelta(minutes=30), price_jobs.plan)
    runner.sweep("appraisal_expiry", timedelta(minutes=10), reports.expire_due)
    ports.provide("dossier", "appraisal", queries.dossier)
    kinds.read_kinds(Path(__file__).with_name("queue.toml"))
    appraisers_room.register(app)
    blind_room.register(app)
    appeals_room.register(app)
    exam_room.register(app)
    agreement_room.register(app)
    identity.register(app)
    ports.provide("personal_data", "appraisal", personal_data)
    ports.provide("retention", "appraisal", retention)
    ports.provide("waiting", "appraisal", waiting)
    leads("devices", "/appraisals", "/reports")
    versions.register(app)
    nav("/appraisals", N_("Appraisals"), "certificate", "appraiser")
