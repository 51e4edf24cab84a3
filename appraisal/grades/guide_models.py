"""What comes together while an appraisal is made: each answer with its time, the photos, and who asked for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from appraisal.grades.guide_rules import LONGEST
from core.db import Base, Json, append_only, guard, only_one


class CheckAnswer(Base):
    """One answer to one check; the newest counts. `answer` None: not tested, said on purpose. `seconds`: from when its page was
    shown until it was answered, by the house's clock, at most 15 minutes; None where no page of its own was shown."""

    __tablename__ = "appraisal_check_answers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    check_code: Mapped[str] = mapped_column(String(40))
    answer: Mapped[Any | None] = mapped_column(Json)
    seconds: Mapped[int | None]
    said_by: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint(f"seconds IS NULL OR (seconds >= 0 AND seconds <= {LONGEST})", name="seconds_capped"),)


append_only("appraisal_check_answers")


class AppraisalPhoto(Base):
    """A photo that the appraiser took for a view. `code`: what had to be readable in the overview; `code_read` and `clean`: the
    appraiser says that it can be read, and that no personal content can be seen. `hints`: codes of what looked bad."""

    __tablename__ = "appraisal_photos"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    view: Mapped[str] = mapped_column(String(30))
    digest: Mapped[str] = mapped_column(String(64))
    sizes: Mapped[dict[str, Any]] = mapped_column(Json)
    code: Mapped[str] = mapped_column(String(8), default="")
    code_read: Mapped[bool] = mapped_column(default=False)
    clean: Mapped[bool] = mapped_column(default=False)
    hints: Mapped[list[Any]] = mapped_column(Json)
    added_by: Mapped[str] = mapped_column(String(26))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


_SIGNED = "EXISTS (SELECT 1 FROM appraisals a WHERE a.id = {row}.appraisal_id AND a.state NOT IN ('draft', 'blind'))"
guard(
    "appraisal_photos_while_made", "appraisal_photos", "BEFORE INSERT", f"({_SIGNED.format(row='NEW')})",
    "photos are taken while an appraisal is made, not after it was signed",
)  # fmt: skip
guard(
    "appraisal_photos_keep", "appraisal_photos", "BEFORE UPDATE",
    f"(NEW.digest <> OLD.digest OR NEW.view <> OLD.view OR NEW.appraisal_id <> OLD.appraisal_id OR {_SIGNED.format(row='OLD')})",
    "what was photographed stays as it was signed",
)  # fmt: skip
guard(
    "appraisal_photos_stay", "appraisal_photos", "BEFORE DELETE", f"({_SIGNED.format(row='OLD')})",
    "the photos of a signed appraisal are history",
)  # fmt: skip


class AppraisalRequest(Base):
    """Somebody asked for an appraisal of a thing: its owner, or the clerk who has it. Open until it is signed or taken back.
    `by_lot`: only `drawn_id` may look at it, nobody while the lot fell on none (appraisal.md 4: nobody chooses)."""

    __tablename__ = "appraisal_requests"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    by_lot: Mapped[bool] = mapped_column(default=False)
    drawn_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(10), default="")

    __table_args__ = (
        only_one("uq_appraisal_requests_open", "item_id", where="ended_at IS NULL"),
        CheckConstraint("why IN ('', 'signed', 'taken_back', 'moved')", name="why_known"),
        CheckConstraint("(ended_at IS NULL) = (why = '')", name="ended_has_reason"),
        CheckConstraint("by_lot OR drawn_id IS NULL", name="drawn_by_lot"),
    )  # fmt: skip
