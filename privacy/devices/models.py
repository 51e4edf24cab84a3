"""What is known of a device and its media: identity claims with their source, counts of what is inside, media taken out and
destroyed before a witness, and work done after the wipe. All of it is append-only: states live elsewhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, append_only, guard
from privacy.devices.departures import WAYS
from privacy.devices.rules import DESTRUCTIONS, SCRAP_REASONS, SOURCES


def one_of(column: str, words: object) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"  # type: ignore[attr-defined]


class IdentityClaim(Base):
    """Somebody or something says who a device or medium is. The value is encrypted, found by keyed digest, shown masked."""

    __tablename__ = "identity_claims"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    medium_id: Mapped[str | None] = mapped_column(ForeignKey("storage_media.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    masked: Mapped[str] = mapped_column(String(80))
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("evidence_files.id"))
    photo: Mapped[str | None] = mapped_column(String(64))
    seen_by: Mapped[str] = mapped_column(String(40))
    seen_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(one_of("source", SOURCES), name="source_known"),)


append_only("identity_claims")


class Inventory(Base):
    """How many storage media a person counted in the opened device, before the wipe (operator) or after it (verifier)."""

    __tablename__ = "inventories"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    moment: Mapped[str] = mapped_column(String(6))
    counted: Mapped[int]
    registered: Mapped[int]
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("moment IN ('before', 'after')", name="moment_known"),
        CheckConstraint("counted >= 0 AND registered >= 0", name="counts"),
    )


append_only("inventories")


class MediumOut(Base):
    """A medium was taken out of its device, with a photo of it beside the empty place and the job's code."""

    __tablename__ = "media_out"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"))
    way: Mapped[str] = mapped_column(String(8))
    photo: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("way IN ('destroy', 'returned')", name="way_known"),
        CheckConstraint("photo <> ''", name="photo_there"),
        UniqueConstraint("medium_id", "by"),
    )


append_only("media_out")


class Destruction(Base):
    """A medium was destroyed; it counts once somebody else has witnessed it (`destruction_witnesses`)."""

    __tablename__ = "destructions"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    method: Mapped[str] = mapped_column(String(12))
    millimetres: Mapped[int | None]
    contractor: Mapped[str] = mapped_column(String(120), default="")
    photo: Mapped[str] = mapped_column(String(64))
    destroyed_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("id", "medium_id", "destroyed_by"),
        CheckConstraint(one_of("method", DESTRUCTIONS), name="method_known"),
        CheckConstraint("photo <> ''", name="photo_there"),
    )


append_only("destructions")


class DestructionWitness(Base):
    """The other person's word for a destruction, given under the own sign-in: never who destroyed it, never the owner."""

    __tablename__ = "destruction_witnesses"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    destruction_id: Mapped[str] = mapped_column(ForeignKey("destructions.id"), unique=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"), unique=True)
    destroyed_by: Mapped[str] = mapped_column(String(26))
    witness_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("witness_id <> destroyed_by", name="another_person"),)


append_only("destruction_witnesses")
guard(
    "witnesses_of_their_destruction",
    "destruction_witnesses",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM destructions d JOIN items i ON i.id = d.item_id WHERE d.id = NEW.destruction_id "
    "AND d.medium_id = NEW.medium_id AND d.destroyed_by = NEW.destroyed_by AND i.owner_id <> NEW.witness_id))",
    "a witness names the true destruction, and isn't the owner",
)
guard(
    "media_leave_with_a_photo",
    "storage_media",
    "BEFORE UPDATE",
    "(NEW.state <> OLD.state AND ("
    "(NEW.state = 'removed' AND NOT EXISTS (SELECT 1 FROM media_out o WHERE o.medium_id = NEW.id AND o.way = 'destroy')) OR "
    "(NEW.state = 'returned' AND (NEW.kind <> 'card' OR NOT EXISTS "
    "(SELECT 1 FROM media_out o WHERE o.medium_id = NEW.id AND o.way = 'returned'))) OR "
    "(NEW.state = 'destroyed' AND NOT EXISTS (SELECT 1 FROM destruction_witnesses t WHERE t.medium_id = NEW.id))))",
    "a medium leaves its device with a photo, and is destroyed before a witness",
)


