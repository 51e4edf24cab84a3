"""The ways of paying, one module each. A licensed split provider joins here with `register` (docs/payments.md)."""

from core.errors import NotFound
from core.i18n import N_
from market.payments.contract import Facts, Provider
from market.payments.providers.bank_transfer import BankTransfer
from market.payments.providers.cash import Cash
from market.payments.providers.collect_code import CollectCode
from market.payments.providers.stripe import Stripe

_known: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Add a way of paying; a second one of the same code is a mistake."""
    if _known.setdefault(provider.code, provider) is not provider:
        raise ValueError(f"two providers are called {provider.code!r}")


def known() -> list[Provider]:
    """All, in the order in which they are offered."""
    return list(_known.values())


def get_provider(code: str) -> Provider:
    """Raises NotFound."""
    if code not in _known:
        raise NotFound("no_such_way", N_("There is no such way of paying here."))
    return _known[code]


def offered(facts: Facts) -> list[Provider]:
    return [one for one in known() if one.why_not(facts) is None]


for _one in (Cash(), CollectCode(), BankTransfer(), Stripe()):
    register(_one)
