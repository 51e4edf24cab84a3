"""A certificate as it is downloaded: the signed text, its signatures, the state as of now, and its place in the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import canonical
from core.db import stamp
from privacy.clearance.corrections.models import CorrectionDecision
from privacy.clearance.corrections.queries import amendments
from privacy.clearance.log import queries
from privacy.clearance.log.facts import AMENDED, ISSUED, amendment_subject
from privacy.clearance.log.models import LogCheckpoint
from privacy.clearance.log.tree import NotInTree
from privacy.clearance.models import Certificate


@dataclass(frozen=True, slots=True)
class Entered:
    """Where a certificate stands in the log: its leaf's number, since when a signed checkpoint covers it."""

    index: int
    since: datetime
    leaf: str
    checkpoint: LogCheckpoint


def find_entry(session: Session, number: str) -> Entered | None:
    """None while it waits to be entered (about a second)."""
    return _entered(session, ISSUED, number)


def find_amendment(session: Session, number: str, n: int) -> Entered | None:
    """Where the nth correction of a certificate stands."""
    return _entered(session, AMENDED, amendment_subject(number, n))


def place(session: Session, kind: str, number: str) -> dict[str, Any]:
    """For the port: where a paper of another room stands, as its download tells it."""
    return _log(session, _entered(session, kind, number))


def root(session: Session, kind: str, number: str) -> str:
    """For the port: the root of the first checkpoint that covers a paper."""
    found = _entered(session, kind, number)
    return found.checkpoint.root if found else ""


def _entered(session: Session, kind: str, subject: str) -> Entered | None:
    leaf = queries.leaf_of(session, kind, subject)
    if leaf is None or leaf.leaf_index is None:
        return None
    checkpoint = queries.covering(session, leaf.leaf_index)
    if checkpoint is None:
        return None
    return Entered(leaf.leaf_index, checkpoint.created, leaf.text, checkpoint)


def proof_of(session: Session, entry: Entered) -> str:
    """The tlog-proof that was current when it was entered. Raises NotInTree when the stored log is broken."""
    return queries.proof_text(session, entry.index, entry.checkpoint)


def download(session: Session, certificate: Certificate, now: datetime) -> dict[str, Any]:
    """What /certificates/<number>.json gives. All but body, signatures and the log's proof is unsigned."""
    body = canonical.read(certificate.body.encode())
    entry = find_entry(session, certificate.number)
    return {
        "kind": body["kind"],
        "version": body["version"],
        "body": body,
        "signatures": certificate.signatures,
        "digest": certificate.digest,
        "state": certificate.state,
        "as_of": stamp(now),
        "delivered_at": stamp(certificate.delivered_at) if certificate.delivered_at else None,
        "ended_at": stamp(certificate.ended_at) if certificate.ended_at else None,
        "ended_why": certificate.ended_why or None,
        "reason": certificate.reason or None,
        "log": _log(session, entry),
        "amendments": [_amendment(session, certificate, one) for one in amendments(session, certificate.id)],
    }


def _amendment(session: Session, certificate: Certificate, one: CorrectionDecision) -> dict[str, Any]:
    """A clerical correction by two people: its own signed text, with its own place in the log."""
    body = canonical.read(one.body.encode())
    return {
        "kind": body["kind"],
        "version": body["version"],
        "body": body,
        "signatures": one.signatures,
        "digest": one.digest,
        "log": _log(session, find_amendment(session, certificate.number, int(body["n"]))),
    }


def _log(session: Session, entry: Entered | None) -> dict[str, Any]:
    if entry is None:
        return {"state": "being_entered"}
    place = {"index": entry.index, "since": stamp(entry.since), "leaf": entry.leaf}
    try:
        return {"state": "entered", **place, "proof": proof_of(session, entry)}
    except NotInTree:
        return {"state": "broken", **place}
