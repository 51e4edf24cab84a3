"""Opens the consignment room: who may do what with a consignor's file, the log's words, what other rooms tell, and the pages."""

from functools import partial

from flask import Flask

from core import audit, ports, runner
from core.access import permissions
from core.config import Config
from core.i18n import N_
from core.people.notices import leads
from core.ports import PersonClosing
from core.web import nav
from market.channels.consignment import access, own_data, retention
from market.channels.consignment.views import blueprint, desk, file, own, paper, people  # noqa: F401  (pages)
from market.channels.consignment.words import WORDS


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    settings: Config = app.extensions["xunshi"]
    runner.sweep("consignor_files", retention.EVERY, partial(retention.run, months=settings.consignor_months))
    ports.subscribe(PersonClosing, own_data.leave)
    ports.provide("holds", "consignment", own_data.holds)
    leads("orders", "/consignments")
    nav("/consignment", N_("Consignors"), "users", "shop_clerk", "shop_manager")
