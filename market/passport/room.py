"""Opens labels and the item passport: who may print, the log's word, the pages and the command."""

from flask import Flask

from core import audit
from core.access import permissions
from core.i18n import N_
from core.web import nav
from market.passport import access
from market.passport.cli import labels as command
from market.passport.views import blueprint, labels, passport  # noqa: F401  (pages)
from market.passport.words import WORDS


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    app.cli.add_command(command)
    nav("/labels", N_("Labels"), "print", *access.STAFF)
