"""Beside the payments: what providers reported, chargebacks, payout accounts, collection codes, bank details, reconciliations."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one
from market.payments.models import PaymentIntent, known
from market.payments.states import CHARGEBACK, PAYOUT_ACCOUNT

KINDS = ("wechat", "alipay")


class ProviderEvent(Base):
    """One event a provider reported, kept in the transaction of its effect: reported again, nothing happens. Ids and codes only;
    what it says is fetched anew. `outcome`: applied | nothing_new | not_ours | unknown."""

    __tablename__ = "provider_events"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(80))
    object_ref: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(12))

    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        CheckConstraint("outcome IN ('applied', 'nothing_new', 'not_ours', 'unknown')", name="outcome_known"),
    )


class Chargeback(Base):
    """The payer's bank asks for the money back. `taken_minor`: what the provider has taken from the balance and not given back;
    `moves`: in how many movements, so that old news is known as old."""

    __tablename__ = "payment_chargebacks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"), index=True)
    provider_ref: Mapped[str] = mapped_column(String(80), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    taken_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    moves: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(6), default="open")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    intent: Mapped[PaymentIntent] = relationship(viewonly=True)

    __table_args__ = (known(CHARGEBACK), CheckConstraint("amount_minor > 0 AND taken_minor >= 0", name="amounts_count"))


class PayoutAccount(Base):
    """A seller's own account at a provider: there the provider checks who they are and pays them. We keep its name only.
    `owner_id`: the person or place."""

    __tablename__ = "payout_accounts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(26))
    provider: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(8), default="begun")
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]

    __table_args__ = (known(PAYOUT_ACCOUNT), UniqueConstraint("owner_id", "provider"))


class CollectCode(Base):
    """A seller's own WeChat or Alipay collection code: {size: [digest, width, height]} of encrypted pictures. One is in use; a
    payment that was begun keeps the one it showed. `owner_id`: the person or place."""

    __tablename__ = "collect_codes"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(26), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    merchant: Mapped[bool]
    sizes: Mapped[dict[str, Any]] = mapped_column(Json)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind_known"),
        CheckConstraint("erased_at IS NULL OR removed_at IS NOT NULL", name="erased_was_removed"),
        only_one("uq_collect_codes_in_use", "owner_id", where="removed_at IS NULL"),
    )


class BankDetails(Base):
    """Where to transfer the money of this one order to, typed by the payee; encrypted, and erased when the payment is over."""

    __tablename__ = "bank_details"
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    typed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    typed_at: Mapped[datetime]


class Reconciliation(Base):
    """A provider's balance against our books on one night. `balances`: {unit: [theirs, ours]}; `differences`: a list of facts."""

    __tablename__ = "reconciliations"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    provider: Mapped[str] = mapped_column(String(20), index=True)
    at: Mapped[datetime]
    agrees: Mapped[bool]
    transactions: Mapped[int]
    balances: Mapped[dict[str, Any]] = mapped_column(Json)
    differences: Mapped[list[Any]] = mapped_column(Json)


append_only("provider_events")
append_only("reconciliations")
guard("payment_chargebacks_stay", "payment_chargebacks", "BEFORE DELETE", "(1 = 1)", "rows of money are never deleted")
guard(
    "payment_chargebacks_keep", "payment_chargebacks", "BEFORE UPDATE",
    "(NEW.id <> OLD.id OR NEW.intent_id <> OLD.intent_id OR NEW.provider_ref <> OLD.provider_ref OR "
    "(OLD.state <> 'open' AND NEW.state <> OLD.state))",
    "a chargeback keeps its payment, and a closed one stays closed",
)  # fmt: skip
