"""Opens consignment agreements: who may do what, the log's words, retention, and the pages."""

from flask import Flask

from core import audit, ports, runner
from core.access import permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import PersonClosing
from core.web import nav
from market.channels.consignment import attached
from market.channels.consignment.agreements import access, own_data, queries, standing
from market.channels.consignment.agreements.views import blueprint, counter, own, public, signing, terms  # noqa: F401  (pages)
from market.channels.consignment.agreements.words import WORDS
from market.listings import shop_page


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    shop_page.more(standing.on_shop_page)
    attached.tells(standing.of_consignor)
    attached.looked_at("market:consignment_agreement:looked", queries.agreements_of_file)
    runner.sweep("consignment_agreements", own_data.EVERY, own_data.sweep)
    ports.subscribe(PersonClosing, own_data.leave)
    leads("orders", "/consignment-agreements")
    nav("/consignment/agreements", N_("Consignment agreements"), "form", "shop_manager", "shop_clerk")
