"""The postings as they stand in the books, for any bookkeeping program: ids, codes and whole minor units, no names."""

from collections.abc import Iterable, Iterator

from core import sheets
from market.ledger.models import Posting

HEADER = ("entry", "posting", "at", "kind", "subject", "account", "owner", "amount_minor", "unit", "reverses", "entered_by")


def rows(postings: Iterable[Posting]) -> Iterator[str]:
    """Lines of CSV (RFC 4180) with a head, in the order of the books."""
    yield sheets.row(HEADER)
    for one in postings:
        yield sheets.row(_cells(one))


def _cells(one: Posting) -> tuple[object, ...]:
    entry, account = one.entry, one.account
    return (
        entry.id, one.id, entry.at.isoformat(), entry.kind, entry.subject_id, account.kind, account.owner_id,
        one.amount_minor, one.unit, entry.reverses_id or "", entry.entered_by,
    )  # fmt: skip

