"""Every version of every fee policy, kept for good. From its announcement on the text of a version never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, guard, only_one


class FeePolicyVersion(Base):
    """`data`: the policy as JSON, as `flask fees explain` takes it; `digest`: SHA-256 of its canonical bytes (core.canonical)."""

    __tablename__ = "fee_policy_versions"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    policy_id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    channel: Mapped[str] = mapped_column(String(30), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    effective_from: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        UniqueConstraint("policy_id", "version"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("state IN ('draft', 'announced', 'effective', 'retired', 'withdrawn')", name="state_known"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (effective_from IS NOT NULL AND announced_at IS NOT NULL)",
            name="counting_has_days",
        ),
        CheckConstraint("effective_from IS NULL OR effective_from >= announced_at", name="announced_first"),
        only_one("uq_fee_policy_draft", "policy_id", where="state = 'draft'"),
        only_one("uq_fee_policy_effective", "policy_id", where="state = 'effective'"),
        only_one("uq_fee_policy_begin", "policy_id", "effective_from", where="state IN ('announced', 'effective', 'retired')"),
    )  # fmt: skip


guard("fee_policies_stay", "fee_policy_versions", "BEFORE DELETE", "(1 = 1)", "versions of fee policies are kept for good")
guard(
    "fee_policies_begin_as_drafts", "fee_policy_versions", "BEFORE INSERT", "(NEW.state <> 'draft')",
    "a version of a fee policy begins as a draft",
)  # fmt: skip
guard(
    "fee_policy_text_stands", "fee_policy_versions", "BEFORE UPDATE",
    "(NEW.id <> OLD.id OR NEW.policy_id <> OLD.policy_id OR NEW.version <> OLD.version OR NEW.channel <> OLD.channel OR "
    "(OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.data <> OLD.data OR NEW.digest <> OLD.digest OR "
    "COALESCE(NEW.effective_from, '') <> COALESCE(OLD.effective_from, '') OR "
    "COALESCE(NEW.announced_at, '') <> COALESCE(OLD.announced_at, ''))) OR "
    "(OLD.state IN ('retired', 'withdrawn') AND NEW.state <> OLD.state))",
    "the text of a fee policy stands once it is announced",
)  # fmt: skip
