"""Reference items, exams and the answers given in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one


class ReferenceItem(Base):
    """A thing whose answers were agreed on. `told`: what is to be seen of it, or where it lies to be handled; `agreed`: who
    agreed, in words; `grade`: what the standard makes of the agreed answers."""

    __tablename__ = "reference_items"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    standard: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    told: Mapped[str] = mapped_column(Text)
    agreed: Mapped[str] = mapped_column(String(200))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    grade: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="active")
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("state IN ('active', 'retired')", name="state_known"),)


guard(
    "reference_items_keep_their_words", "reference_items", "BEFORE UPDATE",
    "(NEW.answers <> OLD.answers OR NEW.grade <> OLD.grade OR NEW.told <> OLD.told OR NEW.standard <> OLD.standard OR "
    "NEW.version <> OLD.version OR OLD.state = 'retired')",
    "an exam is measured by what was agreed on then: enter a new reference item",
)  # fmt: skip
guard("reference_items_stay", "reference_items", "BEFORE DELETE", "(1 = 1)", "reference items are history")


class Exam(Base):
    """One person's grading of all reference items of a standard. `items`: ids in the order of this exam; `kappa`: as text, two
    decimals, "" while it is open or where it isn't defined."""

    __tablename__ = "exams"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    standard: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    items: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(8), default="open")
    kappa: Mapped[str] = mapped_column(String(8), default="")
    began_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'passed', 'failed')", name="state_known"),
        CheckConstraint("(state = 'open') = (done_at IS NULL)", name="done_has_time"),
        CheckConstraint("state <> 'passed' OR kappa <> ''", name="passed_is_measured"),
        only_one("uq_exams_open", "account_id", where="state = 'open'"),
    )


guard(
    "exams_stay", "exams", "BEFORE UPDATE",
    "(OLD.state <> 'open' OR NEW.items <> OLD.items OR NEW.account_id <> OLD.account_id)", "an exam that is over stays as it was",
)  # fmt: skip


class ExamAnswer(Base):
    """What was answered for one reference item, once."""

    __tablename__ = "exam_answers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    exam_id: Mapped[str] = mapped_column(ForeignKey("exams.id"), index=True)
    reference_id: Mapped[str] = mapped_column(ForeignKey("reference_items.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    grade: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("exam_id", "reference_id"),)


append_only("exam_answers")
