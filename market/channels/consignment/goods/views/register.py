"""The register of what was taken in and where it went (台账): a page by days, and a file for who may ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core import clock, sheets
from core.access import needs
from core.doing import doing
from core.errors import Invalid
from core.goods.cards import get_card
from core.goods.cards import text as words
from core.i18n import N_
from core.page import Page, page_number
from core.people.models import Organisation
from core.people.names import shown_org
from core.when import exact
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.access import load_shop
from market.channels.consignment.goods.forms import StockForm
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.queries import A_PAGE, Sought
from market.channels.consignment.goods.states import STOCK
from market.channels.consignment.goods.views import blueprint
from market.channels.consignment.goods.views.parts import came_by, went
from market.channels.consignment.rules import PAPER_WORDS
from market.listings.condition_rules import condition_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the register. `giver`: file, masked name and paper; `numbers`: masked; `went`: where, "" while here."""

    number: str
    href: str
    at: str
    giver: str
    came_by: str
    what: str
    numbers: str
    state: tuple[str, str]
    went: str


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    template = "market/stock_register.html"
    org_id: str
    name: str
    lines: Sequence[Line]
    form: StockForm
    since: date
    until: date
    page: int
    pages: int
    total: int


def _days() -> tuple[date, date, str]:
    """(from, until, text) asked for; the last thirty days where nothing is said. Raises Invalid."""
    today = clock.local(clock.now()).date()
    since, until = _day("since") or today - timedelta(days=29), _day("until") or today
    if since > until:
        raise Invalid("days_order", N_("The first day can't be after the last one."), field="until")
    return since, until, request.args.get("sought", "")[:60].strip()


def _day(name: str) -> date | None:
    typed = request.args.get(name, "").strip()
    try:
        day = date.fromisoformat(typed) if typed else None
        if day is not None and not 2000 <= day.year <= 2200:
            raise ValueError(typed)
        return day
    except ValueError as no:
        raise Invalid("day_wrong", N_("Write a day like 2026-11-30."), field=name) from no


@blueprint.get("/consignment/<org_id>/register")
@needs("market:stock_register:read", on=load_shop)
def show_register(org: Organisation) -> object:
    form, status = StockForm(formdata=None, data={name: request.args.get(name, "") for name in ("sought", "since", "until")}), 200
    today = clock.local(clock.now()).date()
    try:
        since, until, text = _days()
    except Invalid as no:
        form.blame(no)
        since, until, text, status = today, today, "", no.status
    if status == 200:
        form.since.data, form.until.data = since.isoformat(), until.isoformat()
    page = page_number()
    rows, total = queries.found(g.db, Sought(org_id=org.id, text=text, since=since, until=until), page)
    return RegisterPage(
        org_id=org.id, name=shown_org(org, g.language), lines=[_line(one) for one in rows], form=form, since=since, until=until,
        page=page, pages=max(1, -(-total // A_PAGE)), total=total,
    ).answer(status)  # fmt: skip


def _line(one: StockItem) -> Line:
    state = STOCK[one.state]
    return Line(
        number=one.number, href=f"/stock/{one.id}", at=exact(one.taken_at), giver=giver_of(one), came_by=came_by(one),
        what=f"{one.title} · {words(get_card(one.category).names, g.language)}", numbers=numbers_of(one),
        state=(str(_(state.label)), state.tone), went=went(one),
    )  # fmt: skip


def giver_of(one: StockItem) -> str:
    """File, masked name and paper; who it was in full stands in the file, and who looks there is recorded."""
    if one.consignor is None:
        return one.intake.source
    paper = f"{_(PAPER_WORDS[one.consignor.paper_kind])} {one.consignor.paper_masked}".strip()
    return " · ".join(part for part in (one.consignor.number, one.consignor.shown, paper) if part)


def numbers_of(one: StockItem) -> str:
    return " ".join(number.masked for number in one.item.identifiers)


HEAD = (
    N_("Register number"), N_("Taken in"), N_("Receipt for things taken in"), N_("Point"),
    N_("Taken in by"), N_("Giver"), N_("Came by it"),
    N_("Paper shown"), N_("Kind"), N_("What"), N_("Brand"), N_("Model"), N_("Numbers (masked)"), N_("Condition"),
    N_("Asking price (yuan)"), N_("State"), N_("Where it went"), N_("Went on the day"),
)  # fmt: skip


@blueprint.get("/consignment/<org_id>/register.csv")
@needs("market:stock_register:read", on=load_shop)
def register_file(org: Organisation) -> Response:
    """The same as a file, masked like the page. Making it is recorded."""
    since, until, text = _days()
    org_id = org.id
    with doing() as w:
        w.record("market:stock_register:exported", org_id, since=since.isoformat(), until=until.isoformat())
    rows = queries.register(g.db, Sought(org_id=org_id, text=text, since=since, until=until))
    body = [sheets.row([_(one) for one in HEAD]), *(sheets.row(_cells(one)) for one in rows)]
    answer = Response(sheets.MARK + "".join(body), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="register-{since}-{until}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _cells(one: StockItem) -> list[object]:
    price = f"{one.wanted_minor // 100}.{one.wanted_minor % 100:02d}"
    return [
        one.number, exact(one.taken_at), one.intake.number, one.point.name, one.taken_by, giver_of(one), came_by(one), one.proof,
        words(get_card(one.category).names, g.language), one.title, one.item.brand, one.item.model, numbers_of(one),
        condition_shown(one.condition, g.language), price, _(STOCK[one.state].label), went(one),
        exact(one.ended_at) if one.ended_at else "",
    ]  # fmt: skip
