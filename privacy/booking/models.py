"""What a point's bench offers, and the slots that owners have booked."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, guard, only_one


class BenchPoint(Base):
    """A point with a wiping bench, as residents see it.

    `hours`: {weekday 0-6: text}; `kinds`: what kinds of storage it wipes; `price`: integer fen, 0 is free; `taking`: does it
    take bookings now; `minutes` and `places`: a slot's length and how many devices it takes."""

    __tablename__ = "bench_points"
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    taking: Mapped[bool] = mapped_column(default=True)
    kinds: Mapped[list[str]] = mapped_column(Json)
    price: Mapped[int] = mapped_column(default=0)
    hours: Mapped[dict[str, str]] = mapped_column(Json)
    closed: Mapped[list[str]] = mapped_column(Json)
    minutes: Mapped[int] = mapped_column(default=30)
    places: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("price >= 0", name="price_positive"),
        CheckConstraint("minutes BETWEEN 10 AND 480 AND places BETWEEN 1 AND 50", name="slots_sane"),
    )


class Booking(Base):
    """One slot for one wipe job, from `slot` to `until`: as long as slots were when it was booked."""

    __tablename__ = "bookings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("bench_points.org_id"))
    slot: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(9), default="booked")
    price: Mapped[int]
    booked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    booked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reminded: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (
        UniqueConstraint("id", "org_id", "slot"),
        CheckConstraint("state IN ('booked', 'received', 'cancelled', 'missed')", name="state_known"),
        CheckConstraint("(state = 'booked') = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("until > slot", name="ends_after"),
        only_one("uq_bookings_open", "job_id", where="state = 'booked'"),
        Index("ix_bookings_slot", "org_id", "slot"),
    )


guard(
    "bookings_fit_the_slot",
    "bookings",
    "BEFORE INSERT",
    "((SELECT count(*) FROM bookings b WHERE b.org_id = NEW.org_id AND b.slot < NEW.until AND b.until > NEW.slot AND "
    "b.state IN ('booked', 'received')) "
    ">= (SELECT p.places FROM bench_points p WHERE p.org_id = NEW.org_id))",
    "no place is left in this slot",
)
