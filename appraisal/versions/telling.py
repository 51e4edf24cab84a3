"""Versions, changes and replays as plain values in both languages: docs/schemas/standards.schema.json."""

from typing import Any

from sqlalchemy.orm import Session

from appraisal.grades.law_rules import check_laws
from appraisal.standards import loader
from appraisal.standards.effect_words import written
from appraisal.standards.queries import find_in_force, find_row, find_standard, read_stored, version_in_force
from appraisal.standards.standard import Standard
from appraisal.versions import queries, saying
from appraisal.versions.compare_rules import compare
from appraisal.versions.replay_rules import tally
from core import clock
from core.data_files import Bilingual

LANGUAGES = ("zh", "en")
Plain = dict[str, Any]


def find_any(session: Session, standard_id: str, version: int | None) -> Standard | None:
    """Also a draft, by its number; the one in force where none is named. Raises Damaged."""
    if version is None:
        return find_in_force(session, standard_id, clock.now())
    row = find_row(session, standard_id, version)
    return read_stored(row) if row is not None else find_standard(session, standard_id, version)


def newest(session: Session, standard_id: str) -> int | None:
    """The open draft, else the highest number that counts or will."""
    opened = queries.find_open(session, standard_id)
    approved = [row.version for row in queries.rows_of(session, standard_id) if row.state == "approved"]
    return opened.version if opened else max([*approved, *loader.versions_of(standard_id)], default=None)


def text_of(session: Session, standard: Standard) -> bytes:
    row = find_row(session, standard.id, standard.version)
    return row.body.encode() if row is not None else loader.body_of(standard)


def state_of(session: Session, standard: Standard) -> str:
    """in_force, replaced, coming; or how a draft stands."""
    row = find_row(session, standard.id, standard.version)
    if row is not None and row.state != "approved":
        return row.state
    now = version_in_force(session, standard.id, clock.now())
    return "in_force" if standard.version == now else "coming" if standard.version > now else "replaced"


def every_standard(session: Session) -> list[Plain]:
    ids = dict.fromkeys(one.id for one in loader.all_standards())
    found = []
    for standard_id in ids:
        numbers = {*loader.versions_of(standard_id), *(row.version for row in queries.rows_of(session, standard_id))}
        versions = [one for number in sorted(numbers) if (one := find_any(session, standard_id, number))]
        found.append({
            "id": standard_id, "purpose": versions[0].purpose, "names": _both(versions[-1].names),
            "versions": [_version(session, one) for one in versions],
        })  # fmt: skip
    return found


def _version(session: Session, one: Standard) -> Plain:
    return {"version": one.version, "state": state_of(session, one), "from": one.effective_from, "digest": one.digest}


def one_standard(session: Session, standard: Standard) -> Plain:
    return {
        "standard": standard.id, **_version(session, standard), "purpose": standard.purpose, "names": _both(standard.names),
        "scale": list(standard.order()),
        "checks": [{"code": one.code, "area": one.area, "axis": one.axis, "required": one.required} for one in standard.checks],
        "laws": laws(standard),
    }  # fmt: skip


def laws(standard: Standard) -> Plain:
    """Worked out for our own standards; published ones are restated as they are."""
    if standard.purpose != "own":
        return {"compared": 0, "broken": []}
    verdict = check_laws(standard)
    broken = [{language: saying.broken_words(standard, one, language) for language in LANGUAGES} for one in verdict.broken]
    return {"compared": verdict.compared, "broken": broken}


def changes(old: Standard, new: Standard) -> list[Plain]:
    return [
        {
            "kind": part.kind,
            "code": part.code,
            "how": part.how,
            "name": _written(part.name),
            "said": [_written(one) for one in part.said],
        }
        for part in compare(old, new)
    ]


def replayed(session: Session, standard: Standard, most: int | None) -> Plain:
    found = tally(standard, queries.past_appraisals(session, standard.id, most))
    changed = [
        {"number": one.past.number, "version": one.past.version, "old": one.past.grade, "new": one.grade, "outcome": one.outcome,
         "decided": [_both(text) for text in one.decided]}
        for one in found.changed
    ]  # fmt: skip
    return {
        "standard": standard.id, "version": standard.version, "total": found.total, "counts": dict(found.counts),
        "dropped": dict(found.dropped), "missing": dict(found.missing), "changed": changed,
    }  # fmt: skip


def _written(word: Any) -> Plain:
    return {language: written(word, language) for language in LANGUAGES}


def _both(words: Bilingual) -> Plain:
    return {"zh": words.zh, "en": words.en}
