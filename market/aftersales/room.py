"""Opens after-sales: who may do what, the words of the log, the clocks, and the pages."""

from datetime import timedelta

from flask import Flask

from core import audit, ports, runner
from core.access import Predicate, has_role, permissions
from core.i18n import N_
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, PersonSuspended
from core.queue import kinds
from core.web import nav
from market.aftersales import (
    actions,
    exchange_pages,
    exchanging,
    explain,
    half_pages,
    halves,
    handing_pages,
    lists,
    parcel_pages,
    views,
    waits,
)
from market.orders.events import HalfCame
from market.orders.queries import on_seller_side

_buys = Predicate("buys this", lambda v, s: s.buyer_id == v.account_id)
_sells = Predicate("sells this, or works at the counter of the shop that does", on_seller_side)
_gave_half = Predicate("gave this half of a swap", lambda v, s: s.kind == "swap" and s.seller_id == v.account_id)
_one_of_two = Predicate("buys or sells this", lambda v, s: v.as_one_of(s.buyer_id, s.seller_id) is not None)
_staff = tuple((has_role(role),) for role in ("mediator", "regulator", "administrator"))

PERMISSIONS = {
    "market:case:open": ((_buys,),),
    "market:case:read": ((_one_of_two,), *_staff),
    "market:case:act": ((_one_of_two,), (has_role("mediator"),)),
    "market:half:ask": ((_gave_half,),),
    "market:parcel:back": ((_sells,),),
    "market:exchange:choose": ((_sells,),),
    "market:exchange:take": ((_buys,),),
    "market:case:mediate": ((has_role("mediator"),),),
}
WORDS = {
    "market:case:opened": N_("An after-sales case was opened"),
    "market:case:answered": N_("A seller answered an after-sales case"),
    "market:case:back": N_("A thing came back to its seller"),
    "market:case:passed_on": N_("A half of a swap that is owed back was passed on and can't come back"),
    "market:case:sent_back": N_("A buyer sent a thing back as was decided"),
    "market:case:mediated": N_("A mediator was asked for"),
    "market:case:decided": N_("A mediator decided a case"),
    "market:case:appealed": N_("A decision was appealed"),
    "market:case:spoken": N_("Somebody of a shop spoke in a case in its name"),
    "market:case:ended": N_("An after-sales case ended"),
    "market:parcel:ended": N_("What became of a parcel that was missed is clear"),
    "market:exchange:chosen": N_("A seller chose what is given in exchange"),
    "market:exchange:agreed": N_("A buyer took what was chosen in an exchange and said how they get it"),
    "market:exchange:let_go": N_("What was chosen for an exchange is free again"),
    "market:case:looked": N_("Staff looked at an after-sales case"),
    "market:case:exported": N_("The evidence of a case was exported"),
}


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    explain.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(lists.blueprint)
    app.register_blueprint(parcel_pages.blueprint)
    app.register_blueprint(half_pages.blueprint)
    app.register_blueprint(exchange_pages.blueprint)
    app.register_blueprint(handing_pages.blueprint)
    ports.subscribe(HalfCame, halves.half_came)
    ports.subscribe(ClearanceEnded, exchanging.drop)
    ports.subscribe(ItemFrozen, exchanging.drop)
    ports.subscribe(ItemHeld, exchanging.drop)
    ports.subscribe(PersonSuspended, exchanging.drop_of)
    kinds.source("mediation", waits.mediations)
    kinds.source("appeal", waits.appeals)
    runner.sweep("aftersales", timedelta(minutes=10), actions.run_out)
    nav("/cases", N_("Mediation"), "scale", "mediator")
