"""Opens the desk of grading standards: who drafts and who decides, the words of the log, the queue, and the pages."""

from pathlib import Path

from flask import Flask

from appraisal.versions import actions, queries, views
from appraisal.versions.queries import personal_data as personal_data
from core import audit
from core.access import Predicate, fresh, has_role, permissions
from core.i18n import N_
from core.people.notices import leads
from core.queue import kinds
from core.web import nav

drafts = Predicate("drafted it", lambda v, s: s.drafted_by == v.account_id)
second = Predicate("did not draft it", lambda v, s: s.drafted_by != v.account_id)
_editors = tuple(has_role(role) for role in actions.ROLES)
PERMISSIONS = {
    "appraisal:standard:draft": tuple((editor,) for editor in _editors),
    "appraisal:standard:edit": tuple((editor, drafts) for editor in _editors),
    "appraisal:standard:give_up": ((has_role("standards_editor"), drafts), (has_role("administrator"),)),
    "appraisal:standard:decide": tuple((editor, second, fresh) for editor in _editors),
}
WORDS = {
    "appraisal:standard:drafted": N_("A new version of a grading standard was drafted"),
    "appraisal:standard:edited": N_("The draft of a grading standard was changed"),
    "appraisal:standard:handed_in": N_("A version of a grading standard was handed in for approval"),
    "appraisal:standard:taken_back": N_("A version of a grading standard was taken back by its drafter"),
    "appraisal:standard:sent_back": N_("A version of a grading standard was sent back with a reason"),
    "appraisal:standard:approved": N_("A version of a grading standard was approved by a second person"),
    "appraisal:standard:given_up": N_("A draft of a grading standard was given up"),
}


def register(app: Flask) -> None:
    """Called by the appraisal room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(views.blueprint)
    kinds.read_kinds(Path(__file__).resolve().parent.parent / "queue.toml")
    kinds.source("standard", queries.waiting)
    leads("roles", "/standards")
    nav("/standards", N_("Grading standards"), "book", *actions.ROLES)
