"""Opens the part about appraisers: who may do what, audit words, kinds of the queue, and the pages."""

from typing import Any

from flask import Flask

from appraisal.appraisers import actions, queries, views
from core import audit, ports
from core.access import Predicate, has_role, in_org, permissions, verified
from core.i18n import N_
from core.people.notices import leads
from core.ports import PersonClosing
from core.queue import kinds
from core.web import nav

administrator, regulator = has_role("administrator"), has_role("regulator")
not_own = Predicate("is not the applicant", lambda v, s: s.account_id != v.account_id)


def _org(subject: Any) -> str:
    return str(subject.id)


manager = in_org("shop_manager", _org, "the organisation")
PERMISSIONS = {
    "appraisal:appraiser:apply": ((verified,),),
    "appraisal:agency:apply": ((manager,),),
    "appraisal:appraiser:read": ((administrator,), (regulator,)),
    "appraisal:appraiser:decide": ((administrator, not_own),),
}
WORDS = {
    "appraisal:appraiser:applied": N_("Somebody applied to appraise"),
    "appraisal:appraiser:to_exam": N_("An appraiser was sent on to the exam"),
    "appraisal:appraiser:admitted": N_("An appraiser or agency was admitted"),
    "appraisal:appraiser:refused": N_("An application to appraise was refused"),
    "appraisal:appraiser:confirmed": N_("An appraiser's probation ended"),
    "appraisal:appraiser:suspended": N_("An appraiser or agency was suspended"),
    "appraisal:appraiser:restored": N_("An appraiser or agency may appraise again"),
    "appraisal:appraiser:ended": N_("An admission to appraise ended"),
    "appraisal:credential:shown": N_("A credential was shown"),
    "appraisal:credential:accepted": N_("A credential was accepted"),
    "appraisal:credential:refused": N_("A credential was not accepted"),
    "appraisal:credential:suspended": N_("A credential was suspended"),
    "appraisal:credential:restored": N_("A credential counts again"),
}


def register(app: Flask) -> None:
    """Called by the room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    kinds.source("appraiser", queries.applications)
    kinds.source("credential", queries.offered)
    ports.subscribe(PersonClosing, actions.leave)
    leads("roles", "/me/appraiser", "/appraisers")
    nav("/appraisers", N_("Appraisers"), "users", "administrator", "regulator")
