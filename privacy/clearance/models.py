"""The permit to list (clearance) and the paper about it (certificate). The database keeps the promise, even to raw SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, guard, only_one

ENDS = ("expired", "revoked", "custody_raised", "delivered", "void_by_use")


class Clearance(Base):
    """Valid within one custody epoch of one item, resting on one accepted verification. `decision` is always accepted:
    it is a column so that a composite key can hold it to that."""

    __tablename__ = "clearances"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    epoch: Mapped[int]
    verification_id: Mapped[str] = mapped_column(String(26), unique=True)
    decision: Mapped[str] = mapped_column(String(8), default="accepted")
    state: Mapped[str] = mapped_column(String(16), default="valid")
    kept: Mapped[str] = mapped_column(String(12))
    seal_number: Mapped[str] = mapped_column(String(40), default="")
    seal_photo: Mapped[str] = mapped_column(String(64), default="")
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("id", "item_id", "epoch"),
        ForeignKeyConstraint(
            ["verification_id", "item_id", "epoch", "decision"],
            ["verifications.id", "verifications.item_id", "verifications.epoch", "verifications.decision"],
            name="fk_clearances_verification",
        ),
        CheckConstraint("decision = 'accepted'", name="accepted_only"),
        CheckConstraint("kept IN ('at_point', 'sealed_bag')", name="kept_known"),
        CheckConstraint("kept <> 'sealed_bag' OR seal_number <> ''", name="bag_has_number"),
        CheckConstraint(f"state IN ('valid', {', '.join(repr(e) for e in ENDS)})", name="state_known"),
        CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name="ended_has_time"),
        only_one("uq_clearances_valid", "item_id", where="state = 'valid'"),
    )


guard(
    "clearances_of_present_epoch",
    "clearances",
    "BEFORE INSERT",
    "(NEW.state <> 'valid' OR NOT EXISTS (SELECT 1 FROM items i WHERE i.id = NEW.item_id AND i.epoch = NEW.epoch))",
    "a clearance begins valid and in the item's present epoch",
)
guard(
    "clearances_only_end",
    "clearances",
    "BEFORE UPDATE",
    "(OLD.state <> 'valid' OR NEW.id <> OLD.id OR NEW.item_id <> OLD.item_id OR NEW.epoch <> OLD.epoch OR "
    "NEW.verification_id <> OLD.verification_id OR NEW.valid_until > OLD.valid_until OR "
    "NEW.issued_at <> OLD.issued_at OR "
    "(((OLD.kept = 'sealed_bag' AND NEW.kept <> OLD.kept) OR (OLD.seal_number <> '' AND NEW.seal_number <> OLD.seal_number)) "
    # but a recovery try may have opened that very bag: then it is kept at the point
    "AND NOT (NEW.kept = 'at_point' AND NEW.seal_number = '' AND EXISTS (SELECT 1 FROM recovery_tries t "
    "JOIN sample_checks s ON s.id = t.check_id WHERE s.clearance_id = OLD.id AND t.opened_bag = OLD.seal_number))))",
    "a clearance only ends: it is never revived, moved, lengthened or put under another seal",
)
guard(
    "clearances_cover_media",
    "clearances",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state = 'removed') OR "
    "EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state = 'present' AND NOT EXISTS "
    "(SELECT 1 FROM verifications v JOIN judgements g ON g.job_id = v.job_id WHERE v.id = NEW.verification_id "
    "AND g.medium_id = m.id AND g.verdict = 'pass')))",
    "a clearance covers every storage medium",
)
guard("clearances_stay", "clearances", "BEFORE DELETE", "(1 = 1)", "clearances are history")
guard(
    "items_epoch_ends_clearance",
    "items",
    "BEFORE UPDATE",
    "(NEW.epoch <> OLD.epoch AND EXISTS (SELECT 1 FROM clearances c WHERE c.item_id = NEW.id AND c.state = 'valid'))",
    "end the clearance before the custody epoch rises",
)
guard(
    "media_fixed_while_cleared",
    "storage_media",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM clearances c WHERE c.item_id = NEW.item_id AND c.state = 'valid'))",
    "a medium can't be added while a clearance stands",
)
guard(
    "media_kept_while_cleared",
    "storage_media",
    "BEFORE UPDATE",
    "((NEW.item_id <> OLD.item_id OR NEW.digest <> OLD.digest OR NEW.state <> OLD.state) AND EXISTS "
    "(SELECT 1 FROM clearances c WHERE c.item_id IN (NEW.item_id, OLD.item_id) AND c.state = 'valid'))",
    "a medium can't be changed while a clearance stands",
)


class Certificate(Base):
    """信息清除证明: numbered, canonical body, signed. `body` is the canonical JSON text that the signatures cover. A draft has no
    signature yet and proves nothing; issued, text and signatures never change. `ended_why`: sold, expired, revoked, or why
    custody rose; `reason`: the code for which it was taken back."""

    __tablename__ = "certificates"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    clearance_id: Mapped[str] = mapped_column(ForeignKey("clearances.id"), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    body: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    signatures: Mapped[list[Any]] = mapped_column(Json)
    issued_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'issued', 'delivered', 'superseded', 'revoked', 'void_by_use', 'expired')", name="state_known"
        ),
        CheckConstraint("state <> 'delivered' OR delivered_at IS NOT NULL", name="delivered_has_time"),
        CheckConstraint("state = 'draft' OR signatures <> '[]'", name="issued_is_signed"),
    )


guard(
    "certificates_of_their_item",
    "certificates",
    "BEFORE INSERT",
    "(NEW.state <> 'draft' OR NOT EXISTS (SELECT 1 FROM clearances c WHERE c.id = NEW.clearance_id "
    "AND c.item_id = NEW.item_id AND c.state = 'valid'))",
    "a certificate begins as a draft on a valid clearance of its item",
)
guard(
    "certificates_keep_their_text",
    "certificates",
    "BEFORE UPDATE",
    "(NEW.number <> OLD.number OR NEW.body <> OLD.body OR NEW.digest <> OLD.digest OR "
    "NEW.clearance_id <> OLD.clearance_id OR NEW.item_id <> OLD.item_id OR NEW.issued_at <> OLD.issued_at OR "
    "(OLD.state <> 'draft' AND (NEW.signatures <> OLD.signatures OR NEW.state = 'draft')) OR "
    "(OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'issued')) OR "
    "(NEW.state = 'issued' AND OLD.state NOT IN ('draft', 'issued')) OR (OLD.reason <> '' AND NEW.reason <> OLD.reason))",
    "a certificate keeps its text and never comes back to issued",
)
guard("certificates_stay", "certificates", "BEFORE DELETE", "(1 = 1)", "certificates are history")


class Disclosure(Base):
    """The salt and value behind one commitment of a certificate. Deleting the row leaves every proof standing and makes
    the commitment say nothing (PIPL art. 47). `value` is encrypted."""

    __tablename__ = "certificate_disclosures"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    salt: Mapped[str] = mapped_column(String(32))
    value: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("certificate_id", "name"),)
