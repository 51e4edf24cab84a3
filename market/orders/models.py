"""Orders: one buyer, one listing, one price, from reservation to hand-over; the check in person; reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one
from market.listings.models import Listing

_ACTIVE = "('created', 'awaiting_payment', 'checked', 'paid', 'shipped', 'handed_over', 'received')"
_BEFORE_CONTRACT = "('created', 'cancelled', 'expired')"


class Order(Base):
    """`holder` says truthfully who holds the buyer's money. `snapshot`: what was on offer when the contract was made, and its
    digest; both fixed from then on. `payee_id`: the person or place that is owed the price. Amounts in whole minor units;
    price = payout + fee. `payment`: a provider's code; `fulfilment`: meet | pickup | parcel."""

    __tablename__ = "orders"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    buyer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    payee_id: Mapped[str] = mapped_column(String(26), default="")
    kind: Mapped[str] = mapped_column(String(8), default="sale")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    payment: Mapped[str] = mapped_column(String(20), default="cash")
    fulfilment: Mapped[str] = mapped_column(String(8), default="meet")
    holder: Mapped[str] = mapped_column(String(30), default="nobody")
    intent_id: Mapped[str | None] = mapped_column(String(26), index=True)
    state: Mapped[str] = mapped_column(String(18), default="created")
    receipt_code: Mapped[str] = mapped_column(Text)
    reserved_until: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]
    contract_at: Mapped[datetime | None]
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(Json)
    snapshot_digest: Mapped[str] = mapped_column(String(64), default="")
    acknowledged: Mapped[list[Any]] = mapped_column(Json, default=list)
    return_policy: Mapped[str] = mapped_column(String(20), default="private_sale")
    fee_policy: Mapped[str] = mapped_column(String(60), default="")
    fee_version: Mapped[str] = mapped_column(String(20), default="")
    checked_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    confirm_until: Mapped[datetime | None] = mapped_column(index=True)
    after_sales_until: Mapped[datetime | None] = mapped_column(index=True)
    warranty_until: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(40), default="")
    listing: Mapped[Listing] = relationship(viewonly=True)
    lines: Mapped[list["OrderLine"]] = relationship(order_by="OrderLine.id")

    @property
    def is_free(self) -> bool:
        """A gift or a half of a swap: nothing is paid for it, as `price_counts` holds."""
        return self.kind != "sale"

    __table_args__ = (
        CheckConstraint("buyer_id <> seller_id", name="two_people"),
        CheckConstraint("(kind = 'sale' AND price_minor > 0) OR (kind <> 'sale' AND price_minor = 0)", name="price_counts"),
        CheckConstraint("kind IN ('sale', 'gift', 'swap')", name="kind_known"),
        CheckConstraint("fee_minor BETWEEN 0 AND price_minor", name="fee_within_price"),
        CheckConstraint("refunded_minor BETWEEN 0 AND price_minor", name="refund_within_price"),
        CheckConstraint("fulfilment IN ('meet', 'pickup', 'parcel')", name="fulfilment_known"),
        CheckConstraint(
            "state IN ('created', 'awaiting_payment', 'checked', 'paid', 'handed_over', 'shipped', 'received', 'completed', "
            "'after_sales', 'disputed', 'refunded', 'cancelled', 'expired', 'check_failed')",
            name="state_known",
        ),
        CheckConstraint("state <> 'completed' OR completed_at IS NOT NULL", name="completed_has_time"),
        CheckConstraint(
            f"state IN {_BEFORE_CONTRACT} OR (contract_at IS NOT NULL AND snapshot IS NOT NULL AND snapshot_digest <> '')",
            name="contract_first",
        ),
        CheckConstraint("holder IN ('nobody', 'platform_balance_at_provider', 'provider_split')", name="holder_known"),
        CheckConstraint(
            "return_policy IN ('private_sale', 'no_reason_7d', 'excluded_by_nature')", name="return_policy_known"
        ),
        Index("ix_orders_buyer_id_state", "buyer_id", "state"),  # each reservation counts the open ones, however many are past
        only_one("uq_orders_active", "listing_id", where=f"state IN {_ACTIVE}"),
        # what was called off or came back is sold again by the same listing while money still goes back
        only_one("uq_orders_completed", "listing_id", where="state = 'completed'"),
    )  # fmt: skip


guard(
    "orders_keep_their_contract", "orders", "BEFORE UPDATE",
    "(OLD.contract_at IS NOT NULL AND (NEW.contract_at IS NULL OR NEW.contract_at <> OLD.contract_at OR "
    "coalesce(NEW.snapshot, '') <> OLD.snapshot OR NEW.snapshot_digest <> OLD.snapshot_digest OR "
    "NEW.acknowledged <> OLD.acknowledged OR NEW.price_minor <> OLD.price_minor OR NEW.fee_minor <> OLD.fee_minor OR "
    "NEW.currency <> OLD.currency OR NEW.return_policy <> OLD.return_policy OR NEW.payee_id <> OLD.payee_id))",
    "what was agreed stays what it is",
)  # fmt: skip
guard(
    "orders_keep_their_people", "orders", "BEFORE UPDATE",
    "(NEW.buyer_id <> OLD.buyer_id OR NEW.seller_id <> OLD.seller_id OR NEW.listing_id <> OLD.listing_id OR "
    "NEW.item_id <> OLD.item_id OR NEW.refunded_minor < OLD.refunded_minor)",
    "an order keeps its people and its thing, and what was refunded",
)  # fmt: skip
guard("orders_stay", "orders", "BEFORE DELETE", "(OLD.contract_at IS NOT NULL)", "an order with a contract isn't deleted")


class OrderLine(Base):
    """One thing in an order with its amounts. `tax_category` says who would have to look at it; no tax is computed here."""

    __tablename__ = "order_lines"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(30))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int] = mapped_column(default=1)
    tax_category: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        CheckConstraint(
            "tax_category IN ('own_used_goods', 'old_books', 'used_goods_dealer', 'to_be_decided')", name="tax_known"
        ),
        CheckConstraint("quantity > 0 AND discount_minor BETWEEN 0 AND price_minor", name="amounts_count"),
    )


append_only("order_lines")


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


append_only("reviews")
