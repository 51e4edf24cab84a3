"""What a device's own counters said and when, and how it did with the power on. Append-only."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard
from privacy.devices.models import one_of
from privacy.devices.rules import MOMENTS


class ReadingOrder(Base):
    """A code that a reading of counters has to carry, so that it can't be of another day. Good for a day, and for one reading of
    each medium."""

    __tablename__ = "reading_orders"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    epoch: Mapped[int]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


append_only("reading_orders")


class UsageSnapshot(Base):
    """A device's own counters at one moment: what grows after the wipe is use. `challenged`: does its file carry the code it was
    asked for with (None: the tool has no room for one); `key_id`: of the station that signed the file."""

    __tablename__ = "usage_snapshots"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"))
    epoch: Mapped[int]
    moment: Mapped[str] = mapped_column(String(10))
    power_on_hours: Mapped[int | None]
    power_cycles: Mapped[int | None]
    bytes_written: Mapped[int | None] = mapped_column(BigInteger)
    boot_count: Mapped[int | None]
    data_erased: Mapped[bool | None]
    digest: Mapped[str] = mapped_column(String(64))
    challenged: Mapped[bool | None]
    key_id: Mapped[str | None] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_usage_snapshots_medium", "medium_id", "epoch"),
        CheckConstraint(one_of("moment", MOMENTS), name="moment_known"),
    )


append_only("usage_snapshots")
guard(
    "usage_snapshots_of_new_files",
    "usage_snapshots",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM usage_snapshots s WHERE s.medium_id = NEW.medium_id AND s.digest = NEW.digest) OR "
    "(NEW.moment <> 'after_wipe' AND EXISTS (SELECT 1 FROM evidence_files e WHERE e.digest = NEW.digest)))",
    "each reading of counters is a reading of its own, in a file that nobody brought before",
)


class PowerTest(Base):
    """Functions that were tried out with the power on before the wipe, or why not (`skipped`). `outcome`: {test: works | fails |
    untested}. Its owner had agreed and unlocked it, and no content was opened. One with each job."""

    __tablename__ = "power_tests"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    outcome: Mapped[dict[str, str]] = mapped_column(Json)
    skipped: Mapped[str] = mapped_column(String(20), default="")
    owner_unlocked: Mapped[bool] = mapped_column(default=False)
    no_content: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("skipped <> '' OR (owner_unlocked AND no_content)", name="owner_there_no_content"),)


append_only("power_tests")
guard(
    "power_tests_before_the_wipe",
    "power_tests",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.id = NEW.job_id AND j.item_id = NEW.item_id AND j.operator_id = NEW.\"by\" "
    "AND j.state = 'wiping' AND (NEW.skipped <> '' OR REPLACE(j.ticks, '\"power_test\": true', '') <> j.ticks)) OR "
    "EXISTS (SELECT 1 FROM judgements g WHERE g.job_id = NEW.job_id AND g.verdict = 'pass'))",
    "powered tests are done by the operator, before anything has passed, where the owner agreed to them",
)
