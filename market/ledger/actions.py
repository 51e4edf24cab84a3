"""Writing into the books: one entry, its postings, balanced, once. A correction is a reversing entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import ids
from core.money import Money
from core.work import Work
from market.ledger.models import Entry, LedgerAccount, Posting


class Unbalanced(ValueError):
    """The lines do not sum to zero in every unit: nothing is written."""


@dataclass(frozen=True, slots=True)
class Line:
    """`kind` of account, whose it is, and the amount: positive is owed to it, negative owed by it."""

    kind: str
    owner_id: str
    amount: Money


def post(w: Work, kind: str, subject_id: str, key: str, lines: Sequence[Line]) -> Entry:
    """Write one entry; the same key again gives back the first. Raises Unbalanced."""
    found = w.session.scalars(select(Entry).where(Entry.key == key)).first()
    if found is not None:
        return found
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
    if len(lines) < 2 or any(sums.values()):
        raise Unbalanced(f"{kind}: {sums}")
    entry = Entry(id=ids.new_id(), kind=kind, key=key, subject_id=subject_id, at=w.now, entered_by=w.actor.id)
    w.session.add(entry)
    w.session.flush()
    for line in lines:
        account = get_account(w.session, line.kind, line.owner_id, line.amount.currency)
        w.session.add(
            Posting(id=ids.new_id(), entry_id=entry.id, account_id=account.id, amount_minor=line.amount.minor,
                    unit=line.amount.currency)
        )  # fmt: skip
    w.session.flush()
    entry.posted = True
    w.session.flush()
    w.record("market:ledger:posted", subject_id, entry=entry.id, kind=kind)
    return entry


def get_account(session: Session, kind: str, owner_id: str, unit: str) -> LedgerAccount:
    query = select(LedgerAccount).where(
        LedgerAccount.kind == kind, LedgerAccount.owner_id == owner_id, LedgerAccount.unit == unit
    )
    account = session.scalars(query).first()
    if account is None:
        account = LedgerAccount(id=ids.new_id(), kind=kind, owner_id=owner_id, unit=unit)
        session.add(account)
        session.flush()
    return account


def balance(session: Session, kind: str, owner_id: str, unit: str = "CNY") -> Money:
    """What is owed to (positive) or by (negative) this account, over posted entries."""
    query = (
        select(func.coalesce(func.sum(Posting.amount_minor), 0))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(LedgerAccount.kind == kind, LedgerAccount.owner_id == owner_id, LedgerAccount.unit == unit, Entry.posted)
    )
    return Money(int(session.scalar(query) or 0), unit)


def entries_of(session: Session, subject_id: str) -> list[Entry]:
    return list(session.scalars(select(Entry).where(Entry.subject_id == subject_id).order_by(Entry.id)))
