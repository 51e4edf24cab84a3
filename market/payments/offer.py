"""Which ways of paying fit an order, and why not the others: for the menu and for the moment of ordering."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from market.payments.contract import Facts, Holder, Provider, guaranteed
from market.payments.providers import known
from market.payments.settings import stripe_settings
from market.payments.side_models import CollectCode, PayoutAccount

GUARANTEED = N_("Guaranteed trade")
FACE_TO_FACE = N_("The two of you settle the price in person.")
DIRECTLY = N_("The two of you settle the price directly; nobody holds the money in between.")
HOLDS: dict[Holder, str] = {
    "nobody": FACE_TO_FACE,
    "platform_balance_at_provider": N_(
        "The money rests in the platform's own balance at Stripe. It goes to the seller when the deal is done, "
        "or back to the buyer."
    ),
    "provider_split": N_(
        "A licensed payment provider holds the money. It goes to the seller when the deal is done, "
        "or back to the buyer."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in the menu. `why_not`: a sentence when it doesn't fit. `mark`: “Guaranteed trade” where somebody really holds the
    money, else "". `words`: who holds it, in one true sentence. All English for gettext."""

    code: str
    label: str
    holder: Holder
    mark: str
    words: str
    why_not: str | None


def facts_of(session: Session, payee_id: str, *, currency: str, business: bool, remote: bool) -> Facts:
    """Look up what a provider has to know about this payee and this deployment."""
    code = find_collect_code(session, payee_id)
    stripe, account = stripe_settings(), find_payout_account(session, payee_id)
    return Facts(
        currency=currency, business=business, remote=remote, region=stripe.region if stripe else "",
        currencies=stripe.currencies if stripe else frozenset(),
        collect_code="" if code is None else ("merchant" if code.merchant else "personal"),
        payout_ready=account is not None and account.state == "ready",
    )  # fmt: skip


def ways(facts: Facts) -> list[Way]:
    """Every way that is known here, those that fit first."""
    found = [
        Way(code=one.code, label=one.label, holder=one.holder, mark=GUARANTEED if guaranteed(one) else "",
            words=who_holds(one, facts.remote), why_not=one.why_not(facts))
        for one in known()
    ]  # fmt: skip
    return sorted(found, key=lambda way: way.why_not is not None)


OVER = N_("Nothing is held any more: it went to the seller, or back to the buyer. Below you see how much and when.")


def who_holds(provider: Provider, remote: bool) -> str:
    """Only a provider that really holds the money is said to; where two people pay each other from afar, nobody meets."""
    return DIRECTLY if remote and provider.holder == "nobody" else HOLDS[provider.holder]


def find_collect_code(session: Session, owner_id: str) -> CollectCode | None:
    return session.scalars(select(CollectCode).where(CollectCode.owner_id == owner_id, CollectCode.removed_at.is_(None))).first()


def find_payout_account(session: Session, owner_id: str, provider: str = "stripe") -> PayoutAccount | None:
    mine = (PayoutAccount.owner_id == owner_id, PayoutAccount.provider == provider)
    return session.scalars(select(PayoutAccount).where(*mine)).first()
