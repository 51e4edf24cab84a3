"""Files of appraisers and agencies, and the credentials they showed. Numbers are encrypted, found by digest, shown masked."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard, only_one
from core.queue.models import waits_in_queue


class Appraiser(Base):
    """One person or one organisation. `show_by`: appointed before credentials were asked for, and until when one has to be shown;
    None for everybody who came later. `probation_left`: appraisals still to be signed on probation."""

    __tablename__ = "appraisers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="applied")
    words: Mapped[str] = mapped_column(Text, default="")
    applied_at: Mapped[datetime]
    show_by: Mapped[datetime | None]
    probation_left: Mapped[int] = mapped_column(default=0)
    credentials: Mapped[list["Credential"]] = relationship(order_by="Credential.id")

    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (org_id IS NULL)", name="one_subject"),
        CheckConstraint("state IN ('applied', 'exam', 'probation', 'active', 'suspended', 'ended')", name="state_known"),
        CheckConstraint("org_id IS NULL OR state NOT IN ('exam', 'probation')", name="people_are_examined"),
        CheckConstraint("probation_left >= 0", name="probation_counts"),
    )


waits_in_queue("appraiser", "appraisers", "{row}.state = 'applied'")
guard("appraisers_stay", "appraisers", "BEFORE DELETE", "(1 = 1)", "who appraised stays on record")
guard(
    "appraisers_stay_who_they_are", "appraisers", "BEFORE UPDATE",
    "(coalesce(NEW.account_id, '') <> coalesce(OLD.account_id, '') OR coalesce(NEW.org_id, '') <> coalesce(OLD.org_id, '') OR "
    "(OLD.show_by IS NULL AND NEW.show_by IS NOT NULL))",
    "a file stays its person's, and nobody is appointed without a credential later",
)  # fmt: skip


class Credential(Base):
    """What was shown. `scope`: {category or "any": level}; `expires_at`: its first moment not in force, None without an end."""

    __tablename__ = "appraiser_credentials"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    appraiser_id: Mapped[str] = mapped_column(ForeignKey("appraisers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(80))
    scope: Mapped[dict[str, Any]] = mapped_column(Json)
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="enclosed")
    added_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('enclosed', 'offered', 'valid', 'suspended', 'refused', 'withdrawn')", name="state_known"),
        CheckConstraint("scope <> '{}'", name="has_scope"),
        only_one("uq_appraiser_credentials_live", "kind", "digest", where="state NOT IN ('refused', 'withdrawn')"),
    )


waits_in_queue("credential", "appraiser_credentials", "{row}.state = 'offered'")
guard(
    "appraiser_credentials_keep_their_words", "appraiser_credentials", "BEFORE UPDATE",
    "(NEW.appraiser_id <> OLD.appraiser_id OR NEW.kind <> OLD.kind OR NEW.digest <> OLD.digest OR NEW.issuer <> OLD.issuer OR "
    "NEW.scope <> OLD.scope OR coalesce(NEW.expires_at, '') <> coalesce(OLD.expires_at, ''))",
    "a credential keeps its words: what changed is shown anew",
)  # fmt: skip
guard("appraiser_credentials_stay", "appraiser_credentials", "BEFORE DELETE", "(1 = 1)", "what was shown stays on record")
