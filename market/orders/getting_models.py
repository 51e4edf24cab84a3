"""How an order is got: meetings that are proposed, and parcels. Addresses and tracking numbers are encrypted, labels masked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, only_one


class Meeting(Base):
    """A place and time that one side proposes. `org_id`: a shop or community point; else `place` in words."""

    __tablename__ = "order_meetings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    place: Mapped[str] = mapped_column(String(120), default="")
    meet_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'agreed', 'declined', 'replaced')", name="state_known"),
        CheckConstraint("(org_id IS NULL) <> (place = '')", name="one_place"),
        only_one("uq_order_meetings_open", "order_id", where="state = 'proposed'"),
        only_one("uq_order_meetings_agreed", "order_id", where="state = 'agreed'"),
    )


class Parcel(Base):
    """Where an order is sent and how. `to`: name, mobile and address, encrypted; empty once they were erased.
    `masked`: what the label and the seller's page show of them. `tracking`: encrypted, too."""

    __tablename__ = "order_parcels"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), unique=True)
    to: Mapped[str] = mapped_column(Text)
    masked: Mapped[str] = mapped_column(String(120))
    carrier: Mapped[str] = mapped_column(String(20), default="")
    tracking: Mapped[str] = mapped_column(Text, default="")
    tracking_masked: Mapped[str] = mapped_column(String(40), default="")
    given_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("carrier IN ('', 'sf', 'ems', 'jd', 'yto', 'zto', 'sto', 'yunda', 'other')", name="carrier_known"),
        CheckConstraint("(sent_at IS NULL) = (carrier = '')", name="sent_has_carrier"),
        CheckConstraint("erased_at IS NULL OR \"to\" = ''", name="erased_is_empty"),
    )
