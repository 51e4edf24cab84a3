"""Fees that a seller owes for long wait in the staff queue; and a booking that was taken back is told to its seller."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.i18n import N_
from core.money import CNY, Money
from core.people.models import Account, Organisation
from core.people.names import shown_name
from core.people.queries import answering_for
from core.queue import actions as queue
from core.queue.kinds import Ask
from core.queue.models import QueueEntry
from core.work import Work
from market.ledger.debt_payments import WAITS, tell, waive
from market.ledger.debt_rules import LATE, late
from market.ledger.debts import late_owners, standing
from market.ledger.explaining import on
from market.ledger.models import LedgerAccount
from market.ledger.news import EntryReversed

REMINDED = N_(
    "You owe the platform %(amount)s in fees of sales that were paid to you directly. "
    "The page of your account says for which, and how to pay."
)
TAKEN_BACK = N_("The booking of your payment of %(amount)s was taken back: “%(why)s”.")


def waiting(session: Session) -> Iterator[Ask]:
    """Sellers whose fees are open for longer than `LATE`; one whom staff have just reminded has that time once more."""
    now = clock.now()
    decided = (QueueEntry.kind == WAITS, QueueEntry.state == "decided", QueueEntry.ended_at > now - LATE)
    heard = set(session.scalars(select(QueueEntry.subject_id).where(*decided)))
    for owner_id in late_owners(session, now - LATE):
        account = _account(session, owner_id)
        if account is not None and account.id not in heard:
            barred = tuple(answering_for(session, owner_id))
            yield Ask(subject_id=account.id, title=_name(session, owner_id), link=f"/money/accounts/{account.id}", barred=barred)


def _name(session: Session, owner_id: str) -> str:
    person, place = session.get(Account, owner_id), session.get(Organisation, owner_id)
    return shown_name(person) if person else place.name if place else owner_id


def _account(session: Session, owner_id: str) -> LedgerAccount | None:
    mine = (LedgerAccount.kind == "seller_payable", LedgerAccount.owner_id == owner_id, LedgerAccount.unit == CNY)
    return session.scalars(select(LedgerAccount).where(*mine)).first()


def answered(w: Work, account_id: str, verdict: str) -> None:
    """What staff did: the seller is reminded of all that is open, or none of it is asked for any more."""
    account = w.session.get_one(LedgerAccount, account_id)
    due = standing(w.session, account).due
    if verdict == "not_owed":
        waive(w, account)
    elif due.minor:
        tell(w, account, REMINDED, f"/money/accounts/{account.id}", amount=due)


def sweep(w: Work) -> None:
    """What isn't late any more, because a fee was given back, waits for nobody."""
    for one in w.session.scalars(select(QueueEntry).where(QueueEntry.kind == WAITS, QueueEntry.state == "open")).all():
        if not late(standing(w.session, w.session.get_one(LedgerAccount, one.subject_id)).left, w.now):
            queue.lapse(w, WAITS, one.subject_id)


def taken_back(w: Work, event: EntryReversed) -> None:
    """A payment that was booked wrongly isn't booked any more: it is owed again, and its seller is told why."""
    if event.entry.kind in ("debt_paid", "debt_waived"):
        account = w.session.get_one(LedgerAccount, event.entry.subject_id)
        amount = Money(on(event.entry, "seller_payable"), account.unit)
        tell(w, account, TAKEN_BACK, f"/money/entries/{event.by.id}", amount=amount, why=event.why)
