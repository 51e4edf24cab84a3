"""Stations: the benches whose keys may sign read-backs for a point."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, guard
from privacy.readback.station_rules import REASONS


class Station(Base):
    """A bench of a point. `key_id` and `public` (hex) name one key, which is enrolled once in the whole house and never
    comes back after it was revoked. What it signed while it was enrolled keeps standing."""

    __tablename__ = "stations"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    key_id: Mapped[str] = mapped_column(String(16), unique=True)
    public: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
        CheckConstraint(
            f"(revoked_at IS NULL AND reason = '') OR reason IN ({', '.join(repr(one) for one in REASONS)})", name="reason_known"
        ),
        CheckConstraint("length(key_id) = 16 AND length(public) = 64", name="key_whole"),
    )


guard(
    "stations_only_end",
    "stations",
    "BEFORE UPDATE",
    "(OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR NEW.id <> OLD.id OR NEW.org_id <> OLD.org_id OR "
    "NEW.key_id <> OLD.key_id OR NEW.public <> OLD.public OR NEW.name <> OLD.name OR "
    "NEW.enrolled_by <> OLD.enrolled_by OR NEW.enrolled_at <> OLD.enrolled_at)",
    "a station is only ever revoked: its key and its name stay",
)
guard("stations_stay", "stations", "BEFORE DELETE", "(1 = 1)", "stations are history")
