"""Every version there is, from files and from the database: which one counts today, and the one an appraisal was made by."""

import functools
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.standards import loader
from appraisal.standards.models import StandardVersion
from appraisal.standards.reader import read_body
from appraisal.standards.standard import Standard
from core import clock
from core.errors import NotFound, Refused
from core.i18n import N_

MOST_VERSIONS = 10**6


class Damaged(Refused):
    """The stored text no longer has the digest it was approved with: nothing is graded by it."""

    def __init__(self, standard_id: str, version: int) -> None:
        sentence = N_("The stored text of %(standard)s version %(version)s no longer has its SHA-256. It isn't used.")
        super().__init__("damaged_standard", sentence, values={"standard": standard_id, "version": version})


class MadeBy(Protocol):
    """An appraisal: it names the standard it was begun by, with the digest of its text."""

    standard: str
    version: int
    standard_digest: str


def read_stored(row: StandardVersion) -> Standard:
    """The standard of a row, a draft's too. Raises Damaged, BadDataFile."""
    body = row.body.encode()
    if hashlib.sha256(body).hexdigest() != row.digest:
        raise Damaged(row.standard, row.version)
    return _read(body, f"{row.standard}-{row.version}")


@functools.lru_cache(maxsize=64)
def _read(body: bytes, name: str) -> Standard:
    return read_body(body, name)


def find_row(session: Session, standard_id: str, version: int) -> StandardVersion | None:
    """In whatever state."""
    if not 0 < version <= MOST_VERSIONS:  # an address may name any number, a column can't
        return None
    query = select(StandardVersion).where(StandardVersion.standard == standard_id, StandardVersion.version == version)
    return session.scalars(query).first()


def approved_rows(session: Session, standard_id: str) -> Sequence[StandardVersion]:
    """Oldest version first."""
    query = select(StandardVersion).where(StandardVersion.standard == standard_id, StandardVersion.state == "approved")
    return session.scalars(query.order_by(StandardVersion.version)).all()


def find_standard(session: Session, standard_id: str, version: int) -> Standard | None:
    """What was approved here comes before a file of the same number; a draft is nobody's standard."""
    row = find_row(session, standard_id, version)
    if row is not None and row.state == "approved":
        return read_stored(row)
    return loader.find_standard(standard_id, version)


def get_standard(session: Session, standard_id: str, version: int) -> Standard:
    """Raises NotFound, Damaged."""
    found = find_standard(session, standard_id, version)
    if found is None:
        raise NotFound("unknown_standard", N_("There is no such grading standard or version."))
    return found


def standard_of(session: Session, made: MadeBy) -> Standard:
    """The very text an appraisal was begun by, for good. Raises NotFound, Damaged."""
    file = loader.find_standard(made.standard, made.version)
    if file is not None and file.digest == made.standard_digest:
        return file
    found = get_standard(session, made.standard, made.version)
    if found.digest != made.standard_digest:
        raise Damaged(made.standard, made.version)
    return found


def today_of(moment: datetime) -> date:
    """The day in the market's zone."""
    return clock.local(moment).date()


def find_in_force(session: Session, standard_id: str, moment: datetime) -> Standard | None:
    """By which an appraisal is begun at this moment: of the versions whose day has come the highest; where no day has
    come yet the first that came with the house. None for an id nobody knows."""
    rows = {row.version: row for row in approved_rows(session, standard_id)}
    days = {version: row.effective_from for version, row in rows.items()}
    files = {
        one: file
        for one in loader.versions_of(standard_id)
        if one not in rows and (file := loader.find_standard(standard_id, one))
    }
    days |= {version: file.effective_from for version, file in files.items()}
    if not days:
        return None
    today = today_of(moment).isoformat()
    version = max((one for one, day in days.items() if day <= today), default=min(files, default=0))
    return read_stored(rows[version]) if version in rows else files.get(version)


def version_in_force(session: Session, standard_id: str, moment: datetime) -> int:
    """Its number; 0 where there is none."""
    found = find_in_force(session, standard_id, moment)
    return found.version if found else 0


def get_in_force(session: Session, standard_id: str, moment: datetime) -> Standard:
    """As find_in_force. Raises NotFound where there is none."""
    found = find_in_force(session, standard_id, moment)
    if found is None:
        raise NotFound()
    return found
