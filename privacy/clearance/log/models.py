"""The public log's tables. Leaves are written with the fact they tell of and numbered later, once; all else only grows."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, append_only, guard

NOT_YET = text("leaf_index IS NULL")


class LogLeaf(Base):
    """`text`: the canonical JSON that is hashed; kind, subject and created repeat what stands in it. `leaf_index`: its
    number in the log from 0, None until the sequencer comes by."""

    __tablename__ = "log_leaves"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    text: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime]
    leaf_index: Mapped[int | None] = mapped_column(BigInteger, unique=True)

    __table_args__ = (Index("ix_log_leaves_waiting", "id", sqlite_where=NOT_YET, postgresql_where=NOT_YET),)


guard("log_leaves_begin_waiting", "log_leaves", "BEFORE INSERT", "(NEW.leaf_index IS NOT NULL)", "leaves are numbered later")
guard(
    "log_leaves_numbered_once",
    "log_leaves",
    "BEFORE UPDATE",
    "(OLD.leaf_index IS NOT NULL OR NEW.leaf_index IS NULL OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR "
    "NEW.subject <> OLD.subject OR NEW.text <> OLD.text OR NEW.created <> OLD.created OR "
    "NEW.leaf_index <> (SELECT COALESCE(MAX(l.leaf_index), -1) + 1 FROM log_leaves l))",
    "a leaf keeps its text and is numbered once, with the next number",
)
guard("log_leaves_stay", "log_leaves", "BEFORE DELETE", "(1 = 1)", "log_leaves is append-only")


class LogNode(Base):
    """The hash (64 hex digits) of a whole subtree: leaves node_index * 2^level up to (node_index + 1) * 2^level."""

    __tablename__ = "log_nodes"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    node_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


append_only("log_nodes")


class LogCheckpoint(Base):
    """A signed tree head: `note` is the C2SP text as it was signed, without cosignatures."""

    __tablename__ = "log_checkpoints"
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime]


append_only("log_checkpoints")
guard(
    "log_checkpoints_grow",
    "log_checkpoints",
    "BEFORE INSERT",
    "(NEW.size <= (SELECT COALESCE(MAX(c.size), 0) FROM log_checkpoints c) OR NOT EXISTS "
    "(SELECT 1 FROM log_leaves l WHERE l.leaf_index = NEW.size - 1))",
    "checkpoints only grow, and only over leaves that are there",
)


class LogWitness(Base):
    """A party we don't control: cosigns with `vkey` where it has one, gets checkpoints by mail where it has an address
    (encrypted; `masked` is what staff may see)."""

    __tablename__ = "log_witnesses"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    vkey: Mapped[str] = mapped_column(String(300))
    mail: Mapped[str] = mapped_column(Text, default="")
    masked: Mapped[str] = mapped_column(String(60), default="")
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LogCosignature(Base):
    """A witness's signature line over a checkpoint, checked before it was kept. `time`: POSIX seconds, as the witness says."""

    __tablename__ = "log_cosignatures"
    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoints.size"), primary_key=True, autoincrement=False)
    witness_id: Mapped[str] = mapped_column(ForeignKey("log_witnesses.id"), primary_key=True)
    time: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime]


append_only("log_cosignatures")


class LogPush(Base):
    """A checkpoint went out to those we don't control; `mails`: how many."""

    __tablename__ = "log_pushes"
    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoints.size"), primary_key=True, autoincrement=False)
    mails: Mapped[int]
    created: Mapped[datetime]


append_only("log_pushes")


class LogLetter(Base):
    """A checkpoint that was sent to a person at a regulator's office or another point."""

    __tablename__ = "log_letters"
    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoints.size"), primary_key=True, autoincrement=False)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    created: Mapped[datetime]

    __table_args__ = (Index("ix_log_letters_account", "account_id", "size"),)


append_only("log_letters")


class EnrolledKey(Base):
    """A public key on record. `role`: certificate, log, person, station; `name`: a log's origin; `holder`: a salted
    commitment that tells two keys of one person; times are from when until when it is good."""

    __tablename__ = "signing_keys"
    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    holder: Mapped[str] = mapped_column(String(64), default="")
    public: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(40), default="")


guard(
    "signing_keys_only_end",
    "signing_keys",
    "BEFORE UPDATE",
    "(NEW.key_id <> OLD.key_id OR NEW.role <> OLD.role OR NEW.name <> OLD.name OR NEW.holder <> OLD.holder OR "
    "NEW.public <> OLD.public OR NEW.since <> OLD.since OR "
    "(OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until)) OR "
    "(OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS NULL OR NEW.revoked_at <> OLD.revoked_at)))",
    "a key on record only ends",
)
guard("signing_keys_stay", "signing_keys", "BEFORE DELETE", "(1 = 1)", "keys on record are history")
