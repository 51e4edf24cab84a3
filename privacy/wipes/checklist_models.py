"""A check-list while it is being filled in, and its photos. Sent, it is kept as an evidence file and never changes again."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard, only_one


class FilledList(Base):
    """One walk through a platform's list for one job. `answers`: {step: {a: the answer, first: when given, at: when last
    changed}}; `readings`: what was read off the device (model, version). At most one is open in a job."""

    __tablename__ = "wipe_checklists"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    platform: Mapped[str] = mapped_column(String(30))
    version: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    readings: Mapped[dict[str, Any]] = mapped_column(Json)
    begun_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("evidence_files.id"), unique=True)
    photos: Mapped[list["ListPhoto"]] = relationship(order_by="ListPhoto.id")

    __table_args__ = (
        only_one("uq_wipe_checklists_open", "job_id", where="evidence_id IS NULL AND dropped_at IS NULL"),
        CheckConstraint("evidence_id IS NULL OR dropped_at IS NULL", name="sent_or_dropped"),
    )


guard(
    "wipe_checklists_in_time",
    "wipe_checklists",
    "BEFORE INSERT",
    "(NEW.evidence_id IS NOT NULL OR NEW.dropped_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM wipe_jobs j "
    "WHERE j.id = NEW.job_id AND j.state = 'wiping' AND j.operator_id = NEW.begun_by))",
    "the operator of a job fills in its list, while it is being wiped",
)
guard(
    "wipe_checklists_end_once",
    "wipe_checklists",
    "BEFORE UPDATE",
    "(OLD.evidence_id IS NOT NULL OR OLD.dropped_at IS NOT NULL OR NEW.job_id <> OLD.job_id OR NEW.platform <> OLD.platform "
    "OR NEW.begun_by <> OLD.begun_by OR NEW.begun_at <> OLD.begun_at OR (NEW.evidence_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM evidence_files e WHERE e.id = NEW.evidence_id AND e.job_id = NEW.job_id AND e.format = 'checklist')))",
    "a list that was sent or dropped stays as it is",
)
guard("wipe_checklists_stay", "wipe_checklists", "BEFORE DELETE", "(1 = 1)", "filled lists are history")


class ListPhoto(Base):
    """A photo of one step: three sizes in the file store. `sizes`: {name: [digest, width, height]}."""

    __tablename__ = "wipe_checklist_photos"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    list_id: Mapped[str] = mapped_column(ForeignKey("wipe_checklists.id"), index=True)
    step: Mapped[str] = mapped_column(String(30))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    sizes: Mapped[dict[str, Any]] = mapped_column(Json)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


# the list of this photo is over
_OVER = (
    "EXISTS (SELECT 1 FROM wipe_checklists l WHERE l.id = {row}.list_id "
    "AND (l.evidence_id IS NOT NULL OR l.dropped_at IS NOT NULL))"
)
guard(
    "checklist_photos_in_time",
    "wipe_checklist_photos",
    "BEFORE INSERT",
    f"({_OVER.format(row='NEW')})",
    "a list that was sent takes no more photos",
)
guard(
    "checklist_photos_kept",
    "wipe_checklist_photos",
    "BEFORE UPDATE",
    f"(NEW.digest <> OLD.digest OR NEW.list_id <> OLD.list_id OR NEW.step <> OLD.step OR {_OVER.format(row='OLD')})",
    "a photo of a list stays as it is",
)
guard("checklist_photos_stay", "wipe_checklist_photos", "BEFORE DELETE", "(1 = 1)", "photos of lists are history")
