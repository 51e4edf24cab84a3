"""A quarter's income, refunds and fees of each seller, out of completed orders and the books, in whole minor units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.clock import LOCAL_ZONE
from core.people.models import Account, Organisation, SellerFile
from core.people.names import shown_name
from market.ledger.models import Entry, LedgerAccount, Posting
from market.listings.models import Listing
from market.orders.models import Order
from market.oversight.tax_rules import Quarter, Sums

IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One seller in one currency. `section`: operator (to be reported) | private_idle (kept apart, without a name). `ids`: the
    accounts and places that are one operator by their credit code."""

    section: str
    ids: tuple[str, ...]
    name: str
    kind: str
    credit_code: str
    currency: str
    sums: Sums
    name_en: str = ""

    def called(self, language: str) -> str:
        """The name as a reader's page shows it; the file for the tax office has the registered one."""
        return self.name_en if language == "en" and self.name_en else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    quarter: Quarter
    complete: bool
    lines: tuple[Line, ...]

    def of(self, section: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.section == section)


_Key = tuple[str, str, str]  # whose (place or person), kind of seller, currency


def report(session: Session, quarter: Quarter, now: datetime) -> Report:
    """`complete`: the quarter is over."""
    since, until = (datetime.combine(day, time(), LOCAL_ZONE) for day in (quarter.first, quarter.last + timedelta(days=1)))
    found: dict[_Key, Sums] = {}
    for key, sums in (*_income(session, since, until), *_refunds(session, since, until)):
        found[key] = found.get(key, Sums()) + sums
    return Report(quarter=quarter, complete=now >= until, lines=tuple(_lines(session, found)))


def _income(session: Session, since: datetime, until: datetime) -> Iterator[tuple[_Key, Sums]]:
    query = (
        select(
            Order.payee_id,
            Listing.seller_kind,
            Order.currency,
            func.count(),
            func.sum(Order.price_minor),
            func.sum(Order.fee_minor),
        )
        .join(Listing, Listing.id == Order.listing_id)
        .where(Order.kind == "sale", Order.completed_at >= since, Order.completed_at < until)
        .group_by(Order.payee_id, Listing.seller_kind, Order.currency)
    )
    for payee, kind, currency, sales, income, fees in session.execute(query):
        yield (payee, kind, currency), Sums(sales=int(sales), income=int(income), fees=int(fees))


def _refunds(session: Session, since: datetime, until: datetime) -> Iterator[tuple[_Key, Sums]]:
    """What the books took back: of the price from the buyer's side, of the fee from the platform's."""
    counts = case((Entry.at > Order.completed_at, Entry.at), else_=Order.completed_at)
    query = (
        select(Order.payee_id, Listing.seller_kind, Posting.unit, LedgerAccount.kind, func.sum(Posting.amount_minor))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(Order, Order.id == Entry.subject_id)
        .join(Listing, Listing.id == Order.listing_id)
        .where(Entry.kind == "refund", Entry.posted, Order.completed_at.is_not(None), counts >= since, counts < until)
        .group_by(Order.payee_id, Listing.seller_kind, Posting.unit, LedgerAccount.kind)
    )
    for payee, kind, unit, account, amount in session.execute(query):
        if account == "buyer":
            yield (payee, kind, unit), Sums(refunds=int(amount))
        elif account == "platform_fee":
            yield (payee, kind, unit), Sums(fees_back=-int(amount))


def _lines(session: Session, found: dict[_Key, Sums]) -> Iterator[Line]:
    """Operators by credit code (the shops of one are added together), then private idle sales by account."""
    joined: dict[tuple[str, str, str], tuple[set[str], set[str], Sums]] = {}
    for (payee, kind, currency), sums in sorted(found.items()):
        section = "private_idle" if kind == IDLE else "operator"
        code = _credit_code(session, payee) if section == "operator" else ""
        ids, kinds, so_far = joined.get((section, code or payee, currency), (set(), set(), Sums()))
        joined[section, code or payee, currency] = (ids | {payee}, kinds | {kind}, so_far + sums)
    for (section, who, currency), (ids, kinds, sums) in sorted(joined.items()):
        named = section == "operator"
        yield Line(
            section=section, ids=tuple(sorted(ids)), name=_name(session, min(ids)) if named else "", kind="+".join(sorted(kinds)),
            credit_code=who if named and who not in ids else "", currency=currency, sums=sums,
            name_en=_name_en(session, min(ids)) if named else "",
        )  # fmt: skip


def _credit_code(session: Session, payee: str) -> str:
    """The unified social credit code that is on file; "" for who needs none, or has none yet."""
    mine = (SellerFile.org_id == payee) | (SellerFile.account_id == payee)
    found = session.scalars(select(SellerFile.licence_no).where(mine)).first()
    org = session.get(Organisation, payee)
    return found or (org.licence_no if org else "")


def _name(session: Session, payee: str) -> str:
    org, person = session.get(Organisation, payee), session.get(Account, payee)
    return org.name if org else shown_name(person) if person else ""


def _name_en(session: Session, payee: str) -> str:
    org = session.get(Organisation, payee)
    return org.name_en if org else ""


COLUMNS = (
    "section", "operator_ids", "name", "kind", "credit_code", "id_number", "currency", "sales", "income_minor", "refunds_minor",
    "fees_minor", "fees_back_minor", "net_minor",
)  # fmt: skip
# the market keeps no identity numbers: where the form asks for one, whoever reports adds it from the identity check
NO_ID = ""


def cells(line: Line) -> Sequence[object]:
    sums = line.sums
    return (
        line.section, "+".join(line.ids), line.name, line.kind, line.credit_code, NO_ID, line.currency, sums.sales, sums.income,
        sums.refunds, sums.fees, sums.fees_back, sums.net,
    )  # fmt: skip
