"""待领款: a payable that its owner hasn't fetched. It stays a debt, with notices at dates; it is never income by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Refused
from core.i18n import N_
from core.money import Money
from core.people.models import Account
from core.people.notices import notify
from core.people.queries import answering_for
from core.work import Work
from market.ledger.actions import Line, post
from market.ledger.models import Entry, LedgerAccount, Posting, UnclaimedMoney
from market.ledger.queries import balance
from market.ledger.units import is_money

PAYABLES = ("seller_payable", "consignor_payable")
REST = timedelta(days=60)  # so long without any movement before it counts as unclaimed
NOTICES = (timedelta(0), timedelta(days=30), timedelta(days=90), timedelta(days=180))
YEARLY = timedelta(days=365)  # after the last of them: nobody's debt is forgotten


Excluded = Callable[[Session, str, str], int]
_excluded: list[Excluded] = []


def excludes(finder: Excluded) -> None:
    """A room above tells how much of what is owed to a seller (their id, unit; minor units) nobody holds, or isn't due yet: of
    that no notice says that it can be fetched."""
    if finder not in _excluded:
        _excluded.append(finder)


def fetchable(session: Session, kind: str, owner_id: str, unit: str) -> Money:
    """What is owed on a payable and really there to be fetched."""
    owed = balance(session, kind, owner_id, unit)
    if kind != "seller_payable" or owed.minor <= 0:
        return owed
    return Money(max(0, owed.minor - sum(finder(session, owner_id, unit) for finder in _excluded)), unit)


def next_notice(since: datetime, given: int) -> datetime:
    """When the notice after `given` ones is due: at once, after 30, 90 and 180 days, then every year."""
    if given < len(NOTICES):
        return since + NOTICES[given]
    return since + NOTICES[-1] + YEARLY * (given - len(NOTICES) + 1)


def set_aside(w: Work, kind: str, owner_id: str, unit: str = "CNY") -> UnclaimedMoney | None:
    """Move what is owed on a payable, and held for it, to 待领款, and tell its owner. None when nothing is."""
    owed = fetchable(w.session, kind, owner_id, unit)
    if owed.minor <= 0:
        return None
    row_id = ids.new_id()
    lines = [Line(kind, owner_id, -owed), Line("unclaimed", owner_id, owed)]
    entry = post(w, "set_aside", row_id, f"unclaimed/{row_id}", lines)
    row = UnclaimedMoney(
        id=row_id, owner_id=owner_id, from_kind=kind, amount_minor=owed.minor, unit=unit, entry_id=entry.id, since=w.now,
        notices=[], next_notice_at=w.now, claimed_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:unclaimed:set_aside", row.id, amount=owed.minor, unit=unit)
    _tell(w, row)
    return row


def claim(w: Work, row: UnclaimedMoney) -> Entry:
    """Its owner fetches it: it is an ordinary payable again and is paid out like one. Raises Refused the second time."""
    w.session.refresh(row, with_for_update=True)
    if row.claimed_at is not None:
        raise Refused("claimed", N_("This was fetched already."))
    amount = Money(row.amount_minor, row.unit)
    lines = [Line("unclaimed", row.owner_id, -amount), Line(row.from_kind, row.owner_id, amount)]
    row.claimed_at, row.next_notice_at = w.now, None
    w.record("market:unclaimed:claimed", row.id, amount=amount.minor, unit=row.unit)
    return post(w, "claimed", row.id, f"claimed/{row.id}", lines)


def fetch_all(w: Work, owner_id: str, unit: str) -> None:
    """It moves now, or is taken back: what was set aside of this seller is an ordinary payable again, and no notice names it."""
    waiting = select(UnclaimedMoney).where(UnclaimedMoney.owner_id == owner_id, UnclaimedMoney.unit == unit)
    mine = waiting.where(UnclaimedMoney.from_kind == "seller_payable", UnclaimedMoney.claimed_at.is_(None))
    for row in w.session.scalars(mine.order_by(UnclaimedMoney.id)).all():
        claim(w, row)


def _tell(w: Work, row: UnclaimedMoney) -> None:
    row.notices = [*row.notices, w.now.isoformat()]
    row.next_notice_at = next_notice(row.since, len(row.notices))
    account = w.session.get(Account, row.owner_id)
    own = account is not None and not account.house
    sentence = N_("Money of yours waits to be fetched. It stays yours.")
    if not own:
        sentence = N_("Money of your organisation waits to be fetched.")
    for account_id in answering_for(w.session, row.owner_id):
        notify(w, account_id, sentence, "/me/money" if own else f"/organisations/{row.owner_id}/money", kind="money")
    w.record("market:unclaimed:told", row.id, times=len(row.notices))


def sweep(w: Work) -> None:
    """Set aside what has rested long enough, and give the notices that are due."""
    for kind, owner, unit in _rested(w):
        set_aside(w, kind, owner, unit)
    due = select(UnclaimedMoney).where(UnclaimedMoney.next_notice_at <= w.now).with_for_update(skip_locked=True).limit(200)
    for row in w.session.scalars(due):
        _tell(w, row)


def _rested(w: Work) -> list[tuple[str, str, str]]:
    query = (
        select(LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.unit)
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.posted, LedgerAccount.kind.in_(PAYABLES))
        .group_by(LedgerAccount.id)
        .having(func.sum(Posting.amount_minor) > 0, func.max(Entry.at) < w.now - REST)
        .limit(200)
    )
    return [(kind, owner, unit) for kind, owner, unit in w.session.execute(query) if is_money(unit)]
