"""A seller's account at Stripe: made, finished on Stripe's own pages, and read. Who the seller is, Stripe checks and keeps."""

from dataclasses import dataclass
from typing import Any, Literal

from market.payments.providers.stripe_line import asking, line, pick, settings

ReadyState = Literal["begun", "ready", "stopped"]


@dataclass(frozen=True, slots=True)
class AtStripe:
    ref: str
    country: str
    state: ReadyState


def open_account(owner_id: str) -> AtStripe:
    """Make the account that card payments are handed on to; asked again, the same one comes back."""
    words = {
        "country": settings().region,
        "controller": {
            "fees": {"payer": "application"}, "losses": {"payments": "application"}, "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"owner": owner_id},
    }  # fmt: skip
    with asking("account"):
        return _read(line().accounts.create(words, {"idempotency_key": f"account-{owner_id}"}))


def look_account(ref: str) -> AtStripe:
    with asking("account"):
        return _read(line().accounts.retrieve(ref))


def onboarding_link(ref: str, *, back: str, again: str) -> str:
    """An address on Stripe's side that is good once and for minutes: never kept, never mailed."""
    words = {"account": ref, "refresh_url": again, "return_url": back, "type": "account_onboarding"}
    with asking("account link"):
        return str(line().account_links.create(words).url)


def _read(account: Any) -> AtStripe:
    able = pick(pick(account, "capabilities"), "transfers") == "active"
    blocked = bool(pick(pick(account, "requirements"), "disabled_reason")) and bool(pick(account, "details_submitted"))
    state: ReadyState = "ready" if able else ("stopped" if blocked else "begun")
    return AtStripe(account.id, str(pick(account, "country") or settings().region), state)
