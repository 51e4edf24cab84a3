"""What the pages and the command ask of versions: the open draft, what it is compared with, and past appraisals."""

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades.law_rules import Verdict, check_laws
from appraisal.grades.models import Appraisal
from appraisal.grades.report_queries import IN_FORCE_ONCE
from appraisal.standards import loader
from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import find_row, find_standard, read_stored
from appraisal.standards.reader import read_body
from appraisal.standards.standard import Standard
from appraisal.versions.replay_rules import Past
from core.data_files import Bilingual
from core.db import stamp
from core.errors import NotFound
from core.goods.cards import all_cards
from core.queue.kinds import Ask

OPEN = ("draft", "waiting")
A_CHUNK = 200


def own_ids() -> tuple[str, ...]:
    """The standards that we grade by ourselves, as they came with the house."""
    return tuple(dict.fromkeys(one.id for one in loader.all_standards() if one.purpose == "own"))


def get_own(session: Session, standard_id: str) -> str:
    """Raises NotFound for what isn't drafted here: unknown ones and published schemes."""
    if standard_id not in own_ids():
        raise NotFound("unknown_standard")
    return standard_id


def rows_of(session: Session, standard_id: str) -> Sequence[StandardVersion]:
    """The newest first."""
    query = select(StandardVersion).where(StandardVersion.standard == standard_id)
    return session.scalars(query.order_by(StandardVersion.version.desc())).all()


def find_open(session: Session, standard_id: str) -> StandardVersion | None:
    return next((row for row in rows_of(session, standard_id) if row.state in OPEN), None)


def get_row(session: Session, standard_id: str, version: int) -> StandardVersion:
    """A version that was drafted here, in whatever state. Raises NotFound."""
    row = find_row(session, standard_id, version)
    if row is None:
        raise NotFound()
    return row


def base_of(session: Session, row: StandardVersion) -> Standard:
    """The version a draft was begun from."""
    found = find_standard(session, row.standard, row.based_on)
    if found is None:
        raise NotFound("unknown_standard")
    return found


def body_of(session: Session, standard_id: str, version: int) -> bytes:
    """The bytes that the digest is of; of a version that counts or did. Raises NotFound."""
    row = find_row(session, standard_id, version)
    if row is not None and row.state == "approved":
        read_stored(row)
        return row.body.encode()
    file = loader.find_standard(standard_id, version)
    if file is None:
        raise NotFound("unknown_standard")
    return loader.body_of(file)


def views_of(standard_id: str) -> frozenset[str]:
    """The photos that the categories graded by it ask for."""
    return frozenset(photo.code for card in all_cards() if card.grading_standard == standard_id for photo in card.photos)


def verdict_of(row: StandardVersion) -> Verdict:
    """The laws over the text of a row; worked out once for each text."""
    read_stored(row)
    return _verdict(row.body.encode(), f"{row.standard}-{row.version}")


@functools.lru_cache(maxsize=32)
def _verdict(body: bytes, name: str) -> Verdict:
    return check_laws(read_body(body, name))


def past_appraisals(session: Session, standard_id: str, most: int | None = None) -> Iterator[Past]:
    """Every appraisal that was signed by this standard and not taken back, the latest first."""
    states = [state for state in IN_FORCE_ONCE if state != "revoked"]
    columns = (Appraisal.number, Appraisal.version, Appraisal.answers, Appraisal.grade, Appraisal.result)
    query = select(*columns).where(Appraisal.standard == standard_id, Appraisal.state.in_(states))
    query = query.order_by(Appraisal.signed_at.desc(), Appraisal.id.desc()).limit(most)
    for number, version, answers, grade, result in session.execute(query.execution_options(yield_per=A_CHUNK)):
        yield Past(number=number, version=version, answers=answers, grade=grade, decided=_decided(result or {}, grade))


def _decided(result: dict[str, Any], grade: str) -> dict[str, Bilingual]:
    return {one["code"]: Bilingual(**one["text"]) for one in result.get("reasons", []) if one["limit"] == grade}


def ask_of(row: StandardVersion) -> Ask:
    """As the queue shows it."""
    names = read_stored(row).names
    return Ask(
        subject_id=row.id, title=f"{names.zh[:60]} / {names.en[:60]} v{row.version}",
        link=f"/standards/{row.standard}/{row.version}/draft", barred=(row.drafted_by,), since=row.handed_in_at,
    )  # fmt: skip


def waiting(session: Session) -> Iterator[Ask]:
    query = select(StandardVersion).where(StandardVersion.state == "waiting").order_by(StandardVersion.id)
    yield from (ask_of(row) for row in session.scalars(query))


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """The versions that a person drafted or decided on, as plain values."""
    mine = (StandardVersion.drafted_by == account_id) | (StandardVersion.decided_by == account_id)
    rows = session.scalars(select(StandardVersion).where(mine).order_by(StandardVersion.id)).all()
    return {
        "standard_versions": [
            {"standard": row.standard, "version": row.version, "state": row.state, "drafted": row.drafted_by == account_id,
             "at": stamp(row.created_at), "reason": row.reason if row.decided_by == account_id else row.why}
            for row in rows
        ]
    } if rows else {}  # fmt: skip
