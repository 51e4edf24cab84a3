"""Double entry: every entry's postings sum to zero per unit, and nothing is changed or deleted, in the database as well."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, append_only, guard

KINDS = ("buyer", "seller_payable")


class LedgerAccount(Base):
    """One side of the books: a kind, whose it is, and the unit its amounts are in."""

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
    """What happened, once. `posted` turns true when the postings balance; only then does the entry count."""

    __tablename__ = "ledger_entries"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(40))
    posted: Mapped[bool] = mapped_column(default=False)
    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.id")


class Posting(Base):
    """An amount in whole minor units on one account; positive is owed to it, negative owed by it."""

    __tablename__ = "ledger_postings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("ledger_entries.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(10))
    account: Mapped[LedgerAccount] = relationship()

    __table_args__ = (CheckConstraint("amount_minor <> 0", name="amount_counts"),)


append_only("ledger_postings")
append_only("ledger_accounts")
guard("ledger_entries_stay", "ledger_entries", "BEFORE DELETE", "(1 = 1)", "ledger entries are append-only")
guard(
    "ledger_entries_begin_open", "ledger_entries", "BEFORE INSERT", "(NEW.posted)",
    "an entry is posted when its postings balance",
)  # fmt: skip
guard(
    "ledger_entries_balance", "ledger_entries", "BEFORE UPDATE",
    "(OLD.posted OR NOT NEW.posted OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.key <> OLD.key OR "
    "NEW.subject_id <> OLD.subject_id OR NEW.at <> OLD.at OR NEW.entered_by <> OLD.entered_by OR "
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
