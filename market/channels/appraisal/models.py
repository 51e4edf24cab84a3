"""When agencies have time, what they charge, and who booked what. A fee is a whole number of fen for a kind of thing: there is no
column in which a grade, a result, a price or a percentage could stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one
from core.goods.models import Item
from core.people.models import Organisation
from market.channels.appraisal.rules import DEAREST, ENDS, LATEST, WAYS
from market.channels.appraisal.states import BOOKING, FREES_ITS_PLACE, OPEN


def _of(codes: Any) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class AgencyDesk(Base):
    """What an agency's manager offers. `hours`: {weekday 0-6: text}; `categories`: what it takes; `districts`: of visits."""

    __tablename__ = "appraisal_desks"
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    taking: Mapped[bool] = mapped_column(default=True)
    categories: Mapped[list[str]] = mapped_column(Json)
    hours: Mapped[dict[str, str]] = mapped_column(Json)
    closed: Mapped[list[str]] = mapped_column(Json)
    minutes: Mapped[int] = mapped_column(default=30)
    places: Mapped[int] = mapped_column(default=1)
    drop_off: Mapped[bool] = mapped_column(default=True)
    visits: Mapped[bool] = mapped_column(default=False)
    districts: Mapped[list[str]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("minutes BETWEEN 10 AND 480 AND places BETWEEN 1 AND 50", name="slots_sane"),
        CheckConstraint("drop_off OR visits", name="some_way"),
    )


class FeeTable(Base):
    """One version of an agency's fees and terms, in fen; the highest version counts for new bookings. What each way adds to the
    fee for the kind; until how many hours before the owner calls off for nothing; what is kept of a paid fee after that."""

    __tablename__ = "appraisal_fee_tables"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int]
    drop_off_minor: Mapped[int]
    visit_minor: Mapped[int]
    free_hours: Mapped[int]
    late_minor: Mapped[int]
    missed_minor: Mapped[int]
    set_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]
    lines: Mapped[list["FeeLine"]] = relationship(order_by="FeeLine.category")

    __table_args__ = (
        UniqueConstraint("org_id", "version"),
        UniqueConstraint("id", "org_id"),
        CheckConstraint(
            f"drop_off_minor BETWEEN 0 AND {DEAREST} AND visit_minor BETWEEN 0 AND {DEAREST} AND "
            f"late_minor BETWEEN 0 AND {DEAREST} AND missed_minor BETWEEN 0 AND {DEAREST}",
            name="amounts_sane",
        ),
        CheckConstraint(f"free_hours BETWEEN 0 AND {LATEST}", name="hours_sane"),
    )