class AfterWork(Base):
    """Work on a device after its wipe: tests, or a system installed from an image named by digest. It begins with the operator
    and ends with a verifier's look at the set-up screen (`after_work_ends`)."""

    __tablename__ = "after_works"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    epoch: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(8))
    image_name: Mapped[str] = mapped_column(String(120), default="")
    image_digest: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(12))
    operator_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("id", "operator_id"),
        CheckConstraint("purpose IN ('tests', 'system')", name="purpose_known"),
        CheckConstraint("purpose <> 'system' OR (image_digest <> '' AND image_name <> '')", name="image_named"),
    )


append_only("after_works")


class AfterWorkEnd(Base):
    """The verifier saw the set-up screen with the code: no account, the shop's Wi-Fi removed."""

    __tablename__ = "after_work_ends"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    work_id: Mapped[str] = mapped_column(ForeignKey("after_works.id"), unique=True)
    operator_id: Mapped[str] = mapped_column(String(26))
    verifier_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    photo: Mapped[str] = mapped_column(String(64))
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("verifier_id <> operator_id", name="another_person"),
        CheckConstraint("photo <> ''", name="photo_there"),
    )


append_only("after_work_ends")
guard(
    "after_work_ends_of_their_work",
    "after_work_ends",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM after_works a WHERE a.id = NEW.work_id AND a.operator_id = NEW.operator_id))",
    "the end of a work names its true operator",
)


class Departure(Base):
    """How a thing left its recorded custody, and why: one with each line of custody that says so."""

    __tablename__ = "departures"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("custody_lines.id"), unique=True)
    what: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(one_of("what", WAYS), name="what_known"),
        CheckConstraint("reason <> ''", name="reason_there"),
    )


append_only("departures")
guard(
    "departures_of_their_line",
    "departures",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM custody_lines l WHERE l.id = NEW.line_id AND l.item_id = NEW.item_id AND l.why = NEW.what))",
    "a departure is told with the custody line that records it",
)


class Scrapping(Base):
    """报废: a thing left the market for a recycler, with reason, proof and who received it. One each, for good."""

    __tablename__ = "scrappings"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(20))
    proof: Mapped[str] = mapped_column(String(10))
    receiver: Mapped[str] = mapped_column(String(120))
    receipt: Mapped[str] = mapped_column(String(60), default="")
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(one_of("reason", SCRAP_REASONS), name="reason_known"),
        CheckConstraint("proof IN ('no_data', 'wiped', 'destroyed')", name="proof_known"),
        CheckConstraint("receiver <> ''", name="receiver_named"),
    )


append_only("scrappings")
guard(
    "scrappings_have_their_proof",
    "scrappings",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM items i WHERE i.id = NEW.item_id AND i.data_bearing) AND (NEW.proof = 'no_data' OR "
    "NOT EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state IN ('present', 'destroyed')) OR "
    "EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state = 'removed') OR "
    "EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state = 'present' AND NOT EXISTS "
    "(SELECT 1 FROM judgements g JOIN wipe_jobs j ON j.id = g.job_id JOIN items i ON i.id = j.item_id "
    "WHERE g.medium_id = m.id AND g.verdict = 'pass' AND j.state = 'accepted' AND j.epoch = i.epoch))))",
    "what can hold data is scrapped with proof that every medium was wiped or destroyed",
)
guard(
    "scrappings_on_a_proof_that_stands",
    "scrappings",
    "BEFORE INSERT",
    "(NEW.proof = 'wiped' AND NOT EXISTS (SELECT 1 FROM clearances c JOIN items i ON i.id = c.item_id AND i.epoch = c.epoch "
    "JOIN certificates p ON p.clearance_id = c.id WHERE c.item_id = NEW.item_id AND c.state IN ('valid', 'expired') "
    "AND p.state IN ('issued', 'expired')))",
    "a proof that was revoked or ended by use is no proof for scrapping",
)
guard(
    "items_scrapped_on_record",
    "items",
    "BEFORE UPDATE",
    "((NEW.state = 'scrapped' AND OLD.state <> 'scrapped' AND NOT EXISTS (SELECT 1 FROM scrappings s WHERE s.item_id = NEW.id)) "
    "OR (OLD.state = 'scrapped' AND NEW.state <> 'scrapped'))",
    "a thing is scrapped on record, and for good",
)
