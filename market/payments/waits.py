"""Money that got stuck and waits for staff, as the queue asks for it. It has no page of its own: what was done is said there."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.money import Money
from core.ports import happened
from core.queue import actions as queue
from core.queue.kinds import Ask, Effect
from core.queue.models import QueueEntry
from core.work import Work
from market.payments import settling
from market.payments.events import (
    ChargebackClosed,
    ChargebackOpened,
    RefundFailed,
    ReleaseFailed,
    ReleaseWanted,
    SellerOwes,
    TakenTwice,
)
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.queries import locked
from market.payments.side_models import Chargeback

ROWS: dict[str, tuple[Any, str]] = {
    "refund_failed": (Refund, "failed"), "release_failed": (Release, "failed"), "reversal_failed": (Reversal, "failed"),
    "chargeback": (Chargeback, "open"), "seller_owes": (Reversal, "short"), "taken_twice": (Reversal, "done"),
}  # fmt: skip
SETTLED = ("paid_otherwise", "written_off")
"""Faults of a debt that staff have ended: nothing of it waits any more."""
NOT_OWED = ("release_failed", *SETTLED)


def _ask(session: Session, row: Any) -> Ask:
    """Neither payer nor payee decides."""
    intent = session.get_one(PaymentIntent, row.intent_id)
    parties = (intent.payer_id, intent.payee_id)
    return Ask(subject_id=row.id, title=intent.title, link=f"/orders/{intent.subject_id}", barred=parties)


def stuck(code: str, session: Session) -> Iterator[Ask]:
    """Rows in that state about which nobody has written down yet what was done."""
    kind, state = ROWS[code]
    answered = select(QueueEntry.subject_id).where(QueueEntry.kind == code, QueueEntry.state != "open")
    query = select(kind).where(kind.state == state, kind.id.not_in(answered))
    if code == "reversal_failed":
        query = query.where(kind.fault.not_in(NOT_OWED))
    elif code == "taken_twice":
        query = query.where(kind.recovered_minor > 0)
    for row in session.scalars(query.order_by(kind.id)):
        yield _ask(session, row)


def answered(kind: type[Refund] | type[Release]) -> Effect:
    """What staff did about a move that failed: paid in another way it counts as paid; to be tried again, the order is asked."""

    def follows(w: Work, row_id: str, verdict: str) -> None:
        row = w.session.get_one(Refund, row_id) if kind is Refund else w.session.get_one(Release, row_id)
        intent = locked(w.session, row.intent_id)
        w.session.refresh(row)
        if row.state != "failed":
            return
        if verdict == "paid_otherwise":
            settling.paid_otherwise(w, intent, row)
        elif verdict == "again":
            unit = intent.currency
            happened(w, ReleaseWanted(intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, unit)))

    return follows


refund_answered, release_answered = answered(Refund), answered(Release)


def _locked(w: Work, row_id: str) -> tuple[PaymentIntent, Reversal]:
    row = w.session.get_one(Reversal, row_id)
    intent = locked(w.session, row.intent_id)
    w.session.refresh(row, with_for_update=True)
    return intent, row


def owed_answered(w: Work, row_id: str, verdict: str) -> None:
    """What a seller owes ends by staff's word: they paid in another way, or it isn't asked for any more."""
    intent, row = _locked(w, row_id)
    settling.owed_settled(w, intent, row, paid=verdict == "paid_otherwise")


def twice_answered(w: Work, row_id: str, verdict: str) -> None:
    """What was taken twice is with the seller again, by the platform's hand or at the provider."""
    intent, row = _locked(w, row_id)
    settling.given_back(w, intent, row, at_provider=verdict == "at_provider")


def seller_owes(w: Work, event: SellerOwes) -> None:
    queue.ask(w, "seller_owes", _ask(w.session, w.session.get_one(Reversal, event.reversal_id)))


def taken_twice(w: Work, event: TakenTwice) -> None:
    queue.ask(w, "taken_twice", _ask(w.session, w.session.get_one(Reversal, event.reversal_id)))


def refund_failed(w: Work, event: RefundFailed) -> None:
    queue.ask(w, "refund_failed", _ask(w.session, w.session.get_one(Refund, event.refund_id)))


def release_failed(w: Work, event: ReleaseFailed) -> None:
    queue.ask(w, "release_failed", _ask(w.session, w.session.get_one(Release, event.release_id)))


def disputed(w: Work, event: ChargebackOpened) -> None:
    queue.ask(w, "chargeback", _ask(w.session, w.session.get_one(Chargeback, event.chargeback_id)))


def dispute_over(w: Work, event: ChargebackClosed) -> None:
    """The bank has decided: nothing waits any more."""
    queue.lapse(w, "chargeback", event.chargeback_id)
