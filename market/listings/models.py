"""Listings and what people do with them: favourites, messages, reports. No data-bearing item is seen without clearance."""

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
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, guard, only_one
from core.goods.models import Item
from core.queue.models import waits_in_queue

# every state in which a listing can be seen, reserved or sold
SHOWN = ("published", "paused", "reserved", "sold")
STATES = ("draft", "waiting_wipe", "published", "paused", "reserved", "sold", "lost", "withdrawn", "frozen", "expired")
_shown = "(" + ", ".join(f"'{state}'" for state in SHOWN) + ")"
_live = "('published', 'paused', 'reserved')"


class Listing(Base):
    """`data_bearing`, `item_id`, `clearance_id` and `epoch` are held to goods and clearances by composite keys.

    `floor_minor`: the least its seller takes (底价), never shown to buyers. `return_ground`: why a return without reason is
    excluded, a code of a closed list. `by_parcel`: the seller also sends it. `condition`: the seller's own word, of a closed
    list, "" where none was asked; `grade`: an appraiser's letter."""

    __tablename__ = "listings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), index=True)
    data_bearing: Mapped[bool]
    clearance_id: Mapped[str | None] = mapped_column(String(26), index=True)
    epoch: Mapped[int | None]
    seller_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    seller_kind: Mapped[str] = mapped_column(String(14), default="idle")
    title: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(30), index=True)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    negotiable: Mapped[bool] = mapped_column(default=False)
    gift: Mapped[bool] = mapped_column(default=False)
    floor_minor: Mapped[int | None] = mapped_column(BigInteger)
    return_policy: Mapped[str] = mapped_column(String(20), default="private_sale")
    return_ground: Mapped[str] = mapped_column(String(30), default="")
    warranty_months: Mapped[int] = mapped_column(default=0)
    by_parcel: Mapped[bool] = mapped_column(default=False)
    district: Mapped[str] = mapped_column(String(12))
    condition: Mapped[str] = mapped_column(String(10), default="")
    grade: Mapped[str | None] = mapped_column(String(8))
    appraisal_id: Mapped[str | None] = mapped_column(String(26))
    review: Mapped[str] = mapped_column(String(8), default="")
    state: Mapped[str] = mapped_column(String(14), default="draft", index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    item: Mapped[Item] = relationship(foreign_keys=[item_id], viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(["item_id", "data_bearing"], ["items.id", "items.data_bearing"]),
        ForeignKeyConstraint(
            ["clearance_id", "item_id", "epoch"],
            ["clearances.id", "clearances.item_id", "clearances.epoch"],
            name="fk_listings_clearance",
        ),
        CheckConstraint(
            f"state NOT IN {_shown} OR NOT data_bearing OR (clearance_id IS NOT NULL AND epoch IS NOT NULL)",
            name="shown_needs_clearance",
        ),
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", name="state_known"),
        CheckConstraint("review IN ('', 'asked', 'granted', 'refused')", name="review_known"),
        CheckConstraint("price_minor >= 0 AND price_minor <= 100000000000", name="price_in_range"),
        CheckConstraint("(price_minor = 0) = gift", name="gift_costs_nothing"),
        CheckConstraint("floor_minor IS NULL OR floor_minor BETWEEN 1 AND price_minor", name="floor_within_price"),
        CheckConstraint("return_policy IN ('private_sale', 'no_reason_7d', 'excluded_by_nature')", name="return_policy_known"),
        CheckConstraint("(return_policy = 'excluded_by_nature') = (return_ground <> '')", name="exclusion_has_ground"),
        CheckConstraint("warranty_months BETWEEN 0 AND 60", name="warranty_in_range"),
        CheckConstraint(
            "seller_kind IN ('idle', 'sporadic', 'operator', 'consignment', 'self_operated')",
            name="seller_kind_known",
        ),
        CheckConstraint(
            "condition IN ('', 'new', 'nearly_new', 'light_use', 'clear_use', 'flawed', 'faulty')", name="condition_known"
        ),
        only_one("uq_listings_live", "item_id", where=f"state IN {_live}"),
        Index("ix_listings_catalogue", "state", "published_at"),
    )  # fmt: skip


_unfit = (
    "NOT EXISTS (SELECT 1 FROM clearances c JOIN items i ON i.id = c.item_id "
    "WHERE c.id = NEW.clearance_id AND c.item_id = NEW.item_id AND c.epoch = NEW.epoch AND c.state = 'valid' "
    "AND i.epoch = c.epoch)"
)
# S608: the texts below are built from constants of this module only
guard(
    "listings_start_cleared", "listings", "BEFORE INSERT",
    f"(NEW.data_bearing AND NEW.state IN {_shown} AND {_unfit})",
    "no data-bearing item is listed without a valid clearance",
    hold="clearances c WHERE c.id = NEW.clearance_id FOR SHARE",
)  # fmt: skip
guard(
    "listings_stay_cleared", "listings", "BEFORE UPDATE",
    f"(NEW.data_bearing AND NEW.state IN {_shown} AND NOT (NEW.state = OLD.state AND "
    f"NEW.clearance_id = OLD.clearance_id AND NEW.epoch = OLD.epoch AND NEW.item_id = OLD.item_id) AND {_unfit})",
    "no data-bearing item is listed, reserved or sold without a valid clearance",
    hold="clearances c WHERE c.id = NEW.clearance_id AND NEW.state <> OLD.state FOR SHARE",
)  # fmt: skip
guard(
    "listings_keep_their_item", "listings", "BEFORE UPDATE",
    "(NEW.item_id <> OLD.item_id OR NEW.seller_id <> OLD.seller_id OR (OLD.state = 'sold' AND NEW.state <> 'sold'))",
    "a listing keeps its item and seller, and a sold one stays sold",
)  # fmt: skip
guard(
    "clearances_carry_live_listings", "clearances", "BEFORE UPDATE",
    f"(NEW.state <> 'valid' AND OLD.state = 'valid' AND EXISTS "
    f"(SELECT 1 FROM listings l WHERE l.clearance_id = NEW.id AND l.state IN {_live}))",
    "take the listing down before its clearance ends",
)  # fmt: skip
guard(
    "listings_wait_for_their_check", "listings", "BEFORE UPDATE",
    "(NEW.state IN ('published', 'reserved') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM sample_checks s "
    "WHERE s.clearance_id = NEW.clearance_id AND s.state = 'open' AND (s.mandatory OR NEW.state = 'reserved')))",
    "a device that is checked once more is off sale",
)  # fmt: skip
guard(
    "items_frozen_listings", "listings", "BEFORE UPDATE",
    f"(NEW.state IN {_live} AND NEW.state <> OLD.state AND EXISTS "
    "(SELECT 1 FROM items i WHERE i.id = NEW.item_id AND i.state <> 'active'))",
    "a frozen or released item can't be listed",
)  # fmt: skip


waits_in_queue("restricted", "listings", "{row}.review = 'asked' AND {row}.state <> 'withdrawn'")


class Favourite(Base):
    """What somebody keeps an eye on. `told_minor`: the lowest price this person knows; None in rows older than that."""

    __tablename__ = "favourites"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    at: Mapped[datetime]
    told_minor: Mapped[int | None] = mapped_column(BigInteger)


class Message(Base):
    """One line between a buyer and a seller about one listing. `found`: kinds of what leads away and people are warned of."""

    __tablename__ = "listing_messages"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    buyer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    body: Mapped[str] = mapped_column(Text)
    warned: Mapped[bool] = mapped_column(default=False)
    found: Mapped[list[Any]] = mapped_column(Json, default=list)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Report(Base):
    """Somebody tells the reviewers about a listing, person or message; handled with a decision. `reporter_id`: None where the
    program itself noticed something, which `facts` tell."""

    __tablename__ = "reports"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    reporter_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="open")
    at: Mapped[datetime]
    handled_by: Mapped[str | None] = mapped_column(String(26))
    handled_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state_known"),
        UniqueConstraint("listing_id", "reporter_id"),
    )


waits_in_queue("report", "reports", "{row}.state = 'open'")


class ListingProof(Base):
    """A photo of a licence, receipt or permit, for the reviewer's eyes only: never a photo of the thing.

    `sizes`: {name: [digest, width, height]}; the files behind the digests are encrypted. Gone six months after the decision."""

    __tablename__ = "listing_proofs"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"), index=True)
    sizes: Mapped[dict[str, Any]] = mapped_column(Json)
    added_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    added_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)


class SellDraft(Base):
    """What a seller has told so far, between the three screens. `answers` is encrypted: it may hold serial numbers.

    Swept after 30 days; gone when the listing is made."""

    __tablename__ = "sell_drafts"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    category: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(12))
    photos: Mapped[list[Any]] = mapped_column(Json)
    answers: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(index=True)
