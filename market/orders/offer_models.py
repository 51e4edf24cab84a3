"""Private offers on a listing: who offers what, until when, and what became of it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, guard, only_one
from market.listings.models import Listing


class Bid(Base):
    """An offer or counter-offer between one buyer and the seller of one listing. `by_buyer`: who made it."""

    __tablename__ = "offers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    buyer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    by_buyer: Mapped[bool]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10), default="open")
    at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    listing: Mapped[Listing] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="two_people"),
        CheckConstraint("amount_minor > 0", name="amount_counts"),
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'countered', 'withdrawn', 'expired')", name="state_known"),
        CheckConstraint("(state = 'accepted') = (order_id IS NOT NULL)", name="accepted_has_order"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_has_time"),
        only_one("uq_offers_open", "listing_id", "buyer_id", where="state = 'open'"),
    )


guard(
    "offers_keep_their_words", "offers", "BEFORE UPDATE",
    "(NEW.amount_minor <> OLD.amount_minor OR NEW.buyer_id <> OLD.buyer_id OR NEW.seller_id <> OLD.seller_id OR "
    "NEW.listing_id <> OLD.listing_id OR NEW.by_buyer <> OLD.by_buyer OR OLD.state <> 'open')",
    "an offer keeps its words, and an answered one stays answered",
)  # fmt: skip
