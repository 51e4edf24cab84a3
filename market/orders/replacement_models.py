"""What was given in place of what an order was about, once each; append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard


class Replacement(Base):
    """From `at` on the order is about `item_id` instead of `instead_of`. `snapshot`: what was told of it and ticked then, and its
    digest. `case_id`: the exchange in which it was given."""

    __tablename__ = "order_replacements"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("aftersales_cases.id"), unique=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    instead_of: Mapped[str] = mapped_column(ForeignKey("items.id"))
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    snapshot_digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


append_only("order_replacements")
guard(
    "order_replacements_as_chosen", "order_replacements", "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM aftersales_cases c JOIN listings l ON l.id = c.replacement_id WHERE c.id = NEW.case_id AND "
    "c.order_id = NEW.order_id AND l.id = NEW.listing_id AND l.item_id = NEW.item_id AND l.state = 'sold'))",
    "only what was chosen in its exchange is given, and by way of its own sale gate",
)  # fmt: skip
