"""Reading payments: one of them, what of it moved, what is still held, what a seller owes."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import get_locked, get_row
from core.money import Money
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.rules import Sums
from market.payments.side_models import BankDetails, Chargeback


def get_intent(session: Session, intent_id: str) -> PaymentIntent:
    return get_row(session, PaymentIntent, intent_id)


def locked(session: Session, intent_id: str) -> PaymentIntent:
    """The payment under the lock that everything about its money takes first."""
    return get_locked(session, PaymentIntent, intent_id)


def find_by(session: Session, provider: str, *, intent_id: str = "", ref: str = "", pay_ref: str = "") -> PaymentIntent | None:
    """The payment a provider talks of: by our own id kept there, its session, or the payment that came of it."""
    if intent_id and (found := session.get(PaymentIntent, intent_id)) is not None and found.provider == provider:
        return found
    for column, value in ((PaymentIntent.provider_ref, ref), (PaymentIntent.pay_ref, pay_ref)):
        if value:
            row = session.scalars(select(PaymentIntent).where(PaymentIntent.provider == provider, column == value)).first()
            if row is not None:
                return row
    return None


def of_subject(session: Session, subject_id: str) -> list[PaymentIntent]:
    """Every payment of an order, oldest first."""
    return list(session.scalars(select(PaymentIntent).where(PaymentIntent.subject_id == subject_id).order_by(PaymentIntent.id)))


def sums_of(session: Session, intent: PaymentIntent) -> Sums:
    """What of this payment moved or is about to; nothing that failed."""

    def total(column: object, *where: object) -> int:
        return int(session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0)  # type: ignore[arg-type,call-overload]

    released = (Release.intent_id == intent.id, Release.state != "failed")
    back = Reversal.intent_id == intent.id
    pending = (back, Reversal.state.in_(("asked", "short")))
    recovered = total(Reversal.recovered_minor, *pending)
    before_it_failed = total(Reversal.recovered_minor, back, Reversal.state == "failed")
    came = intent.amount_minor if intent.state in ("paid", "refunded") else 0
    return Sums(
        paid=came,
        refunded=total(Refund.amount_minor, Refund.intent_id == intent.id, Refund.state != "failed"),
        released=total(Release.amount_minor, *released),
        kept=total(Release.fee_minor, *released),
        withheld=total(Release.withheld_minor, *released),
        reversed=total(Reversal.amount_minor, back, Reversal.state.in_(("done", "recovered"))) + recovered + before_it_failed,
        reversing=total(Reversal.amount_minor, *pending) - recovered,
        charged_back=total(Chargeback.taken_minor, Chargeback.intent_id == intent.id),
    )


def held(session: Session, intent: PaymentIntent) -> Money:
    """What still rests at the provider; nothing where nobody holds it."""
    return Money(max(0, sums_of(session, intent).held), intent.currency)


def refundable(session: Session, intent: PaymentIntent) -> int:
    """What can still go back to the payer, in minor units."""
    return sums_of(session, intent).refundable


def at_bank(session: Session, intent: PaymentIntent) -> bool:
    """Does the payer's bank examine this payment? Then nothing of it can move."""
    return any(one.state == "open" for one in chargebacks_of(session, intent.id))


def with_staff(session: Session, intent: PaymentIntent) -> bool:
    """Did a move of this payment fail? Then staff see to what is held, and no clock pays it a second time."""
    moves: list[Refund | Release] = [*refunds_of(session, intent.id), *releases_of(session, intent.id)]
    return any(one.state == "failed" for one in moves)


def refunds_of(session: Session, intent_id: str) -> Sequence[Refund]:
    return session.scalars(select(Refund).where(Refund.intent_id == intent_id).order_by(Refund.id)).all()


def releases_of(session: Session, intent_id: str) -> Sequence[Release]:
    return session.scalars(select(Release).where(Release.intent_id == intent_id).order_by(Release.id)).all()


def reversals_of(session: Session, intent_id: str) -> Sequence[Reversal]:
    return session.scalars(select(Reversal).where(Reversal.intent_id == intent_id).order_by(Reversal.id)).all()


def chargebacks_of(session: Session, intent_id: str) -> Sequence[Chargeback]:
    return session.scalars(select(Chargeback).where(Chargeback.intent_id == intent_id).order_by(Chargeback.id)).all()


def debts_of(session: Session, payee_id: str, currency: str, *, lock: bool = False) -> Sequence[Reversal]:
    """What a seller still has to give back from earlier sales, oldest first. `lock`: fresh, and nobody else settles any of it."""
    query = select(Reversal).join(PaymentIntent, PaymentIntent.id == Reversal.intent_id)
    query = query.where(Reversal.payee_id == payee_id, Reversal.state == "short", PaymentIntent.currency == currency)
    query = query.order_by(Reversal.id)
    if lock:
        query = query.with_for_update(of=Reversal).execution_options(populate_existing=True)
    return session.scalars(query).all()


def find_bank_details(session: Session, intent_id: str) -> BankDetails | None:
    return session.get(BankDetails, intent_id)


def is_first_payment(session: Session, payer_id: str) -> bool:
    paid = select(PaymentIntent.id).where(PaymentIntent.payer_id == payer_id, PaymentIntent.paid_at.is_not(None)).limit(1)
    return session.scalars(paid).first() is None