class FeeLine(Base):
    """What looking at a thing of this kind costs, in fen."""

    __tablename__ = "appraisal_fee_lines"
    table_id: Mapped[str] = mapped_column(ForeignKey("appraisal_fee_tables.id"), primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"), primary_key=True)
    amount_minor: Mapped[int]

    __table_args__ = (
        UniqueConstraint("table_id", "category", "amount_minor"),
        CheckConstraint(f"amount_minor BETWEEN 0 AND {DEAREST}", name="amount_sane"),
    )


append_only("appraisal_fee_tables")
append_only("appraisal_fee_lines")


class AppraisalBooking(Base):
    """One slot for one thing, from `slot` to `until`: as long as slots were when it was booked. `fee_minor` is the table's line
    for the kind, `extra_minor` what the way adds; `keep_minor`: what of a paid fee the agency may keep, decided when it ended;
    `back_minor`: what was decided to go back. `code`: shown by the owner at the desk, another one for bringing and for fetching.
    `appraisal_id`: the report that came of it."""

    __tablename__ = "appraisal_bookings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("appraisal_desks.org_id"))
    fee_table_id: Mapped[str] = mapped_column(String(26))
    category: Mapped[str] = mapped_column(String(30))
    slot: Mapped[datetime]
    until: Mapped[datetime]
    way: Mapped[str] = mapped_column(String(8))
    district: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    fee_minor: Mapped[int]
    extra_minor: Mapped[int]
    keep_minor: Mapped[int] = mapped_column(default=0)
    back_minor: Mapped[int] = mapped_column(default=0)
    intent_id: Mapped[str | None] = mapped_column(ForeignKey("payment_intents.id"), unique=True)
    code: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="booked")
    booked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    booked_at: Mapped[datetime]
    reminded: Mapped[bool] = mapped_column(default=False)
    appraiser_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    checked_in_at: Mapped[datetime | None]
    appraisal_id: Mapped[str | None] = mapped_column(ForeignKey("appraisals.id"), unique=True)
    graded_at: Mapped[datetime | None]
    nudges: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(10), default="")
    back_by: Mapped[str] = mapped_column(String(10), default="")
    item: Mapped[Item] = relationship(viewonly=True)
    org: Mapped[Organisation] = relationship(
        primaryjoin="foreign(AppraisalBooking.org_id) == Organisation.id", viewonly=True
    )  # the desk stands between in the schema

    __table_args__ = (
        ForeignKeyConstraint(["fee_table_id", "org_id"], ["appraisal_fee_tables.id", "appraisal_fee_tables.org_id"]),
        ForeignKeyConstraint(
            ["fee_table_id", "category", "fee_minor"],
            ["appraisal_fee_lines.table_id", "appraisal_fee_lines.category", "appraisal_fee_lines.amount_minor"],
            name="fk_appraisal_bookings_fee_of_the_kind",
        ),
        CheckConstraint(f"state IN {_of(BOOKING.states)}", name="state_known"),
        CheckConstraint("until > slot", name="ends_after"),
        CheckConstraint(f"way IN {_of(WAYS)}", name="way_known"),
        CheckConstraint(f"(state IN {_of(OPEN)}) = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint(f"why = '' OR why IN {_of(ENDS)}", name="why_known"),
        CheckConstraint("(why = '') = (ended_at IS NULL)", name="ended_has_reason"),
        CheckConstraint("(appraisal_id IS NULL) = (graded_at IS NULL)", name="graded_has_report"),
        CheckConstraint("back_by IN ('', 'code', 'signature')", name="back_by_known"),
        CheckConstraint(
            "extra_minor >= 0 AND keep_minor BETWEEN 0 AND fee_minor + extra_minor AND "
            "back_minor BETWEEN 0 AND fee_minor + extra_minor",
            name="amounts_fit",
        ),
        only_one("uq_appraisal_bookings_open", "item_id", where=f"state IN {_of(OPEN)}"),
        Index("ix_appraisal_bookings_slot", "org_id", "slot"),
        Index("ix_appraisal_bookings_until", "org_id", "until"),
    )

    @property
    def total_minor(self) -> int:
        """All that is paid for it, in fen."""
        return self.fee_minor + self.extra_minor


guard(
    "appraisal_bookings_fit_the_slot", "appraisal_bookings", "BEFORE INSERT",
    "((SELECT count(*) FROM appraisal_bookings b WHERE b.org_id = NEW.org_id AND b.slot < NEW.until AND "
    "b.until > NEW.slot AND b.state NOT IN "
    f"{_of(FREES_ITS_PLACE)}) >= (SELECT d.places FROM appraisal_desks d WHERE d.org_id = NEW.org_id))",
    "no place is left in this slot",
    hold="appraisal_desks d WHERE d.org_id = NEW.org_id FOR UPDATE",
)  # fmt: skip
guard(
    "appraisal_bookings_keep_what_was_agreed", "appraisal_bookings", "BEFORE UPDATE",
    "(NEW.item_id <> OLD.item_id OR NEW.org_id <> OLD.org_id OR NEW.fee_table_id <> OLD.fee_table_id OR "
    "NEW.category <> OLD.category OR NEW.slot <> OLD.slot OR NEW.until <> OLD.until OR NEW.way <> OLD.way OR "
    "NEW.fee_minor <> OLD.fee_minor OR NEW.extra_minor <> OLD.extra_minor OR "
    "NEW.booked_by <> OLD.booked_by OR NEW.back_minor < OLD.back_minor OR "
    "(OLD.ended_at IS NOT NULL AND NEW.state <> OLD.state))",
    "slot, way and fee of a booking stay as agreed, and an ended one stays ended",
)  # fmt: skip
