"""The paper: what stands in a wipe certificate, its commitments, and the signature over its canonical text."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core import canonical, ids, secrets, signing
from core.canonical import commit
from core.db import stamp
from core.goods.cards import get_card
from core.goods.intake import serial_of
from core.goods.models import Item, StorageMedium
from core.numbers import next_number
from core.people.models import Organisation
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.house_key import house_key
from privacy.clearance.models import Certificate, Clearance, Disclosure
from privacy.clearance.profiles import get_profile
from privacy.wipes.models import EvidenceFile, Judgement, Verification, WipeJob
from privacy.wipes.people import orgs_as

PREFIX = "XS"
KIND = "wipe_certificate"
VERSION = 1


@dataclass(slots=True)
class Secrets:
    """Salts and values behind the commitments while a body is being written; they are kept apart from it."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def bind(self, name: str, value: str) -> str:
        salt, commitment = commit(value, name=name)
        self.rows.append((name, salt, value))
        return commitment


def issue(w: Work, bench: Bench, job: WipeJob, verification: Verification, clearance: Clearance) -> Certificate:
    """Write, sign and keep the certificate of a clearance, all in this transaction."""
    number, hidden = next_number(w, PREFIX), Secrets()
    body = write_body(w, bench, number, job, verification, clearance, hidden)
    text = canonical.encode(body)
    signature = signing.sign(house_key(bench.keys), text)
    certificate = Certificate(
        id=ids.new_id(),
        number=number,
        clearance_id=clearance.id,
        item_id=clearance.item_id,
        body=text.decode(),
        digest=canonical.digest(body),
        issued_at=w.now,
        delivered_at=None,
        ended_at=None,
        signatures=[{"alg": signature.alg, "key_id": signature.key_id, "value_b64": signature.value_b64}],
    )
    w.session.add(certificate)
    w.session.flush()
    for name, salt, value in hidden.rows:
        sealed = secrets.encrypt(value, "disclosure")
        w.session.add(Disclosure(id=ids.new_id(), certificate_id=certificate.id, name=name, salt=salt, value=sealed))
    w.record("privacy:certificate:issued", certificate.id, number=number, item=certificate.item_id, digest=certificate.digest)
    return certificate


def write_body(
    w: Work, bench: Bench, number: str, job: WipeJob, verification: Verification, clearance: Clearance, hidden: Secrets
) -> dict[str, Any]:
    """The values that are signed: texts and whole numbers. Serials and persons only masked or as salted commitments."""
    item = w.session.get_one(Item, clearance.item_id)
    profile = get_profile(bench.profile)
    return {
        "kind": KIND,
        "version": VERSION,
        "number": number,
        "issued_at": stamp(w.now),
        "job": job.number,
        "epoch": clearance.epoch,
        "item": _item(item, hidden),
        "media": _media(w, job, hidden),
        "profile": {"id": profile.id, "version": profile.version, "standard": profile.standard},
        "wiped": _person(w, hidden, "wipe_operator", job.operator_id or "", job.org_id, stamp(job.started_at or w.now)),
        "verified": _person(
            w, hidden, "wipe_verifier", verification.verifier_id, _point(w, job, verification), stamp(verification.at)
        ),
        "checks": sorted(code for code, done in verification.checks.items() if done is True),
        "consent": {"text": job.consent_version, "at": stamp(job.consent_at or w.now)},
        "kept": clearance.kept,
        "seal_number": clearance.seal_number,
        "valid_until": stamp(clearance.valid_until),
    }


def _point(w: Work, job: WipeJob, verification: Verification) -> str | None:
    """Where the verifier belongs: the job's own point, or the verification point that took it on."""
    orgs = orgs_as(w.session, verification.verifier_id, "wipe_verifier")
    return job.org_id if job.org_id in orgs else min(orgs, default=None)


def _item(item: Item, hidden: Secrets) -> dict[str, Any]:
    serials = [
        {
            "kind": one.kind,
            "masked": one.masked,
            "commitment": hidden.bind(f"item.{one.kind}.{index}", secrets.decrypt(one.value, "identifier")),
        }
        for index, one in enumerate(item.identifiers)
        if one.live
    ]
    return {
        "category": item.category,
        "device_class": get_card(item.category).device_class,
        "brand": item.brand,
        "model": item.model,
        "serials": serials,
    }


def _media(w: Work, job: WipeJob, hidden: Secrets) -> list[dict[str, Any]]:
    query = (
        select(Judgement, StorageMedium, EvidenceFile)
        .join(StorageMedium, StorageMedium.id == Judgement.medium_id)
        .join(EvidenceFile, EvidenceFile.id == Judgement.evidence_id)
        .where(Judgement.job_id == job.id, Judgement.verdict == "pass", StorageMedium.state == "present")
        .order_by(StorageMedium.id)
    )
    rows = w.session.execute(query).all()
    return [_medium(index, *row, hidden) for index, row in enumerate(rows)]


def _medium(index: int, judgement: Judgement, medium: StorageMedium, file: EvidenceFile, hidden: Secrets) -> dict[str, Any]:
    device = judgement.device or {}
    return {
        "kind": medium.kind,
        "medium": medium.medium,
        "model": medium.model,
        "capacity_bytes": medium.capacity_bytes,
        "serial": {
            "masked": medium.masked,
            "commitment": hidden.bind(f"medium.{index}.serial", serial_of(medium)),
        },
        "file": {
            "format": file.format,
            "size": file.size,
            "commitment": hidden.bind(f"medium.{index}.file", judgement.digest),
        },
        "parser": judgement.parser_version,
        **{name: device.get(name) for name in ("method", "passes_done", "random_passes", "verification", "bytes_written")},
    }


def _person(w: Work, hidden: Secrets, role: str, account_id: str, org_id: str | None, at: str) -> dict[str, Any]:
    """A person appears as a role and a salted commitment; the organisation, which is public, by name."""
    org = w.session.get(Organisation, org_id) if org_id else None
    return {
        "role": role,
        "at": at,
        "commitment": hidden.bind(role, account_id),
        "organisation": {"id": org.id, "name": org.name} if org else None,
    }
