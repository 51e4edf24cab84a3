"""Money back to the payer: at the provider by a job, in person by the two people's own words."""

from sqlalchemy import select

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.money import Money
from core.people.notices import notify
from core.ports import happened
from core.work import Work
from market.payments import fee_words, settling
from market.payments.events import RefundFailed
from market.payments.models import PaymentIntent, Refund
from market.payments.providers import get_provider
from market.payments.queries import chargebacks_of, locked, sums_of
from market.payments.releasing import ask_reversals
from market.payments.rules import from_seller as share_of_seller
from market.payments.states import PAYMENT
from market.payments.telling import between, tell_payee

SEND = "payments:send"


def refund(
    w: Work, intent: PaymentIntent, amount: Money, key: str, why: str, *, from_seller: Money | None = None
) -> Refund:  # fmt: skip
    """Give a part or all of a payment back. `from_seller`: the seller's share where money was handed on to them already; when it
    isn't said, what is still held goes first. In person the seller pays it back and the buyer confirms.

    Raises Invalid for more than is left, Refused while the bank examines the payment or when it isn't paid."""
    found = w.session.scalars(select(Refund).where(Refund.key == key)).first()
    if found is not None:
        return found
    intent = locked(w.session, intent.id)
    sums = sums_of(w.session, intent)
    _may_refund(w, intent, amount, sums.refundable)
    share = share_of_seller(sums, amount.minor, from_seller.minor if from_seller is not None else None)
    row = Refund(
        id=ids.new_id(), intent_id=intent.id, amount_minor=amount.minor, from_seller_minor=share, key=key, why=why[:60],
        asked_at=w.now, paid_back_at=None, tried_at=None, settled_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:refund:asked", intent.subject_id, refund=row.id, amount=amount.minor, why=why)
    if get_provider(intent.provider).in_person:
        price = N_("Pay the buyer of “%(title)s” back, then say so on this page.")
        tell_payee(w, intent, fee_words.PAY_BACK if fee_words.is_fee(w.session, intent.subject_id) else price)
        return row
    w.later(SEND, kind="refund", id=row.id)
    ask_reversals(w, intent, share, row.key, row)
    return row


def refund_missing(w: Work, intent: PaymentIntent, amount: Money, key: str, why: str) -> None:
    """What is owed to the payer and isn't there any more: it failed from the start, so that staff hear of it. Once a key."""
    if w.session.scalars(select(Refund).where(Refund.key == key)).first() is not None:
        return
    row = Refund(
        id=ids.new_id(), intent_id=intent.id, amount_minor=amount.minor, key=key, why=why[:60], state="failed", asked_at=w.now,
        paid_back_at=None, tried_at=None, settled_at=w.now, fault="not_there",
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:refund:failed", intent.subject_id, refund=row.id, why="not_there")
    happened(w, RefundFailed(intent_id=intent.id, subject_id=intent.subject_id, amount=amount, refund_id=row.id, why="not_there"))


def _may_refund(w: Work, intent: PaymentIntent, amount: Money, most: int) -> None:
    if intent.state != "paid":
        PAYMENT.next(intent.state, "give_back")
    if amount.currency != intent.currency or amount.minor <= 0:
        raise Invalid("refund_nothing", N_("Say how much goes back."), field="amount")
    if amount.minor > most:
        raise Invalid("refund_too_much", N_("That is more than is left of this payment."), field="amount")
    if any(one.state == "open" for one in chargebacks_of(w.session, intent.id)):
        raise Refused(
            "disputed_at_bank", N_("The payer's bank examines this payment: nothing can be sent back until it has decided.")
        )


def say_refunded(w: Work, row: Refund) -> None:
    """In person: the seller says the money went back; the buyer confirms."""
    between(w, row.intent)
    if row.state == "asked" and row.paid_back_at is None:
        row.paid_back_at = w.now
        price = N_("The seller says that money for “%(title)s” was paid back. Confirm when you have it.")
        sentence = fee_words.SAYS_PAID_BACK if fee_words.is_fee(w.session, row.intent.subject_id) else price
        notify(w, row.intent.payer_id, sentence, f"/payments/{row.intent_id}", title=row.intent.title)


def confirm_refunded(w: Work, row: Refund) -> None:
    """In person: the buyer has the money back."""
    intent = between(w, row.intent)
    if row.state != "done":
        settling.refund_done(w, intent, row)
