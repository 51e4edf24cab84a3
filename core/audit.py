"""The audit log: lines that outlive their subjects, written inside the transaction, chained by one sealer.

Lines hold ids, codes, numbers and salted commitments only, never personal values. A line is written unnumbered; the
sealer numbers and chains what is saved (a chain head inside every transaction would line up all writers)."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import canonical
from core.db import Base, Json, append_only, stamp

GRAMMAR = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")
CODE = re.compile(r"[A-Za-z0-9_.:/@+-]{0,160}")
START = "0" * 64
WORDS: dict[str, str] = {}

Fact = str | int | bool | None


class AuditLine(Base):
    __tablename__ = "audit_lines"
    line_no: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    word: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    facts: Mapped[dict[str, Fact]] = mapped_column(Json)


class AuditPending(Base):
    """Which lines wait for the sealer. Rows go when they are sealed; a row that stays is a finding."""

    __tablename__ = "audit_pending"
    line_no: Mapped[int] = mapped_column(
        ForeignKey("audit_lines.line_no"), primary_key=True, autoincrement=False
    )


class AuditSeal(Base):
    __tablename__ = "audit_seals"
    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    line_no: Mapped[int] = mapped_column(ForeignKey("audit_lines.line_no"), unique=True)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


append_only("audit_lines")
append_only("audit_seals")


def words(table: Mapping[str, str]) -> None:
    """Declare audit words (`room:subject:happened`), each with a sentence for readers (English, translated by gettext)."""
    for word, sentence in table.items():
        if not GRAMMAR.fullmatch(word):
            raise ValueError(f"{word!r} is not of the form room:subject:happened")
        if WORDS.setdefault(word, sentence) != sentence:
            raise ValueError(f"{word!r} is declared twice")


def write_line(
    session: Session, at: datetime, actor: str, word: str, subject: str, facts: Mapping[str, Fact]
) -> None:
    if word not in WORDS:
        raise ValueError(f"{word!r} is not a declared audit word")
    for name, fact in [("subject", subject), *facts.items()]:
        if isinstance(fact, float) or (isinstance(fact, str) and not CODE.fullmatch(fact)):
            raise ValueError(f"{name} of {word} must be an id, a code or a whole number, not {fact!r}")
    line = AuditLine(at=at, actor=actor, word=word, subject=subject, facts=dict(facts))
    session.add(line)
    session.flush()
    session.add(AuditPending(line_no=line.line_no))


def line_bytes(seq: int, line: AuditLine) -> bytes:
    """The canonical bytes of a line as they are hashed and exported (docs/audit.md)."""
    return canonical.encode(
        {
            "actor": line.actor, "at": stamp(line.at), "facts": dict(line.facts), "seq": seq,
            "subject": line.subject, "word": line.word,
        }
    )  # fmt: skip


def chain(previous: str, body: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(previous) + body).hexdigest()


def seal(session: Session) -> int:
    """Number and chain every waiting line; called by one sealer inside a Work. Returns how many."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7410)"))
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, START)
    waiting = session.execute(
        select(AuditPending, AuditLine)
        .join(AuditLine, AuditLine.line_no == AuditPending.line_no)
        .order_by(AuditLine.line_no)
        .limit(5000)
    ).all()
    for pending, line in waiting:
        seq += 1
        hashed = chain(previous, line_bytes(seq, line))
        session.add(AuditSeal(seq=seq, line_no=line.line_no, previous=previous, hash=hashed))
        session.delete(pending)
        previous = hashed
    return len(waiting)


@dataclass(frozen=True, slots=True)
class Verified:
    """ok: the chain holds. lines: sealed lines. head: hash of the last. unsealed: lines that wait for the sealer."""

    ok: bool
    lines: int
    head: str
    sealed_until: datetime | None
    unsealed: int
    first_bad: int | None


def sealed(session: Session) -> Iterator[tuple[AuditSeal, AuditLine]]:
    query = (
        select(AuditSeal, AuditLine)
        .outerjoin(AuditLine, AuditLine.line_no == AuditSeal.line_no)
        .order_by(AuditSeal.seq)
        .execution_options(yield_per=2000)
    )
    for seal_row, line in session.execute(query):
        yield seal_row, line


def verify(session: Session, head: str | None = None) -> Verified:
    """Walk the whole chain. `head`: a hash kept elsewhere, which must be in the chain (finds a cut-off or rewritten tail)."""
    previous, count, until, seen_head = START, 0, None, head in (None, START)
    for row, line in sealed(session):
        good = line is not None and row.seq == count + 1 and row.previous == previous
        if not good or row.hash != chain(previous, line_bytes(row.seq, line)):
            return Verified(False, count, previous, until, _unsealed(session), count + 1)
        previous, count, until = row.hash, row.seq, line.at
        seen_head = seen_head or row.hash == head
    unsealed = _unsealed(session)
    orphans = _count(session, "SELECT count(*) FROM audit_lines") - count - unsealed
    ok = seen_head and orphans == 0
    return Verified(ok, count, previous, until, unsealed, None if ok else count + 1)


def _unsealed(session: Session) -> int:
    return _count(session, "SELECT count(*) FROM audit_pending")


def _count(session: Session, sql: str) -> int:
    return int(session.execute(text(sql)).scalar_one())
