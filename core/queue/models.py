"""Entries of the queue, and the guards by which nothing waits outside of it and nothing is decided past it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, guard, only_one


class QueueEntry(Base):
    """One thing that waits for a person. `barred`: accounts that are part of the matter; `orgs`: whose people decide, where that
    counts. `verdict`: a code of its kind; `ended_by`: who decided, or what let it lapse."""

    __tablename__ = "queue_entries"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    title: Mapped[str] = mapped_column(String(160))
    link: Mapped[str] = mapped_column(String(200))
    barred: Mapped[list[Any]] = mapped_column(Json)
    orgs: Mapped[list[Any]] = mapped_column(Json)
    since: Mapped[datetime]
    due_at: Mapped[datetime]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    owned_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    verdict: Mapped[str] = mapped_column(String(30), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_by: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'decided', 'lapsed')", name="state_known"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("(owner_id IS NULL) = (owned_at IS NULL)", name="owned_has_time"),
        CheckConstraint(
            "state <> 'decided' OR (verdict <> '' AND reason <> '' AND ended_by <> '' AND ended_by NOT LIKE 'system:%')",
            name="a_person_decides_with_a_reason",
        ),
        only_one("uq_queue_entries_open", "kind", "subject_id", where="state = 'open'"),
        Index("ix_queue_entries_due", "state", "due_at"),
    )  # fmt: skip


guard("queue_entries_stay", "queue_entries", "BEFORE DELETE", "(1 = 1)", "what has waited stays on record")
guard(
    "queue_entries_keep", "queue_entries", "BEFORE UPDATE",
    "(OLD.state <> 'open' OR NEW.kind <> OLD.kind OR NEW.subject_id <> OLD.subject_id OR NEW.since <> OLD.since OR "
    "NEW.due_at <> OLD.due_at)",
    "an entry keeps what it is about and its dates, and what was decided stays",
)  # fmt: skip


def _is_open(kind: str, subject: str) -> str:
    # S608: put together from constants of the rooms' modules
    return (
        f"EXISTS (SELECT 1 FROM queue_entries q WHERE q.kind = '{kind}' AND q.subject_id = {subject} "  # noqa: S608
        "AND q.state = 'open')"
    )


def waits_in_queue(kind: str, table: str, waits: str) -> None:
    """Rows of `table` for which `waits` holds (SQL with {row}) have an open entry, and no decision passes it by: entered first,
    ended first."""
    here, before = waits.format(row="NEW"), waits.format(row="OLD")
    entered = _is_open(kind, "NEW.id")
    said = "what waits for a person stands in the queue, and leaves it with the decision"
    guard(f"{table}_queue_{kind}_new", table, "BEFORE INSERT", f"(({here}) AND NOT {entered})", said)
    guard(
        f"{table}_queue_{kind}_moved", table, "BEFORE UPDATE",
        f"((({here}) AND NOT ({before}) AND NOT {entered}) OR (({before}) AND NOT ({here}) AND {entered}))", said,
    )  # fmt: skip


def waits_for_row(kind: str, table: str, answers: str, column: str) -> None:
    """Where the decision is a row of its own: a row of `table` waits at once, its row in `answers` (by `column`) ends it."""
    said = "what waits for a person stands in the queue, and leaves it with the decision"
    guard(f"{table}_queue_{kind}_new", table, "BEFORE INSERT", f"(NOT {_is_open(kind, 'NEW.id')})", said)
    guard(f"{answers}_queue_{kind}_end", answers, "BEFORE INSERT", f"({_is_open(kind, f'NEW.{column}')})", said)
