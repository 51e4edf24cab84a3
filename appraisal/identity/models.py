"""What was read of a thing's numbers, the lists they are looked for on, and the table of type codes. No number in clear."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard
from core.queue.models import waits_in_queue


class NumberReading(Base):
    """What one place showed; the newest of each place counts. `numbers`: [{kind, digest, masked, model}], the digest keyed as the
    register's, so that nobody can try numbers out, and nothing else is kept of them. `why_not`: code of rules.WHY_NOT."""

    __tablename__ = "number_readings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    place: Mapped[str] = mapped_column(String(20))
    numbers: Mapped[list[Any]] = mapped_column(Json)
    why_not: Mapped[str] = mapped_column(String(20), default="")
    said_by: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("numbers = '[]' OR why_not = ''", name="read_or_not"),)


class OwnLook(Base):
    """Where an appraiser asked by the number on their own: their word, and the report says so. `how`: code of actions.HOW."""

    __tablename__ = "number_own_looks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    how: Mapped[str] = mapped_column(String(20))
    day: Mapped[str] = mapped_column(String(10))
    said_by: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]


_SIGNED = "(EXISTS (SELECT 1 FROM appraisals a WHERE a.id = NEW.appraisal_id AND a.state NOT IN ('draft', 'blind')))"
for _table in ("number_readings", "number_own_looks"):
    append_only(_table)
    guard(
        f"{_table}_while_made", _table, "BEFORE INSERT", _SIGNED,
        "numbers are read while an appraisal is made, not after it was signed",
    )  # fmt: skip


class TypeCodeImport(Base):
    """A table of type codes as it was loaded; the one that was loaded last counts."""

    __tablename__ = "type_code_imports"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    lines: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class TypeCode(Base):
    """Eight digits of an IMEI and the model they belong to."""

    __tablename__ = "type_codes"
    import_id: Mapped[str] = mapped_column(ForeignKey("type_code_imports.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    brand: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(120))


class NumberList(Base):
    """One version of a list of stolen or barred numbers. `day`: of the list itself; `digest`: SHA-256 of its file."""

    __tablename__ = "number_lists"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    day: Mapped[str] = mapped_column(String(10))
    lines: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    imported_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("kind", "source", "version"),
        CheckConstraint("kind IN ('stolen', 'blocked')", name="kind_known"),
        CheckConstraint("lines > 0 AND version > 0", name="counts"),
    )


class ListedNumber(Base):
    """A number of a list, as a keyed digest only."""

    __tablename__ = "listed_numbers"
    list_id: Mapped[str] = mapped_column(ForeignKey("number_lists.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)

    __table_args__ = (Index("ix_listed_numbers_digest", "digest"),)


for _table in ("type_code_imports", "type_codes", "number_lists", "listed_numbers"):
    append_only(_table)


class NumberHit(Base):
    """A thing whose number stands on a source's list: frozen until a person has decided. Of each source once, whatever its
    versions."""

    __tablename__ = "number_hits"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    list_id: Mapped[str] = mapped_column(ForeignKey("number_lists.id"))
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("item_id", "kind", "source"),
        CheckConstraint("state IN ('open', 'confirmed', 'cleared')", name="state_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("state = 'open' OR (reason <> '' AND decided_by IS NOT NULL)", name="a_person_with_a_reason"),
    )


guard(
    "number_hits_keep", "number_hits", "BEFORE UPDATE",
    "(OLD.state = 'cleared' OR NEW.item_id <> OLD.item_id OR NEW.kind <> OLD.kind OR NEW.source <> OLD.source OR "
    "NEW.at <> OLD.at)",
    "a hit keeps what it is about, and what was cleared stays",
)  # fmt: skip
guard("number_hits_stay", "number_hits", "BEFORE DELETE", "(1 = 1)", "what was found on a list stays on record")
waits_in_queue("listed_number", "number_hits", "{row}.state = 'open'")
