"""Two people enter a maker's declaration: one reads the maker's page and writes down what it says, another reads it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from core import ids
from core.access import FRESH, SecondFactorNeeded
from core.clock import LOCAL_ZONE
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.visitors import held_roles
from core.queue import actions as queue
from core.work import Work
from privacy.clearance.declaration_rules import MADE_UP, SOURCE, Versions, versions_in_order
from privacy.clearance.declarations.entries import row_of
from privacy.clearance.declarations.models import DeclarationDecision, DeclarationEntry, DeclarationWithdrawal
from privacy.clearance.second_person import declaration_ask
from privacy.wipes.checklists import all_checklists

ROLES: Final = ("reviewer", "administrator")
MOST = 40  # brands, and models


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a maker's page says. `first` and `until`: system versions, both included; `dated`: the page's day."""

    maker_zh: str
    maker_en: str
    brands: Sequence[str]
    platform: str
    models: Sequence[str]
    first: str
    until: str
    statement_zh: str
    statement_en: str
    source: str
    dated: date


def propose(w: Work, given: Given, signed_in_at: datetime | None) -> DeclarationEntry:
    """The first person's entry; it counts for nothing before another approves it. Raises Invalid at the field that is wrong."""
    role, org_id = _demand_staff(w, signed_in_at)
    _check(given, w.now.astimezone(LOCAL_ZONE).date())
    assert signed_in_at is not None
    row = DeclarationEntry(
        id=ids.new_id(),
        platform=given.platform,
        content={
            "maker_zh": given.maker_zh.strip(),
            "maker_en": given.maker_en.strip(),
            "brands": _listed(given.brands),
            "models": _listed(given.models),
            "from": given.first.strip(),
            "until": given.until.strip(),
            "statement_zh": given.statement_zh.strip(),
            "statement_en": given.statement_en.strip(),
        },
        source=given.source.strip(),
        dated=given.dated.isoformat(),
        proposed_by=w.actor.id,
        role=role,
        org_id=org_id,
        signed_in_at=signed_in_at,
        at=w.now,
    )
    queue.ask(w, "declaration", declaration_ask(row))
    w.session.add(row)
    w.session.flush()
    w.record("privacy:declaration:proposed", row.id, platform=row.platform, dated=row.dated)
    return row


def decide(
    w: Work, entry: DeclarationEntry, decision: str, signed_in_at: datetime | None, *, reason: str
) -> DeclarationDecision:
    """The second person has read the maker's page, too: `approved` or `refused`, and why. Never who proposed it."""
    role, org_id = _demand_staff(w, signed_in_at)
    if entry.proposed_by == w.actor.id:
        raise Forbidden("own_entry", N_("You entered it yourself. Another person reads the maker's page and decides."))
    if decision not in ("approved", "refused"):
        raise Invalid("decision_missing", N_("Please choose one of the answers offered."), field="decision")
    if row_of(w.session, entry.id).decision is not None:
        raise Refused("decided", N_("Somebody has decided on it already."))
    queue.settle(w, "declaration", entry.id, decision, reason)
    assert signed_in_at is not None
    row = DeclarationDecision(
        id=ids.new_id(),
        entry_id=entry.id,
        proposed_by=entry.proposed_by,
        decided_by=w.actor.id,
        role=role,
        org_id=org_id,
        decision=decision,
        signed_in_at=signed_in_at,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:declaration:decided", entry.id, decision=decision)
    return row


def withdraw(w: Work, entry: DeclarationEntry, signed_in_at: datetime | None) -> DeclarationWithdrawal:
    """The maker took it back, or it turned out to be wrong: from today it counts no more. What passed by it keeps its paper."""
    _demand_staff(w, signed_in_at)
    if row_of(w.session, entry.id).state != "approved":
        raise Refused("not_approved", N_("Only a declaration that counts is withdrawn."))
    day = w.now.astimezone(LOCAL_ZONE).date().isoformat()
    row = DeclarationWithdrawal(id=ids.new_id(), entry_id=entry.id, day=day, by=w.actor.id, at=w.now)
    w.session.add(row)
    w.session.flush()
    w.record("privacy:declaration:withdrawn", entry.id, day=day)
    return row


def _demand_staff(w: Work, signed_in_at: datetime | None) -> tuple[str, str]:
    """Role and organisation of who acts. Raises Forbidden, SecondFactorNeeded."""
    held = sorted((role, org) for role, org in held_roles(w.session, w.actor.id) if role in ROLES)
    if not held:
        raise Forbidden()
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    return held[0]


def _listed(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))


def _check(given: Given, today: date) -> None:
    for field in ("maker_zh", "maker_en", "statement_zh", "statement_en"):
        if not getattr(given, field).strip():
            raise Invalid("text_missing", N_("Please fill this in."), field=field)
    for field in ("brands", "models"):
        if not 1 <= len(_listed(getattr(given, field))) <= MOST:
            raise Invalid("names_missing", N_("Name at least one and at most forty, separated by commas."), field=field)
    if given.platform not in {one.code for one in all_checklists() if one.relies_on_maker}:
        raise Invalid("platform_missing", N_("Choose the platform that this device has."), field="platform")
    if not versions_in_order(Versions(first=given.first.strip(), until=given.until.strip())):
        raise Invalid("versions", N_("Enter versions like 15 or 18.2, the first not after the last."), field="until")
    if not SOURCE.fullmatch(given.source.strip()) or MADE_UP in given.source:
        raise Invalid("source", N_("Enter the https address of the maker's own page."), field="source")
    if given.dated > today:
        raise Invalid("dated", N_("A day to come can't stand on the maker's page."), field="dated")
