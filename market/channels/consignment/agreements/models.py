"""Every version of a shop's terms, kept for good, and the agreements made on them. The text of a version stands once it is
in use; what an agreement says stands once the shop has signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard, only_one
from core.people.models import Organisation
from market.channels.consignment.agreements.states import AGREEMENT, TEMPLATE
from market.channels.consignment.models import Consignor


def _of(codes: Any) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class TermsTemplate(Base):
    """`code`: what all versions share; `data`: the terms as JSON; `digest`: SHA-256 of its canonical bytes."""

    __tablename__ = "consignment_templates"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    code: Mapped[str] = mapped_column(String(26))
    version: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    made_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    activated_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    org: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("org_id", "code", "version"),
        UniqueConstraint("id", "org_id"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint(f"state IN {_of(TEMPLATE.states)}", name="state_known"),
        CheckConstraint("(state IN ('active', 'retired')) = (activated_at IS NOT NULL)", name="used_has_day"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_has_day"),
        only_one("uq_consignment_templates_draft", "org_id", "code", where="state = 'draft'"),
        only_one("uq_consignment_templates_active", "org_id", "code", where="state = 'active'"),
    )


guard("consignment_templates_stay", "consignment_templates", "BEFORE DELETE", "(1 = 1)", "versions of terms are kept for good")
guard(
    "consignment_templates_begin_as_drafts", "consignment_templates", "BEFORE INSERT", "(NEW.state <> 'draft')",
    "a version of terms begins as a draft",
)  # fmt: skip
guard(
    "consignment_template_text_stands", "consignment_templates", "BEFORE UPDATE",
    "(NEW.id <> OLD.id OR NEW.org_id <> OLD.org_id OR NEW.code <> OLD.code OR NEW.version <> OLD.version OR "
    "(OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.data <> OLD.data OR NEW.digest <> OLD.digest OR "
    "COALESCE(NEW.activated_at, '') <> COALESCE(OLD.activated_at, ''))) OR "
    "(OLD.state IN ('retired', 'withdrawn') AND NEW.state <> OLD.state))",
    "the text of terms stands once they are in use",
)  # fmt: skip


class Agreement(Base):
    """`data`: the terms with what was filled in; `text`: {"zh", "en"} as it was shown; `frozen`: what the digest is made of;
    `parties`: names, encrypted; `signature`: strokes or typed name, encrypted; `shown_in`: the language read at the signing."""

    __tablename__ = "consignment_agreements"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    org_id: Mapped[str] = mapped_column(String(26), index=True)
    consignor_id: Mapped[str] = mapped_column(String(26), index=True)
    template_id: Mapped[str] = mapped_column(String(26))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    terms_digest: Mapped[str] = mapped_column(String(64))
    policy_digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[dict[str, Any] | None] = mapped_column(Json)
    parties: Mapped[str] = mapped_column(Text, default="")
    frozen: Mapped[dict[str, Any] | None] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10), default="drafted")
    drafted_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    drafted_at: Mapped[datetime]
    offered_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    offered_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_how: Mapped[str] = mapped_column(String(8), default="")
    shown_in: Mapped[str] = mapped_column(String(2), default="")
    signature: Mapped[str] = mapped_column(Text, default="")
    signature_digest: Mapped[str] = mapped_column(String(64), default="")
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    notice_by: Mapped[str] = mapped_column(String(9), default="")
    runs_out_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    org: Mapped[Organisation] = relationship(
        primaryjoin="foreign(Agreement.org_id) == Organisation.id", viewonly=True
    )  # the consignor's file stands between in the schema
    consignor: Mapped[Consignor] = relationship(primaryjoin="foreign(Agreement.consignor_id) == Consignor.id", viewonly=True)
    template: Mapped[TermsTemplate] = relationship(
        primaryjoin="foreign(Agreement.template_id) == TermsTemplate.id", viewonly=True
    )

    __table_args__ = (
        ForeignKeyConstraint(["consignor_id", "org_id"], ["consignors.id", "consignors.org_id"], name="fk_agreements_consignor"),
        ForeignKeyConstraint(
            ["template_id", "org_id"], ["consignment_templates.id", "consignment_templates.org_id"], name="fk_agreements_template"
        ),
        CheckConstraint(f"state IN {_of(AGREEMENT.states)}", name="state_known"),
        CheckConstraint("signed_how IN ('', 'drawn', 'typed', 'account')", name="how_known"),
        CheckConstraint("shown_in IN ('', 'zh', 'en')", name="language_known"),
        CheckConstraint("notice_by IN ('', 'shop', 'consignor')", name="notice_known"),
        CheckConstraint(
            "state IN ('drafted', 'withdrawn') OR (digest <> '' AND offered_at IS NOT NULL)", name="offered_is_frozen"
        ),
        CheckConstraint("(state IN ('signed', 'ended', 'terminated')) = (signed_at IS NOT NULL)", name="signed_has_day"),
        CheckConstraint("(signed_at IS NULL) = (signed_how = '')", name="signed_somehow"),
        CheckConstraint("(signed_how IN ('drawn', 'typed')) = (taken_by IS NOT NULL)", name="taken_by_a_clerk"),
        CheckConstraint("(state IN ('ended', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended_has_day"),
        CheckConstraint("(notice_by = '') = (runs_out_at IS NULL)", name="notice_has_day"),
    )  # fmt: skip


guard("consignment_agreements_stay", "consignment_agreements", "BEFORE DELETE", "(1 = 1)", "agreements are kept")
guard(
    "consignment_agreements_begin_drafted", "consignment_agreements", "BEFORE INSERT", "(NEW.state <> 'drafted')",
    "an agreement begins as a draft",
)  # fmt: skip
guard(
    "consignment_agreements_stand", "consignment_agreements", "BEFORE UPDATE",
    "(NEW.number <> OLD.number OR NEW.org_id <> OLD.org_id OR NEW.consignor_id <> OLD.consignor_id OR "
    "(OLD.state <> 'drafted' AND (NEW.state = 'drafted' OR NEW.template_id <> OLD.template_id OR NEW.data <> OLD.data OR "
    "NEW.terms_digest <> OLD.terms_digest OR NEW.policy_digest <> OLD.policy_digest OR NEW.digest <> OLD.digest OR "
    "COALESCE(NEW.text, '') <> COALESCE(OLD.text, '') OR COALESCE(NEW.frozen, '') <> COALESCE(OLD.frozen, '') OR "
    "(NEW.parties <> OLD.parties AND NEW.parties <> ''))) OR "
    "(OLD.signed_at IS NOT NULL AND (NEW.signed_at <> OLD.signed_at OR NEW.signed_how <> OLD.signed_how OR "
    "COALESCE(NEW.taken_by, '') <> COALESCE(OLD.taken_by, '') OR NEW.shown_in <> OLD.shown_in OR "
    "COALESCE(NEW.offered_by, '') <> COALESCE(OLD.offered_by, '') OR "
    "NEW.signature_digest <> OLD.signature_digest OR (NEW.signature <> OLD.signature AND NEW.signature <> ''))) OR "
    "(OLD.runs_out_at IS NOT NULL AND (NEW.notice_by <> OLD.notice_by OR "
    "COALESCE(NEW.runs_out_at, '') <> COALESCE(OLD.runs_out_at, ''))) OR "
    "(OLD.state IN ('ended', 'withdrawn') AND NEW.state <> OLD.state))",
    "what both sides signed stands",
)  # fmt: skip
