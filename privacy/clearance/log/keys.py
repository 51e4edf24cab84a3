"""Which keys were good when: rows in the database, each beginning and end a leaf of the log."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import signing
from core.db import stamp
from core.errors import Invalid
from core.i18n import N_
from core.signing import SigningKey
from core.work import Work
from privacy.clearance.log import note
from privacy.clearance.log.leaves import append_leaf
from privacy.clearance.log.models import EnrolledKey
from privacy.clearance.models import Certificate


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
    """The certificates' key at its first use; a key from before there was a log is good since its first certificate."""
    if w.session.get(EnrolledKey, key.key_id) is None:
        earliest = w.session.scalar(select(func.min(Certificate.issued_at)))
        since = datetime.fromisoformat(earliest) if isinstance(earliest, str) else earliest
        enrol(w, public=key.public, role="certificate", since=min(since or w.now, w.now))


def retire(w: Work, key_id: str) -> None:
    """The key signs no more from now on; what it signed stays good."""
    row = _get(w, key_id)
    row.until = w.now
    _tell(w, row, "retired")


def revoke(w: Work, key_id: str, reason: str) -> None:
    """The key can't be trusted any more (`reason`: a code, such as lost or stolen)."""
    row = _get(w, key_id)
    if row.revoked_at is None:
        row.revoked_at, row.reason = w.now, reason
        _tell(w, row, reason)


def _get(w: Work, key_id: str) -> EnrolledKey:
    row = w.session.get(EnrolledKey, key_id)
    if row is None:
        raise Invalid("no_key", N_("There is no such key on record."), field="key")
    return row


def _tell(w: Work, row: EnrolledKey, reason: str) -> None:
    w.session.flush()
    w.record("privacy:key:revoked", row.key_id, role=row.role, reason=reason)
    append_leaf(w, "privacy:key:revoked", row.key_id, {"key": row.key_id, "role": row.role, "reason": reason})


def listed(session: Session) -> list[dict[str, str | None]]:
    """All keys on record as /keys.json tells them."""
    return [_row(one) for one in session.scalars(select(EnrolledKey).order_by(EnrolledKey.key_id))]


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
