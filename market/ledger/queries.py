"""Reading the books: balances, statements, and whether everything sums to zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.db import get_row
from core.money import Money
from market.ledger.models import Entry, LedgerAccount, Posting, UnclaimedMoney

PER_PAGE = 50


def _sum(*where: object) -> Select[int]:
    query = select(func.coalesce(func.sum(Posting.amount_minor), 0)).select_from(Posting)
    query = query.join(LedgerAccount, LedgerAccount.id == Posting.account_id).join(Entry, Entry.id == Posting.entry_id)
    return query.where(Entry.posted, *where)  # type: ignore[arg-type]


def balance(session: Session, kind: str, owner_id: str, unit: str = "CNY") -> Money:
    """What is owed to (positive) or by (negative) this account, over posted entries."""
    theirs = (LedgerAccount.kind == kind, LedgerAccount.owner_id == owner_id, LedgerAccount.unit == unit)
    return Money(int(session.scalar(_sum(*theirs)) or 0), unit)


def entries_of(session: Session, subject_id: str) -> list[Entry]:
    return list(session.scalars(select(Entry).where(Entry.subject_id == subject_id).order_by(Entry.id)))


def get_entry(session: Session, entry_id: str) -> Entry:
    return get_row(session, Entry, entry_id)


def get_ledger_account(session: Session, account_id: str) -> LedgerAccount:
    return get_row(session, LedgerAccount, account_id)


def find_reversal(session: Session, entry_id: str) -> Entry | None:
    return session.scalars(select(Entry).where(Entry.reverses_id == entry_id)).first()


@dataclass(frozen=True, slots=True)
class Balance:
    """One account and what stands on it."""

    account: LedgerAccount
    amount: Money
    postings: int


def balances(session: Session, owners: Sequence[str] | None = None, kind: str = "") -> list[Balance]:
    """Every account with its balance, by kind and owner; only those of `owners` where given."""
    query = (
        select(LedgerAccount, func.coalesce(func.sum(Posting.amount_minor), 0), func.count(Posting.id))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.posted)
        .group_by(LedgerAccount.id)
        .order_by(LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.unit)
    )
    if owners is not None:
        query = query.where(LedgerAccount.owner_id.in_(owners))
    if kind:
        query = query.where(LedgerAccount.kind == kind)
    return [Balance(account, Money(int(total), account.unit), count) for account, total, count in session.execute(query)]


@dataclass(frozen=True, slots=True)
class StatementLine:
    posting: Posting
    entry: Entry
    after: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """A period of one account: what stood on it before, each line with what stood on it then, what stands on it after."""

    account: LedgerAccount
    opening: Money
    lines: list[StatementLine]
    closing: Money


def statement(session: Session, account: LedgerAccount, since: datetime | None, until: datetime | None) -> Statement:
    """`since` <= entry < `until`; either may be missing."""
    mine = LedgerAccount.id == account.id
    opening = int(session.scalar(_sum(mine, Entry.at < since)) or 0) if since else 0
    query = select(Posting, Entry).join(Entry, Entry.id == Posting.entry_id).where(Posting.account_id == account.id, Entry.posted)
    if since:
        query = query.where(Entry.at >= since)
    if until:
        query = query.where(Entry.at < until)
    lines, running = [], opening
    for posting, entry in session.execute(query.order_by(Entry.at, Posting.id)):
        running += posting.amount_minor
        lines.append(StatementLine(posting, entry, Money(running, account.unit)))
    return Statement(account, Money(opening, account.unit), lines, Money(running, account.unit))


def entries_touching(session: Session, owners: Sequence[str], page: int) -> tuple[list[Entry], int, int]:
    """Entries in which one of `owners` has a posting, newest first, how many there are in all, and which page this is: `page`, or
    the nearest that there is."""
    ids = (
        select(Posting.entry_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.owner_id.in_(owners))
    )
    query = select(Entry).where(Entry.posted, Entry.id.in_(ids))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(1, page), max(1, -(-total // PER_PAGE)))
    query = query.options(selectinload(Entry.postings).joinedload(Posting.account))
    return list(session.scalars(query.order_by(Entry.id.desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE))), total, page


def owners_in(entry: Entry) -> set[str]:
    return {one.account.owner_id for one in entry.postings}


@dataclass(frozen=True, slots=True)
class Verified:
    """ok: every posted entry and so every unit sums to zero. `bad`: ids of entries that don't; `open`: begun, never posted."""

    ok: bool
    entries: int
    postings: int
    sums: dict[str, int]
    bad: list[str]
    open: int


def verify(session: Session) -> Verified:
    """Add everything up anew. The database refuses what isn't balanced; this finds what was changed behind its back."""
    by_entry = (
        select(Posting.entry_id).group_by(Posting.entry_id, Posting.unit).having(func.sum(Posting.amount_minor) != 0)
    )  # fmt: skip
    bad = session.scalars(select(Entry.id).where(Entry.posted, Entry.id.in_(by_entry)).order_by(Entry.id).limit(100)).all()
    sums_query = select(Posting.unit, func.sum(Posting.amount_minor)).join(Entry, Entry.id == Posting.entry_id)
    sums = {unit: int(total) for unit, total in session.execute(sums_query.where(Entry.posted).group_by(Posting.unit))}
    lone = select(Posting.entry_id).group_by(Posting.entry_id).having(func.count() < 2)
    alone = session.scalars(select(Entry.id).where(Entry.posted, Entry.id.in_(lone)).limit(100)).all()
    count = session.scalar(select(func.count()).where(Entry.posted)) or 0
    postings = session.scalar(select(func.count(Posting.id))) or 0
    unposted = session.scalar(select(func.count()).where(Entry.posted.is_(False))) or 0
    worst = sorted({*bad, *alone})
    return Verified(not worst and not any(sums.values()), count, postings, sums, worst, unposted)


def unclaimed_of(session: Session, owners: Sequence[str] | None = None) -> list[UnclaimedMoney]:
    """Money that still waits for its owner, oldest first."""
    query = select(UnclaimedMoney).where(UnclaimedMoney.claimed_at.is_(None))
    if owners is not None:
        query = query.where(UnclaimedMoney.owner_id.in_(owners))
    return list(session.scalars(query.order_by(UnclaimedMoney.since)))


def get_unclaimed(session: Session, unclaimed_id: str) -> UnclaimedMoney:
    return get_row(session, UnclaimedMoney, unclaimed_id)


def period_postings(session: Session, since: datetime | None, until: datetime | None) -> list[Posting]:
    """Every posting of a period in the order of the books, for an export."""
    query = select(Posting).join(Entry, Entry.id == Posting.entry_id).where(Entry.posted)
    if since:
        query = query.where(Entry.at >= since)
    if until:
        query = query.where(Entry.at < until)
    return list(
        session.scalars(query.options(joinedload(Posting.account), joinedload(Posting.entry)).order_by(Entry.id, Posting.id))
    )
