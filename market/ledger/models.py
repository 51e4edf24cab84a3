"""Double entry: every entry's postings sum to zero per unit, and nothing is changed or deleted, in the database as well."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one

KINDS = (
    "buyer",
    "seller_payable",
    "consignor_payable",
    "platform_fee",
    "shop_commission",
    "cash_drawer",
    "provider_clearing",
    "refunds",
    "donations",
    "unclaimed",
)


class LedgerAccount(Base):
    """One side of the books: a kind, whose it is (a person, a place, a provider, the platform), and the unit of its amounts."""

    __tablename__ = "ledger_accounts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[str] = mapped_column(String(26), index=True)
    unit: Mapped[str] = mapped_column(String(10))

    __table_args__ = (
        UniqueConstraint("kind", "owner_id", "unit"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind_known"),
    )


class Entry(Base):
    """What happened, once. `posted` turns true when the postings balance; only then does the entry count.

    `explanation`: {policy, version, lines: [trace]} of the fees in it, or null. `reverses_id`: what it takes back."""

    __tablename__ = "ledger_entries"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(40))
    posted: Mapped[bool] = mapped_column(default=False)
    explanation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_entries.id"))
    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.id")

    __table_args__ = (
        CheckConstraint("reverses_id <> id", name="reverses_another"),
        only_one("uq_ledger_entries_reverses_id", "reverses_id", where="reverses_id IS NOT NULL"),
        Index("ix_ledger_entries_at", "at"),
    )


class Posting(Base):
    """An amount in whole minor units on one account; positive is owed to it, negative owed by it."""

    __tablename__ = "ledger_postings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("ledger_entries.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(10))
    account: Mapped[LedgerAccount] = relationship()
    entry: Mapped[Entry] = relationship(viewonly=True)

    __table_args__ = (CheckConstraint("amount_minor <> 0", name="amount_counts"),)


class UnclaimedMoney(Base):
    """What nobody has fetched (待领款): it stays owed and is never income by itself. `notices`: when its owner was told."""

    __tablename__ = "unclaimed_money"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(26), index=True)
    from_kind: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[str] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    since: Mapped[datetime]
    notices: Mapped[list[Any]] = mapped_column(Json)
    next_notice_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_counts"),
        CheckConstraint("from_kind IN ('seller_payable', 'consignor_payable')", name="kind_payable"),
        CheckConstraint("claimed_at IS NULL OR next_notice_at IS NULL", name="claimed_is_quiet"),
    )


append_only("ledger_postings")
append_only("ledger_accounts")
guard("unclaimed_money_stays", "unclaimed_money", "BEFORE DELETE", "(1 = 1)", "unclaimed money is never forgotten")
guard(
    "unclaimed_money_keeps_amount", "unclaimed_money", "BEFORE UPDATE",
    "(NEW.owner_id <> OLD.owner_id OR NEW.amount_minor <> OLD.amount_minor OR NEW.unit <> OLD.unit OR "
    "NEW.entry_id <> OLD.entry_id OR (OLD.claimed_at IS NOT NULL AND NEW.claimed_at IS NULL))",
    "what is owed stays what it is",
)  # fmt: skip
guard("ledger_entries_stay", "ledger_entries", "BEFORE DELETE", "(1 = 1)", "ledger entries are append-only")
guard(
    "ledger_entries_begin_open", "ledger_entries", "BEFORE INSERT", "(NEW.posted)",
    "an entry is posted when its postings balance",
)  # fmt: skip
guard(
    "ledger_entries_balance", "ledger_entries", "BEFORE UPDATE",
    "(OLD.posted OR NOT NEW.posted OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR "
    "NEW.subject_id <> OLD.subject_id OR NEW.at <> OLD.at OR NEW.entered_by <> OLD.entered_by OR "
    "coalesce(NEW.explanation, '') <> coalesce(OLD.explanation, '') OR "
    "coalesce(NEW.reverses_id, '') <> coalesce(OLD.reverses_id, '') OR "
    "(SELECT count(*) FROM ledger_postings p WHERE p.entry_id = NEW.id) < 2 OR "
    "EXISTS (SELECT 1 FROM ledger_postings p WHERE p.entry_id = NEW.id GROUP BY p.unit HAVING sum(p.amount_minor) <> 0))",
    "the postings of an entry must sum to zero per unit, and a posted entry stays",
)  # fmt: skip
guard(
    "ledger_postings_before_posting", "ledger_postings", "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM ledger_entries e WHERE e.id = NEW.entry_id AND e.posted) OR "
    "NOT EXISTS (SELECT 1 FROM ledger_accounts a WHERE a.id = NEW.account_id AND a.unit = NEW.unit))",
    "a posting joins an open entry, in its account's unit",
)  # fmt: skip
