"""What was given in place of what an order was about, once each, append-only; and how it gets to its buyer."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one


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


class ReplacementWay(Base):
    """How the buyer gets what was chosen in an exchange: `meet` with a check in person and a receipt code, or `parcel`.

    `ticked`: what is told of it and was read at `agreed_at`. `to`, `masked`, `carrier`, `tracking`: as of an order's parcel, and
    erased like its. `checked_at`: every answer was yes. `ended_at`: it was given, or isn't given any more; one lives a case."""

    __tablename__ = "order_replacement_ways"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("aftersales_cases.id"), index=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"))
    way: Mapped[str] = mapped_column(String(10))
    ticked: Mapped[list[Any]] = mapped_column(Json)
    agreed_at: Mapped[datetime]
    to: Mapped[str] = mapped_column(Text, default="")
    masked: Mapped[str] = mapped_column(String(120), default="")
    carrier: Mapped[str] = mapped_column(String(20), default="")
    tracking: Mapped[str] = mapped_column(Text, default="")
    tracking_masked: Mapped[str] = mapped_column(String(40), default="")
    sent_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    checked_at: Mapped[datetime | None]
    receipt_code: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("way IN ('meet', 'parcel')", name="way_known"),
        CheckConstraint("carrier IN ('', 'sf', 'ems', 'jd', 'yto', 'zto', 'sto', 'yunda', 'other')", name="carrier_known"),
        CheckConstraint("(sent_at IS NULL) = (carrier = '')", name="sent_has_carrier"),
        CheckConstraint("sent_at IS NULL OR way = 'parcel'", name="only_a_parcel_is_sent"),
        CheckConstraint("checked_at IS NULL OR way = 'meet'", name="checked_in_person"),
        CheckConstraint("erased_at IS NULL OR \"to\" = ''", name="erased_is_empty"),
        only_one("uq_order_replacement_ways_open", "case_id", where="ended_at IS NULL"),
    )


append_only("order_replacements")
guard(
    "order_replacement_ways_stay", "order_replacement_ways", "BEFORE DELETE", "(1 = 1)",
    "how something was given in exchange stays on record",
)  # fmt: skip
guard(
    "order_replacements_as_chosen", "order_replacements", "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM aftersales_cases c JOIN listings l ON l.id = c.replacement_id WHERE c.id = NEW.case_id AND "
    "c.order_id = NEW.order_id AND l.id = NEW.listing_id AND l.item_id = NEW.item_id AND l.state = 'sold'))",
    "only what was chosen in its exchange is given, and by way of its own sale gate",
)  # fmt: skip
guard(
    "order_replacements_checked_or_sent", "order_replacements", "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM order_replacement_ways y WHERE y.case_id = NEW.case_id AND y.listing_id = NEW.listing_id AND "
    "y.ended_at IS NULL AND (y.checked_at IS NOT NULL OR y.sent_at IS NOT NULL)))",
    "it is checked in person or sent before it is given",
)  # fmt: skip
