"""Who doesn't want to hear from whom, and what was told to the reviewers about a person or a message."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, guard
from core.queue.models import waits_in_queue


class Block(Base):
    """One person has blocked another. It works both ways; only the one who blocked sees the row."""

    __tablename__ = "person_blocks"
    blocker_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    blocked_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("blocker_id <> blocked_id", name="not_oneself"),)


def _between(one: str, other: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM person_blocks b WHERE (b.blocker_id = NEW.{one} AND b.blocked_id = NEW.{other}) "
        f"OR (b.blocker_id = NEW.{other} AND b.blocked_id = NEW.{one}))"
    )


# the action says it in words; here it is held for whatever else might write
_BETWEEN = (("orders", "buyer_id", "seller_id"), ("offers", "buyer_id", "seller_id"), ("swaps", "proposer_id", "owner_id"))
for _table, _one, _other in _BETWEEN:
    guard(
        f"{_table}_not_between_blocked", _table, "BEFORE INSERT", f"({_between(_one, _other)})",
        "one of the two has blocked the other",
    )  # fmt: skip


class PersonReport(Base):
    """Somebody tells the reviewers about a person, or about one message of theirs. `subject`: the message's or the person's id.

    `decision`: the reviewer's reason, in words."""

    __tablename__ = "person_reports"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    reporter_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    subject: Mapped[str] = mapped_column(String(26))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("listing_messages.id"))
    reason: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    at: Mapped[datetime]
    handled_by: Mapped[str | None] = mapped_column(String(26))
    handled_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state_known"),
        CheckConstraint("reporter_id <> person_id", name="not_oneself"),
        CheckConstraint("state = 'open' OR decision <> ''", name="decided_with_reason"),
        UniqueConstraint("reporter_id", "subject"),
    )


waits_in_queue("person_report", "person_reports", "{row}.state = 'open'")
