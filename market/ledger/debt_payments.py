"""A debt that ends: what a seller paid is written down, once for each reference of the bank, or what is open is given up."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.money import CNY, Money
from core.people.notices import notify
from core.people.queries import answering_for
from core.queue import actions as queue
from core.work import Work
from market.ledger.actions import Line, post
from market.ledger.debt_rules import late
from market.ledger.debts import standing
from market.ledger.models import Entry, LedgerAccount
from market.ledger.paid_typed import Typed

PLATFORM = "platform"
WAITS = "fees_owed"
BOOKED = N_("Your payment of %(amount)s for what you owed the platform was booked. Still owed: %(left)s.")
WAIVED = N_("Fees of %(amount)s that you owed the platform aren't asked for any more.")
TOO_MUCH = N_("That is more than is owed (%(due)s). Book what is owed, and send the rest back by the bank.")
NOTHING_OWED = N_("Nothing is owed here: send the money back by the bank.")
OTHER_AMOUNT = N_("This reference was booked already, with another amount: %(amount)s.")
OTHER_SELLER = N_("This reference was booked already, for another seller.")


def pay(w: Work, account: LedgerAccount, typed: Typed) -> Entry:
    """Book what a seller paid: a part, or all. The same reference and amount again give back the first entry.

    Raises Invalid for more than is owed (nobody's money is kept here: what is too much goes back by the bank), Refused for a
    reference that stands for another amount or another seller. What was taken back by a correction can be booked anew."""
    w.session.refresh(account, with_for_update={"key_share": True})
    before = _booked(w.session, typed.key)
    if before is not None and before.reversed_count == 0:
        return _the_same(before.entry, account, typed)
    due = standing(w.session, account).due
    if typed.paid.minor > due.minor:
        raise Invalid("too_much", TOO_MUCH if due.minor else NOTHING_OWED, field="amount", values={"due": due})
    key = f"{typed.key}/{before.tries + 1}" if before else typed.key
    told = {"reference": typed.reference, "received": typed.received.isoformat()}
    made = _end(w, account, typed.paid, "debt_paid", key, told)
    left = due - typed.paid
    tell(w, account, BOOKED, f"/money/entries/{made.id}", amount=typed.paid, left=left)
    return made


@dataclass(frozen=True, slots=True)
class _Booked:
    entry: Entry
    tries: int
    reversed_count: int


def _booked(session: Session, key: str) -> _Booked | None:
    """The last booking under this reference, how many there were, and whether that one was taken back."""
    query = select(Entry).where((Entry.key == key) | Entry.key.like(f"{key}/%"))
    found = sorted(session.scalars(query), key=lambda one: (len(one.key), one.key))
    if not found:
        return None
    back = session.scalar(select(func.count()).where(Entry.reverses_id == found[-1].id)) or 0
    return _Booked(found[-1], len(found), back)


def _the_same(entry: Entry, account: LedgerAccount, typed: Typed) -> Entry:
    if entry.subject_id != account.id:
        raise Refused("reference_elsewhere", OTHER_SELLER, field="reference")
    booked = sum(one.amount_minor for one in entry.postings if one.account_id == account.id)
    if booked != typed.paid.minor:
        raise Refused("reference_used", OTHER_AMOUNT, field="reference", values={"amount": Money(booked, CNY)})
    return entry


def waive(w: Work, account: LedgerAccount) -> Entry | None:
    """Fees that are open aren't asked for any more: the platform bears them. None when nothing is owed."""
    w.session.refresh(account, with_for_update={"key_share": True})
    due = standing(w.session, account).due
    if not due.minor:
        return None
    made = _end(w, account, due, "debt_waived", f"debt_waived/{ids.new_id()}", None)
    tell(w, account, WAIVED, f"/money/entries/{made.id}", amount=due)
    return made


def _end(w: Work, account: LedgerAccount, amount: Money, kind: str, key: str, told: Mapping[str, str] | None) -> Entry:
    lines = [Line(account.kind, account.owner_id, amount), Line("platform_fee", PLATFORM, -amount)]
    made = post(w, kind, account.id, key, lines, explanation=told)
    w.record(f"market:ledger:{kind}", account.id, entry=made.id, amount=amount.minor)
    if not late(standing(w.session, account).left, w.now):
        queue.lapse(w, WAITS, account.id)
    return made


def tell(w: Work, account: LedgerAccount, sentence: str, link: str, **values: Money | str) -> None:
    """The seller, or everybody who manages the place that is one."""
    for one in answering_for(w.session, account.owner_id):
        notify(w, one, sentence, link, kind="money", **values)
