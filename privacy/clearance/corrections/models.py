"""Proposed corrections and what another person decided on them. Append-only: the database holds who, what, and that they are
two."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one
from core.queue.models import waits_for_row
from privacy.clearance.corrections.rules import FIELDS, REASONS


def _one_of(column: str, words: object) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"  # type: ignore[attr-defined]


# the owner now, or when it was verified
_OWNS = (
    "EXISTS (SELECT 1 FROM certificates c JOIN items i ON i.id = c.item_id JOIN clearances p ON p.id = c.clearance_id "
    "JOIN verifications v ON v.id = p.verification_id WHERE c.id = NEW.certificate_id AND {person} IN (i.owner_id, v.owner_id))"
)


class Correction(Base):
    """One field of one certificate as it stands and as it should read. `proposal`: the canonical text that its proposer signed;
    `signature`: {alg, key_id, value_b64}."""

    __tablename__ = "corrections"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20))
    proposal: Mapped[str] = mapped_column(Text)
    signature: Mapped[dict[str, Any]] = mapped_column(Json)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(20))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("id", "certificate_id", "proposed_by"),
        CheckConstraint(_one_of("field", FIELDS), name="field_clerical"),
        CheckConstraint(_one_of("reason", REASONS), name="reason_known"),
    )


append_only("corrections")
guard(
    "corrections_of_standing_papers",
    "corrections",
    "BEFORE INSERT",
    f"({_OWNS.format(person='NEW.proposed_by')} OR NOT EXISTS "  # noqa: S608  (constants of this module)
    "(SELECT 1 FROM certificates c WHERE c.id = NEW.certificate_id "
    "AND c.state IN ('issued', 'delivered')))",
    "a correction is of a certificate that stands, and never proposed by its device's owner",
)


class CorrectionDecision(Base):
    """The other person's word. Approved, it holds the amendment: its number on the certificate, canonical text, digest and
    signatures."""

    __tablename__ = "correction_decisions"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    correction_id: Mapped[str] = mapped_column(String(26), unique=True)
    certificate_id: Mapped[str] = mapped_column(String(26), index=True)
    proposed_by: Mapped[str] = mapped_column(String(26))
    decided_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(20))
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    decision: Mapped[str] = mapped_column(String(8))
    n: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    signatures: Mapped[list[Any]] = mapped_column(Json)
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["correction_id", "certificate_id", "proposed_by"],
            ["corrections.id", "corrections.certificate_id", "corrections.proposed_by"],
            name="fk_correction_decisions_correction",
        ),
        CheckConstraint("decided_by <> proposed_by", name="another_person"),
        CheckConstraint("decision IN ('approved', 'refused')", name="decision_known"),
        CheckConstraint("(decision = 'approved') = (n IS NOT NULL AND body <> '' AND digest <> '')", name="approved_has_text"),
        only_one("uq_correction_decisions_n", "certificate_id", "n", where="n IS NOT NULL"),
    )


append_only("correction_decisions")
guard(
    "correction_decisions_of_standing_papers",
    "correction_decisions",
    "BEFORE INSERT",
    f"({_OWNS.format(person='NEW.decided_by')} OR (NEW.decision = 'approved' "  # noqa: S608  (constants of this module)
    "AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.id = NEW.certificate_id AND c.state IN ('issued', 'delivered'))))",
    "a correction is decided on while the certificate stands, and never by its device's owner",
)
waits_for_row("correction", "corrections", "correction_decisions", "correction_id")
