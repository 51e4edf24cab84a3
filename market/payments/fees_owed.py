"""Fees of sales that were paid to the seller directly: the price is in their hands, so they owe the platform its part."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlalchemy.orm import Session, aliased

from market.ledger.debt_rules import Owed
from market.ledger.models import Entry, LedgerAccount, Posting
from market.payments.books import ENTRIES
from market.payments.models import PaymentIntent, Refund
from market.payments.providers import known


def of_seller(session: Session, payee_id: str, unit: str) -> Iterator[Owed]:
    """The fee of each such sale, less what of it was given back; in minor units."""
    paid = _paid_directly(unit, PaymentIntent.payee_id == payee_id)
    query = _fees(unit, paid, paid.c.subject_id, paid.c.since).group_by(paid.c.subject_id, paid.c.since)
    for subject_id, since, minor in session.execute(query):
        if minor:
            yield Owed(subject_id, int(minor), since)


def of_all(session: Session, unit: str, before: datetime) -> dict[str, int]:
    """All of it of each seller, for sales that were paid before that moment."""
    paid = _paid_directly(unit, PaymentIntent.paid_at < before)
    found = session.execute(_fees(unit, paid, paid.c.payee_id).group_by(paid.c.payee_id))
    return {payee_id: int(minor) for payee_id, minor in found}


def _paid_directly(unit: str, *where: ColumnElement[bool]) -> Subquery:
    """Each sale once: when it was first paid from hand to hand. A second payment, which goes straight back, is none."""
    by_hand = [one.code for one in known() if one.in_person]
    second = select(Refund.id).where(Refund.intent_id == PaymentIntent.id, Refund.why == "paid_twice").exists()
    query = select(PaymentIntent.subject_id, PaymentIntent.payee_id, func.min(PaymentIntent.paid_at).label("since"))
    query = query.where(PaymentIntent.provider.in_(by_hand), PaymentIntent.state.in_(("paid", "refunded")), ~second)
    query = query.where(PaymentIntent.currency == unit, *where)
    return query.group_by(PaymentIntent.subject_id, PaymentIntent.payee_id).subquery()


def _fees(unit: str, paid: Subquery, *columns: ColumnElement[Any]) -> Select[Any]:
    """What the sale itself put on the platform's account, and what took that back; nothing that a payment posted."""
    taken_back = aliased(Entry)
    return (
        select(*columns, func.sum(Posting.amount_minor))
        .select_from(paid)
        .join(Entry, Entry.subject_id == paid.c.subject_id)
        .outerjoin(taken_back, taken_back.id == Entry.reverses_id)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(Entry.posted, LedgerAccount.kind == "platform_fee", Posting.unit == unit)
        .where(func.coalesce(taken_back.kind, Entry.kind).not_in(ENTRIES))
    )
