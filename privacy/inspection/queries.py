"""What the regulator's desk asks: which things a number leads to, what is known of a thing, lines of the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.audit import AuditLine, AuditSeal
from core.clock import LOCAL_ZONE
from core.goods.digests import digests_of_number
from core.goods.models import CustodyLine, Identifier, Item, StorageMedium
from core.goods.rules import normalise_serial
from core.people.models import Membership
from privacy.clearance.models import Certificate
from privacy.wipes.models import EvidenceFile, WipeJob
from privacy.wipes.queries import FINDERS

MOST_THINGS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Things a number leads to. `kind`: certificate | job | number | serial | item | none."""

    kind: str
    items: Sequence[Item]


def find(session: Session, text: str) -> Found:
    """Every thing that carries, or carried, this number: a paper's, a device's, a disk's, or the thing's own id."""
    word = text.strip().rstrip("/").rsplit("/", 1)[-1].removesuffix(".pdf")  # a scanned code is an address
    for kind, item_ids in (
        ("item", _own(word)), ("certificate", _paper(session, word, Certificate)), ("job", _paper(session, word, WipeJob)),
        ("number", _above(session, word)), ("serial", _numbers(session, word)),
    ):  # fmt: skip
        query = select(Item).where(Item.id.in_(sorted(item_ids))).order_by(Item.id.desc()).limit(MOST_THINGS)
        items = list(session.scalars(query)) if item_ids else []
        if items:
            return Found(kind, items)
    return Found("none", [])


def _own(word: str) -> set[str]:
    return {word.lower()} if ids.is_id(word.lower()) else set()


def _paper(session: Session, word: str, kind: type[Certificate] | type[WipeJob]) -> set[str]:
    try:
        number = str(ids.parse_number(word))
    except ids.BadCode:
        return set()
    return set(session.scalars(select(kind.item_id).where(kind.number == number)))


def _above(session: Session, word: str) -> set[str]:
    """Numbers of rooms above: listings, orders."""
    return {found for finder in FINDERS if (found := finder(session, word))}


def _numbers(session: Session, word: str) -> set[str]:
    """By exact serial number, IMEI or disk serial through keyed digests; past owners of a number count too."""
    plain = normalise_serial(word)
    if not plain:
        return set()
    devices = select(Identifier.item_id).where(Identifier.digest.in_(digests_of_number(word)))
    disks = select(StorageMedium.item_id).where(StorageMedium.digest == secrets.keyed_digest(plain, "medium"))
    return {*session.scalars(devices), *session.scalars(disks)}


def evidence_of(session: Session, item_id: str) -> list[tuple[EvidenceFile, WipeJob]]:
    """The tools' files of all wipe jobs of a thing, oldest first."""
    query = (
        select(EvidenceFile, WipeJob)
        .join(WipeJob, WipeJob.id == EvidenceFile.job_id)
        .where(WipeJob.item_id == item_id)
        .order_by(EvidenceFile.attached_at, EvidenceFile.id)
    )
    return [(file, job) for file, job in session.execute(query).all()]


def memberships_of(session: Session, account_ids: set[str]) -> dict[str, list[Membership]]:
    """Every role these people hold or held, for naming actors by what they were."""
    held: dict[str, list[Membership]] = {}
    query = select(Membership).where(Membership.account_id.in_(sorted(account_ids))).order_by(Membership.granted_at)
    for one in session.scalars(query):
        held.setdefault(one.account_id, []).append(one)
    return held


def holders(session: Session, item_id: str) -> dict[str, set[str]]:
    """place -> people who held the thing there."""
    query = select(CustodyLine).where(CustodyLine.item_id == item_id, CustodyLine.holder_kind == "person")
    found: dict[str, set[str]] = {}
    for line in session.scalars(query):
        found.setdefault(line.place, set()).add(line.holder_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which lines: of a word, of a subject, of a day in Shanghai."""

    word: str = ""
    subject: str = ""
    day: date | None = None


def log_lines(session: Session, asked: LogQuery, page: int, size: int) -> tuple[list[tuple[AuditLine, int | None]], int]:
    """(lines newest first with their numbers, how many in all). A line that isn't sealed yet has no number."""
    wanted = _conditions(asked)
    total = session.scalar(select(func.count()).select_from(AuditLine).where(*wanted)) or 0
    query = (
        select(AuditLine, AuditSeal.seq)
        .outerjoin(AuditSeal, AuditSeal.line_no == AuditLine.line_no)
        .where(*wanted)
        .order_by(AuditLine.line_no.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return [(line, seq) for line, seq in session.execute(query).all()], total


def midnight(day: date) -> datetime:
    """When a day begins in Shanghai."""
    return datetime.combine(day, time(), LOCAL_ZONE).astimezone(UTC)


def _conditions(asked: LogQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.word:
        found.append(AuditLine.word == asked.word)
    if asked.subject:
        found.append(AuditLine.subject == asked.subject)
    if asked.day:
        start = midnight(asked.day)
        found += [AuditLine.at >= start, AuditLine.at < start + timedelta(days=1)]
    return found
