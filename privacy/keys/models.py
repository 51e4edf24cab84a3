"""Whose key is whose, and what was signed for a job. Public halves stand in the log's own table of keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, append_only, guard, only_one


class PersonKey(Base):
    """A person's signing key. The private half lies encrypted in the folder of keys; one is live at a time."""

    __tablename__ = "person_keys"
    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(12), default="")

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_why = '')", name="ended_has_reason"),
        CheckConstraint(
            "ended_why IN ('', 'replaced', 'lost', 'stolen', 'left', 'misused', 'suspended', 'role_ended')", name="reason_known"
        ),
        only_one("uq_person_keys_live", "account_id", where="ended_at IS NULL"),
    )


guard(
    "person_keys_only_end",
    "person_keys",
    "BEFORE UPDATE",
    "(OLD.ended_at IS NOT NULL OR NEW.key_id <> OLD.key_id OR NEW.account_id <> OLD.account_id)",
    "a person's key only ends",
)
guard("person_keys_stay", "person_keys", "BEFORE DELETE", "(1 = 1)", "keys are history")


class JobSignature(Base):
    """The operator's signature over what was done: `statement` is the canonical JSON that `value` signs."""

    __tablename__ = "job_signatures"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    key_id: Mapped[str] = mapped_column(ForeignKey("person_keys.key_id"))
    alg: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(100))
    statement: Mapped[str] = mapped_column(Text)
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]


append_only("job_signatures")
guard(
    "job_signatures_by_the_operator",
    "job_signatures",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j JOIN person_keys k ON k.account_id = j.operator_id WHERE j.id = NEW.job_id "
    "AND j.operator_id = NEW.account_id AND j.state = 'judged' AND k.key_id = NEW.key_id AND k.ended_at IS NULL))",
    "the job's operator signs it with the own live key, once its media have passed",
)
guard(
    "verifications_after_the_signature",
    "verifications",
    "BEFORE INSERT",
    "(NEW.decision = 'accepted' AND NOT EXISTS (SELECT 1 FROM job_signatures s WHERE s.job_id = NEW.job_id "
    "AND s.account_id = NEW.operator_id))",
    "a wipe is accepted after its operator has signed it",
)
