"""What a shop takes in: one visit with its things, the half-filled screen of a clerk, the stock with its register, and every
step of a thing in the shop. What stood in the register at the intake stands for good."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one
from core.goods.models import Item
from core.people.models import Organisation
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.goods.fixed_words import CAME_BY, KINDS, USED
from market.channels.consignment.goods.states import INTAKE, LIVE, PRICED, STOCK
from market.channels.consignment.models import Consignor
from market.shops.models import ShopPoint


def _of(codes: Any) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


class Intake(Base):
    """One visit at which things are taken in, or a delivery of the shop's own stock. `number`: of the receipt; `source`: where
    own stock comes from; `visit`: the booking it began with."""

    __tablename__ = "intakes"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    point_id: Mapped[str] = mapped_column(ForeignKey("shop_points.id"))
    kind: Mapped[str] = mapped_column(String(10))
    consignor_id: Mapped[str | None] = mapped_column(String(26), index=True)
    agreement_id: Mapped[str | None] = mapped_column(ForeignKey("consignment_agreements.id"))
    source: Mapped[str] = mapped_column(String(120), default="")
    visit: Mapped[str] = mapped_column(String(26), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    org: Mapped[Organisation] = relationship(viewonly=True)
    point: Mapped[ShopPoint] = relationship(viewonly=True)
    agreement: Mapped[Agreement | None] = relationship(viewonly=True)
    consignor: Mapped[Consignor | None] = relationship(primaryjoin="foreign(Intake.consignor_id) == Consignor.id", viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(["consignor_id", "org_id"], ["consignors.id", "consignors.org_id"], name="fk_intakes_consignor"),
        UniqueConstraint("id", "org_id"),
        CheckConstraint(f"state IN {_of(INTAKE.states)}", name="state_known"),
        CheckConstraint(f"kind IN {_of(KINDS)}", name="kind_known"),
        CheckConstraint("(kind = 'consigned') = (consignor_id IS NOT NULL)", name="consigned_by_somebody"),
        CheckConstraint("(kind = 'consigned') = (agreement_id IS NOT NULL)", name="consigned_under_terms"),
        CheckConstraint("(kind = 'own') = (source <> '')", name="own_has_source"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_says_when"),
        Index("ix_intakes_open", "org_id", "state", "opened_at"),
        only_one("uq_intakes_open", "org_id", "consignor_id", where="state = 'open' AND consignor_id IS NOT NULL"),
    )


guard(
    "intakes_under_signed_terms", "intakes", "BEFORE INSERT",
    "(NEW.kind = 'consigned' AND NOT EXISTS (SELECT 1 FROM consignment_agreements a WHERE a.id = NEW.agreement_id AND "
    "a.org_id = NEW.org_id AND a.consignor_id = NEW.consignor_id AND a.state = 'signed'))",
    "goods come in under an agreement that both sides have signed",
)  # fmt: skip
guard(
    "intakes_stand", "intakes", "BEFORE UPDATE",
    "(NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.org_id <> OLD.org_id OR NEW.kind <> OLD.kind OR "
    "COALESCE(NEW.consignor_id, '') <> COALESCE(OLD.consignor_id, '') OR "
    "COALESCE(NEW.agreement_id, '') <> COALESCE(OLD.agreement_id, '') OR (OLD.state <> 'open' AND NEW.state <> OLD.state))",
    "who gave what under which terms stands",
)  # fmt: skip


class IntakeDraft(Base):
    """What a clerk has filled in so far for one thing. `answers` is encrypted: serial numbers stand there. `photos`: as the
    screens of selling keep them; `pair_digest`: of the token by which a phone adds photos, until `pair_until`. Swept."""

    __tablename__ = "intake_drafts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    intake_id: Mapped[str] = mapped_column(ForeignKey("intakes.id"), index=True)
    clerk_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    category: Mapped[str] = mapped_column(String(30))
    photos: Mapped[list[Any]] = mapped_column(Json)
    answers: Mapped[str] = mapped_column(Text, default="")
    pair_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    pair_until: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class StockPlace(Base):
    """A shelf, rack or case of a point, by its code as it stands on the sign."""

    __tablename__ = "stock_places"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    point_id: Mapped[str] = mapped_column(ForeignKey("shop_points.id"))
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("id", "org_id"),
        only_one("uq_stock_places_code", "point_id", "code", where="ended_at IS NULL"),
    )


class StockItem(Base):
    """One thing in a shop's stock and register. Amounts in fen. `wanted_minor`: the asking price as agreed at the intake;
    `reserve_minor`: the floor, with a fixed net price what the giver gets; `asking_minor`: what stands on the tag, None without
    one: a device has none before its clearance. `kept_price`: no markdowns. `came_by`: a code of CAME_BY; `proof`: the paper that
    was shown; `went`: a code and `went_words` where it went; `floor_at`: since when it stands on the floor with a price."""

    __tablename__ = "stock_items"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    org_id: Mapped[str] = mapped_column(String(26))
    intake_id: Mapped[str] = mapped_column(String(26), index=True)
    item_id: Mapped[str] = mapped_column(String(26), index=True)
    data_bearing: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(10))
    consignor_id: Mapped[str | None] = mapped_column(String(26), index=True)
    category: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text, default="")
    condition: Mapped[str] = mapped_column(String(10))
    used: Mapped[str] = mapped_column(String(16), default="used")
    wanted_minor: Mapped[int] = mapped_column(BigInteger)
    reserve_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    asking_minor: Mapped[int | None] = mapped_column(BigInteger)
    clearance_id: Mapped[str | None] = mapped_column(String(26), index=True)
    epoch: Mapped[int | None]
    kept_price: Mapped[bool] = mapped_column(default=False)
    donate_unsold: Mapped[bool] = mapped_column(default=False)
    came_by: Mapped[str] = mapped_column(String(10))
    came_words: Mapped[str] = mapped_column(String(200), default="")
    proof: Mapped[str] = mapped_column(String(80), default="")
    point_id: Mapped[str] = mapped_column(ForeignKey("shop_points.id"))
    place_id: Mapped[str | None] = mapped_column(String(26))
    listing_id: Mapped[str | None] = mapped_column(ForeignKey("listings.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    taken_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    taken_at: Mapped[datetime]
    floor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    went: Mapped[str] = mapped_column(String(12), default="")
    went_words: Mapped[str] = mapped_column(String(200), default="")
    item: Mapped[Item] = relationship(primaryjoin="foreign(StockItem.item_id) == Item.id", viewonly=True)
    intake: Mapped[Intake] = relationship(primaryjoin="foreign(StockItem.intake_id) == Intake.id", viewonly=True)
    consignor: Mapped[Consignor | None] = relationship(
        primaryjoin="foreign(StockItem.consignor_id) == Consignor.id", viewonly=True
    )
    point: Mapped[ShopPoint] = relationship(viewonly=True)
    place: Mapped[StockPlace | None] = relationship(
        primaryjoin="foreign(StockItem.place_id) == StockPlace.id", viewonly=True
    )

    __table_args__ = (
        ForeignKeyConstraint(["intake_id", "org_id"], ["intakes.id", "intakes.org_id"], name="fk_stock_items_intake"),
        ForeignKeyConstraint(["item_id", "data_bearing"], ["items.id", "items.data_bearing"], name="fk_stock_items_item"),
        ForeignKeyConstraint(["consignor_id", "org_id"], ["consignors.id", "consignors.org_id"], name="fk_stock_items_consignor"),
        ForeignKeyConstraint(["place_id", "org_id"], ["stock_places.id", "stock_places.org_id"], name="fk_stock_items_place"),
        ForeignKeyConstraint(
            ["clearance_id", "item_id", "epoch"], ["clearances.id", "clearances.item_id", "clearances.epoch"],
            name="fk_stock_items_clearance",
        ),
        CheckConstraint(f"state IN {_of(STOCK.states)}", name="state_known"),
        CheckConstraint(f"kind IN {_of(KINDS)}", name="kind_known"),
        CheckConstraint(f"came_by IN {_of(CAME_BY)}", name="came_by_known"),
        CheckConstraint(f"used IN {_of(USED)}", name="used_known"),
        CheckConstraint("(kind = 'consigned') = (consignor_id IS NOT NULL)", name="consigned_by_somebody"),
        CheckConstraint("wanted_minor BETWEEN 1 AND 100000000000", name="wanted_in_range"),
        CheckConstraint("reserve_minor BETWEEN 0 AND wanted_minor", name="reserve_in_range"),
        CheckConstraint("asking_minor IS NULL OR asking_minor BETWEEN 1 AND 100000000000", name="asking_in_range"),
        CheckConstraint(f"state NOT IN {_of(PRICED)} OR asking_minor IS NOT NULL", name="on_sale_has_price"),
        CheckConstraint(
            "asking_minor IS NULL OR NOT data_bearing OR (clearance_id IS NOT NULL AND epoch IS NOT NULL)",
            name="priced_needs_clearance",
        ),
        CheckConstraint("state <> 'waiting' OR (data_bearing AND asking_minor IS NULL)", name="waiting_has_no_price"),
        CheckConstraint("(state IN ('sold', 'returned', 'damaged')) = (ended_at IS NOT NULL)", name="ended_says_when"),
        CheckConstraint("(ended_at IS NULL) = (went = '')", name="ended_says_where"),
        only_one("uq_stock_items_live", "item_id", where=f"state IN {_of(LIVE)}"),
        Index("ix_stock_items_shelf", "org_id", "state", "taken_at"),
    )  # fmt: skip


_unfit = (
    "NOT EXISTS (SELECT 1 FROM clearances c JOIN items i ON i.id = c.item_id "
    "WHERE c.id = NEW.clearance_id AND c.item_id = NEW.item_id AND c.epoch = NEW.epoch AND c.state = 'valid' "
    "AND i.epoch = c.epoch)"
)
# S608: the texts below are built from constants of this module only
guard(
    "stock_items_begin_without_price", "stock_items", "BEFORE INSERT",
    "(NEW.asking_minor IS NOT NULL OR NEW.state NOT IN ('waiting', 'in_stock') OR (NEW.data_bearing AND NEW.state <> 'waiting'))",
    "a thing is taken in before it gets a price; a device waits to be wiped",
)  # fmt: skip
guard(
    "stock_items_priced_cleared", "stock_items", "BEFORE UPDATE",
    "(NEW.data_bearing AND NEW.state IN ('in_stock', 'on_sale', 'held', 'sold') AND NOT (OLD.state = 'held' AND "
    "NEW.state = 'sold') AND (NEW.state <> OLD.state OR COALESCE(NEW.asking_minor, 0) <> COALESCE(OLD.asking_minor, 0) OR "
    f"COALESCE(NEW.clearance_id, '') <> COALESCE(OLD.clearance_id, '')) AND {_unfit})",
    "no device gets a price or is sold in a shop without a valid clearance",
    hold="clearances c WHERE c.id = NEW.clearance_id AND NEW.state <> OLD.state FOR SHARE",
)  # fmt: skip
guard(
    "clearances_carry_priced_stock", "clearances", "BEFORE UPDATE",
    "(NEW.state <> 'valid' AND OLD.state = 'valid' AND EXISTS (SELECT 1 FROM stock_items s WHERE s.clearance_id = NEW.id AND "
    f"s.state IN {_of(PRICED)}))",
    "take the price tag off before its clearance ends",
)  # fmt: skip
guard(
    "stock_items_frozen", "stock_items", "BEFORE UPDATE",
    "(NEW.state IN ('in_stock', 'on_sale', 'held', 'sold') AND NEW.state <> OLD.state AND NOT (OLD.state = 'held' AND "
    "NEW.state = 'sold') AND EXISTS "
    "(SELECT 1 FROM items i WHERE i.id = NEW.item_id AND i.state <> 'active'))",
    "a frozen or released item isn't sold in a shop",
)  # fmt: skip
guard(
    "stock_items_register_stands", "stock_items", "BEFORE UPDATE",
    "(NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.org_id <> OLD.org_id OR NEW.intake_id <> OLD.intake_id OR "
    "NEW.item_id <> OLD.item_id OR NEW.kind <> OLD.kind OR COALESCE(NEW.consignor_id, '') <> COALESCE(OLD.consignor_id, '') OR "
    "NEW.taken_by <> OLD.taken_by OR NEW.taken_at <> OLD.taken_at OR NEW.came_by <> OLD.came_by OR "
    "(NEW.came_words <> OLD.came_words AND NEW.came_words <> ''))",
    "what the register says about the intake stands",
)  # fmt: skip
guard("stock_items_stay", "stock_items", "BEFORE DELETE", "(1 = 1)", "the register keeps what was taken in")


class StockLine(Base):
    """One step of a thing in the shop: taken in, priced, moved, given back … `facts`: amounts in fen, codes and ids."""

    __tablename__ = "stock_lines"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    stock_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"), index=True)
    what: Mapped[str] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    words: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


append_only("stock_lines")
