"""Makers' declarations that staff enter in the program: proposed by one person, approved by another, withdrawn when the maker
does. Append-only; a made-up one can't be entered here."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard
from core.queue.models import waits_for_row


class DeclarationEntry(Base):
    """What one person read on a maker's page. `content`: maker and statement in both languages, brands, models, versions."""

    __tablename__ = "declaration_entries"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    platform: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    source: Mapped[str] = mapped_column(String(300))
    dated: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(20))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("id", "proposed_by"),
        CheckConstraint("source LIKE 'https://%' AND source NOT LIKE '%.example/%'", name="real_source"),
        CheckConstraint("length(dated) = 10", name="dated_by_day"),
    )


append_only("declaration_entries")


class DeclarationDecision(Base):
    """The other person's word on an entry, for good. Only an approved one counts."""

    __tablename__ = "declaration_decisions"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(26), unique=True)
    proposed_by: Mapped[str] = mapped_column(String(26))
    decided_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(20))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    decision: Mapped[str] = mapped_column(String(8))
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["entry_id", "proposed_by"],
            ["declaration_entries.id", "declaration_entries.proposed_by"],
            name="fk_declaration_decisions_entry",
        ),
        CheckConstraint("decided_by <> proposed_by", name="another_person"),
        CheckConstraint("decision IN ('approved', 'refused')", name="decision_known"),
    )


append_only("declaration_decisions")
waits_for_row("declaration", "declaration_entries", "declaration_decisions", "entry_id")


class DeclarationWithdrawal(Base):
    """From which day an approved declaration counts no more. One person is enough: it only takes away."""

    __tablename__ = "declaration_withdrawals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("declaration_entries.id"), unique=True)
    day: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("length(day) = 10", name="by_day"),)


append_only("declaration_withdrawals")
guard(
    "declaration_withdrawals_of_approved",
    "declaration_withdrawals",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM declaration_decisions d WHERE d.entry_id = NEW.entry_id AND d.decision = 'approved'))",
    "only an approved declaration is withdrawn",
)
