"""Reports about reviews and what reviewers decided: a review is never deleted; its words are hidden for a logged ground."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from core.db import Base, guard, only_one
from core.queue.models import waits_in_queue
from market.orders.models import Review


class ReviewReport(Base):
    """Somebody says that a review's words are unlawful; an outsider decides."""

    __tablename__ = "review_reports"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    review_id: Mapped[str] = mapped_column(ForeignKey("reviews.id"), index=True)
    reporter_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open", index=True)
    ground: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    review: Mapped[Review] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('open', 'hidden', 'kept', 'settled')", name="state_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(state = 'open') = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("state = 'open' OR reason <> ''", name="decided_with_reason"),
        CheckConstraint("(state = 'hidden') = (ground <> '')", name="hidden_has_ground"),
        only_one("uq_review_reports_open", "review_id", "reporter_id", where="state = 'open'"),
        only_one("uq_review_reports_hidden", "review_id", where="state = 'hidden'"),
    )


waits_in_queue("review_report", "review_reports", "{row}.state = 'open'")
guard("review_reports_stay", "review_reports", "BEFORE DELETE", "(1 = 1)", "a report about a review isn't deleted")
guard(
    "review_reports_keep", "review_reports", "BEFORE UPDATE",
    "(OLD.state <> 'open' OR NEW.review_id <> OLD.review_id OR NEW.reporter_id <> OLD.reporter_id OR NEW.words <> OLD.words)",
    "what was decided about a review stays decided",
)  # fmt: skip
guard(
    "review_reports_outsider", "review_reports", "BEFORE UPDATE",
    "(NEW.decided_by IS NOT NULL AND EXISTS (SELECT 1 FROM reviews r WHERE r.id = NEW.review_id "
    "AND NEW.decided_by IN (r.author_id, r.about_id)))",
    "nobody decides about a review of their own",
)  # fmt: skip


def grounds_of(session: Session, review_ids: Collection[str]) -> dict[str, str]:
    """Review's id -> code of the ground for which its words are hidden; the others aren't in it."""
    query = select(ReviewReport.review_id, ReviewReport.ground).where(
        ReviewReport.review_id.in_(review_ids), ReviewReport.state == "hidden"
    )
    return {review: ground for review, ground in session.execute(query).all()} if review_ids else {}
