"""When points have time for who brings things, and who comes when with what. Names, contacts and lists are encrypted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard, only_one
from core.people.models import Account, Organisation
from market.channels.consignment.models import Consignor
from market.channels.consignment.visits.rules import DEAREST, ENDS, MOST_PIECES
from market.channels.consignment.visits.states import VISIT
from market.shops.models import ShopPoint


def _of(codes: Any) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class VisitDesk(Base):
    """What a point of a shop offers. `hours`: {weekday 0-6: text}; `minutes`: of a slot; `places`: visits in one slot;
    `most_things`: pieces in one visit; `not_taken`: what it doesn't take at present, in free words."""

    __tablename__ = "consignment_visit_desks"
    point_id: Mapped[str] = mapped_column(ForeignKey("shop_points.id"), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    taking: Mapped[bool] = mapped_column(default=True)
    hours: Mapped[dict[str, str]] = mapped_column(Json)
    closed: Mapped[list[str]] = mapped_column(Json)
    minutes: Mapped[int] = mapped_column(default=30)
    places: Mapped[int] = mapped_column(default=1)
    most_things: Mapped[int] = mapped_column(default=10)
    not_taken: Mapped[str] = mapped_column(String(300), default="")
    not_taken_en: Mapped[str] = mapped_column(String(300), default="")
    changed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
    point: Mapped[ShopPoint] = relationship(viewonly=True)
    org: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("point_id", "org_id"),
        CheckConstraint("minutes BETWEEN 10 AND 480 AND places BETWEEN 1 AND 50", name="slots_sane"),
        CheckConstraint("most_things BETWEEN 1 AND 200", name="most_sane"),
    )


