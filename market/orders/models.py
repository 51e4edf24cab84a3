"""Orders: one buyer, one listing, one price, from reservation to hand-over; the check in person; reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only
from market.listings.models import Listing

ACTIVE = "('reserved', 'checked')"


class Order(Base):
    """`holder` says truthfully who holds the buyer's money: nobody, for cash paid in person."""

    __tablename__ = "orders"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    buyer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    holder: Mapped[str] = mapped_column(String(30), default="nobody")
    state: Mapped[str] = mapped_column(String(14), default="reserved")
    receipt_code: Mapped[str] = mapped_column(Text)
    reserved_until: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(40), default="")
    listing: Mapped[Listing] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="two_people"),
        CheckConstraint("price_minor > 0", name="price_counts"),
        CheckConstraint(
            "state IN ('reserved', 'checked', 'completed', 'cancelled', 'expired', 'check_failed')",
            name="state_known",
        ),
        CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name="completed_has_time"),
        CheckConstraint("holder IN ('nobody')", name="holder_known"),
        Index(
            "uq_orders_active", "listing_id", unique=True,
            sqlite_where=text(f"state IN {ACTIVE}"), postgresql_where=text(f"state IN {ACTIVE}"),
        ),
        Index(
            "uq_orders_completed", "listing_id", unique=True,
            sqlite_where=text("state = 'completed'"), postgresql_where=text("state = 'completed'"),
        ),
    )  # fmt: skip


class InPersonCheck(Base):
    """What the buyer answered when they met: code of each question -> yes | no. Append-only."""

    __tablename__ = "in_person_checks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    passed: Mapped[bool]
    at: Mapped[datetime]


append_only("in_person_checks")


class Review(Base):
    """What one side says of the other after a completed order. One each."""

    __tablename__ = "reviews"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    about_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("order_id", "author_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_in_range"),
        CheckConstraint("author_id <> about_id", name="not_oneself"),
    )
