"""Opens payments: who may do what, the log's words, the doors, the clockwork, and what the stand-in needs."""

from datetime import timedelta

from flask import Flask

from core import audit, ports, runner
from core.access import Predicate, has_role, permissions
from core.i18n import N_
from core.ports import PersonClosing
from core.queue import kinds
from core.web import nav
from market.ledger import debts, explaining
from market.ledger.words import Way, entry_names, entry_words, ways
from market.payments import behind, books, explain, fees_owed, own_data, reconcile, settings, sweeps, talking, waits, webhooks
from market.payments.views import accounts, checkout, codes, pages, refunds, staff
from market.payments.views.parts import served

pays = Predicate("pays this", lambda v, s: s.payer_id == v.account_id)
is_paid = Predicate("is paid by this, or serves the place that is", lambda v, s: s.payee_id in served())
keeps = Predicate("their own, or of a place they manage", lambda v, s: s.id == v.account_id or ("shop_manager", s.id) in v.grants)
_staff = tuple((has_role(role),) for role in ("mediator", "regulator", "administrator"))
_administrator = ((has_role("administrator"),),)

PERMISSIONS = {
    "market:payment:read": ((pays,), (is_paid,), *_staff),
    "market:payment:pay": ((pays,),),
    "market:payment:confirm": ((is_paid,),),
    "market:payment:code": ((pays,), (is_paid,)),
    "market:refund:say": ((is_paid,),),
    "market:refund:confirm": ((pays,),),
    "market:collect_code:keep": ((keeps,),),
    "market:payout_account:keep": ((keeps,),),
    "market:payments:reconcile": _administrator,
}
WORDS = {
    "market:payment:begun": N_("A way of paying was agreed on"),
    "market:payment:said": N_("A buyer said that it is paid"),
    "market:payment:received": N_("A seller said that the money has arrived"),
    "market:payment:succeeded": N_("A payment was confirmed"),
    "market:payment:failed": N_("A payment failed"),
    "market:payment:cancelled": N_("A payment was called off"),
    "market:payment:differs": N_("A provider reported another amount than was agreed on"),
    "market:payment:hold_ended": N_("A hold was ended before the provider's limit"),
    "market:bank:typed": N_("A seller typed bank details for one order"),
    "market:bank:erased": N_("Bank details of an order were erased"),
    "market:refund:asked": N_("A refund was decided"),
    "market:refund:done": N_("Money was paid back"),
    "market:refund:failed": N_("Money could not be paid back"),
    "market:refund:by_hand": N_("Staff paid money back another way"),
    "market:refund:adopted": N_("A refund made at the provider was written down"),
    "market:release:asked": N_("It was decided to hand held money on"),
    "market:release:done": N_("Held money was handed on to the seller"),
    "market:release:failed": N_("Held money could not be handed on"),
    "market:release:by_hand": N_("Staff handed money on another way"),
    "market:reversal:done": N_("A seller's share of a refund was fetched back"),
    "market:reversal:short": N_("A seller's account lacked their share of a refund"),
    "market:reversal:failed": N_("A seller's share of a refund could not be fetched back"),
    "market:reversal:by_hand": N_("Staff settled what a seller owed"),
    "market:reversal:given_back": N_("Staff gave back what was taken from a seller twice"),
    "market:reversal:recovered": N_("A seller's debt was settled with a later sale"),
    "market:chargeback:opened": N_("A payer's bank asked for a payment back"),
    "market:chargeback:closed": N_("A payer's bank decided on a payment"),
    "market:collect_code:put": N_("A collection code was put in"),
    "market:collect_code:removed": N_("A collection code was taken away"),
    "market:collect_code:erased": N_("A collection code was erased"),
    "market:payout_account:begun": N_("A seller began to open a payout account"),
    "market:payout_account:changed": N_("A payout account changed at the provider"),
    "market:payments:reconciled": N_("The provider's balance was compared with the books"),
}


def _collect_code(query: str) -> Way:
    return N_("Collection code"), f"/me/collect-code{query}"


def _payout_account(query: str) -> Way | None:
    return (N_("Payout account"), f"/me/payout-account{query}") if settings.stripe_settings() else None


def register(app: Flask) -> None:
    """Called once by the market room. Raises BadSetting when the operator's Stripe settings can't be obeyed."""
    settings.read(app.extensions["xunshi"])
    debts.fees_from(fees_owed.of_seller, fees_owed.of_all)
    permissions(PERMISSIONS)
    audit.words(WORDS)
    entry_words(books.ENTRIES)
    entry_names(behind.old_transfers)
    explain.register()
    explaining.behind(behind.behind)
    ways(_collect_code)
    ways(_payout_account)
    for part in (pages, refunds, checkout, codes, accounts, staff, webhooks):
        app.register_blueprint(part.blueprint)
    kinds.effect("refund_failed", waits.refund_answered)
    kinds.effect("release_failed", waits.release_answered)
    kinds.effect("reversal_failed", waits.owed_answered)
    kinds.effect("seller_owes", waits.owed_answered)
    kinds.effect("taken_twice", waits.twice_answered)
    ports.subscribe(PersonClosing, own_data.leave)
    runner.sweep("payments_ask_again", timedelta(minutes=2), sweeps.ask_again)
    runner.sweep("payments_holds", timedelta(hours=1), sweeps.end_holds)
    runner.sweep("payments_erase", timedelta(hours=6), sweeps.erase_old)
    runner.sweep("payments_reconcile", timedelta(hours=1), reconcile.every_night)
    nav("/payments/reconciliation", N_("Reconciliation"), "scale", "administrator")
    assert talking.LOOK  # its job handlers are known from here on


def beside(app: Flask) -> None:
    """Add the first step that starts the stand-in; after the demonstration's own, which brings its people."""
    from market.payments.standin.beside import beside as start

    app.config.setdefault("XUNSHI_FIRST_STEPS", []).append(lambda: start(app))
