"""The page of one account: its statement over a period, the fees open on it, and the form by which staff book a payment."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect, request
from flask_babel import format_datetime
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import Length

from core import clock
from core.access import may, needs, visitor
from core.errors import Refused
from core.forms import Form, text
from core.i18n import N_
from core.money import Money
from core.page import Page
from core.work import work
from market.ledger import debt_payments, paid_typed, queries
from market.ledger.books import csv, period
from market.ledger.fees_shown import FeesShown, fees_shown
from market.ledger.models import LedgerAccount
from market.ledger.pages import owners
from market.ledger.show import account_name, owner_name
from market.ledger.units import written
from market.ledger.words import names_of

blueprint = Blueprint("ledger_accounts", __name__)


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    template = "market/ledger_account.html"
    name: str
    owner: str
    unit: str
    opening: str
    closing: str
    rows: list[list[str]]
    hrefs: list[str]
    since: str
    until: str
    problem: str
    path: str
    fees: FeesShown | None
    may_book: bool
    form: object


class PaidForm(Form):
    amount = StringField(text(N_("Amount in yuan")), validators=[Length(max=20)])
    reference = StringField(text(N_("The bank's reference")), validators=[Length(max=60)])
    received = StringField(text(N_("Day on which it came")), validators=[Length(max=10)])


def shown(account: LedgerAccount, form: PaidForm | None = None, status: int = 200) -> object:
    """The statement of one account: opening, each line with what stood on it then, closing; what of a seller's fees is open,
    and to an administrator the form for what was paid."""
    account_id = account.id
    if account.owner_id not in owners() and form is None:
        with work(g.db, visitor().actor, clock.now()) as w:
            w.record("market:ledger:looked", account_id)
    account = queries.get_ledger_account(g.db, account_id)
    since, until, problem = period()
    found = queries.statement(g.db, account, since, until)
    names = names_of(g.db, [line.entry for line in found.lines])
    if "csv" in request.args and not problem:
        return csv((one.posting for one in found.lines), f"account-{account_id}.csv")
    return AccountPage(
        name=account_name(account), owner=owner_name(g.db, account.owner_id), unit=account.unit,
        opening=written(found.opening, g.language), closing=written(found.closing, g.language),
        rows=[
            [format_datetime(line.entry.at, "medium"), _(names[line.entry.id]),
             written(Money(line.posting.amount_minor, account.unit), g.language), written(line.after, g.language)]
            for line in found.lines
        ],
        hrefs=[f"/money/entries/{line.entry.id}" for line in found.lines], since=request.args.get("from", ""),
        until=request.args.get("until", ""), problem=problem, path=f"/money/accounts/{account_id}",
        fees=fees_shown(g.db, account), may_book=may(visitor(), "market:debt:settle", account),
        form=form or PaidForm(formdata=None),
    ).answer(422 if problem else status)  # fmt: skip


@blueprint.get("/money/accounts/<account_id>")
@needs("market:account:read", on=queries.get_ledger_account)
def account(found: LedgerAccount) -> object:
    return shown(found)


@blueprint.post("/money/accounts/<account_id>/paid")
@needs("market:debt:settle", on=queries.get_ledger_account)
def paid(account: LedgerAccount) -> object:
    """Staff write down what a seller paid; sent twice it is the first entry."""
    form, account_id = PaidForm(), account.id
    if not form.validate():
        return shown(account, form, 422)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            typed = paid_typed.read(w.now, *(str(field.data or "") for field in (form.amount, form.reference, form.received)))
            made = debt_payments.pay(w, queries.get_ledger_account(w.session, account_id), typed).id
    except Refused as no:
        form.blame(no)
        return shown(queries.get_ledger_account(g.db, account_id), form, no.status)
    return redirect(f"/money/entries/{made}", 303)
