"""Witnesses: parties we don't control who keep our checkpoints and sign that they saw them."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import ids, secrets
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.work import Work
from privacy.clearance.log import cosignature, note, queries
from privacy.clearance.log.models import LogCosignature, LogWitness
from privacy.clearance.log.note import BadVkey, VerifierKey
from privacy.verify import Unusable, parse_checkpoint

MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{3,190}")
LABEL = "witness"
BAD_VKEY = N_("This is no verifier key of a witness: name+key id+base64, of type 4.")


def add(w: Work, name: str, vkey: str, mail: str = "") -> LogWitness:
    """A new witness. `vkey`: of type 4 (cosignature/v1); the name must be the one in it. Raises Invalid."""
    try:
        key = note.parse_vkey(vkey)
    except BadVkey as no:
        raise Invalid("bad_vkey", BAD_VKEY, field="vkey") from no
    if key.kind != note.COSIGNATURE or key.name != name.strip():
        raise Invalid("bad_vkey", BAD_VKEY, field="vkey")
    if mail and not MAIL.fullmatch(mail):
        raise Invalid("bad_mail", N_("This is no e-mail address."), field="mail")
    if w.session.scalars(select(LogWitness.id).where(LogWitness.name == key.name)).first():
        raise Invalid("witness_known", N_("There is a witness of this name already."), field="name")
    row = LogWitness(
        id=ids.new_id(), name=key.name, vkey=str(key), mail=secrets.encrypt(mail, LABEL) if mail else "",
        masked=_masked(mail), added_at=w.now, ended_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("privacy:witness:added", row.id, key=key.key_id.hex())
    return row


def end(w: Work, name: str) -> LogWitness:
    """It cosigns no more and is sent nothing more; what it signed stays. Raises NotFound."""
    row = w.session.scalars(select(LogWitness).where(LogWitness.name == name).with_for_update()).first()
    if row is None or row.ended_at is not None:
        raise NotFound("no_witness", N_("There is no witness of this name."))
    row.ended_at = w.now
    w.record("privacy:witness:ended", row.id)
    return row


def _masked(mail: str) -> str:
    return f"{mail[0]}***@{mail.rpartition('@')[2]}"[:60] if mail else ""


def active(session: Session) -> list[LogWitness]:
    return list(session.scalars(select(LogWitness).where(LogWitness.ended_at.is_(None)).order_by(LogWitness.name)))


def everyone(session: Session) -> list[LogWitness]:
    """Those that ended, too, the live ones first."""
    rows = session.scalars(select(LogWitness).order_by(LogWitness.name))
    return sorted(rows, key=lambda one: one.ended_at is not None)


def key_of(witness: LogWitness) -> VerifierKey:
    return note.parse_vkey(witness.vkey)


def cosign(w: Work, raw: str | bytes) -> list[str]:
    """Keep the cosignatures of known witnesses under a checkpoint of ours; returns their names.

    Raises Invalid for what is no checkpoint, or when no line of a known witness holds; NotFound for a checkpoint that
    isn't ours, word for word."""
    try:
        given = parse_checkpoint(raw)
    except Unusable as no:
        raise Invalid("bad_checkpoint", N_("This is no signed checkpoint."), field="checkpoint") from no
    ours = queries.find_checkpoint(w.session, given.size) if given.size < 2**63 else None
    if ours is None or parse_checkpoint(ours.note).note.text != given.note.text:
        raise NotFound("other_checkpoint", N_("This log has no such checkpoint."))
    kept = []
    for witness in active(w.session):
        key = key_of(witness)
        time = cosignature.check(given.note, key)
        if time is not None:
            kept.append(witness.name)
            _keep(w, ours.size, witness, time, _line(given.note.signatures, key))
    if not kept:
        raise Invalid("no_cosignature", N_("No signature of a witness we know holds under it."), field="checkpoint")
    return kept


def _line(signatures: Sequence[tuple[str, bytes, bytes]], key: VerifierKey) -> str:
    value = next(value for name, key_id, value in signatures if (name, key_id) == (key.name, key.key_id) and len(value) == 72)
    return note.line(key.name, key.key_id, value)


def _keep(w: Work, size: int, witness: LogWitness, time: int, line: str) -> None:
    """The first one stays; a second of the same witness adds nothing."""
    make = sqlite.insert if w.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = make(LogCosignature).values(size=size, witness_id=witness.id, time=time, line=line, created=w.now)
    w.session.execute(row.on_conflict_do_nothing())
    w.record("privacy:checkpoint:cosigned", str(size), witness=witness.id)
