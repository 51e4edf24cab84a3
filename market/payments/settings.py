"""The operator's word on Stripe: off unless a region and both keys are set. Read from the configuration, checked at the start."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import current_app, has_app_context

from core.config import BadSetting, Config
from core.web import config

STRIPE = "https://api.stripe.com"
# where Stripe lists separate charges and transfers (stripe.com/docs/connect/charges-transfers, as read in 2026); mainland
# China is not among them. The value: the currency an account there settles in without being asked.
REGIONS = {
    "AT": "EUR", "AU": "AUD", "BE": "EUR", "BG": "EUR", "BR": "BRL", "CA": "CAD", "CH": "CHF", "CY": "EUR", "CZ": "CZK",
    "DE": "EUR", "DK": "DKK", "EE": "EUR", "ES": "EUR", "FI": "EUR", "FR": "EUR", "GB": "GBP", "GR": "EUR", "HR": "EUR",
    "HU": "HUF", "IE": "EUR", "IT": "EUR", "JP": "JPY", "LI": "CHF", "LT": "EUR", "LU": "EUR", "LV": "EUR", "MT": "EUR",
    "MX": "MXN", "MY": "MYR", "NL": "EUR", "NO": "NOK", "NZ": "NZD", "PL": "PLN", "PT": "EUR", "RO": "RON", "SE": "SEK",
    "SG": "SGD", "SI": "EUR", "SK": "EUR", "US": "USD",
}  # fmt: skip
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeSettings:
    """`currencies`: those the account settles in as they are, so that nothing is converted behind the books' back.
    `webhook_secrets`: one for each endpoint that reports here. `standin`: it is our own stand-in on this machine."""

    key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    region: str
    currencies: frozenset[str]
    api: str = STRIPE
    standin: bool = False


def read(one: Config) -> StripeSettings | None:
    """Stripe's settings, or None while it is off. Raises BadSetting for a region or address that can't be obeyed."""
    api = one.stripe_api or STRIPE
    _check_address(api, one)
    region, currencies = _region(one.stripe_region)
    secrets = tuple(part.strip() for part in one.stripe_webhook_secret.split(",") if part.strip())
    if not (region and one.stripe_key and secrets):
        return None
    return StripeSettings(
        key=one.stripe_key, webhook_secrets=secrets, region=region, currencies=currencies, api=api.rstrip("/"),
        standin=api.rstrip("/") != STRIPE,
    )


def _region(text: str) -> tuple[str, frozenset[str]]:
    """`SG` or `SG:SGD,CNY`: the region, and the currencies that the account there settles in."""
    if not text:
        return "", frozenset()
    region, _, listed = text.upper().partition(":")
    if region not in REGIONS:
        raise BadSetting(
            f"XUNSHI_STRIPE_REGION: Stripe doesn't hold and hand on payments in {region!r}; "
            f"it does in {', '.join(sorted(REGIONS))}"
        )
    currencies = frozenset(part.strip() for part in listed.split(",") if part.strip()) or frozenset({REGIONS[region]})
    if not all(len(part) == 3 and part.isascii() and part.isalpha() for part in currencies):
        raise BadSetting(f"XUNSHI_STRIPE_REGION: write it like SG or SG:SGD,CNY, not {text!r}")
    return region, currencies


def _check_address(api: str, one: Config) -> None:
    """A key that opens an account with money is sent to Stripe, or to a stand-in on this machine; nowhere else."""
    host = urlsplit(api).hostname or ""
    if api.rstrip("/") == STRIPE:
        return
    if host not in LOOPBACK or one.production:
        raise BadSetting(f"XUNSHI_STRIPE_API must be {STRIPE}, or outside production an address on 127.0.0.1, not {api!r}")


def stripe_settings() -> StripeSettings | None:
    """What is in force in this application: the operator's settings, else the demonstration's stand-in, else None. Outside an
    application nothing is set."""
    if not has_app_context():
        return None
    found = read(config())
    beside: StripeSettings | None = current_app.extensions.get("xunshi_standin")
    return found or beside
