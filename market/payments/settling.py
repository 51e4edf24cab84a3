"""What is true once it is known: a payment succeeded, money went back or on, the bank took it. Books, states and events in
one Work.

Every function bears being told twice and in any order: news that is old changes nothing."""

from datetime import datetime, timedelta

from sqlalchemy import select

from core.errors import Refused
from core.i18n import N_
from core.money import Money
from core.ports import happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.payments import books
from market.payments.contract import Told, guaranteed
from market.payments.events import (
    PaymentCancelled,
    PaymentFailed,
    PaymentSucceeded,
    RefundDone,
    RefundFailed,
    ReleaseDone,
    ReleaseFailed,
    SellerOwes,
    TakenTwice,
)
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.providers import get_provider
from market.payments.queries import of_subject, refunds_of, reversals_of, sums_of
from market.payments.states import PAYMENT, REFUND, RELEASE, REVERSAL
from market.payments.telling import tell_payee

# Stripe holds 90 days at most (docs.stripe.com/connect/manual-payouts); Alipay refunds for 90 days
HOLD = timedelta(days=80)
WARN = timedelta(days=60)
KEPT = "+"  # ends the key of a share that is owed because a release kept it back for an older debt


def told(w: Work, intent: PaymentIntent, news: Told) -> bool:
    """Apply what a provider says of a payment; tells whether anything changed. An amount that isn't ours changes nothing."""
    before = (intent.state, intent.fee_minor, intent.why, intent.pay_ref)
    if news.state == "paid":
        if news.amount != Money(intent.amount_minor, intent.currency):
            w.record("market:payment:differs", intent.subject_id, payment=intent.id)
            return False
        if PAYMENT.can(intent.state, "succeed"):
            ref = intent.provider_ref or news.ref or None
            succeed(w, intent, pay_ref=news.pay_ref, charge_ref=news.charge_ref, provider_ref=ref)
        learn_fee(w, intent, news.fee)
    elif news.state == "underway" and PAYMENT.can(intent.state, "wait"):
        walk(w, PAYMENT, intent, "wait")
    elif news.state == "failed" and PAYMENT.can(intent.state, "fail"):
        fail(w, intent, news.why)
    elif news.state == "gone" and PAYMENT.can(intent.state, "cancel"):
        gone(w, intent, news.why)
    elif news.state == "open" and news.why and intent.state == "begun":
        intent.why = news.why[:60]
    return before != (intent.state, intent.fee_minor, intent.why, intent.pay_ref)


def succeed(w: Work, intent: PaymentIntent, **refs: str | datetime | None) -> None:
    """The money is there. A second payment of the same order goes straight back."""
    holds = guaranteed(get_provider(intent.provider))
    twice = any(_stays_paid(w, one) for one in of_subject(w.session, intent.subject_id) if one.id != intent.id)
    walk(w, PAYMENT, intent, "succeed", paid_at=w.now, hold_until=w.now + HOLD if holds else None, ended_at=None, why="", **refs)
    books.paid(w, intent)
    w.record("market:payment:succeeded", intent.subject_id, payment=intent.id, way=intent.provider, amount=intent.amount_minor)
    amount = Money(intent.amount_minor, intent.currency)
    if twice:
        from market.payments.refunding import refund  # it settles by this module

        refund(w, intent, amount, f"paid_twice/{intent.id}", "paid_twice")
        return
    holder = get_provider(intent.provider).holder
    happened(w, PaymentSucceeded(intent_id=intent.id, subject_id=intent.subject_id, amount=amount, provider=intent.provider,
                                 holder=holder))  # fmt: skip


def _stays_paid(w: Work, other: PaymentIntent) -> bool:
    """Paid, and not on its way back to the payer as a whole."""
    return other.state == "paid" and sums_of(w.session, other).refunded < other.amount_minor


def learn_fee(w: Work, intent: PaymentIntent, fee: Money | None) -> None:
    """The provider's own fee, once it is known and in the money it was paid in."""
    if fee is not None and intent.fee_minor is None and fee.currency == intent.currency:
        intent.fee_minor = fee.minor
        books.provider_fee(w, intent, fee)


def fail(w: Work, intent: PaymentIntent, why: str) -> None:
    walk(w, PAYMENT, intent, "fail", ended_at=w.now, why=why[:60])
    w.record("market:payment:failed", intent.subject_id, payment=intent.id, why=why or "unknown")
    amount = Money(intent.amount_minor, intent.currency)
    happened(w, PaymentFailed(intent_id=intent.id, subject_id=intent.subject_id, amount=amount, why=why))


def gone(w: Work, intent: PaymentIntent, why: str) -> None:
    said = intent.why if intent.state == "calling_off" and intent.why else why
    walk(w, PAYMENT, intent, "cancel", ended_at=w.now, why=said[:60])
    w.record("market:payment:cancelled", intent.subject_id, payment=intent.id, why=said or "expired")
    amount = Money(intent.amount_minor, intent.currency)
    happened(w, PaymentCancelled(intent_id=intent.id, subject_id=intent.subject_id, amount=amount, why=said))


