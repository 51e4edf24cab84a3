"""Things: what they are, whose they are, their serial numbers (encrypted), storage media, photos, and who holds them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one


class Category(Base):
    """The cards' codes as the database needs them; kept equal to the card files at every start."""

    __tablename__ = "categories"
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    data_bearing: Mapped[bool]


class Item(Base):
    """One thing. `epoch` is the custody epoch: proofs hold within one epoch only. `data_bearing` never turns false."""

    __tablename__ = "items"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"), index=True)
    data_bearing: Mapped[bool]
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    brand: Mapped[str] = mapped_column(String(60), default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(Json)
    disclosures: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(12), default="active")
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    identifiers: Mapped[list["Identifier"]] = relationship(order_by="Identifier.id")
    media: Mapped[list["StorageMedium"]] = relationship(order_by="StorageMedium.id")
    photos: Mapped[list["ItemPhoto"]] = relationship(order_by="ItemPhoto.position")

    __table_args__ = (
        UniqueConstraint("id", "data_bearing"),
        CheckConstraint("state IN ('active', 'frozen', 'released', 'scrapped')", name="state_known"),
        CheckConstraint("epoch >= 1", name="epoch_counts"),
    )


guard(
    "items_stay_data_bearing", "items", "BEFORE UPDATE",
    "(NEW.data_bearing <> OLD.data_bearing AND NOT NEW.data_bearing) OR NEW.category <> OLD.category "
    "OR NEW.epoch < OLD.epoch OR NEW.id <> OLD.id",
    "an item stays what it is: data-bearing, category and epoch never go back",
)  # fmt: skip
guard(
    "items_true_to_category", "items", "BEFORE INSERT",
    "(NOT NEW.data_bearing AND EXISTS (SELECT 1 FROM categories c WHERE c.code = NEW.category AND c.data_bearing))",
    "this category can hold data",
)  # fmt: skip


class Identifier(Base):
    """A serial number or IMEI: encrypted, found by keyed digest, shown masked. One live owner of each at a time."""

    __tablename__ = "identifiers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str] = mapped_column(String(60))
    live: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]

    __table_args__ = (
        only_one("uq_identifiers_live", "kind", "digest", where="live"),
        CheckConstraint("kind IN ('serial', 'imei', 'imei2', 'meid')", name="kind_known"),
    )  # fmt: skip


class StorageMedium(Base):
    """A disk or chip in an item. Capacity comes from tool output, never from typing."""

    __tablename__ = "storage_media"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    medium: Mapped[str] = mapped_column(String(14))
    serial: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    masked: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(80), default="")
    capacity_bytes: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default="present")
    added_at: Mapped[datetime]

    __table_args__ = (
        only_one("uq_storage_media_present", "digest", where="state = 'present'"),
        CheckConstraint("medium IN ('magnetic', 'semiconductor')", name="medium_known"),
        CheckConstraint("state IN ('present', 'removed', 'returned', 'destroyed', 'mistyped')", name="state_known"),
    )  # fmt: skip


class CustodyLine(Base):
    """Who holds a thing, where, since when, and whether this hand-over raised the epoch. Append-only."""

    __tablename__ = "custody_lines"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    holder_kind: Mapped[str] = mapped_column(String(8))
    holder_id: Mapped[str] = mapped_column(String(26))
    place: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(24))
    epoch: Mapped[int]
    seal_number: Mapped[str] = mapped_column(String(40), default="")
    since: Mapped[datetime]
    moved_by: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        CheckConstraint("holder_kind IN ('person', 'org')", name="holder_known"),
        CheckConstraint(
            "place IN ('owner', 'counter', 'bench', 'appraiser', 'shelf', 'courier', 'sealed_bag', 'buyer')",
            name="place_known",
        ),
    )


append_only("custody_lines")


class ItemPhoto(Base):
    """A photo of a thing: three sizes in the content-addressed store. `sizes`: {name: [digest, width, height]}."""

    __tablename__ = "item_photos"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    view: Mapped[str] = mapped_column(String(30), default="")
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sizes: Mapped[dict[str, Any]] = mapped_column(Json)
    dhash: Mapped[str] = mapped_column(String(16), default="")
    added_by: Mapped[str] = mapped_column(String(26))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
