"""The quarter as a file; that it was made, by whom and of what, stands in the log."""

from collections.abc import Iterator

from core import sheets
from core.work import Work
from market.oversight.tax import COLUMNS, Report, cells, report
from market.oversight.tax_rules import Quarter


def rows(found: Report) -> Iterator[str]:
    """Lines of CSV (RFC 4180) with a head: operators first, private idle sales apart from them."""
    yield sheets.row(COLUMNS)
    for section in ("operator", "private_idle"):
        for line in found.of(section):
            yield sheets.row(cells(line))


def recorded(w: Work, quarter: Quarter) -> Iterator[str]:
    """The same, with a line in the log."""
    found = report(w.session, quarter, w.now)
    w.record("market:tax:exported", str(quarter), operators=len(found.of("operator")), idle=len(found.of("private_idle")))
    return rows(found)
