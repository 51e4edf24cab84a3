"""Refunds from hand to hand: the seller says the money went back, the buyer confirms it."""

from flask import Blueprint, g, redirect

from core import clock
from core.access import needs, visitor
from core.work import work
from market.payments import actions
from market.payments.models import Refund
from market.payments.views.parts import Back, get_refund

blueprint = Blueprint("payment_refunds", __name__, url_prefix="/payments/<payment_id>/refunds/<refund_id>")


@blueprint.post("/say")
@needs("market:refund:say", on=get_refund)
def say(found: Back) -> object:
    refund_id, payment_id = found.refund.id, found.refund.intent_id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.say_refunded(w, w.session.get_one(Refund, refund_id))
    return redirect(f"/payments/{payment_id}", 303)


@blueprint.post("/confirm")
@needs("market:refund:confirm", on=get_refund)
def confirm(found: Back) -> object:
    refund_id, payment_id = found.refund.id, found.refund.intent_id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.confirm_refunded(w, w.session.get_one(Refund, refund_id))
    return redirect(f"/payments/{payment_id}", 303)
