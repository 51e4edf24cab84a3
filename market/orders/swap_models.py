"""Swaps: two things change hands, two orders that stand and fall together."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, only_one


class Swap(Base):
    """`wanted_id`: the listing somebody asks for, `given_id`: their own one that they offer for it."""

    __tablename__ = "swaps"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    wanted_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    given_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    proposer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    wanted_order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    given_order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"), unique=True)

    __table_args__ = (
        CheckConstraint("wanted_id <> given_id", name="two_things"),
        CheckConstraint("proposer_id <> owner_id", name="two_people"),
        CheckConstraint("state IN ('proposed', 'agreed', 'declined', 'withdrawn', 'expired')", name="state_known"),
        CheckConstraint(
            "(state = 'agreed') = (wanted_order_id IS NOT NULL AND given_order_id IS NOT NULL)", name="agreed_has_orders"
        ),
        only_one("uq_swaps_open", "wanted_id", "given_id", where="state = 'proposed'"),
    )
