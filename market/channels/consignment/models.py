"""Who brings goods to a shop, and who may act for them. Names, papers, contacts, addresses and accounts are encrypted, found by
keyed digest, shown masked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, only_one
from core.people.models import Organisation
from market.channels.consignment.rules import PAPERS, PAYOUTS


def _of(codes: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class Consignor(Base):
    """A consignor's file at one shop. `number`: of the file, unique in the shop; `account_id`: only once the person has confirmed
    that it is theirs; `shown`: the name as staff read it in lists; `contact_denied`: whoever holds the contact says that the file
    isn't theirs; `confirm_tries`: wrong answers to that question; `slip_digest`: of the token on the paper slip that is out."""

    __tablename__ = "consignors"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    number: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(40))
    paper_kind: Mapped[str] = mapped_column(String(12))
    paper_no: Mapped[str] = mapped_column(Text)
    paper_digest: Mapped[str | None] = mapped_column(String(64))
    paper_masked: Mapped[str] = mapped_column(String(40))
    contact: Mapped[str] = mapped_column(Text)
    contact_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    contact_masked: Mapped[str] = mapped_column(String(60))
    contact_denied: Mapped[bool] = mapped_column(default=False)
    confirm_tries: Mapped[int] = mapped_column(default=0)
    address: Mapped[str] = mapped_column(Text, default="")
    paper_seen_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    paper_seen_at: Mapped[datetime]
    payout: Mapped[str] = mapped_column(String(10), default="cash")
    payout_account: Mapped[str] = mapped_column(Text, default="")
    payout_masked: Mapped[str] = mapped_column(String(60), default="")
    no_discount: Mapped[bool] = mapped_column(default=False)
    donate_unsold: Mapped[bool] = mapped_column(default=False)
    slip_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    slip_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    org: Mapped[Organisation] = relationship(viewonly=True)
    delegates: Mapped[list["Delegate"]] = relationship(order_by="Delegate.id", viewonly=True)

    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        UniqueConstraint("id", "org_id"),
        only_one("uq_consignors_paper", "org_id", "paper_digest", where="paper_digest IS NOT NULL"),
        only_one("uq_consignors_account", "org_id", "account_id", where="account_id IS NOT NULL"),
        CheckConstraint(f"paper_kind IN {_of(PAPERS)}", name="paper_known"),
        CheckConstraint(f"payout IN {_of(PAYOUTS)}", name="payout_known"),
        CheckConstraint("state IN ('open', 'closed', 'erased')", name="state_known"),
        CheckConstraint("(state = 'erased') = (paper_digest IS NULL)", name="erased_has_no_paper"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_says_when"),
        CheckConstraint("(payout = 'transfer') = (payout_account <> '')", name="transfer_has_account"),
        CheckConstraint(
            "state <> 'erased' OR (name = '' AND shown = '' AND paper_no = '' AND paper_masked = '' AND contact = '' AND "
            "contact_masked = '' AND contact_digest IS NULL AND address = '' AND payout_account = '' AND payout_masked = '' AND "
            "account_id IS NULL AND slip_digest IS NULL)",
            name="erased_is_empty",
        ),
    )


class Delegate(Base):
    """Somebody whom a consignor lets collect goods or money for them, from when to when. `ended_why`: a code; by whom is in the
    log."""

    __tablename__ = "consignor_delegates"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    consignor_id: Mapped[str] = mapped_column(ForeignKey("consignors.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(40))
    paper_kind: Mapped[str] = mapped_column(String(12))
    paper_no: Mapped[str] = mapped_column(Text)
    paper_masked: Mapped[str] = mapped_column(String(40))
    goods: Mapped[bool]
    money: Mapped[bool]
    named_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(10), default="")

    __table_args__ = (
        CheckConstraint(f"paper_kind IN {_of(PAPERS)}", name="paper_known"),
        CheckConstraint("goods OR money", name="for_something"),
    )