class Visit(Base):
    """One slot for one person, from `slot` to `until`: as long as slots were when it was booked. `account_id`: whose it is, None
    for who has no account; `consignor_id`: their file, where it is known; `who`: one of both or the contact's digest, by which
    nobody is expected twice at a time; `name`, `contact`: only of who has neither account nor file; `version`: changes so far;
    `by_shop`: booked at the counter; `why`: how it ended when it didn't take place."""

    __tablename__ = "consignment_visits"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    point_id: Mapped[str] = mapped_column(String(26))
    slot: Mapped[datetime]
    until: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    consignor_id: Mapped[str | None] = mapped_column(ForeignKey("consignors.id"), index=True)
    name: Mapped[str] = mapped_column(Text, default="")
    shown: Mapped[str] = mapped_column(String(40), default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    contact_masked: Mapped[str] = mapped_column(String(60), default="")
    by_shop: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(9), default="booked")
    booked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    booked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(10), default="")
    erased_at: Mapped[datetime | None]
    things: Mapped[list["VisitThing"]] = relationship(order_by="VisitThing.nth", cascade="all, delete-orphan")
    org: Mapped[Organisation] = relationship(viewonly=True)
    account: Mapped[Account | None] = relationship(viewonly=True, foreign_keys=[account_id])
    consignor: Mapped[Consignor | None] = relationship(viewonly=True)
    desk: Mapped[VisitDesk] = relationship(viewonly=True, overlaps="org")

    __table_args__ = (
        ForeignKeyConstraint(
            ["point_id", "org_id"], ["consignment_visit_desks.point_id", "consignment_visit_desks.org_id"],
            name="fk_consignment_visits_desk_of_the_shop",
        ),
        CheckConstraint(f"state IN {_of(VISIT.states)}", name="state_known"),
        CheckConstraint("until > slot", name="ends_after"),
        CheckConstraint("(state = 'booked') = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint(f"why = '' OR why IN {_of(ENDS)}", name="why_known"),
        CheckConstraint("(why <> '') = (state IN ('missed', 'cancelled'))", name="not_held_has_reason"),
        CheckConstraint("state <> 'booked' OR who <> ''", name="somebody_comes"),
        CheckConstraint(
            "erased_at IS NULL OR (who = '' AND account_id IS NULL AND consignor_id IS NULL AND name = '' AND shown = '' AND "
            "contact = '' AND contact_masked = '')",
            name="erased_is_empty",
        ),
        only_one("uq_consignment_visits_once", "org_id", "who", "slot", where="state = 'booked'"),
        Index("ix_consignment_visits_slot", "point_id", "slot"),
        Index("ix_consignment_visits_day", "org_id", "slot"),
        Index("ix_consignment_visits_state", "state", "slot"),
    )  # fmt: skip


class VisitThing(Base):
    """A line of the list. `name`: encrypted; `wish`: for one piece, in fen, None where it was left open."""

    __tablename__ = "consignment_visit_things"
    visit_id: Mapped[str] = mapped_column(ForeignKey("consignment_visits.id"), primary_key=True)
    nth: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    name: Mapped[str] = mapped_column(Text)
    pieces: Mapped[int]
    wish: Mapped[int | None]

    __table_args__ = (
        CheckConstraint(f"pieces BETWEEN 1 AND {MOST_PIECES}", name="pieces_sane"),
        CheckConstraint(f"wish IS NULL OR wish BETWEEN 0 AND {DEAREST}", name="wish_sane"),
    )


# the states are states.HOLDS_ITS_PLACE; a test keeps both equal
_FULL = (
    "((SELECT count(*) FROM consignment_visits b WHERE b.point_id = NEW.point_id AND b.id <> NEW.id AND b.slot < NEW.until AND "
    "b.until > NEW.slot AND b.state IN ('booked', 'came')) >= "
    "(SELECT d.places FROM consignment_visit_desks d WHERE d.point_id = NEW.point_id))"
)
_TWICE = (
    "EXISTS (SELECT 1 FROM consignment_visits b WHERE b.org_id = NEW.org_id AND b.who = NEW.who AND b.id <> NEW.id AND "
    "b.slot < NEW.until AND b.until > NEW.slot AND b.state = 'booked')"
)
_MOVED = "NEW.state = 'booked' AND (NEW.slot <> OLD.slot OR NEW.until <> OLD.until)"
_DESKS = "consignment_visit_desks d WHERE d.org_id = NEW.org_id ORDER BY d.point_id FOR UPDATE"
_DESKS_IF_MOVED = f"consignment_visit_desks d WHERE d.org_id = NEW.org_id AND {_MOVED} ORDER BY d.point_id FOR UPDATE"
guard(
    "consignment_visits_fit_the_slot", "consignment_visits", "BEFORE INSERT", _FULL, "no place is left in this slot", hold=_DESKS,
)  # fmt: skip
guard(
    "consignment_visits_moved_fit", "consignment_visits", "BEFORE UPDATE", f"({_MOVED} AND {_FULL})",
    "no place is left in this slot", hold=_DESKS_IF_MOVED,
)  # fmt: skip
guard(
    "consignment_visits_one_at_a_time", "consignment_visits", "BEFORE INSERT", f"({_TWICE})",
    "this person is expected there at that time already", hold=_DESKS,
)  # fmt: skip
guard(
    "consignment_visits_moved_alone", "consignment_visits", "BEFORE UPDATE", f"({_MOVED} AND {_TWICE})",
    "this person is expected there at that time already", hold=_DESKS_IF_MOVED,
)  # fmt: skip
guard(
    "consignment_visits_keep_what_was", "consignment_visits", "BEFORE UPDATE",
    "(NEW.org_id <> OLD.org_id OR NEW.point_id <> OLD.point_id OR NEW.number <> OLD.number OR "
    "(OLD.state <> 'booked' AND (NEW.slot <> OLD.slot OR NEW.until <> OLD.until)) OR "
    "(OLD.state IN ('came', 'cancelled') AND NEW.state <> OLD.state))",
    "a visit stays at its point, and one that is over stays as it ended",
)  # fmt: skip
