"""Opens shops' files: who may do what, the log's words, the queue, the clockwork and the pages."""

from flask import Flask

from core import audit, ports, runner
from core.access import permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import PersonClosing
from core.queue import kinds
from core.web import nav
from market.shops import access, own_data, timers, waits
from market.shops.views import blueprint, closing, desk, directory, exemptions, permits, points, wording  # noqa: F401  (pages)
from market.shops.words import WORDS


def register(app: Flask) -> None:
    """Called once by the market room, after its kinds of the queue are read."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    kinds.source("exemption", waits.exemptions)
    kinds.source("trade_permit", waits.permits)
    ports.subscribe(PersonClosing, own_data.leave)
    runner.sweep("shops", timers.EVERY, timers.run)
    leads("roles", "/shops", "/shop-file")
    nav("/shop-file", N_("Shop file"), "store", "shop_manager", "shop_clerk", "shop_cashier")
