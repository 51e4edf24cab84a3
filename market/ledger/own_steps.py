"""The ledger's own kinds of entry: a correction, money set aside as unclaimed or fetched by its owner, fees that were owed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import Money
from market.ledger.explaining import explains, on, unit_of
from market.ledger.models import Entry, LedgerAccount, Posting, UnclaimedMoney
from market.ledger.steps import Step, both, said, whole
from market.ledger.unclaimed import REST
from market.ledger.words import ACCOUNTS

SETTLES = N_("It settles fees of sales that were paid to the seller directly, the oldest first; the seller's account lists them.")


def corrected(session: Session, entry: Entry) -> Iterator[Step]:
    """The mirror image: each amount of the entry before, turned round."""
    if entry.reverses_id is None:
        return
    for one in session.get_one(Entry, entry.reverses_id).postings:
        label = said(N_("Taken back on “%(account)s”"), account=said(ACCOUNTS[one.account.kind]))
        why = said(N_("The entry before put %(amount)s on it; the correction is its mirror image."),
                   amount=Money(one.amount_minor, one.unit))  # fmt: skip
        yield whole(label, -one.amount_minor, one.unit, why, formula=f"-({one.amount_minor})", account=one.account.kind)


def _row(session: Session, entry: Entry) -> UnclaimedMoney | None:
    return session.get(UnclaimedMoney, entry.subject_id)


def set_aside(session: Session, entry: Entry) -> list[Step]:
    """What stood on the account before: all earlier movements added up."""
    row = _row(session, entry)
    if row is None:
        return []
    came, went, last = _stood(session, row, entry)
    kind = said(ACCOUNTS[row.from_kind])
    why = [
        said(N_("All that came to the account before this entry, less all that went.")),
        said(N_("Moved because nobody had fetched it: the last movement before was on %(day)s."), day=last),
        said(N_("It has waited as an unclaimed payable since %(day)s. It stays its owner's and is never income by itself."),
             day=row.since),
    ]  # fmt: skip
    rule = said(N_("Rule of this market: what rests for %(days)s days is set aside"), days=REST.days)
    step = whole(said(N_("What stood on “%(account)s”"), account=kind), came - went, row.unit, *why,
                 formula=f"{came} - {went}", account=row.from_kind, side=-1, rule=rule)  # fmt: skip
    return both(step, "unclaimed", said(N_("Set aside for its owner")))


def _stood(session: Session, row: UnclaimedMoney, entry: Entry) -> tuple[int, int, datetime]:
    """What came to the account and what went before this entry, and when anything last did."""
    mine = (LedgerAccount.kind == row.from_kind, LedgerAccount.owner_id == row.owner_id, LedgerAccount.unit == row.unit)
    query = select(Posting.amount_minor, Entry.at).join(Entry, Entry.id == Posting.entry_id)
    query = query.join(LedgerAccount, LedgerAccount.id == Posting.account_id)
    found = session.execute(query.where(*mine, Entry.posted, Entry.id < entry.id).order_by(Entry.id)).all()
    came = sum(minor for minor, _at in found if minor > 0)
    return came, came - sum(minor for minor, _at in found), max((at for _minor, at in found), default=entry.at)


def claimed(session: Session, entry: Entry) -> list[Step]:
    row = _row(session, entry)
    if row is None:
        return []
    why = said(N_("The whole of what was set aside on %(day)s: from now on it is owed like before."), day=row.since)
    step = whole(said(N_("Fetched by its owner")), row.amount_minor, row.unit, why, account="unclaimed", side=-1)
    return both(step, row.from_kind, said(N_("Owed like before")))


def debt_paid(_session: Session, entry: Entry) -> list[Step]:
    """As staff wrote it down; the account says what it was owed for."""
    told = entry.explanation or {}
    why = [
        said(N_("Came to the platform's account at a bank under the reference %(ref)s on %(day)s, as staff wrote it down."),
             ref=told.get("reference", "—"), day=told.get("received", "—")),
        said(SETTLES),
    ]  # fmt: skip
    step = whole(said(N_("Paid by the seller")), on(entry, "seller_payable"), unit_of(entry), *why, account="seller_payable")
    return both(step, "platform_fee", said(N_("The platform has it")))


def debt_waived(_session: Session, entry: Entry) -> list[Step]:
    why = said(N_("Staff decided in the queue, with a reason, that it isn't asked for any more.")), said(SETTLES)
    step = whole(said(N_("What isn't asked for any more")), on(entry, "seller_payable"), unit_of(entry), *why,
                 account="seller_payable")  # fmt: skip
    return both(step, "platform_fee", said(N_("The platform bears it")))


def register() -> None:
    explains("debt_paid", debt_paid)
    explains("debt_waived", debt_waived)
    explains("reversal", corrected)
    explains("set_aside", set_aside)
    explains("claimed", claimed)
