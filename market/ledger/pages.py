"""Everybody's own money page, and the page of one entry: what it says, how it came about, why it sums to zero."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import needs, visitor
from core.db import get_row
from core.money import Money
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.work import work
from market.ledger import queries, unclaimed
from market.ledger.debts import standing
from market.ledger.fees_shown import FeesShown, shown
from market.ledger.models import Entry, UnclaimedMoney
from market.ledger.show import EntryShown, account_name, entry_shown
from market.ledger.units import written
from market.ledger.words import Way, parties_of, ways_of

blueprint = Blueprint("money", __name__)
STAFF = ("administrator", "mediator", "regulator")


def owners() -> set[str]:
    """Whose books the visitor may read as their own: their own, and those of places they manage."""
    me = visitor().account_id
    return ({me} if me else set()) | visitor().orgs_as("shop_manager")


@dataclass(frozen=True, slots=True)
class AccountShown:
    name: str
    amount: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One movement on accounts of this owner."""

    title: str
    about: str
    at: datetime
    amount: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Waiting:
    id: str
    amount: str
    since: datetime
    told: list[datetime]
    href: str


@dataclass(frozen=True, kw_only=True)
class MoneyPage(Page):
    template = "market/money.html"
    whose: str
    path: str
    accounts: list[AccountShown]
    lines: list[Line]
    waiting: list[Waiting]
    fees: FeesShown | None
    owing: list[str]
    ways: list[Way]
    page: int
    pages: int


@blueprint.get("/me/money")
@needs("market:mine:read")
def mine() -> object:
    return _money_page(str(visitor().account_id), "", "/me/money")


def get_place(session: Session, org_id: str) -> Organisation:
    return get_row(session, Organisation, org_id)


@blueprint.get("/organisations/<org_id>/money")
@needs("market:money:read", on=get_place)
def of_place(place: Organisation) -> object:
    return _money_page(place.id, shown_org(place, g.language), f"/organisations/{place.id}/money")


def _money_page(owner_id: str, whose: str, path: str) -> object:
    entries, total, page = queries.entries_touching(g.db, [owner_id], request.args.get("page", 1, type=int))
    balances = queries.balances(g.db, [owner_id])
    return MoneyPage(
        whose=whose, path=path, accounts=[_account(one) for one in balances],
        **_owing(balances),
        lines=[line for entry in entries for line in _lines(entry, owner_id)],
        waiting=[_waiting(one) for one in queries.unclaimed_of(g.db, [owner_id])],
        ways=ways_of(f"?for={owner_id}" if whose else "") if owner_id in owners() else [], page=page,
        pages=-(-total // queries.PER_PAGE),
    ).answer()  # fmt: skip


def _owing(balances: list[queries.Balance]) -> dict[str, Any]:
    """Fees that are open, with what is needed to pay them; and what else the seller's accounts lack."""
    fees, owing = None, []
    for one in (found for found in balances if found.account.kind == "seller_payable"):
        stands = standing(g.db, one.account)
        if stands.due.minor or stands.credit.minor:
            fees = shown(g.db, one.account, stands)
        if (lacks := -one.amount - stands.due).minor > 0:
            owing.append(written(lacks, g.language))
    return {"fees": fees, "owing": owing}


def _account(one: queries.Balance) -> AccountShown:
    tone = "neutral" if one.amount.minor == 0 else ("good" if one.amount.minor > 0 else "warn")
    return AccountShown(account_name(one.account), written(one.amount, g.language), tone, f"/money/accounts/{one.account.id}")


def _lines(entry: Entry, owner_id: str) -> list[Line]:
    shown = entry_shown(g.db, entry, {owner_id})
    about = shown.subject[0] if shown.subject else ""
    return [
        Line(
            title=f"{shown.kind} · {account_name(one.account)}", about=about, at=entry.at,
            amount=written(Money(one.amount_minor, one.unit), g.language),
            tone="good" if one.amount_minor > 0 else "neutral", href=f"/money/entries/{entry.id}",
        )
        for one in entry.postings if one.account.owner_id == owner_id
    ]  # fmt: skip


def _waiting(row: UnclaimedMoney) -> Waiting:
    told = [datetime.fromisoformat(one) for one in row.notices]
    amount = written(Money(row.amount_minor, row.unit), g.language)
    return Waiting(row.id, amount, row.since, told, f"/money/entries/{row.entry_id}")


@blueprint.post("/money/unclaimed/<unclaimed_id>/claim")
@needs("market:money:claim", on=queries.get_unclaimed)
def claim(row: UnclaimedMoney) -> object:
    row_id, owner_id = row.id, row.owner_id
    with work(g.db, visitor().actor, clock.now()) as w:
        unclaimed.claim(w, w.session.get_one(UnclaimedMoney, row_id))
    return redirect("/me/money" if owner_id == visitor().account_id else f"/organisations/{owner_id}/money", 303)


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    template = "market/ledger_entry.html"
    entry: EntryShown
    may_reverse: bool
    may_read: bool
    form: object


@blueprint.get("/money/entries/<entry_id>")
@needs("market:entry:read", on=queries.get_entry)
def entry(found: Entry) -> object:
    from market.ledger.books import reverse_form

    found_id = found.id
    mine = queries.owners_in(found) | parties_of(g.db, found.subject_id)
    if not mine & owners():  # staff look at somebody else's books
        with work(g.db, visitor().actor, clock.now()) as w:
            w.record("market:ledger:looked", found_id)
    found = queries.get_entry(g.db, found_id)
    shown = entry_shown(g.db, found, owners())
    may = "administrator" in visitor().roles and not (shown.reverses or shown.reversed_by)
    return EntryPage(entry=shown, may_reverse=may, may_read=bool(visitor().roles & set(STAFF)), form=reverse_form()).answer()


__all__ = ["EntryPage", "MoneyPage", "blueprint", "owners", "STAFF", "_"]
