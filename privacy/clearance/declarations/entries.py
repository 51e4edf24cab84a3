"""All declarations that count here: those of files, and those that two people entered in the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.data_files import Bilingual
from core.db import get_row, stamp
from core.people.models import Organisation
from privacy.clearance.declaration_rules import Declaration, Entered, Versions
from privacy.clearance.declarations import all_declarations, find_by_id
from privacy.clearance.declarations.models import DeclarationDecision, DeclarationEntry, DeclarationWithdrawal


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with what became of it: no decision yet, approved or refused, withdrawn or not."""

    entry: DeclarationEntry
    decision: DeclarationDecision | None
    withdrawal: DeclarationWithdrawal | None

    @property
    def state(self) -> str:
        """waiting | approved | refused | withdrawn"""
        if self.withdrawal is not None:
            return "withdrawn"
        return self.decision.decision if self.decision else "waiting"


def rows(session: Session) -> list[Row]:
    """Every entry, newest first."""
    query = (
        select(DeclarationEntry, DeclarationDecision, DeclarationWithdrawal)
        .outerjoin(DeclarationDecision, DeclarationDecision.entry_id == DeclarationEntry.id)
        .outerjoin(DeclarationWithdrawal, DeclarationWithdrawal.entry_id == DeclarationEntry.id)
        .order_by(DeclarationEntry.id.desc())
    )
    return [Row(*found) for found in session.execute(query)]


def get_entry(session: Session, entry_id: str) -> DeclarationEntry:
    """Raises NotFound."""
    return get_row(session, DeclarationEntry, entry_id)


def row_of(session: Session, entry_id: str) -> Row:
    get_entry(session, entry_id)
    return next(one for one in rows(session) if one.entry.id == entry_id)


def in_force(session: Session, *, demo: bool) -> Sequence[Declaration]:
    """What a check-list is held against: made-up ones only where `demo`, entered ones only if another person approved them."""
    entered = [value_of(session, one) for one in rows(session) if one.decision and one.decision.decision == "approved"]
    return (*all_declarations(demo=demo), *entered)


def find_declared(session: Session, id: str) -> Declaration | None:
    """By the id that papers name, also one that was withdrawn since."""
    named = find_by_id(id)
    if named is not None:
        return named
    found = session.get(DeclarationEntry, id)
    return value_of(session, row_of(session, id)) if found is not None else None


def value_of(session: Session, row: Row) -> Declaration:
    entry, told = row.entry, row.entry.content
    acts = [(entry.role, entry.org_id, entry.at)]
    if row.decision is not None:
        acts.append((row.decision.role, row.decision.org_id, row.decision.at))
    return Declaration(
        id=entry.id,
        maker=Bilingual(zh=told["maker_zh"], en=told["maker_en"]),
        brands=tuple(told["brands"]),
        platform=entry.platform,
        models=tuple(told["models"]),
        versions=Versions(first=told["from"], until=told["until"]),
        statement=Bilingual(zh=told["statement_zh"], en=told["statement_en"]),
        source=entry.source,
        dated=date.fromisoformat(entry.dated),
        entered_by=(),
        demo=False,
        withdrawn=date.fromisoformat(row.withdrawal.day) if row.withdrawal else None,
        entered=tuple(
            Entered(role=role, organisation=session.get_one(Organisation, org).name, at=stamp(at)) for role, org, at in acts
        ),
    )
