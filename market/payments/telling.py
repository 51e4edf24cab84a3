"""What ways between two people need on every step: only those, under the payment's lock, and the other side told."""

from core.errors import Refused
from core.i18n import N_
from core.people.notices import notify
from core.people.queries import answering_for
from core.work import Work
from market.payments.models import PaymentIntent
from market.payments.providers import get_provider
from market.payments.queries import locked


def between(w: Work, intent: PaymentIntent) -> PaymentIntent:
    """The payment under its lock; Refused when a provider settles it, not the two people."""
    if not get_provider(intent.provider).in_person:
        raise Refused("not_by_hand", N_("The payment provider says whether this is paid; nobody has to confirm it."))
    return locked(w.session, intent.id)


def tell_payee(w: Work, intent: PaymentIntent, sentence: str) -> None:
    """The person who is paid, or who manages the place that is."""
    for account_id in answering_for(w.session, intent.payee_id):
        notify(w, account_id, sentence, f"/payments/{intent.id}", title=intent.title)
