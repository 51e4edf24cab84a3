"""A shop's file: points, rules, exemptions, permits, its closing; and who keeps an eye on it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one
from core.goods.words import SHOP_PERMITS
from core.people.models import Organisation
from core.queue.models import waits_in_queue
from market.shops.grounds import all_grounds
from market.shops.rules import KINDS, SITES
from market.shops.states import CLOSING, EXEMPTION, PERMIT, POINT


def _of(codes: Any) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class ShopPoint(Base):
    """A place where goods are brought. `hours`: {weekday 0-6: text}; `estate_key`: the estate as it is compared; `latitude` and
    `longitude`: millionths of a degree (WGS 84), both or none; `zone_name`: of a retailer's second-hand zone."""

    __tablename__ = "shop_points"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(12))
    zone_name: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    site: Mapped[str] = mapped_column(String(20))
    district: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(120))
    estate: Mapped[str] = mapped_column(String(40), default="")
    estate_key: Mapped[str] = mapped_column(String(40), default="")
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    hours: Mapped[dict[str, str]] = mapped_column(Json)
    closed: Mapped[list[str]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
    org: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(f"state IN {_of(POINT.states)}", name="state_known"),
        CheckConstraint(f"kind IN {_of(KINDS)}", name="kind_known"),
        CheckConstraint(f"site IN {_of(SITES)}", name="site_known"),
        CheckConstraint("(kind = 'zone') = (zone_name <> '')", name="a_zone_has_a_name"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_or_none"),
        CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90000000 AND 90000000 AND longitude BETWEEN -180000000 AND 180000000)",
            name="on_the_map",
        ),
        only_one("uq_shop_points_name", "org_id", "name", where="state <> 'closed'"),
        Index("ix_shop_points_where", "state", "district"),
    )


class ShopExemption(Base):
    """Why an organisation needs no licence, as it says itself: a ground of the closed list, for `by_law` with the law's name."""

    __tablename__ = "shop_exemptions"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    ground: Mapped[str] = mapped_column(String(20))
    law: Mapped[str] = mapped_column(String(100), default="")
    words: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(12), default="asked")
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    org: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(f"state IN {_of(EXEMPTION.states)}", name="state_known"),
        CheckConstraint(f"ground IN {_of(one.code for one in all_grounds())}", name="ground_known"),
        CheckConstraint("state NOT IN ('granted', 'refused') OR decided_by IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_has_time"),
        only_one("uq_shop_exemptions_live", "org_id", where="state IN ('asked', 'granted')"),
        Index("ix_shop_exemptions_org", "org_id"),
    )


waits_in_queue("exemption", "shop_exemptions", "{row}.state = 'asked'")


class ShopRules(Base):
    """One version of a shop's own rules; the highest counts for whoever deals with it from now on."""

    __tablename__ = "shop_rules"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text, default="")
    set_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("org_id", "version"),
        CheckConstraint("version > 0 AND body <> ''", name="says_something"),
    )


append_only("shop_rules")


class ShopClosing(Base):
    """The announced end of a shop: from the day `closes_on` (in the market's zone) on it is closed."""

    __tablename__ = "shop_closings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    closes_on: Mapped[date]
    words: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(12), default="announced")
    announced_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    announced_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"state IN {_of(CLOSING.states)}", name="state_known"),
        CheckConstraint("(state = 'announced') = (moved_at IS NULL)", name="moved_has_time"),
        only_one("uq_shop_closings_live", "org_id", where="state IN ('announced', 'ended')"),
        Index("ix_shop_closings_due", "state", "closes_on"),
        Index("ix_shop_closings_org", "org_id"),
    )


guard(
    "shop_closings_keep_the_day", "shop_closings", "BEFORE UPDATE",
    "(NEW.closes_on <> OLD.closes_on OR NEW.org_id <> OLD.org_id OR NEW.announced_at <> OLD.announced_at)",
    "the day that was announced stays; call it off and announce another one",
)  # fmt: skip


class TradePermit(Base):
    """A licence that selling a kind of goods needs, for books the 出版物经营许可证; good up to and with the day `valid_until`.
    `reminded`: how often its end was told to the manager."""

    __tablename__ = "trade_permits"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(60))
    valid_until: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), default="asked")
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    org: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(f"state IN {_of(PERMIT.states)}", name="state_known"),
        CheckConstraint(f"kind IN {_of(SHOP_PERMITS)}", name="kind_known"),
        CheckConstraint("state NOT IN ('confirmed', 'refused') OR decided_by IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_has_time"),
        only_one("uq_trade_permits_asked", "org_id", "kind", where="state = 'asked'"),
        only_one("uq_trade_permits_confirmed", "org_id", "kind", where="state = 'confirmed'"),
        Index("ix_trade_permits_ends", "state", "valid_until"),
        Index("ix_trade_permits_org", "org_id"),
    )


waits_in_queue("trade_permit", "trade_permits", "{row}.state = 'asked'")
guard(
    "trade_permits_keep_what_was_entered", "trade_permits", "BEFORE UPDATE",
    "(NEW.number <> OLD.number OR NEW.issuer <> OLD.issuer OR NEW.valid_until <> OLD.valid_until OR NEW.org_id <> OLD.org_id OR "
    "NEW.kind <> OLD.kind)",
    "a permit stays as it was entered; a renewed one is entered anew",
)  # fmt: skip


class ShopFollower(Base):
    """Who wants to hear when a shop's points change or it ends."""

    __tablename__ = "shop_followers"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class HomeEstate(Base):
    """The estate that a resident named for the list of points: encrypted, for it says where somebody lives."""

    __tablename__ = "home_estates"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]
