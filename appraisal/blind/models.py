"""Draws and blind re-appraisals. The database keeps a second person second, and what was told as it was told."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one
from core.queue.models import waits_in_queue


class BlindDraw(Base):
    """Whether one signed report goes to a second look, with everything the answer was reckoned from: `root` of the first
    checkpoint that covers the report in the public log, `ticket` 16 hex digits, `share` percent."""

    __tablename__ = "blind_draws"
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(24))
    root: Mapped[str] = mapped_column(String(64))
    ticket: Mapped[str] = mapped_column(String(16))
    share: Mapped[int]
    drawn: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("share BETWEEN 1 AND 100", name="share_percent"),)


append_only("blind_draws")


class BlindCheck(Base):
    """One second look. `first_id`: who signed; `owner_id`: whose thing it was then; `second_id`: who was assigned by lot,
    None while nobody is eligible; `returned`:
    who gave it back; `root`: what the lot rests on; `result` as in an appraisal."""

    __tablename__ = "blind_checks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    first_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    second_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    returned: Mapped[list[Any]] = mapped_column(Json)
    why: Mapped[str] = mapped_column(String(8))
    root: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="open")
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    grade: Mapped[str] = mapped_column(String(8), default="")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    graded_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'confirmed', 'disagreed', 'upheld', 'overturned', 'lapsed')", name="state_known"),
        CheckConstraint("why IN ('drawn', 'value', 'panel')", name="why_known"),
        CheckConstraint("second_id IS NULL OR second_id <> first_id", name="another_person"),
        CheckConstraint("state IN ('open', 'lapsed') OR (graded_at IS NOT NULL AND grade <> '')", name="graded_to_end"),
        only_one("uq_blind_checks_drawn", "appraisal_id", where="state <> 'lapsed' AND why <> 'panel'"),
    )


waits_in_queue("blind_check", "blind_checks", "{row}.state = 'disagreed'")
guard(
    "blind_checks_keep_their_words", "blind_checks", "BEFORE UPDATE",
    "(NEW.appraisal_id <> OLD.appraisal_id OR NEW.first_id <> OLD.first_id OR NEW.root <> OLD.root OR "
    "(OLD.graded_at IS NOT NULL AND (NEW.grade <> OLD.grade OR NEW.answers <> OLD.answers OR NEW.result <> OLD.result OR "
    "NEW.graded_at IS NULL OR NEW.graded_at <> OLD.graded_at OR coalesce(NEW.second_id, '') <> coalesce(OLD.second_id, ''))))",
    "a blind grade keeps its words",
)  # fmt: skip
guard("blind_checks_stay", "blind_checks", "BEFORE DELETE", "(1 = 1)", "second looks are history")
guard(
    "blind_checks_of_signed", "blind_checks", "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM appraisals a WHERE a.id = NEW.appraisal_id AND a.item_id = NEW.item_id "
    "AND a.appraiser_id = NEW.first_id AND a.state = 'signed'))",
    "a second look is taken at a report that is in force",
)  # fmt: skip