def refund_sent(w: Work, row: Refund, ref: str) -> None:
    """The provider has it and will tell: until then it is on its way."""
    if REFUND.can(row.state, "send"):
        walk(w, REFUND, row, "send", provider_ref=row.provider_ref or ref)


def refund_done(w: Work, intent: PaymentIntent, row: Refund, ref: str | None = None) -> None:
    if not REFUND.can(row.state, "finish"):
        return
    walk(w, REFUND, row, "finish", settled_at=w.now, provider_ref=row.provider_ref or ref)
    books.refunded(w, intent, row)
    w.record("market:refund:done", intent.subject_id, refund=row.id, amount=row.amount_minor)
    _tell_refunded(w, intent, row)


def _tell_refunded(w: Work, intent: PaymentIntent, row: Refund) -> None:
    back = sum(one.amount_minor for one in refunds_of(w.session, intent.id) if one.state in ("done", "by_hand"))
    if back == intent.amount_minor and PAYMENT.can(intent.state, "give_back"):
        walk(w, PAYMENT, intent, "give_back", ended_at=w.now)
    happened(w, RefundDone(intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, intent.currency),
                           refund_id=row.id, why=row.why))  # fmt: skip


def refund_failed(w: Work, intent: PaymentIntent, row: Refund, why: str, ref: str | None = None) -> None:
    """It never will arrive, or it came back after it was done (a closed card): then the books take it back too."""
    was = row.state
    if not REFUND.can(was, "fail"):
        return
    walk(w, REFUND, row, "fail", settled_at=w.now, fault=why[:80], provider_ref=row.provider_ref or ref)
    if was == "done":
        books.refund_came_back(w, intent, row)
        if intent.state == "refunded":
            walk(w, PAYMENT, intent, "come_back", ended_at=None)
    w.record("market:refund:failed", intent.subject_id, refund=row.id, why=why or "unknown")
    happened(w, RefundFailed(intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, intent.currency),
                             refund_id=row.id, why=why))  # fmt: skip


def release_done(w: Work, intent: PaymentIntent, row: Release, ref: str | None) -> None:
    if not RELEASE.can(row.state, "finish"):
        return
    walk(w, RELEASE, row, "finish", settled_at=w.now, provider_ref=ref)
    books.released(w, intent, row)
    w.record("market:release:done", intent.subject_id, release=row.id, amount=row.amount_minor)
    for back in _to_fetch(w, row):
        if from_kept(back):
            seller_lacks(w, intent, back, "kept_back")
        else:
            w.later("payments:send", kind="reversal", id=back.id)
    _tell_released(w, intent, row)


def _tell_released(w: Work, intent: PaymentIntent, row: Release) -> None:
    unit = intent.currency
    happened(w, ReleaseDone(
        intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, unit), release_id=row.id,
        payee_id=row.payee_id, fee=Money(row.fee_minor, unit), withheld=Money(row.withheld_minor, unit),
    ))  # fmt: skip


def _to_fetch(w: Work, row: Release) -> list[Reversal]:
    """What was to be fetched back of this release before it had happened."""
    return [one for one in reversals_of(w.session, row.intent_id) if one.release_id == row.id and one.state == "asked"]


def from_kept(row: Reversal) -> bool:
    """Is it a share of what a release kept back for an older debt? It rests at the provider: nothing can be fetched."""
    return row.key.endswith(KEPT)


def release_failed(w: Work, intent: PaymentIntent, row: Release, why: str) -> None:
    if not RELEASE.can(row.state, "fail"):
        return
    walk(w, RELEASE, row, "fail", settled_at=w.now, fault=why[:80])
    for back in _to_fetch(w, row):
        reversal_failed(w, intent, back, "release_failed")
    for reversal_id, part in sorted(row.settles.items()):
        owed_again(w, w.session.get_one(Reversal, reversal_id, with_for_update=True, populate_existing=True), part)
    w.record("market:release:failed", intent.subject_id, release=row.id, why=why or "unknown")
    happened(w, ReleaseFailed(intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, intent.currency),
                              release_id=row.id, payee_id=row.payee_id, why=why))  # fmt: skip


def paid_otherwise(w: Work, intent: PaymentIntent, row: Refund | Release) -> None:
    """Staff say that what failed was paid in another way: it counts as paid, the books tell it, and nothing pays it again.

    Raises Refused when the program has moved that money meanwhile."""
    sums = sums_of(w.session, intent)
    refund = isinstance(row, Refund)
    moved = row.amount_minor if isinstance(row, Refund) else row.amount_minor + row.fee_minor + row.withheld_minor
    there = row.fault not in ("not_there", "not_held")  # else it is the platform's own loss: no more is held for it
    if there and moved > (sums.refundable if refund else sums.held):
        raise Refused("moved_meanwhile", N_("This money has moved meanwhile. Look at the payment before you answer."))
    walk(w, REFUND if refund else RELEASE, row, "pay_otherwise", settled_at=w.now)
    books.paid_otherwise(w, intent, row)
    word = "market:refund:by_hand" if refund else "market:release:by_hand"
    w.record(word, intent.subject_id, row=row.id, amount=row.amount_minor)
    if isinstance(row, Refund):
        _tell_refunded(w, intent, row)
        return
    for reversal_id, part in sorted(row.settles.items()):
        debt = w.session.get_one(Reversal, reversal_id, with_for_update=True, populate_existing=True)
        if debt.state == "short" and part <= debt.amount_minor - debt.recovered_minor:
            recovered(w, debt, part)
    _tell_released(w, intent, row)


