"""Appraisals: answers to one version of one standard, by one person, of one thing in one custody epoch."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one


class Appraisal(Base):
    """`answers` are the inputs, `result` the grade with its reasons as worked out at signing; both stay then. In an appeal it
    is made blind: `given`, it has a grade and counts there; only the one that the outcome rests on becomes a report."""

    __tablename__ = "appraisals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    epoch: Mapped[int]
    standard: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    standard_digest: Mapped[str] = mapped_column(String(64))
    appraiser_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    grade: Mapped[str] = mapped_column(String(8), default="")
    started_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'blind', 'given', 'signed', 'frozen', 'superseded', 'expired', 'revoked', 'dropped')",
            name="state_known",
        ),
        CheckConstraint("state IN ('draft', 'blind', 'given', 'dropped') OR signed_at IS NOT NULL", name="signed_has_time"),
        CheckConstraint("state <> 'given' OR (grade NOT IN ('', 'U') AND result IS NOT NULL)", name="given_has_grade"),
        only_one("uq_appraisals_draft", "item_id", where="state = 'draft'"),
    )  # fmt: skip


guard(
    "appraisals_keep_their_words", "appraisals", "BEFORE UPDATE",
    "(OLD.signed_at IS NOT NULL AND (NEW.answers <> OLD.answers OR NEW.result <> OLD.result OR "
    "NEW.grade <> OLD.grade OR NEW.standard <> OLD.standard OR NEW.version <> OLD.version OR "
    "NEW.standard_digest <> OLD.standard_digest OR NEW.appraiser_id <> OLD.appraiser_id OR NEW.item_id <> OLD.item_id OR "
    "NEW.signed_at IS NULL OR NEW.signed_at <> OLD.signed_at OR NEW.state IN ('draft', 'blind', 'given', 'dropped') OR "
    "(OLD.state NOT IN ('draft', 'signed', 'frozen') AND NEW.state <> OLD.state AND "
    "NOT (OLD.state = 'expired' AND NEW.state = 'revoked'))))",
    "a signed appraisal keeps its words and never comes back into force",
)  # fmt: skip
guard("appraisals_stay", "appraisals", "BEFORE DELETE", "(OLD.signed_at IS NOT NULL)", "signed appraisals are history")
guard(
    "appraisals_given_in_appeals", "appraisals", "BEFORE UPDATE",
    "(OLD.state = 'given' AND (NEW.answers <> OLD.answers OR NEW.result <> OLD.result OR NEW.grade <> OLD.grade OR "
    "NEW.appraiser_id <> OLD.appraiser_id OR NEW.item_id <> OLD.item_id OR NEW.standard <> OLD.standard OR "
    "NEW.version <> OLD.version OR NEW.state NOT IN ('given', 'signed')))",
    "a grade given in an appeal keeps its words",
)  # fmt: skip
guard("appraisals_given_stay", "appraisals", "BEFORE DELETE", "(OLD.state = 'given')", "grades given in appeals are history")


class Report(Base):
    """What was signed, once. `body` is the canonical JSON text that the house's signature covers. An appraisal from before there
    were such files has none, and none is made for it later: nobody signed one then."""

    __tablename__ = "appraisal_reports"
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    signatures: Mapped[list[Any]] = mapped_column(Json)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("signatures <> '[]'", name="is_signed"),
        CheckConstraint("expires_at > issued_at", name="runs_out"),
    )


append_only("appraisal_reports")
guard(
    "appraisal_reports_of_signed", "appraisal_reports", "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM appraisals a WHERE a.id = NEW.appraisal_id AND a.number = NEW.number AND a.state = 'signed' "
    "AND a.signed_at = NEW.issued_at))",
    "a report is written when its appraisal is signed",
)  # fmt: skip


class Ending(Base):
    """When and why an appraisal ended, by whom; an expired one can be revoked later, too. `reason`: code of a revocation."""

    __tablename__ = "appraisal_endings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisals.id"), index=True)
    why: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20), default="")
    ended_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("why IN ('superseded', 'expired', 'sold', 'custody', 'revoked')", name="why_known"),
        CheckConstraint("(why = 'revoked') = (reason <> '')", name="revoked_has_reason"),
    )


append_only("appraisal_endings")
guard(
    "appraisal_endings_by_others", "appraisal_endings", "BEFORE INSERT",
    "(NEW.why = 'revoked' AND EXISTS (SELECT 1 FROM appraisals a WHERE a.id = NEW.appraisal_id "
    "AND a.appraiser_id = NEW.ended_by))",
    "nobody revokes an appraisal of their own",
)  # fmt: skip
