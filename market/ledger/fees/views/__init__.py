"""The pages of the fees: what it costs for everybody, versions and their texts, drafts and the simulator for administrators."""

from flask import Blueprint

blueprint = Blueprint("fees", __name__, url_prefix="/fees")

from market.ledger.fees.views import editing, public, simulator  # noqa: E402,F401