def fetched_back(w: Work, intent: PaymentIntent, row: Reversal, ref: str | None) -> None:
    """The provider fetched all of it. What a later release has settled meanwhile was taken twice: the books owe it, and staff
    hear of it."""
    if not REVERSAL.can(row.state, "finish"):
        return
    queue.lapse(w, "seller_owes", row.id)
    walk(w, REVERSAL, row, "finish", settled_at=w.now, provider_ref=ref)
    books.fetched_back(w, intent, row)
    w.record("market:reversal:done", intent.subject_id, reversal=row.id, amount=row.amount_minor, twice=row.recovered_minor)
    if row.recovered_minor:
        happened(w, TakenTwice(
            intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.recovered_minor, intent.currency),
            payee_id=row.payee_id, reversal_id=row.id,
        ))  # fmt: skip


def seller_lacks(w: Work, intent: PaymentIntent, row: Reversal, why: str) -> None:
    """The seller's account had not enough: they owe it; their next release settles it. Said once."""
    row.fault = why[:80]
    if not REVERSAL.can(row.state, "lack"):
        return
    walk(w, REVERSAL, row, "lack")
    w.record("market:reversal:short", intent.subject_id, reversal=row.id, amount=row.amount_minor)
    tell_payee(w, intent, N_("“%(title)s” was paid back to the buyer. Your share is settled with your next sale."))
    _tell_owed(w, intent, row)


def _tell_owed(w: Work, intent: PaymentIntent, row: Reversal) -> None:
    happened(w, SellerOwes(intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, intent.currency),
                           payee_id=row.payee_id, reversal_id=row.id))  # fmt: skip


def reversal_failed(w: Work, intent: PaymentIntent, row: Reversal, why: str) -> None:
    if REVERSAL.can(row.state, "fail"):
        queue.lapse(w, "seller_owes", row.id)
        walk(w, REVERSAL, row, "fail", settled_at=w.now, fault=why[:80])
        w.record("market:reversal:failed", intent.subject_id, reversal=row.id, why=why or "unknown")


def owed_settled(w: Work, intent: PaymentIntent, row: Reversal, *, paid: bool) -> None:
    """Staff say that the seller paid the platform in another way (`paid`), or that it isn't asked for any more: the books stop
    naming it as owed, and nothing is kept back for it. What was never handed on isn't owed."""
    for one in w.session.scalars(select(Release).where(Release.payee_id == row.payee_id, Release.state == "asked")):
        if row.id in one.settles:
            raise Refused("being_settled", N_("A later sale is settling a part of this right now. Answer when that has moved."))
    if row.state == "short":
        walk(w, REVERSAL, row, "fail", settled_at=w.now, fault="paid_otherwise" if paid else "written_off")
    elif row.state != "failed" or row.fault == "release_failed":
        return
    books.owed_settled(w, intent, row, paid=paid)
    left = row.amount_minor - row.recovered_minor
    w.record("market:reversal:by_hand", intent.subject_id, reversal=row.id, amount=left, paid=paid)
    tell_payee(w, intent, N_("What you owed for “%(title)s” is settled: it was paid.") if paid else N_(
        "What you owed for “%(title)s” isn't asked for any more."))  # fmt: skip


def given_back(w: Work, intent: PaymentIntent, row: Reversal, *, at_provider: bool) -> None:
    """What was taken from the seller twice is with them again."""
    books.given_back(w, intent, row, at_provider=at_provider)
    w.record("market:reversal:given_back", intent.subject_id, reversal=row.id, amount=row.recovered_minor)
    tell_payee(w, intent, N_("What was taken from you twice for “%(title)s” was given back."))


def recovered(w: Work, row: Reversal, part: int) -> None:
    """A part of what a seller owes is kept back from a later release: it never leaves the balance, so nothing is posted."""
    row = w.session.get_one(Reversal, row.id, with_for_update=True, populate_existing=True)
    if row.recovered_minor + part == row.amount_minor:
        walk(w, REVERSAL, row, "settle", settled_at=w.now, recovered_minor=row.amount_minor)
        queue.lapse(w, "seller_owes", row.id)
    else:
        row.recovered_minor += part
        w.session.flush()
    w.record("market:reversal:recovered", row.id, amount=part)


def owed_again(w: Work, row: Reversal, part: int) -> None:
    """The release that was to settle it failed: it is owed as before."""
    if row.state == "recovered":
        walk(w, REVERSAL, row, "owe_again", settled_at=None, recovered_minor=row.recovered_minor - part)
        _tell_owed(w, w.session.get_one(PaymentIntent, row.intent_id), row)
    else:
        row.recovered_minor -= part
        w.session.flush()
