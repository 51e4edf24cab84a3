"""Opens intake and stock: who may do what, the log's words, what stock follows, and the pages."""

from flask import Flask

from core import audit, ports, runner
from core.access import permissions
from core.i18n import N_
from core.people.notices import leads
from core.ports import ClearanceEnded, ItemFrozen, ItemUnfrozen
from core.states import Walked
from core.web import nav
from market.channels.consignment import attached
from market.channels.consignment.goods import access, drafting, following, gate, own_data, standing
from market.channels.consignment.goods.views import blueprint, desk, own, phone, stock, visit  # noqa: F401  (pages)
from market.channels.consignment.goods.views import online as online_pages  # noqa: F401  (pages)
from market.channels.consignment.goods.views import register as register_pages  # noqa: F401  (pages)
from market.channels.consignment.goods.words import WORDS
from market.listings import tags
from market.orders.events import ThingBack, ThingFound
from market.passport.standing import stands
from privacy.clearance.permit import ClearanceIssued


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    app.register_blueprint(blueprint)
    attached.tells(standing.of_consignor)
    runner.sweep("intake_drafts", drafting.EVERY, drafting.sweep)
    runner.sweep("stock_register", own_data.EVERY, own_data.sweep)
    leads("orders", "/stock")
    nav("/consignment/intake", N_("Taking in"), "box", "shop_clerk", "shop_manager")
    ports.subscribe(ClearanceIssued, gate.cleared)
    ports.subscribe(ClearanceEnded, gate.clearance_ended)
    ports.subscribe(ItemFrozen, gate.frozen)
    ports.subscribe(ItemUnfrozen, gate.unfrozen)
    ports.subscribe(Walked, gate.listing_walked)
    ports.subscribe(Walked, following.stock_walked)
    ports.subscribe(ThingBack, gate.thing_back)
    ports.subscribe(ThingFound, gate.thing_found)
    tags.tells_tags(following.tag_of)
    app.register_blueprint(online_pages.blueprint)
    nav("/consignment/online", N_("Stock online"), "store", "shop_clerk", "shop_manager")
    stands(standing.on_passport)
    ports.provide("data_owner", "stock", standing.data_owner)
