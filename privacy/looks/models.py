"""Seeds that the server gave for a read-back, and the verifier's looks at media. Append-only."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard


class ReadBackOrder(Base):
    """Where a verifier is to read a medium: seed = SHA-256(nonce ‖ root of the checkpoint of that size)."""

    __tablename__ = "readback_orders"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    checkpoint_size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64), unique=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]


append_only("readback_orders")


class PatternKey(Base):
    """The key of a keyed last pass: its keystream is written over a medium at the end, and no other disk and no older data
    matches it. `key_id` names the key without telling it; `sealed`: 64 hex digits, encrypted."""

    __tablename__ = "pattern_keys"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"))
    key_id: Mapped[str] = mapped_column(String(16), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("job_id", "medium_id"),)


append_only("pattern_keys")
guard(
    "pattern_keys_for_the_last_pass",
    "pattern_keys",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j JOIN storage_media m ON m.item_id = j.item_id WHERE j.id = NEW.job_id "
    "AND m.id = NEW.medium_id AND j.state = 'wiping' AND j.operator_id = NEW.asked_by))",
    "a key for the last pass is given to the operator, while the medium is being wiped",
)


class SecondLook(Base):
    """A verifier's own file about a medium: read from it (E3) or a read-back (E4)."""

    __tablename__ = "second_looks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("readback_orders.id"))
    kind: Mapped[str] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(11))
    grade: Mapped[str] = mapped_column(String(2), default="")
    reasons: Mapped[list[str]] = mapped_column(Json)
    told: Mapped[dict[str, str]] = mapped_column(Json)
    verifier_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('state', 'readback')", name="kind_known"),
        CheckConstraint("result IN ('agrees', 'contradicts', 'unknown')", name="result_known"),
        CheckConstraint("(result = 'agrees') = (grade <> '')", name="grade_when_it_agrees"),
    )


append_only("second_looks")
guard(
    "second_looks_by_another_hand",
    "second_looks",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.id = NEW.job_id "
    "AND (j.operator_id = NEW.verifier_id OR j.owner_id = NEW.verifier_id)))",
    "a second look is another person's",
)
guard(
    "verifications_heed_second_looks",
    "verifications",
    "BEFORE INSERT",
    "(NEW.decision = 'accepted' AND EXISTS "
    "(SELECT 1 FROM second_looks s WHERE s.job_id = NEW.job_id AND s.result = 'contradicts'))",
    "a wipe that a second look contradicts is not accepted",
)
