"""A quarter's figures per seller for the tax report, and the file: each export is on record."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, g, request
from sqlalchemy.orm import Session

from core import clock, sheets
from core.access import needs, visitor
from core.errors import NotFound
from core.money import Money, format_money
from core.page import Page
from core.work import work
from market.oversight.exporting import recorded
from market.oversight.tax import Line, report
from market.oversight.tax_rules import Quarter, quarter_of, read_quarter

blueprint = Blueprint("tax", __name__, url_prefix="/tax")


@dataclass(frozen=True, kw_only=True)
class TaxPage(Page):
    """`rows`: one seller and currency each, as text; `quarters`: (name, address, is this one)."""

    template = "market/tax.html"
    quarter: str
    quarters: list[tuple[str, str, bool]]
    first: date
    last: date
    due: date
    complete: bool
    operators: list[list[str]]
    idle: list[list[str]]


@blueprint.get("")
@needs("market:tax:see")
def show() -> object:
    today = clock.local(clock.now()).date()
    latest = quarter_of(today)
    chosen = read_quarter(request.args.get("quarter", "")) or latest.before
    chosen = min(chosen, latest)
    found, shown = report(g.db, chosen, clock.now()), [latest]
    while len(shown) < 5:
        shown.append(shown[-1].before)
    return TaxPage(
        quarter=str(chosen), quarters=[(str(one), f"/tax?quarter={one}", one == chosen) for one in shown], first=chosen.first,
        last=chosen.last, due=chosen.due, complete=found.complete,
        operators=[[line.called(g.language), line.credit_code or "—", *_sums(line)] for line in found.of("operator")],
        idle=[["+".join(line.ids), *_sums(line)] for line in found.of("private_idle")],
    ).answer()  # fmt: skip


def _sums(line: Line) -> list[str]:
    sums = line.sums
    minors = (sums.income, sums.refunds, sums.fees - sums.fees_back, sums.net)
    return [str(sums.sales), *(format_money(Money(minor, line.currency), g.language) for minor in minors)]


def get_quarter(session: Session, quarter: str) -> Quarter:
    found = read_quarter(quarter)
    if found is None or found > quarter_of(clock.local(clock.now()).date()):
        raise NotFound()
    return found


@blueprint.post("/<quarter>.csv")
@needs("market:tax:export", on=get_quarter)
def export(quarter: Quarter) -> Response:
    with work(g.db, visitor().actor, clock.now()) as w:
        rows = list(recorded(w, quarter))
    answer = Response(sheets.MARK + "".join(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="operators-{quarter}.csv"'
    return answer
