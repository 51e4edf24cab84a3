"""Entries and accounts as people read them: whose, how much, for what, and how each amount came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import may, visitor
from core.i18n import N_
from core.money import Money
from core.people.models import Account, Organisation
from core.people.names import shown_name, shown_org
from market.ledger.explaining import behind_of, steps_of
from market.ledger.fees.explain import Explained, explain_lines, traces_rounding
from market.ledger.models import Entry, LedgerAccount, Posting
from market.ledger.queries import find_reversal
from market.ledger.steps_shown import explained, was_rounded
from market.ledger.units import written
from market.ledger.words import ACCOUNTS, accounts_in, names_of, subject_of

HOUSES = {"platform": N_("The platform"), "stripe": "Stripe", "cash": N_("Cash")}


def owner_name(session: Session, owner_id: str) -> str:
    """Whose account it is, as others see it."""
    person = session.get(Account, owner_id)
    if person is not None:
        return shown_name(person)
    place = session.get(Organisation, owner_id)
    if place is not None:
        return shown_org(place, g.language)
    return str(_(HOUSES[owner_id])) if owner_id in HOUSES else owner_id


@dataclass(frozen=True, slots=True)
class PostingShown:
    """`side`: in words, owed to or owed by; `mine`: is it the reader's own account? `href`: its page, "" where it's another's."""

    account: str
    owner: str
    side: str
    amount: str
    href: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """`explained`: the trace of fees that was kept with it; `steps`: how each posting came about; `behind`: (what, address) of
    what it is about, as far as the reader may open it."""

    id: str
    kind: str
    at: datetime
    entered_by: str
    postings: list[PostingShown]
    sums: str
    why: str = ""
    explained: list[Explained] = field(default_factory=list)
    steps: list[Explained] = field(default_factory=list)
    rounded: bool = False
    behind: list[tuple[str, str]] = field(default_factory=list)
    subject: tuple[str, str] | None = None
    reverses: str = ""
    reversed_by: str = ""


def entry_shown(session: Session, entry: Entry, mine: set[str]) -> EntryShown:
    told, steps = entry.explanation or {}, steps_of(session, entry)
    back, traced, called = find_reversal(session, entry.id), explain_lines(told, g.language), accounts_in(session, entry)
    return EntryShown(
        id=entry.id, kind=_(names_of(session, [entry])[entry.id]), at=entry.at, entered_by=_who(session, entry.entered_by),
        postings=[posting_shown(session, one, mine, called) for one in entry.postings],
        sums=_sums(entry), why=str(told.get("why", "")),
        explained=traced, steps=explained(steps, g.language, called), rounded=was_rounded(steps) or traces_rounding(told),
        behind=_behind(session, entry), subject=subject_of(session, entry.subject_id),
        reverses=entry.reverses_id or "", reversed_by=back.id if back else "",
    )  # fmt: skip


def _behind(session: Session, entry: Entry) -> list[tuple[str, str]]:
    """No link leads to a page that the reader may not open."""
    return [
        (one.label.spoken(g.language), one.href)
        for one in behind_of(session, entry) if may(visitor(), one.permission, one.subject)
    ]  # fmt: skip


EntryLine = tuple[str, str, list[tuple[str, str]]]


def entry_lines(session: Session, entries: Sequence[Entry]) -> list[EntryLine]:
    """(what, address, [(account, amount)]) of each entry, for the page of what it is about."""
    names = names_of(session, entries)
    return [(_(names[entry.id]), f"/money/entries/{entry.id}", _line_amounts(session, entry)) for entry in entries]


def _line_amounts(session: Session, entry: Entry) -> list[tuple[str, str]]:
    called = accounts_in(session, entry)
    return [
        (_(called[line.account.kind]), written(Money(line.amount_minor, line.unit), g.language)) for line in entry.postings
    ]  # fmt: skip


def _who(session: Session, actor: str) -> str:
    return str(_("The program")) if actor.startswith("system:") else owner_name(session, actor)


def posting_shown(session: Session, one: Posting, mine: set[str], called: Mapping[str, str]) -> PostingShown:
    side = _("owed to it") if one.amount_minor > 0 else _("owed by it")
    return PostingShown(
        account=_(called[one.account.kind]), owner=owner_name(session, one.account.owner_id), side=side,
        amount=written(Money(one.amount_minor, one.unit), g.language),
        href=f"/money/accounts/{one.account_id}" if may(visitor(), "market:account:read", one.account) else "",
        mine=one.account.owner_id in mine,
    )  # fmt: skip


def account_name(account: LedgerAccount) -> str:
    return str(_(ACCOUNTS[account.kind]))


def _sums(entry: Entry) -> str:
    """The sum of each unit, which is nothing: +¥20.00 − ¥20.00 = ¥0.00."""
    texts = []
    for unit in sorted({one.unit for one in entry.postings}):
        amounts = [Money(one.amount_minor, unit) for one in entry.postings if one.unit == unit]
        sides = " ".join(f"{'+' if one.minor > 0 else '−'} {written(abs(one), g.language)}" for one in amounts)
        texts.append(f"{sides} = {written(Money(sum(one.minor for one in amounts), unit), g.language)}")
    return "; ".join(texts)
