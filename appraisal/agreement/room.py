"""Opens the agreement page."""

from flask import Flask

from appraisal.agreement import views
from core.access import DOORS, has_role, permissions
from core.i18n import N_
from core.web import nav

PERMISSIONS = {"appraisal:pairs:see": ((has_role("administrator"),), (has_role("regulator"),))}


def register(app: Flask) -> None:
    """Called by the room, after exams and blind looks."""
    permissions(PERMISSIONS)
    DOORS.used.add("appraisal:pairs:see")  # a part of a public page
    app.register_blueprint(views.blueprint)
    nav("/agreement", N_("Agreement"), "chart", "administrator", "regulator")
