"""Opens the booking of consignment visits: who may do what, the log's words, what other rooms tell, and the pages."""

from functools import partial

from flask import Flask

from core import audit, ports, runner
from core.access import permissions
from core.config import Config
from core.i18n import N_
from core.people.notices import leads
from core.ports import PersonClosing
from core.web import nav
from market.channels.consignment import attached
from market.channels.consignment.visits import access, following, own_data, standing, timers
from market.channels.consignment.visits.views import blueprint, choosing, counter, day, desks, own  # noqa: F401  (pages)
from market.channels.consignment.visits.words import WORDS
from market.listings import shop_page
from market.shops import ways
from market.shops.events import PointClosed, ShopEnded, ShopEnding


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    shop_page.more(standing.on_shop_page)
    ways.more(standing.on_points)
    attached.tells(standing.of_consignor)
    settings: Config = app.extensions["xunshi"]
    runner.sweep("consignment_visits", timers.EVERY, partial(timers.run, days=settings.visit_days))
    ports.subscribe(ShopEnding, following.shop_ends)
    ports.subscribe(ShopEnded, following.shop_ends)
    ports.subscribe(PointClosed, following.point_closes)
    ports.subscribe(PersonClosing, own_data.leave)
    leads("orders", "/consignment-visits")
    nav("/consignment/visits", N_("Consignment visits"), "calendar", "shop_clerk", "shop_manager")
