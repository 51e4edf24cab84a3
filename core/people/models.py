"""Accounts, contacts, consents, organisations, memberships: the least that is needed, contacts encrypted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, only_one
from core.queue.models import waits_in_queue


class Account(Base):
    """A natural person of age. `sign_in_epoch` rises to end every open sign-in. `house`: not a person, but the name in which an
    organisation acts (houses.py); its id is the organisation's, it has no contact, and nobody signs in with it."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    state: Mapped[str] = mapped_column(String(12), default="active")
    sign_in_epoch: Mapped[int] = mapped_column(default=1)
    of_age_at: Mapped[datetime]
    created_at: Mapped[datetime]
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_step: Mapped[int] = mapped_column(default=0)
    demo: Mapped[bool] = mapped_column(default=False)
    house: Mapped[bool] = mapped_column(default=False)
    contacts: Mapped[list["Contact"]] = relationship(order_by="Contact.id")

    __table_args__ = (
        CheckConstraint("state IN ('active', 'suspended', 'closed')", name="state_known"),
        CheckConstraint("language IN ('zh', 'en')", name="language_known"),
    )


class Contact(Base):
    """A mobile number or e-mail address: encrypted, found by keyed digest, shown masked."""

    __tablename__ = "contacts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    value: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    masked: Mapped[str] = mapped_column(String(60))
    verified_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("kind IN ('mobile', 'email')", name="kind_known"),)


class ClosedContact(Base):
    """A former seller's contact after the account was closed: encrypted, no digest to find it by, used for nothing but an
    authority's or a court's question (PIPL 47, last sentence; SAMR order 37, 31). Erased when its time is over."""

    __tablename__ = "closed_contacts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    value: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime]
    erase_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("kind IN ('mobile', 'email')", name="kind_known"),)


class Code(Base):
    """A one-time code sent to a contact. Only its keyed digest is kept; five wrong tries end it."""

    __tablename__ = "codes"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    contact_digest: Mapped[str] = mapped_column(String(64), index=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class FailedTry(Base):
    """A wrong password or second-factor code, kept for a day to slow down guessing. `digest`: of the contact or account."""

    __tablename__ = "failed_tries"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("kind IN ('password', 'factor')", name="kind_known"),)


class RecoveryCode(Base):
    __tablename__ = "recovery_codes"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    hash: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime | None]


class Consent(Base):
    """What a person agreed to: which text, which version, when; or took back. Append-only."""

    __tablename__ = "consents"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    text_code: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    given: Mapped[bool]
    at: Mapped[datetime]


append_only("consents")


class Organisation(Base):
    """A shop, agency, market organiser, school, association, regulator, or the platform itself."""

    __tablename__ = "organisations"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    district: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    licence_no: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'approved', 'refused', 'suspended')", name="state_known"),
        CheckConstraint(
            "kind IN ('shop', 'agency', 'organiser', 'school', 'association', 'regulator', 'community', 'platform')",
            name="kind_known",
        ),
    )


waits_in_queue("organisation", "organisations", "{row}.state = 'proposed'")


class Membership(Base):
    """A role that a person holds in an organisation, from when to when, and who granted it."""

    __tablename__ = "memberships"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    granted_by: Mapped[str] = mapped_column(String(40))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        only_one("uq_memberships_held", "account_id", "org_id", "role", where="ended_at IS NULL"),
    )  # fmt: skip


class Invitation(Base):
    __tablename__ = "invitations"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    contact_digest: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str] = mapped_column(String(60))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]


class SellerFile(Base):
    """What the platform checked about a seller and when it must look again (E-commerce Law 27: at least six months)."""

    __tablename__ = "seller_files"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(20))
    licence_no: Mapped[str] = mapped_column(String(40), default="")
    verified_at: Mapped[datetime]
    next_check_at: Mapped[datetime]
    verified_by: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (org_id IS NULL)", name="one_subject"),
        CheckConstraint(
            "kind IN ('idle', 'sporadic', 'operator', 'consignment', 'self_operated')", name="kind_known"
        ),
        UniqueConstraint("account_id"),
        UniqueConstraint("org_id"),
    )


class Notice(Base):
    """A line in somebody's inbox: an English sentence for gettext, its values, where to go, and its kind (`notice_rules`)."""

    __tablename__ = "notices"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    sentence: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    link: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
