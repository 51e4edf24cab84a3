"""Which keys were good when: rows in the database, each beginning and end a leaf of the log."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import signing
from core.db import stamp
from core.errors import Busy, Invalid
from core.i18n import N_
from core.signing import SigningKey
from core.work import Work
from privacy.clearance.log import note
from privacy.clearance.log.leaves import append_leaf
from privacy.clearance.log.models import EnrolledKey, LogLeaf, LogWitness
from privacy.clearance.models import Certificate

REPORT = "appraisal:report:issued"  # which the house's key signs, too
# why a key is revoked: what it signs counts no more, and what it signed before is unknown to who checks offline
REVOKED = {
    "lost": N_("It was lost"),
    "stolen": N_("Somebody else has it, or may have it"),
    "misused": N_("It signed what it must not sign"),
}


def enrol(
    w: Work, *, public: bytes, role: str, name: str = "", holder: str = "", since: datetime | None = None
) -> EnrolledKey:
    """Put a public key on record and tell the log; a key that is there already is answered as it is.

    `holder`: the same 64 hex digits for all keys of one person, useless to everybody else."""
    key_id = signing.key_id(public)
    found = w.session.get(EnrolledKey, key_id)
    if found is not None:
        return found
    row = EnrolledKey(
        key_id=key_id, role=role, name=name, holder=holder, public=public.hex(), since=since or w.now, until=None, revoked_at=None
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("privacy:key:enrolled", key_id, role=role)
    body = {"key": key_id, "public": public.hex(), "role": role, "origin": name, "since": stamp(row.since)}
    append_leaf(w, "privacy:key:enrolled", key_id, body)
    return row


def enrol_house_key(w: Work, key: SigningKey) -> None:
    """The certificates' key at its first use; a key from before there was a log is good since its first certificate. Raises Busy
    when the key was changed for another while this Work was open: it would sign outside its time."""
    row = w.session.get(EnrolledKey, key.key_id, with_for_update={"read": True}, populate_existing=True)
    if row is not None and (row.until or row.revoked_at or row.since > w.now):
        raise Busy()
    if row is None:
        earliest = w.session.scalar(select(func.min(Certificate.issued_at)))
        since = datetime.fromisoformat(earliest) if isinstance(earliest, str) else earliest
        enrol(w, public=key.public, role="certificate", since=min(since or w.now, w.now))


def retire(w: Work, key_id: str) -> None:
    """The key signs no more from now on; what it signed stays good."""
    row = _get(w, key_id)
    if row.until is None:
        row.until = max(w.now, _last_paper(w)) if row.role == "certificate" else w.now
        _tell(w, row, "retired")


def _last_paper(w: Work) -> datetime:
    """Of a paper that was signed while this Work waited for the key."""
    reports = select(func.max(LogLeaf.created)).where(LogLeaf.kind == REPORT)
    found = [w.session.scalar(query) for query in (select(func.max(Certificate.issued_at)), reports)]
    return max((datetime.fromisoformat(one) if isinstance(one, str) else one for one in found if one), default=w.now)


def revoke(w: Work, key_id: str, reason: str) -> None:
    """The key can't be trusted any more (`reason`: a code, such as lost or stolen)."""
    row = _get(w, key_id)
    if row.revoked_at is None:
        row.revoked_at, row.reason = w.now, reason
        _tell(w, row, reason)


def _get(w: Work, key_id: str) -> EnrolledKey:
    row = w.session.get(EnrolledKey, key_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Invalid("no_key", N_("There is no such key on record."), field="key")
    return row


def _tell(w: Work, row: EnrolledKey, reason: str) -> None:
    w.session.flush()
    w.record("privacy:key:revoked", row.key_id, role=row.role, reason=reason)
    append_leaf(w, "privacy:key:revoked", row.key_id, {"key": row.key_id, "role": row.role, "reason": reason})


def listed(session: Session) -> list[dict[str, str | None]]:
    """All keys on record as /keys.json tells them, those of witnesses too."""
    enrolled = [_row(one) for one in session.scalars(select(EnrolledKey).order_by(EnrolledKey.key_id))]
    known = {str(one["key_id"]) for one in enrolled}
    witnesses = [_witness(one) for one in session.scalars(select(LogWitness).order_by(LogWitness.name))]
    return enrolled + [one for one in witnesses if one["key_id"] not in known]


def _witness(one: LogWitness) -> dict[str, str | None]:
    public = note.parse_vkey(one.vkey).public
    return {
        "alg": signing.ALGORITHM,
        "key_id": signing.key_id(public),
        "public": public.hex(),
        "role": "witness",
        "name": one.name,
        "vkey": one.vkey,
        "from": stamp(one.added_at),
        "until": stamp(one.ended_at) if one.ended_at else None,
        "revoked_at": None,
    }


def _row(one: EnrolledKey) -> dict[str, str | None]:
    row: dict[str, str | None] = {
        "alg": signing.ALGORITHM,
        "key_id": one.key_id,
        "public": one.public,
        "role": one.role,
        "from": stamp(one.since),
        "until": stamp(one.until) if one.until else None,
        "revoked_at": stamp(one.revoked_at) if one.revoked_at else None,
    }
    if one.role == "log":
        row |= {"name": one.name, "vkey": note.vkey(one.name, bytes.fromhex(one.public))}
    if one.holder:
        row["holder"] = one.holder
    return row


def log_keys(session: Session) -> list[EnrolledKey]:
    """The keys that sign checkpoints, oldest first."""
    return list(session.scalars(select(EnrolledKey).where(EnrolledKey.role == "log").order_by(EnrolledKey.since)))
