"""Which facts of the privacy room are leaves, and what each says. One call beside each action."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from core.paper_ports import PaperTold
from core.signing import SigningKey
from core.work import Work
from privacy.bench import bench
from privacy.clearance.house_key import house_key
from privacy.clearance.log.keys import enrol_house_key
from privacy.clearance.log.leaves import append_leaf
from privacy.clearance.log.models import LogLeaf
from privacy.clearance.models import Certificate, Clearance
from privacy.wipes.duty_models import Validation
from privacy.wipes.models import EvidenceFile, Verification, WipeJob

ISSUED = "privacy:certificate:issued"
AMENDED = "privacy:certificate:amended"
VALIDATED = "privacy:validation:decided"


def certificate_issued(
    w: Work, key: SigningKey, certificate: Certificate, clearance: Clearance, commitments: Mapping[str, str]
) -> None:
    """The digest of the signed text, and every commitment in it, so that none can be added later."""
    enrol_house_key(w, key)
    append_leaf(w, ISSUED, certificate.number, issued_body(certificate, clearance.epoch), commitments)


def issued_body(certificate: Certificate, epoch: int) -> dict[str, str | int | list[str]]:
    return {
        "certificate": certificate.number,
        "digest": certificate.digest,
        "epoch": epoch,
        "keys": [str(one["key_id"]) for one in certificate.signatures],
    }


def certificate_ended(w: Work, certificate: Certificate, why: str) -> None:
    body = {"certificate": certificate.number, "digest": certificate.digest, "state": certificate.state, "why": why}
    append_leaf(w, "privacy:certificate:ended", certificate.number, body)


def certificate_revoked(w: Work, certificate: Certificate, reason: str) -> None:
    body = {"certificate": certificate.number, "digest": certificate.digest, "reason": reason}
    append_leaf(w, "privacy:certificate:revoked", certificate.number, body)


def certificate_amended(
    w: Work,
    key: SigningKey,
    certificate: Certificate,
    n: int,
    digest: str,
    area: str,
    names: Sequence[str],
    commitments: Mapping[str, str],
) -> None:
    """A clerical correction by two people: the amendment's digest beside that of the paper it is of. `area`: the corrected
    field's code; `names`: ids of the keys that signed it."""
    enrol_house_key(w, key)
    body = {
        "certificate": certificate.number,
        "of": certificate.digest,
        "n": n,
        "digest": digest,
        "area": area,
        "keys": list(names),
    }
    append_leaf(w, AMENDED, amendment_subject(certificate.number, n), body, commitments)


def amendment_subject(number: str, n: int) -> str:
    return f"{number}/{n}"


def paper_told(w: Work, told: PaperTold) -> None:
    """Another room's paper: signed with the house's key, ended, or taken back."""
    if told.signed:
        enrol_house_key(w, house_key(bench().keys))
    append_leaf(w, told.kind, told.number, told.body)


def evidence_attached(w: Work, job: WipeJob, file: EvidenceFile) -> None:
    """The digest of the file's bytes: whoever is given the file can see that it is the one. It can't be found by trying:
    a log's times and figures are in it."""
    append_leaf(w, "privacy:evidence:attached", job.number, {"job": job.number, "digest": file.digest, "size": file.size})


def verification_decided(w: Work, job: WipeJob, verification: Verification) -> None:
    body = {"job": job.number, "decision": verification.decision, "epoch": verification.epoch, "reason": verification.reason}
    append_leaf(w, "privacy:verification:decided", job.number, body)


def validation_decided(w: Work, job: WipeJob, validation: Validation) -> None:
    """The third person's decision, where a rule asks for one: only with it the wipe is accepted."""
    body = {"job": job.number, "decision": validation.decision, "epoch": job.epoch, "reason": validation.reason}
    append_leaf(w, VALIDATED, job.number, body)


def catch_up(w: Work, key: SigningKey, most: int = 500) -> int:
    """Certificates from before there was a log are entered now. Returns how many."""
    known = select(LogLeaf.subject).where(LogLeaf.kind == ISSUED)
    query = select(Certificate, Clearance.epoch).join(Clearance, Clearance.id == Certificate.clearance_id)
    rows = w.session.execute(query.where(Certificate.number.not_in(known)).order_by(Certificate.id).limit(most)).all()
    if rows:
        enrol_house_key(w, key)
    for certificate, epoch in rows:
        append_leaf(w, ISSUED, certificate.number, {**issued_body(certificate, epoch), "late": True})
    return len(rows)


def sweep(w: Work) -> None:
    """Now and then, by the house's clockwork."""
    if w.session.scalars(select(Certificate.id).limit(1)).first() is not None:
        catch_up(w, house_key(bench().keys))
