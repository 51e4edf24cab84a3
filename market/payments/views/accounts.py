"""A seller's payout account: what it is for, how it stands, and the way to the provider's own pages."""

from dataclasses import dataclass

from flask import Blueprint, abort, g, request
from flask_babel import gettext as _

from core.access import needs, visitor
from core.page import Page
from core.web import limiter
from market.payments import payout
from market.payments.contract import Unreachable
from market.payments.offer import find_payout_account
from market.payments.providers.stripe_line import Declined
from market.payments.queries import debts_of
from market.payments.settings import StripeSettings, stripe_settings
from market.payments.states import PAYOUT_ACCOUNT
from market.payments.views.checkout import NoAnswer, go_page
from market.payments.views.parts import Owner, get_owner, places, written

blueprint = Blueprint("payout_accounts", __name__)
PATH = "/me/payout-account"


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    template = "market/payment_account.html"
    owner: str
    query: str
    places: list[tuple[str, str, bool]]
    state: str
    state_label: str
    state_tone: str
    state_help: str
    region: str
    standin: bool
    silent: bool
    owed: list[str]


def _on() -> StripeSettings:
    return stripe_settings() or abort(404)


@blueprint.get(PATH)
@limiter.limit("60 per minute")
@needs("market:payout_account:keep", on=get_owner)
def show(owner: Owner) -> object:
    """Who comes back from the provider lands here: it is asked there and then."""
    settings, silent = _on(), False
    row = find_payout_account(g.db, owner.id)
    if row is not None and (row.state != "ready" or "back" in request.args):
        try:
            payout.look(g.db, owner.id)
        except (Unreachable, Declined):
            silent = True
        row = find_payout_account(g.db, owner.id)
    state = PAYOUT_ACCOUNT[row.state] if row else None
    debts = [(one.amount_minor - one.recovered_minor, unit) for unit in sorted(settings.currencies)
             for one in debts_of(g.db, owner.id, unit)]  # fmt: skip
    return AccountPage(
        owner=owner.name, query=owner.query, places=places(owner.id, PATH), state=row.state if row else "",
        state_label=_(state.label) if state else "", state_tone=state.tone if state else "neutral",
        state_help=_(state.help) if state else "", region=settings.region, standin=settings.standin, silent=silent,
        owed=[written(minor, unit) for minor, unit in debts],
    ).answer()  # fmt: skip


@blueprint.post(PATH)
@limiter.limit("10 per minute")
@needs("market:payout_account:keep", on=get_owner)
def go_on(owner: Owner) -> object:
    _on()
    back = f"{PATH}{owner.query or '?'}{'&' if owner.query else ''}back=1"
    try:
        url = payout.onboarding(g.db, owner.id, visitor().actor, back)
    except (Unreachable, Declined) as fault:
        raise NoAnswer() from fault
    lines = [_("There the provider asks who you are and where to pay you. We get to know neither.")]
    return go_page(_("On to the provider"), url, f"{PATH}{owner.query}", lines)
