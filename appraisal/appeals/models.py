"""Appeals, and who was drawn to grade anew. The database keeps what was asked and decided, and one open appeal a report."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, guard, only_one
from core.queue.models import waits_in_queue

_OPEN = "state IN ('review', 'upheld', 'overturned', 'panel', 'short')"


class Appeal(Base):
    """Against `appraisal_id`, which `first_id` signed for `org_id` while the thing was `owner_id`'s; `by_id` appealed, as `side`.

    `checks`: codes of the contested ones; `root`: what the lots rest on, "" until the log has entered the report; `due_at`:
    until when a panel can be asked for, None otherwise; `first_outcome`: what the reviewer's grade said (rules.OUTCOMES);
    `new_id`: the report that took the first one's place; `froze`: the first one counts nowhere until this is decided;
    `grade`: what it came to in the end. `reason`: the platform's, where it had to end it."""

    __tablename__ = "appraisal_appeals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    first_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    by_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    side: Mapped[str] = mapped_column(String(6))
    words: Mapped[str] = mapped_column(Text)
    checks: Mapped[list[Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="review")
    stage: Mapped[str] = mapped_column(String(6), default="review")
    root: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    first_outcome: Mapped[str] = mapped_column(String(6), default="")
    panel_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    panel_words: Mapped[str] = mapped_column(Text, default="")
    new_id: Mapped[str | None] = mapped_column(ForeignKey("appraisals.id"), index=True)
    froze: Mapped[bool] = mapped_column(default=False)
    grade: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('review', 'upheld', 'overturned', 'panel', 'short', 'stands', 'fell', 'unheard', 'lapsed', 'withdrawn')",
            name="state_known",
        ),
        CheckConstraint("side IN ('owner', 'buyer')", name="side_known"),
        CheckConstraint("stage IN ('review', 'panel')", name="stage_known"),
        CheckConstraint("first_outcome IN ('', 'same', 'other', 'split')", name="outcome_known"),
        CheckConstraint("words <> ''", name="has_reason"),
        CheckConstraint("by_id <> first_id", name="another_person"),
        CheckConstraint(f"({_OPEN}) = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("state NOT IN ('stands', 'fell') OR (grade <> '' AND first_outcome <> '')", name="decided_has_grade"),
        CheckConstraint("state <> 'panel' OR stage = 'panel'", name="panel_is_a_stage"),
        only_one("uq_appraisal_appeals_open", "appraisal_id", where=_OPEN),
        only_one("uq_appraisal_appeals_once", "appraisal_id", "by_id", where="state IN ('stands', 'fell')"),
    )  # fmt: skip


waits_in_queue("appraisal_appeal", "appraisal_appeals", "{row}.state = 'short'")
guard(
    "appraisal_appeals_keep", "appraisal_appeals", "BEFORE UPDATE",
    "(OLD.ended_at IS NOT NULL OR NEW.appraisal_id <> OLD.appraisal_id OR NEW.first_id <> OLD.first_id OR "
    "NEW.org_id <> OLD.org_id OR NEW.by_id <> OLD.by_id OR NEW.side <> OLD.side OR NEW.words <> OLD.words OR "
    "NEW.checks <> OLD.checks OR NEW.opened_at <> OLD.opened_at OR (OLD.root <> '' AND NEW.root <> OLD.root) OR "
    "(OLD.first_outcome <> '' AND NEW.first_outcome <> OLD.first_outcome) OR "
    "(OLD.stage = 'panel' AND NEW.stage <> 'panel'))",
    "an appeal keeps what was asked and found, and is decided once",
)  # fmt: skip
guard("appraisal_appeals_stay", "appraisal_appeals", "BEFORE DELETE", "(1 = 1)", "appeals are history")
guard(
    "appraisal_appeals_of_signed", "appraisal_appeals", "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM appraisals a WHERE a.id = NEW.appraisal_id AND a.item_id = NEW.item_id "
    "AND a.appraiser_id = NEW.first_id AND a.org_id = NEW.org_id AND a.state IN ('signed', 'expired')))",
    "an appeal is made against a signed report",
)  # fmt: skip


class AppealSeat(Base):
    """Somebody who was drawn to grade anew, with the blind appraisal. `place`: of the panel's three, 0 for the reviewer; `why`:
    why it is over (rules.ENDED), "" while it isn't; `words`: why it was given back."""

    __tablename__ = "appraisal_appeal_seats"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appeal_id: Mapped[str] = mapped_column(ForeignKey("appraisal_appeals.id"), index=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    stage: Mapped[str] = mapped_column(String(6))
    place: Mapped[int]
    assigned_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    why: Mapped[str] = mapped_column(String(8), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("stage IN ('review', 'panel')", name="stage_known"),
        CheckConstraint("(stage = 'review' AND place = 0) OR (stage = 'panel' AND place BETWEEN 1 AND 3)", name="place_known"),
        CheckConstraint("why IN ('', 'given', 'returned', 'late', 'lapsed')", name="why_known"),
        CheckConstraint("(why = '') = (ended_at IS NULL)", name="ended_has_reason"),
        CheckConstraint("why <> 'returned' OR words <> ''", name="returned_has_words"),
        UniqueConstraint("appeal_id", "account_id"),
        only_one("uq_appraisal_appeal_seats_place", "appeal_id", "stage", "place", where="why IN ('', 'given')"),
    )  # fmt: skip


guard(
    "appraisal_appeal_seats_keep", "appraisal_appeal_seats", "BEFORE UPDATE",
    "(OLD.ended_at IS NOT NULL OR NEW.appeal_id <> OLD.appeal_id OR NEW.appraisal_id <> OLD.appraisal_id OR "
    "NEW.account_id <> OLD.account_id OR NEW.stage <> OLD.stage OR NEW.place <> OLD.place OR NEW.due_at <> OLD.due_at)",
    "who was drawn stays on record",
)  # fmt: skip
guard("appraisal_appeal_seats_stay", "appraisal_appeal_seats", "BEFORE DELETE", "(1 = 1)", "who was drawn stays on record")
guard(
    "appraisal_appeal_seats_uninvolved", "appraisal_appeal_seats", "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM appraisal_appeals p WHERE p.id = NEW.appeal_id AND "
    "NEW.account_id IN (p.first_id, p.by_id, p.owner_id)) OR NOT EXISTS (SELECT 1 FROM appraisals a "
    "WHERE a.id = NEW.appraisal_id AND a.appraiser_id = NEW.account_id AND a.state = 'blind'))",
    "nobody grades anew who is part of the matter",
)  # fmt: skip
