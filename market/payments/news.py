"""What an event of Stripe makes us do: fetch the object it names, outside a Work, then take over what it says, inside one.

The event itself is believed in nothing but its name: it may be late, doubled, or out of order; the object tells how things
are now."""

from collections.abc import Callable

from sqlalchemy import select

from core import clock, ids
from core.money import Money
from core.ports import happened
from core.work import Work
from market.payments import chargebacks, payout, settling, talking
from market.payments.contract import Moved, Told
from market.payments.events import RefundAdopted
from market.payments.models import PaymentIntent, Refund
from market.payments.providers import get_provider, stripe_accounts
from market.payments.providers.stripe import look_dispute, look_refund
from market.payments.queries import find_by, locked

Apply = Callable[[Work], str]
KINDS = {
    "checkout.session.completed": "payment", "checkout.session.async_payment_succeeded": "payment",
    "checkout.session.async_payment_failed": "payment", "checkout.session.expired": "payment",
    "payment_intent.succeeded": "payment", "payment_intent.payment_failed": "payment", "payment_intent.processing": "payment",
    "payment_intent.canceled": "payment",
    "refund.created": "refund", "refund.updated": "refund", "refund.failed": "refund", "charge.refund.updated": "refund",
    "charge.dispute.created": "dispute", "charge.dispute.updated": "dispute", "charge.dispute.closed": "dispute",
    "charge.dispute.funds_withdrawn": "dispute", "charge.dispute.funds_reinstated": "dispute",
    "account.updated": "account",
}  # fmt: skip


def fetch(kind: str, ref: str) -> Apply:
    """Ask Stripe for what the event is about. Raises Unreachable; the door then has it sent again."""
    about = KINDS.get(kind)
    if about == "payment":
        told = get_provider("stripe").status(ref)
        return lambda w: _payment(w, told)
    if about == "refund":
        moved = look_refund(ref)
        before = get_provider("stripe").status(moved.pay_ref) if moved.pay_ref else None
        return lambda w: _refund(w, moved, before)
    if about == "dispute":
        news = look_dispute(ref)
        paid = get_provider("stripe").status(news.pay_ref)
        return lambda w: _worse(_payment(w, paid), _dispute(w, news, paid))
    if about == "account":
        asked_at = clock.now()
        account = stripe_accounts.look_account(ref)
        return lambda w: payout.learn(w, account, asked_at)
    return lambda w: "unknown"


def _worse(*outcomes: str) -> str:
    return next((one for one in ("applied", "nothing_new") if one in outcomes), outcomes[-1])


def _ours(w: Work, told: Told) -> PaymentIntent | None:
    found = find_by(w.session, "stripe", intent_id=told.intent_id, ref=told.ref, pay_ref=told.pay_ref)
    return locked(w.session, found.id) if found else None


def _payment(w: Work, told: Told) -> str:
    intent = _ours(w, told)
    if intent is None:
        return "not_ours"
    return "applied" if settling.told(w, intent, told) else "nothing_new"


def _refund(w: Work, moved: Moved, paid: Told | None) -> str:
    """A refund may be reported before its payment, and may have been made by the operator at Stripe itself."""
    intent = _ours(w, paid) if paid is not None else None
    if intent is None or paid is None:
        return "not_ours"
    changed = settling.told(w, intent, paid)
    query = select(Refund).where((Refund.id == moved.row) if moved.row else (Refund.provider_ref == moved.ref))
    row = w.session.scalars(query).first()
    if row is None:
        if moved.state == "failed" or moved.amount is None:
            return "applied" if changed else "nothing_new"
        row = _adopted(w, intent, moved, moved.amount.minor)
    before = row.state
    talking.settle(w, "refund", row.id, moved)
    return "applied" if changed or row.state != before else "nothing_new"


def _adopted(w: Work, intent: PaymentIntent, moved: Moved, amount: int) -> Refund:
    """Money that went back without our asking is written down all the same."""
    row = Refund(
        id=ids.new_id(), intent_id=intent.id, amount_minor=amount, key=f"stripe/{moved.ref}", why="dashboard",
        provider_ref=moved.ref, asked_at=w.now, paid_back_at=None, tried_at=None, settled_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:refund:adopted", intent.subject_id, refund=row.id, amount=amount)
    back = Money(amount, intent.currency)
    happened(w, RefundAdopted(intent_id=intent.id, subject_id=intent.subject_id, amount=back, refund_id=row.id))
    return row


def _dispute(w: Work, news: object, paid: Told) -> str:
    from market.payments.contract import Disputed

    intent = _ours(w, paid)
    if intent is None or not isinstance(news, Disputed):
        return "not_ours"
    return "applied" if chargebacks.disputed(w, intent, news) else "nothing_new"
