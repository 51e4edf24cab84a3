"""Appraisals: answers to one version of one standard, by one person, of one thing in one custody epoch."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, guard, only_one


class Appraisal(Base):
    """`answers` are the inputs, `result` the grade with its reasons as worked out at signing; both stay then."""

    __tablename__ = "appraisals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    epoch: Mapped[int]
    standard: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    standard_digest: Mapped[str] = mapped_column(String(64))
    appraiser_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    grade: Mapped[str] = mapped_column(String(8), default="")
    started_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'signed', 'superseded', 'dropped')", name="state_known"),
        CheckConstraint("state IN ('draft', 'dropped') OR signed_at IS NOT NULL", name="signed_has_time"),
        only_one("uq_appraisals_draft", "item_id", where="state = 'draft'"),
    )  # fmt: skip


guard(
    "appraisals_keep_their_words", "appraisals", "BEFORE UPDATE",
    "(OLD.signed_at IS NOT NULL AND (NEW.answers <> OLD.answers OR NEW.result <> OLD.result OR "
    "NEW.grade <> OLD.grade OR NEW.appraiser_id <> OLD.appraiser_id OR NEW.item_id <> OLD.item_id OR "
    "NEW.signed_at IS NULL OR NEW.signed_at <> OLD.signed_at OR NEW.state = 'draft'))",
    "a signed appraisal keeps its words",
)  # fmt: skip
guard("appraisals_stay", "appraisals", "BEFORE DELETE", "(OLD.signed_at IS NOT NULL)", "signed appraisals are history")
