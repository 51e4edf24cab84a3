"""What a seller owes in fees, as their page and the staff's show it: for which sales, how much, and how to pay."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy.orm import Session

from core.money import Money
from market.ledger.debt_rules import Owed
from market.ledger.debts import Standing, standing
from market.ledger.models import LedgerAccount
from market.ledger.units import written
from market.ledger.words import subject_of


@dataclass(frozen=True, slots=True)
class FeeShown:
    """`about`: the order's number; `href`: its page, "" where it has none."""

    about: str
    href: str
    since: datetime
    amount: str


@dataclass(frozen=True, slots=True)
class FeesShown:
    """`due`, `credit`: "" where there is none; `number`: what the seller writes into the purpose of a transfer."""

    due: str
    credit: str
    number: str
    lines: list[FeeShown]


def fees_shown(session: Session, account: LedgerAccount) -> FeesShown | None:
    """None where nothing is open and nothing was paid too much."""
    stands = standing(session, account)
    return shown(session, account, stands) if stands.due.minor or stands.credit.minor else None


def shown(session: Session, account: LedgerAccount, stands: Standing) -> FeesShown:
    due, credit = (written(one, g.language) if one.minor else "" for one in (stands.due, stands.credit))
    return FeesShown(due, credit, account.id, [_line(session, one, account.unit) for one in stands.left])


def _line(session: Session, one: Owed, unit: str) -> FeeShown:
    about, href = subject_of(session, one.subject_id) or (one.subject_id, "")
    return FeeShown(about, href, one.since, written(Money(one.minor, unit), g.language))
