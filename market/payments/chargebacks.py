"""The payer's bank takes a payment back (a chargeback): the books follow every movement, orders are told, refunds wait."""

from sqlalchemy import select

from core import ids
from core.money import Money
from core.ports import happened
from core.states import walk
from core.work import Work
from market.payments import books
from market.payments.contract import Disputed
from market.payments.events import ChargebackClosed, ChargebackOpened
from market.payments.models import PaymentIntent
from market.payments.side_models import Chargeback
from market.payments.states import CHARGEBACK


def disputed(w: Work, intent: PaymentIntent, news: Disputed) -> bool:
    """Take over what the provider says of a chargeback; tells whether anything changed. Old news changes nothing."""
    row = w.session.scalars(select(Chargeback).where(Chargeback.provider_ref == news.ref)).first()
    new = row is None
    if row is None:
        row = _opened(w, intent, news)
    moves = [one for one in news.taken if one.amount.currency == intent.currency]
    if len(moves) < row.moves:
        return new
    before = (row.taken_minor, row.fee_minor, row.state, row.due_at)
    for one in moves:
        books.charged_back(w, intent, one.ref, one.amount, one.fee)
    row.taken_minor, row.fee_minor = max(0, -sum(one.amount.minor for one in moves)), sum(one.fee.minor for one in moves)
    row.moves, row.due_at = len(moves), news.due
    w.session.flush()
    if row.state == "open" and news.state != "open":
        _closed(w, intent, row, won=news.state == "won")
    return new or before != (row.taken_minor, row.fee_minor, row.state, row.due_at)


def _opened(w: Work, intent: PaymentIntent, news: Disputed) -> Chargeback:
    row = Chargeback(
        id=ids.new_id(), intent_id=intent.id, provider_ref=news.ref, amount_minor=news.amount.minor, reason=news.reason[:60],
        opened_at=w.now, due_at=news.due, closed_at=None, taken_minor=0, fee_minor=0, moves=0,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:chargeback:opened", intent.subject_id, chargeback=row.id, amount=row.amount_minor)
    happened(w, ChargebackOpened(
        intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, intent.currency), chargeback_id=row.id,
        reason=row.reason, due=news.due,
    ))  # fmt: skip
    return row


def _closed(w: Work, intent: PaymentIntent, row: Chargeback, *, won: bool) -> None:
    walk(w, CHARGEBACK, row, "win" if won else "lose", closed_at=w.now)
    w.record("market:chargeback:closed", intent.subject_id, chargeback=row.id, won=won)
    happened(w, ChargebackClosed(
        intent_id=intent.id, subject_id=intent.subject_id, amount=Money(row.amount_minor, intent.currency), chargeback_id=row.id,
        won=won,
    ))  # fmt: skip
