"""Opens intake and stock: who may do what, the log's words, what stock follows, and the pages."""

from flask import Flask

from core import audit, ports
from core.access import permissions
from core.ports import ClearanceEnded, ItemFrozen, ItemUnfrozen
from core.states import Walked
from market.channels.consignment.goods import access, gate, standing
from market.channels.consignment.goods.words import WORDS
from privacy.clearance.permit import ClearanceIssued


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(access.PERMISSIONS)
    audit.words(WORDS)
    ports.subscribe(ClearanceIssued, gate.cleared)
    ports.subscribe(ClearanceEnded, gate.clearance_ended)
    ports.subscribe(ItemFrozen, gate.frozen)
    ports.subscribe(ItemUnfrozen, gate.unfrozen)
    ports.subscribe(Walked, gate.listing_walked)
    ports.provide("data_owner", "stock", standing.data_owner)
