"""Writing into the books: one entry, its postings, balanced, once. A correction is a reversing entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.money import Money
from core.ports import happened
from core.work import Work
from market.ledger.models import Entry, LedgerAccount, Posting
from market.ledger.news import EntryReversed
from market.ledger.queries import balance, entries_of
from market.ledger.words import kept_because

__all__ = ["Line", "Unbalanced", "balance", "entries_of", "get_account", "post", "reverse"]


class Unbalanced(ValueError):
    """The lines do not sum to zero in every unit: nothing is written."""


@dataclass(frozen=True, slots=True)
class Line:
    """`kind` of account, whose it is, and the amount: positive is owed to it, negative owed by it."""

    kind: str
    owner_id: str
    amount: Money


def post(
    w: Work, kind: str, subject_id: str, key: str, lines: Sequence[Line], *, explanation: Mapping[str, Any] | None = None,
    reverses: Entry | None = None,
) -> Entry:  # fmt: skip
    """Write one entry; the same key again gives back the first. Lines of nothing are left out. Raises Unbalanced."""
    found = w.session.scalars(select(Entry).where(Entry.key == key)).first()
    if found is not None:
        return found
    counting = [line for line in lines if line.amount.minor]
    _balanced(kind, counting)
    accounts = [get_account(w.session, line.kind, line.owner_id, line.amount.currency) for line in counting]
    entry = Entry(
        id=ids.new_id(), kind=kind, key=key, subject_id=subject_id, at=w.now, entered_by=w.actor.id,
        explanation=dict(explanation) if explanation else None, reverses_id=reverses.id if reverses else None,
    )  # fmt: skip
    w.session.add(entry)
    w.session.flush()
    w.session.add_all(
        Posting(id=ids.new_id(), entry_id=entry.id, account_id=account.id, amount_minor=line.amount.minor,
                unit=line.amount.currency)
        for line, account in zip(counting, accounts, strict=True)
    )  # fmt: skip
    w.session.flush()
    entry.posted = True
    w.session.flush()
    w.record("market:ledger:posted", subject_id, entry=entry.id, kind=kind)
    return entry


def _balanced(kind: str, lines: Sequence[Line]) -> None:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
    if len(lines) < 2 or any(sums.values()):
        raise Unbalanced(f"{kind}: {sums}")


def reverse(w: Work, entry: Entry, why: str) -> Entry:
    """Take an entry back by its mirror image; the first stays where it is.

    Raises Invalid without a reason, Refused the second time.
    Only the books change: money that has moved outside is sent back by a refund, not by this. What a room above says belongs to
    money that is held is refused, too."""
    if not why.strip():
        raise Invalid("reason_missing", N_("Say why: the reason stands beside the entry for good."), field="why")
    if w.session.scalars(select(Entry.id).where(Entry.reverses_id == entry.id)).first() or entry.reverses_id:
        raise Refused("reversed", N_("This entry was taken back already, or is itself a correction."))
    kept = kept_because(w.session, entry)
    if kept:
        raise Refused("money_moves_it", kept)
    mirror = [Line(one.account.kind, one.account.owner_id, Money(-one.amount_minor, one.unit)) for one in entry.postings]
    made = post(
        w, "reversal", entry.subject_id, f"reverse/{entry.id}", mirror, explanation={"why": why.strip()}, reverses=entry
    )  # fmt: skip
    w.record("market:ledger:reversed", entry.subject_id, entry=entry.id, by=made.id)
    happened(w, EntryReversed(entry, made, why.strip()))
    return made


def get_account(session: Session, kind: str, owner_id: str, unit: str) -> LedgerAccount:
    """The account of that kind, owner and unit; made when it is first needed, by whoever comes first."""
    query = select(LedgerAccount).where(
        LedgerAccount.kind == kind, LedgerAccount.owner_id == owner_id, LedgerAccount.unit == unit
    )
    account = session.scalars(query).first()
    if account is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = {"id": ids.new_id(), "kind": kind, "owner_id": owner_id, "unit": unit}
        session.execute(insert(LedgerAccount).values(**row).on_conflict_do_nothing(index_elements=["kind", "owner_id", "unit"]))
        account = session.scalars(query).one()
    return account
