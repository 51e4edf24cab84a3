"""Opens the fees: who may change them, the words of the log, the clockwork, and what comes with the house."""

from datetime import timedelta

from flask import Flask

from core import audit, runner
from core.access import fresh, has_role, permissions
from core.i18n import N_
from core.web import nav
from market.ledger.fees import actions, shipped, views

PERMISSIONS = {
    "market:fees:edit": ((has_role("administrator"),),),
    "market:fees:announce": ((has_role("administrator"), fresh),),
}
WORDS = {
    "market:fees:drafted": N_("A version of the fees was drafted"),
    "market:fees:edited": N_("A draft of the fees was changed"),
    "market:fees:announced": N_("A version of the fees was announced"),
    "market:fees:withdrawn": N_("A version of the fees was withdrawn"),
    "market:fees:begun": N_("A version of the fees came into force"),
}


def register(app: Flask) -> None:
    """Called once by the market room."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    shipped.shipped()  # a slip of the pen in a file stops the program now
    app.register_blueprint(views.blueprint)
    app.config.setdefault("XUNSHI_KEEP", []).append(actions.keep_policies)
    runner.sweep("fees", timedelta(minutes=1), actions.begin_due)
    nav("/fees", N_("Fees"), "wallet", "administrator")
