"""Opens the exams: who may do what, audit words and pages."""

from flask import Flask

from appraisal.exam import views
from core import audit
from core.access import Predicate, has_role, permissions, verified
from core.i18n import N_
from core.web import nav

takes = Predicate("takes this exam", lambda v, s: s.account_id == v.account_id)
PERMISSIONS = {
    "appraisal:exam:take": ((verified,),),
    "appraisal:exam:answer": ((takes,),),
    "appraisal:reference:keep": ((has_role("administrator"),),),
}
WORDS = {
    "appraisal:reference:entered": N_("A reference item was entered"),
    "appraisal:reference:retired": N_("A reference item was retired"),
    "appraisal:exam:begun": N_("An exam was begun"),
    "appraisal:exam:done": N_("An exam was finished"),
}


def register(app: Flask) -> None:
    """Called by the room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    nav("/references", N_("Reference items"), "grade", "administrator")
