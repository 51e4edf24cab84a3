"""Payments and what moves of them. The database itself holds that no more goes back or on than came in, and that words stay."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard, only_one
from core.states import StateTable
from market.payments.states import OPEN, PAYMENT, REFUND, RELEASE, REVERSAL

_open = "(" + ", ".join(f"'{state}'" for state in OPEN) + ")"
_paid = "('paid', 'refunded')"


def known(table: StateTable) -> CheckConstraint:
    return CheckConstraint(f"state IN ({', '.join(repr(code) for code in table.states)})", name="state_known")


class PaymentIntent(Base):
    """One way of paying one order, agreed between two sides. `subject_id`: the order. `payee_id`: the person or place that is
    owed it. `title`: what it is for. `provider_ref`: the provider's name for it, `pay_ref` and `charge_ref`: for what came of
    it. `fee_minor`: what the provider kept. `hold_until`: the day on which a hold is ended by us, before the provider would
    end it."""

    __tablename__ = "payment_intents"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    payer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    payee_id: Mapped[str] = mapped_column(String(26), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    title: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    remote: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="begun")
    provider_ref: Mapped[str | None] = mapped_column(String(120))
    pay_ref: Mapped[str | None] = mapped_column(String(80))
    charge_ref: Mapped[str | None] = mapped_column(String(80))
    fee_minor: Mapped[int | None] = mapped_column(BigInteger)
    collect_code_id: Mapped[str | None] = mapped_column(ForeignKey("collect_codes.id"))
    created_at: Mapped[datetime]
    payer_said_at: Mapped[datetime | None]
    payee_said_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(60), default="")

    __table_args__ = (
        known(PAYMENT),
        CheckConstraint("payer_id <> payee_id", name="two_people"),
        CheckConstraint("amount_minor > 0", name="amount_counts"),
        CheckConstraint("fee_minor IS NULL OR fee_minor >= 0", name="fee_no_gain"),
        CheckConstraint(f"state NOT IN {_paid} OR paid_at IS NOT NULL", name="paid_has_time"),
        CheckConstraint(
            f"state NOT IN {_paid} OR (provider = 'cash' AND payer_said_at IS NOT NULL AND payee_said_at IS NOT NULL) OR "
            "(provider IN ('collect_code', 'bank_transfer') AND payee_said_at IS NOT NULL) OR "
            "(provider NOT IN ('cash', 'collect_code', 'bank_transfer') AND pay_ref IS NOT NULL)",
            name="paid_is_confirmed",
        ),
        UniqueConstraint("provider", "provider_ref"),
        UniqueConstraint("provider", "pay_ref"),
        only_one("uq_payment_intents_open", "subject_id", where=f"state IN {_open}"),
        Index("ix_payment_intents_holds", "state", "hold_until"),
    )  # fmt: skip


class Refund(Base):
    """Money back to the payer, a part or all. `key`: the order's own; the provider is asked with our id and `attempt`.
    `from_seller_minor`: the seller's share of it, fetched back by reversals. `paid_back_at`: the payee says so (in person)."""

    __tablename__ = "payment_refunds"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    from_seller_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    why: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(8), default="asked")
    attempt: Mapped[int] = mapped_column(default=0)
    provider_ref: Mapped[str | None] = mapped_column(String(80), unique=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    paid_back_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(80), default="")
    intent: Mapped[PaymentIntent] = relationship(viewonly=True)

    __table_args__ = (
        known(REFUND),
        CheckConstraint("amount_minor > 0", name="amount_counts"),
        CheckConstraint("from_seller_minor BETWEEN 0 AND amount_minor", name="share_is_a_part"),
    )


class Release(Base):
    """Held money handed on: `amount_minor` to the seller's account, `fee_minor` stays as the platform's fee, `withheld_minor`
    settles what the seller owed from earlier; `settles`: {reversal: how much of it}."""

    __tablename__ = "payment_releases"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"), index=True)
    payee_id: Mapped[str] = mapped_column(String(26), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    withheld_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    settles: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="asked")
    attempt: Mapped[int] = mapped_column(default=0)
    provider_ref: Mapped[str | None] = mapped_column(String(80), unique=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(80), default="")
    intent: Mapped[PaymentIntent] = relationship(viewonly=True)

    __table_args__ = (
        known(RELEASE),
        CheckConstraint("amount_minor >= 0 AND fee_minor >= 0 AND withheld_minor >= 0", name="parts_count"),
        CheckConstraint("amount_minor + fee_minor + withheld_minor > 0", name="something_moves"),
    )


