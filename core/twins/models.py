"""The hashes of every photo, and pairs that look the same and belong to two things."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, guard
from core.queue.models import waits_in_queue


class PhotoMark(Base):
    """`photo_id`: of an item's or an appraisal's photo, by `kind`; `file`: SHA-256 of its medium size in the store; `whole`: 64
    hex digits, "" where the file was gone; `rough`: 16 hex digits of each window (core/picture_hash.py); `taken_by`: who took
    or added it, for the rooms' photos aren't core's."""

    __tablename__ = "photo_marks"
    photo_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    file: Mapped[str] = mapped_column(String(64))
    whole: Mapped[str] = mapped_column(String(64))
    rough: Mapped[str] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("kind IN ('item', 'appraisal')", name="kind_known"),)


class PhotoTwin(Base):
    """Two photos of two things that look the same. `bits`: of 256 that differ; `how`: same, mirror, cut or mirror_cut."""

    __tablename__ = "photo_twins"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    one_id: Mapped[str] = mapped_column(ForeignKey("photo_marks.photo_id"), index=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("photo_marks.photo_id"), index=True)
    bits: Mapped[int]
    how: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="pair_once"),
        CheckConstraint("how IN ('same', 'mirror', 'cut', 'mirror_cut')", name="how_known"),
        CheckConstraint("state IN ('open', 'copied', 'different')", name="state_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("state = 'open' OR (reason <> '' AND decided_by IS NOT NULL)", name="a_person_with_a_reason"),
    )


guard(
    "photo_twins_keep", "photo_twins", "BEFORE UPDATE",
    "(OLD.state <> 'open' OR NEW.one_id <> OLD.one_id OR NEW.other_id <> OLD.other_id OR NEW.at <> OLD.at)",
    "a pair keeps what it is about, and what was decided stays",
)  # fmt: skip
waits_in_queue("photo_twin", "photo_twins", "{row}.state = 'open'")
