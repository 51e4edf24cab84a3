"""The audit log: lines that outlive their subjects, written inside the transaction, chained by one sealer.

Lines hold ids, codes, numbers and salted commitments only, never personal values. A line is written unnumbered; the
sealer numbers and chains what is saved (a chain head inside every transaction would line up all writers)."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, insert, select, text, type_coerce
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


Line = dict[str, object]


def line(at: datetime, actor: str, word: str, subject: str, facts: Mapping[str, Fact]) -> Line:
    """A line that may be written. Raises ValueError for a word nobody declared and for what is no fact."""
    if word not in WORDS:
        raise ValueError(f"{word!r} is not a declared audit word")
    for name, fact in [("actor", actor), ("subject", subject), *facts.items()]:
        if not _is_fact(fact):
            raise ValueError(f"{name} of {word} must be an id, a code or a whole number, not {fact!r}")
        if name in ("actor", "subject") and (not isinstance(fact, str) or fact[:1] in ("+", "-", "@")):
            # an export may be opened with a spreadsheet, where these begin a formula
            raise ValueError(f"{name} of {word} must be an id, not {fact!r}")
    return {"at": at, "actor": actor, "word": word, "subject": subject, "facts": dict(facts)}


def write_lines(session: Session, lines: Sequence[Line]) -> None:
    """Write lines in their order and have them wait for the sealer: two statements, however many they are."""
    if lines:
        in_order = session.get_bind().dialect.name == "postgresql"  # SQLite numbers the rows of a statement in their order
        numbered = insert(AuditLine).returning(AuditLine.line_no, sort_by_parameter_order=in_order)
        numbers = session.scalars(numbered, lines).all()
        session.execute(insert(AuditPending), [{"line_no": number} for number in numbers])


def _is_fact(fact: object) -> bool:
    """What the sealer will be able to write down: nothing longer, finer or larger ever gets into a line."""
    if isinstance(fact, str):
        return CODE.fullmatch(fact) is not None
    return fact is None or (isinstance(fact, int) and abs(fact) <= canonical.LARGEST_INTEGER)


def line_bytes(seq: int, at: str, actor: str, word: str, subject: str, facts: Mapping[str, Fact]) -> bytes:
    """The canonical bytes of a line as they are hashed and exported (docs/audit.md)."""
    return canonical.encode(
        {"actor": actor, "at": at, "facts": dict(facts), "seq": seq, "subject": subject, "word": word}
    )


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
        body = line_bytes(seq, stamp(line.at), line.actor, line.word, line.subject, line.facts)
        hashed = chain(previous, body)
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed line exactly as the database has it, nothing interpreted: what is checked is what is stored.

    All but the seal's own values are None when the line itself is gone."""

    seq: int
    previous: str
    hash: str
    at: str | None
    actor: str | None
    word: str | None
    subject: str | None
    facts: str | None

    def body(self) -> bytes:
        """The canonical bytes. Raises ValueError when the line is gone or no longer has the form it was written in."""
        facts = json.loads(self.facts or "")
        if json.dumps(facts, ensure_ascii=False, sort_keys=True) != self.facts or not isinstance(facts, dict):
            raise ValueError("the facts were not written like this")
        at, actor, word, subject = str(self.at), str(self.actor), str(self.word), str(self.subject)
        return line_bytes(self.seq, at, actor, word, subject, facts)

    def holds(self, previous: str) -> bool:
        """Does this line follow on `previous`, and does its hash cover it?"""
        try:
            return self.previous == previous and self.hash == chain(previous, self.body())
        except (ValueError, RecursionError):
            return False


def kept(session: Session, first: int | None = None, last: int | None = None) -> Iterator[Kept]:
    """Sealed lines in order, from number `first` to `last`, both included."""
    query = (
        select(
            AuditSeal.seq, AuditSeal.previous, AuditSeal.hash, type_coerce(AuditLine.at, String), AuditLine.actor,
            AuditLine.word, AuditLine.subject, type_coerce(AuditLine.facts, Text),
        )
        .outerjoin(AuditLine, AuditLine.line_no == AuditSeal.line_no)
        .order_by(AuditSeal.seq)
        .execution_options(yield_per=2000)
    )  # fmt: skip
    if first is not None:
        query = query.where(AuditSeal.seq >= first)
    if last is not None:
        query = query.where(AuditSeal.seq <= last)
    for row in session.execute(query):
        yield Kept(*row)


def verify(session: Session, head: str | None = None) -> Verified:
    """Walk the whole chain. `head`: a hash kept elsewhere, which must be in the chain (finds a cut-off or rewritten tail)."""
    previous, count, until, seen_head = START, 0, None, head in (None, START)
    for row in kept(session):
        if row.seq != count + 1 or not row.holds(previous):
            return Verified(False, count, previous, _moment(until), _unsealed(session), count + 1)
        previous, count, until = row.hash, row.seq, row.at
        seen_head = seen_head or row.hash == head
    ok = seen_head and _strays(session) == 0
    return Verified(ok, count, previous, _moment(until), _unsealed(session), None if ok else count + 1)


def _moment(text_: str | None) -> datetime | None:
    return datetime.strptime(text_, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) if text_ else None


def _strays(session: Session) -> int:
    """Lines that are neither sealed nor waiting, or both. One statement: lines may be sealed while we look."""
    return _count(
        session,
        "SELECT count(*) FROM audit_lines l LEFT JOIN audit_seals s ON s.line_no = l.line_no "
        "LEFT JOIN audit_pending p ON p.line_no = l.line_no WHERE (s.seq IS NULL) = (p.line_no IS NULL)",
    )


def _unsealed(session: Session) -> int:
    return _count(session, "SELECT count(*) FROM audit_pending")


def _count(session: Session, sql: str) -> int:
    return int(session.execute(text(sql)).scalar_one())