class Reversal(Base):
    """A seller's share of a refund, fetched back from what was handed on to them. `recovered_minor`: settled with later sales.
    `key`: ends with + for a share of what the release kept back for an older debt: that is owed, and never fetched."""

    __tablename__ = "payment_reversals"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("payment_releases.id"), index=True)
    refund_id: Mapped[str | None] = mapped_column(ForeignKey("payment_refunds.id"), index=True)
    intent_id: Mapped[str] = mapped_column(ForeignKey("payment_intents.id"), index=True)
    payee_id: Mapped[str] = mapped_column(String(26), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    recovered_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    attempt: Mapped[int] = mapped_column(default=0)
    provider_ref: Mapped[str | None] = mapped_column(String(80), unique=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(80), default="")
    release: Mapped[Release] = relationship(viewonly=True)

    __table_args__ = (
        known(REVERSAL),
        CheckConstraint("amount_minor > 0", name="amount_counts"),
        CheckConstraint("recovered_minor BETWEEN 0 AND amount_minor", name="recovered_is_a_part"),
        CheckConstraint("state <> 'recovered' OR recovered_minor = amount_minor", name="recovered_is_all"),
    )


# the sums are read under a lock of the payment's row, so that two transactions can't both take the last of it
_row = "payment_intents p WHERE p.id = NEW.intent_id FOR UPDATE"
_out = (
    "coalesce((SELECT sum(r.amount_minor) FROM payment_refunds r WHERE r.intent_id = NEW.intent_id AND r.state <> 'failed'), 0) "
    "+ coalesce((SELECT sum(c.taken_minor) FROM payment_chargebacks c WHERE c.intent_id = NEW.intent_id), 0)"
)
_on = (
    "coalesce((SELECT sum(r.amount_minor + r.fee_minor + r.withheld_minor) FROM payment_releases r "
    "WHERE r.intent_id = NEW.intent_id AND r.state <> 'failed'), 0) - coalesce((SELECT sum(CASE v.state WHEN 'done' "
    "THEN v.amount_minor ELSE v.recovered_minor END) FROM payment_reversals v WHERE v.intent_id = NEW.intent_id), 0)"
)
_came = "coalesce((SELECT p.amount_minor FROM payment_intents p WHERE p.id = NEW.intent_id AND p.state = 'paid'), 0)"
guard(
    "payment_refunds_fit", "payment_refunds", "BEFORE INSERT", f"(NEW.state <> 'failed' AND {_out} + NEW.amount_minor > {_came})",
    "no more is paid back than was paid", hold=_row,
)  # fmt: skip
guard(
    "payment_releases_fit", "payment_releases", "BEFORE INSERT",
    f"(NEW.state <> 'failed' AND {_on} + {_out} + NEW.amount_minor + NEW.fee_minor + NEW.withheld_minor > {_came})",
    "no more is handed on than is held", hold=_row,
)  # fmt: skip
# a key that ends with + is a share of what the release kept back for an older debt; others are of what it handed on
guard(
    "payment_reversals_fit", "payment_reversals", "BEFORE INSERT",
    "(coalesce((SELECT sum(v.amount_minor) FROM payment_reversals v WHERE v.release_id = NEW.release_id AND "
    "v.state <> 'failed' AND (substr(v.key, length(v.key)) = '+') = (substr(NEW.key, length(NEW.key)) = '+')), 0) "
    "+ NEW.amount_minor > coalesce((SELECT CASE WHEN substr(NEW.key, length(NEW.key)) = '+' THEN r.withheld_minor "
    "ELSE r.amount_minor END FROM payment_releases r "
    "WHERE r.id = NEW.release_id AND r.intent_id = NEW.intent_id AND r.payee_id = NEW.payee_id AND r.state <> 'failed'), 0))",
    "no more is fetched back than was handed on", hold=_row,
)  # fmt: skip


def _stays(table: str, *columns: str) -> None:
    """Rows of money are never deleted; what was agreed of them never changes."""
    guard(f"{table}_stay", table, "BEFORE DELETE", "(1 = 1)", "rows of money are never deleted")
    changed = " OR ".join(f"NEW.{one} <> OLD.{one}" for one in ("id", "key", *columns))
    guard(f"{table}_keep", table, "BEFORE UPDATE", f"({changed})", "amount, parties and key of a payment stay")


_stays("payment_intents", "provider", "subject_id", "payer_id", "payee_id", "amount_minor", "currency", "remote")
_stays("payment_refunds", "intent_id", "amount_minor", "from_seller_minor")
_stays("payment_releases", "intent_id", "payee_id", "amount_minor", "fee_minor", "withheld_minor")
_stays("payment_reversals", "release_id", "intent_id", "payee_id", "amount_minor")
_ended = "OLD.state = 'by_hand' OR (OLD.state = 'failed' AND NEW.state <> 'by_hand')"
for _table, _final in (
    ("payment_refunds", f"{_ended} OR (OLD.state = 'done' AND NEW.state <> 'failed')"),
    ("payment_releases", f"OLD.state = 'done' OR {_ended}"),
    ("payment_reversals", "OLD.state IN ('done', 'failed') OR (OLD.state = 'recovered' AND NEW.state NOT IN ('short', 'done'))"),
):
    guard(
        f"{_table}_final", _table, "BEFORE UPDATE", f"(NEW.state <> OLD.state AND ({_final}))", "what is settled stays settled"
    )
