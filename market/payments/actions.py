"""Paying, confirming, giving back, handing on: decided in a Work, with a key each; the provider is talked to afterwards
(talking.py).

The same key again gives back the first row. Nothing here reaches over the network."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Refused
from core.i18n import N_
from core.money import Money
from core.people.notices import notify
from core.people.sellers import seller_kind
from core.ports import happened
from core.states import walk
from core.work import Work
from market.payments import fee_words, settling
from market.payments.events import PaymentCancelled
from market.payments.models import PaymentIntent
from market.payments.offer import facts_of, find_collect_code
from market.payments.providers import get_provider
from market.payments.queries import held, locked
from market.payments.refunding import confirm_refunded, refund, refund_missing, say_refunded
from market.payments.releasing import fetch_back, release, release_missing
from market.payments.states import OPEN, PAYMENT
from market.payments.telling import between, tell_payee

__all__ = ["begin", "both_confirmed", "cancel", "confirm_refunded", "confirm_received", "fetch_back", "held", "refund",
           "refund_missing", "release", "release_missing", "say_paid", "say_refunded"]  # fmt: skip

BUSINESS = ("operator", "consignment", "self_operated")
CALL_OFF = "payments:call_off"


def begin(
    w: Work, *, provider: str, subject_id: str, payer_id: str, payee_id: str, amount: Money, title: str, key: str,
    remote: bool = False, business: bool | None = None,
) -> PaymentIntent:  # fmt: skip
    """Agree on a way of paying an order. `business`: does the payee trade as one; looked up when it isn't said.

    Raises Refused when the way doesn't fit, when the order is paid or another payment of it is open, or for a key that was used
    for something else."""
    found = w.session.scalars(select(PaymentIntent).where(PaymentIntent.key == key)).first()
    if found is not None:
        return _same(found, provider, subject_id, payer_id, payee_id, amount)
    way = get_provider(provider)
    trades = _is_business(w.session, payee_id) if business is None else business
    why = way.why_not(facts_of(w.session, payee_id, currency=amount.currency, business=trades, remote=remote))
    if why is not None:
        raise Refused("way_unfit", why, field="payment")
    _nothing_else(w.session, subject_id)
    code = find_collect_code(w.session, payee_id) if provider == "collect_code" else None
    intent = PaymentIntent(
        id=ids.new_id(), provider=provider, subject_id=subject_id, payer_id=payer_id, payee_id=payee_id,
        amount_minor=amount.minor, currency=amount.currency, title=title[:120], key=key, remote=remote,
        collect_code_id=code.id if code else None, created_at=w.now, payer_said_at=None, payee_said_at=None, paid_at=None,
        hold_until=None, warned_at=None, resolved_at=None, looked_at=None, ended_at=None,
    )  # fmt: skip
    w.session.add(intent)
    w.session.flush()
    w.record("market:payment:begun", subject_id, payment=intent.id, way=provider, amount=amount.minor)
    return intent


def _same(found: PaymentIntent, *asked: object) -> PaymentIntent:
    amount = Money(found.amount_minor, found.currency)
    if (found.provider, found.subject_id, found.payer_id, found.payee_id, amount) != asked:
        raise Refused("key_reused", N_("This was sent once already, for something else. Load the page again."))
    return found


def _is_business(session: Session, payee_id: str) -> bool:
    from core.people.models import Account

    person = session.get(Account, payee_id)
    return seller_kind(session, payee_id, None if person and not person.house else payee_id) in BUSINESS


def _nothing_else(session: Session, subject_id: str) -> None:
    """One order is paid once: neither a paid payment nor an open one stands beside a new one."""
    there = select(PaymentIntent).where(PaymentIntent.subject_id == subject_id, PaymentIntent.state.in_((*OPEN, "paid")))
    other = session.scalars(there).first()
    if other is not None:
        paid = other.state == "paid"
        raise Refused("paid" if paid else "payment_open", N_("It is paid already.") if paid else N_(
            "A payment for this is open. Finish it or call it off before you choose another way."))  # fmt: skip


def say_paid(w: Work, intent: PaymentIntent) -> None:
    """The payer says it is paid (in person or by transfer); for cash that is one half of the confirmation."""
    intent = between(w, intent)
    if intent.payer_said_at is not None:
        return
    PAYMENT.next(intent.state, "say")
    if intent.provider == "cash" and intent.payee_said_at is not None:
        settling.succeed(w, intent, payer_said_at=w.now)
        return
    walk(w, PAYMENT, intent, "say", payer_said_at=w.now)
    w.record("market:payment:said", intent.subject_id, payment=intent.id)
    price = N_("The buyer says that “%(title)s” is paid. Look whether the money is there, then confirm.")
    tell_payee(w, intent, fee_words.SAYS_PAID if fee_words.is_fee(w.session, intent.subject_id) else price)


def confirm_received(w: Work, intent: PaymentIntent) -> None:
    """The payee has the money. Cash counts as paid when the payer has said so too."""
    intent = between(w, intent)
    if intent.payee_said_at is not None:
        return
    PAYMENT.next(intent.state, "succeed")
    if intent.provider == "cash" and intent.payer_said_at is None:
        intent.payee_said_at = w.now
        w.record("market:payment:received", intent.subject_id, payment=intent.id)
        price = N_("The seller says that the money for “%(title)s” has arrived. Confirm that you paid it.")
        sentence = fee_words.SAYS_ARRIVED if fee_words.is_fee(w.session, intent.subject_id) else price
        notify(w, intent.payer_id, sentence, f"/payments/{intent.id}", title=intent.title)
        return
    settling.succeed(w, intent, payee_said_at=w.now)


def both_confirmed(w: Work, intent: PaymentIntent) -> None:
    """Both said so at once: the buyer showed the receipt code, the seller typed it."""
    intent = between(w, intent)
    if intent.state == "paid":
        return
    said = {"payer_said_at": intent.payer_said_at or w.now, "payee_said_at": intent.payee_said_at or w.now}
    settling.succeed(w, intent, **said)


def cancel(w: Work, intent: PaymentIntent, why: str = "called_off") -> None:
    """Call off a payment that isn't made. A provider that might be paid at this moment is asked first: until it answers the
    payment is `calling_off`, and if it was paid all the same, PaymentSucceeded is told instead of PaymentCancelled."""
    intent = locked(w.session, intent.id)
    if intent.state in ("calling_off", "cancelled"):
        return
    if intent.provider_ref is not None:
        walk(w, PAYMENT, intent, "call_off", why=why[:60])
        w.later(CALL_OFF, intent=intent.id)
        return
    walk(w, PAYMENT, intent, "cancel", ended_at=w.now, why=why[:60])
    w.record("market:payment:cancelled", intent.subject_id, payment=intent.id, why=why)
    amount = Money(intent.amount_minor, intent.currency)
    happened(w, PaymentCancelled(intent_id=intent.id, subject_id=intent.subject_id, amount=amount, why=why))
