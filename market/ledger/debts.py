"""What a seller owes the platform by the books: fees of sales that were paid to them directly. They pay it into the platform's
account at a bank, in parts or at once; staff write down what came, once for each reference.

A debt is never more than those fees: shares of refunds and lost disputes end at the provider, by later sales or in the queue
(`seller_owes`), and are no part of it. So nothing is asked for twice."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.money import CNY, Money
from market.ledger.debt_rules import Owed, credit, still_open
from market.ledger.models import Entry, LedgerAccount, Posting

OfSeller = Callable[[Session, str, str], Iterable[Owed]]
OfAll = Callable[[Session, str, datetime], Mapping[str, int]]
_sources: list[tuple[OfSeller, OfAll]] = []


def fees_from(of_seller: OfSeller, of_all: OfAll) -> None:
    """The room above that knows how sales were paid tells their fees: of one seller, by sale; of every seller, in all, for sales
    that were paid before a moment."""
    if (of_seller, of_all) not in _sources:
        _sources.append((of_seller, of_all))


@dataclass(frozen=True, slots=True)
class Standing:
    """`left`: the fees that are open, oldest first; `due`: their sum; `credit`: what was paid beyond all fees."""

    left: tuple[Owed, ...]
    due: Money
    credit: Money


def standing(session: Session, account: LedgerAccount) -> Standing:
    """How the owner of this account stands; nothing on accounts of another kind, or in another unit than yuan."""
    if account.kind != "seller_payable" or account.unit != CNY:
        return Standing((), Money(0, account.unit), Money(0, account.unit))
    owed = [one for of_seller, _of_all in _sources for one in of_seller(session, account.owner_id, account.unit)]
    paid = _paid(session, account.id).get(account.owner_id, 0)
    left = still_open(owed, paid)
    return Standing(tuple(left), Money(sum(one.minor for one in left), CNY), Money(credit(owed, paid), CNY))


def _paid(session: Session, account_id: str = "") -> dict[str, int]:
    """What each owner paid, less what was taken back of it: entries about the account itself, and about no sale."""
    query = (
        select(LedgerAccount.owner_id, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Entry, (Entry.id == Posting.entry_id) & (Entry.subject_id == LedgerAccount.id))
        .where(Entry.posted, LedgerAccount.kind == "seller_payable", LedgerAccount.unit == CNY)
        .group_by(LedgerAccount.id)
    )
    found = session.execute(query.where(LedgerAccount.id == account_id) if account_id else query)
    return {owner: int(total) for owner, total in found}


def late_owners(session: Session, before: datetime) -> list[str]:
    """Whose fees of sales before that moment aren't all paid."""
    paid, found = _paid(session), dict[str, int]()
    for _of_seller, of_all in _sources:
        for owner, minor in of_all(session, CNY, before).items():
            found[owner] = found.get(owner, 0) + minor
    return sorted(owner for owner, minor in found.items() if minor > paid.get(owner, 0))
