"""What the program noticed and what a person said of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard
from core.queue.models import waits_in_queue
from market.listings.models import Listing

FLAG_KINDS = ("price", "again", "away")
VERDICTS = ("private", "ask", "operator")


class Flag(Base):
    """Unusual figures about a listing or what somebody wrote. `about_id`: whose; `facts`: the figures as they were; `key`: said
    once. `follow`: what the person let follow."""

    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    about_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    at: Mapped[datetime]
    follow: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    listing: Mapped[Listing] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("kind IN ('price', 'again', 'away')", name="kind_known"),
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state_known"),
        CheckConstraint("follow IN ('', 'nothing', 'frozen') AND (follow <> 'frozen' OR state = 'upheld')", name="follow_known"),
        CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL) AND "
            "(state = 'open' OR (reason <> '' AND decided_by <> about_id))",
            name="another_person_decides",
        ),
    )  # fmt: skip


class SellerSignal(Base):
    """Somebody's sales have reached a line. `crossed`: codes; `figures`: as they were; `factors`: code -> yes | no | unclear."""

    __tablename__ = "seller_signals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    year: Mapped[int]
    crossed: Mapped[list[Any]] = mapped_column(Json)
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    at: Mapped[datetime]
    factors: Mapped[dict[str, Any]] = mapped_column(Json)
    verdict: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered')", name="state_known"),
        CheckConstraint("verdict IN ('', 'private', 'ask', 'operator')", name="verdict_known"),
        CheckConstraint(
            "(state = 'open') = (answered_by IS NULL) AND (state = 'open') = (answered_at IS NULL) AND "
            "(state = 'open' OR (verdict <> '' AND reason <> '' AND answered_by <> account_id))",
            name="another_person_answers",
        ),
    )  # fmt: skip


for _table, _what in (("flags", "listing_id, about_id, kind"), ("seller_signals", "account_id, year")):
    guard(f"{_table}_stay", _table, "BEFORE DELETE", "(1 = 1)", "what was noticed stays on record")
    _kept = " OR ".join(f"NEW.{one} <> OLD.{one}" for one in _what.split(", "))
    guard(f"{_table}_keep", _table, "BEFORE UPDATE", f"(OLD.state <> 'open' OR {_kept})", "what a person said of it stays")
waits_in_queue("flag", "flags", "{row}.state = 'open'")
waits_in_queue("signal", "seller_signals", "{row}.state = 'open'")
