"""The bookkeeper's pages: every account, a statement of each, the proof that all sums to zero, exports, corrections."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, g, redirect, request
from flask_babel import format_datetime
from flask_babel import gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from core import clock, sheets
from core.access import needs, visitor
from core.clock import LOCAL_ZONE
from core.errors import Refused
from core.forms import Form, text
from core.i18n import N_
from core.money import Money
from core.page import Page
from core.work import work
from market.ledger import actions, queries
from market.ledger.export import rows
from market.ledger.models import Entry, Posting, UnclaimedMoney
from market.ledger.pages import EntryPage, owners
from market.ledger.show import entry_shown, owner_name
from market.ledger.units import written
from market.ledger.words import ACCOUNTS

blueprint = Blueprint("books", __name__, url_prefix="/books")


class ReverseForm(Form):
    why = TextAreaField(text(N_("Why it is taken back")), validators=[Length(max=300)])


def reverse_form() -> ReverseForm:
    return ReverseForm(formdata=None)


@dataclass(frozen=True, slots=True)
class KindShown:
    name: str
    rows: list[list[str]]
    hrefs: list[str]
    total: str


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """Unclaimed money: whose, how much, the entry that set it aside, since when, how often told, when next."""

    owner: str
    amount: str
    href: str
    since: str
    notices: int
    next: str


@dataclass(frozen=True, kw_only=True)
class BooksPage(Page):
    template = "market/books.html"
    kinds: list[KindShown]
    sums: list[tuple[str, str]]
    verified: queries.Verified
    waiting: list[WaitingShown]
    since: str
    until: str
    problem: str


# what the books can hold; the very ends of the calendar would run over when a zone or a day is added
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def period() -> tuple[datetime | None, datetime | None, str]:
    """`from` and `until` of the address as days in the house's zone, the last one included; and what is wrong with them."""
    try:
        days = [date.fromisoformat(given) if (given := request.args.get(key, "")) else None for key in ("from", "until")]
    except ValueError:
        return None, None, _("A day is written like 2026-11-29.")
    if any(day is not None and not FIRST <= day <= LAST for day in days):
        return None, None, _("A day is written like 2026-11-29.")
    since, until = (datetime.combine(day, time(), LOCAL_ZONE) if day else None for day in days)
    if since and until and since > until:
        return None, None, _("The first day is after the last one.")
    return since, until + timedelta(days=1) if until else None, ""


@blueprint.get("")
@needs("market:books:read")
def show() -> object:
    *_days, problem = period()
    return BooksPage(
        kinds=_kinds(queries.balances(g.db)), verified=(found := queries.verify(g.db)),
        sums=[(unit, written(Money(total, unit), g.language)) for unit, total in sorted(found.sums.items())],
        waiting=[_waiting(one) for one in queries.unclaimed_of(g.db)],
        since=request.args.get("from", ""), until=request.args.get("until", ""), problem=problem,
    ).answer(422 if problem else 200)  # fmt: skip


def _waiting(one: UnclaimedMoney) -> WaitingShown:
    amount, when = written(Money(one.amount_minor, one.unit), g.language), one.next_notice_at
    return WaitingShown(
        owner_name(g.db, one.owner_id), amount, f"/money/entries/{one.entry_id}", format_datetime(one.since, "medium"),
        len(one.notices), format_datetime(when, "medium") if when else "—",
    )  # fmt: skip


def _kinds(balances: list[queries.Balance]) -> list[KindShown]:
    found = []
    for kind, name in ACCOUNTS.items():
        mine = [one for one in balances if one.account.kind == kind]
        if not mine:
            continue
        totals = {
            unit: sum(one.amount.minor for one in mine if one.account.unit == unit) for unit in {one.account.unit for one in mine}
        }
        found.append(
            KindShown(
                _(name), [_row(one) for one in mine],
                [f"/money/accounts/{one.account.id}" for one in mine],
                " · ".join(written(Money(total, unit), g.language) for unit, total in sorted(totals.items())),
            )
        )  # fmt: skip
    return found


def _row(one: queries.Balance) -> list[str]:
    return [owner_name(g.db, one.account.owner_id), str(one.postings), written(one.amount, g.language)]


@blueprint.get("/export")
@needs("market:books:read")
def export() -> object:
    since, until, problem = period()
    if problem:
        return redirect("/books", 303)
    with work(g.db, visitor().actor, clock.now()) as w:
        w.record("market:ledger:exported", "books")
    return csv(iter(queries.period_postings(g.db, since, until)), "postings.csv")


def csv(postings: Iterator[Posting], name: str) -> Response:
    answer = Response([sheets.MARK, *rows(postings)], mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/entries/<entry_id>/reverse")
@needs("market:entry:reverse", on=queries.get_entry)
def reverse(found: Entry) -> object:
    form, entry_id = ReverseForm(), found.id
    try:
        if not form.validate():
            return _again(entry_id, form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            made = actions.reverse(w, queries.get_entry(w.session, entry_id), str(form.why.data or "")).id
    except Refused as no:
        form.blame(no)
        return _again(entry_id, form, no.status)
    return redirect(f"/money/entries/{made}", 303)


def _again(entry_id: str, form: ReverseForm, status: int) -> object:
    shown = entry_shown(g.db, queries.get_entry(g.db, entry_id), owners())
    return EntryPage(entry=shown, may_reverse=not (shown.reverses or shown.reversed_by), may_read=True, form=form).answer(status)
