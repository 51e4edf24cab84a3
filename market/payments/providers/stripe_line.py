"""The line to Stripe: its official client, how long we wait, and what its refusals mean. The client is slow to import: late."""

import functools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.errors import Refused
from core.i18n import N_
from core.money import Money
from market.payments.contract import Unreachable
from market.payments.settings import StripeSettings, stripe_settings

log = logging.getLogger("xunshi.payments")
WAIT = (4, 12)  # seconds to connect, seconds for an answer: a person may be waiting, and the runner has other work
SHORT = frozenset({"balance_insufficient", "insufficient_funds"})


class Declined(Exception):  # noqa: N818  (an answer)
    """Stripe answered no, and nothing was done. `code` is Stripe's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def settings() -> StripeSettings:
    found = stripe_settings()
    if found is None:
        raise Refused("stripe_off", N_("Card payment isn't switched on here."))
    return found


def line() -> Any:
    """The v1 half of the client for the settings in force. Raises Refused while Stripe is off."""
    return _client(settings()).v1


@functools.lru_cache(maxsize=4)
def _client(one: StripeSettings) -> Any:
    import stripe
    from stripe._http_client import RequestsClient  # the only way to set how long it waits

    return stripe.StripeClient(
        one.key, base_addresses={"api": one.api}, http_client=RequestsClient(timeout=WAIT), max_network_retries=0
    )


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn the client's faults into Declined (a clear no) or Unreachable (nobody knows).

    409, 429 and 5xx are no answer: the move may have happened. A wrong key or an idempotency clash is for the operator; the
    question is kept and asked again."""
    import stripe

    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError) as no:
        raise Declined(str(no.code or "invalid_request")) from no
    except stripe.StripeError as fault:
        log.info("stripe: %s: %s (%s)", what, type(fault).__name__, fault.http_status)
        raise Unreachable(f"{what}: {type(fault).__name__}") from fault


def money(minor: int, currency: str) -> Money:
    return Money(minor, currency.upper())


def pick(thing: Any, name: str) -> Any:
    """A value of one of Stripe's objects, None when it isn't there."""
    return getattr(thing, name, None) if thing is not None else None


def id_of(thing: Any) -> str:
    """Stripe gives a linked object as its id or, when asked, whole."""
    return thing if isinstance(thing, str) else str(pick(thing, "id") or "")


def note(thing: Any, name: str) -> str:
    """One of the notes we left on an object (metadata)."""
    notes = pick(thing, "metadata")
    try:
        return str(notes[name]) if notes and name in notes else ""
    except (KeyError, TypeError):
        return ""
