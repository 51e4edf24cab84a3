"""Versions of our own grading standards that were drafted here. An approved text never changes again, in no database."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, guard, only_one
from core.queue.models import waits_in_queue


class StandardVersion(Base):
    """`body`: the text as a file would have it, UTF-8; `digest`: the SHA-256 of its bytes, which reports carry. `effective_from`:
    the day (of the market's zone) that stands in the text. `based_on`: the version it was begun from. `why`: what changes and
    why, by who drafted it; `reason`: the last word of the person who decided on it."""

    __tablename__ = "standard_versions"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    standard: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    based_on: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    effective_from: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="draft")
    drafted_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("standard", "version"),
        CheckConstraint("version > based_on AND based_on >= 1", name="version_counts"),
        CheckConstraint("state IN ('draft', 'waiting', 'approved', 'given_up')", name="state_known"),
        CheckConstraint("decided_by IS NULL OR decided_by <> drafted_by", name="another_person"),
        CheckConstraint(
            "state <> 'approved' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL AND handed_in_at IS NOT NULL "
            "AND reason <> '' AND why <> '')",
            name="approved_with_reason",
        ),
        CheckConstraint("length(effective_from) = 10 AND length(digest) = 64", name="lengths"),
        only_one("uq_standard_versions_open", "standard", where="state IN ('draft', 'waiting')"),
    )


waits_in_queue("standard", "standard_versions", "{row}.state = 'waiting'")
guard(
    "standard_versions_stay", "standard_versions", "BEFORE DELETE", "(1 = 1)", "versions of grading standards are kept for good"
)
guard(
    "standard_versions_begin_as_drafts", "standard_versions", "BEFORE INSERT", "(NEW.state <> 'draft')",
    "a version of a grading standard begins as a draft",
)  # fmt: skip
guard(
    "standard_versions_stand", "standard_versions", "BEFORE UPDATE",
    "(OLD.state IN ('approved', 'given_up') OR NEW.id <> OLD.id OR NEW.standard <> OLD.standard OR NEW.version <> OLD.version OR "
    "NEW.drafted_by <> OLD.drafted_by OR (NEW.state = 'approved' AND OLD.state <> 'waiting') OR "
    "(NOT (OLD.state = 'draft' AND NEW.state = 'draft') AND "
    "(NEW.body <> OLD.body OR NEW.digest <> OLD.digest OR NEW.effective_from <> OLD.effective_from)))",
    "the text of a version stands once it is handed in, and an approved version never changes",
)  # fmt: skip
