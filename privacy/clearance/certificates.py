"""The paper: what stands in a wipe certificate, its commitments, and the signature over its canonical text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import canonical, ids, secrets, signing
from core.canonical import commit
from core.db import stamp
from core.goods.cards import get_card
from core.goods.intake import serial_of
from core.goods.models import Item, StorageMedium
from core.numbers import next_number
from core.people.models import Organisation
from core.states import walk
from core.work import Work
from privacy.bench import Bench
from privacy.clearance import certificate_parts as parts
from privacy.clearance.declaration_rules import Found
from privacy.clearance.declarations.entries import find_declared
from privacy.clearance.house_key import house_key
from privacy.clearance.log import facts
from privacy.clearance.looking import TRIED
from privacy.clearance.models import Certificate, Clearance, Disclosure
from privacy.clearance.profile import Profile
from privacy.clearance.profiles import UnknownProfile, get_profile
from privacy.clearance.states import CERTIFICATE
from privacy.devices.queries import find_baseline
from privacy.keys import actions as keys
from privacy.keys.models import JobSignature
from privacy.looks.queries import best_grade
from privacy.sampling.marks import is_shared
from privacy.wipes.checklist_sending import FORMAT, declared, note_of
from privacy.wipes.checklists import get_checklist
from privacy.wipes.duty_models import Validation
from privacy.wipes.models import EvidenceFile, Judgement, Verification, WipeJob
from privacy.wipes.people import orgs_as

PREFIX = "XS"
KIND = "wipe_certificate"
VERSION = 1


@dataclass(slots=True)
class Secrets:
    """Salts and values behind the commitments while a body is being written; they are kept apart from it."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)
    commitments: dict[str, str] = field(default_factory=dict)

    def bind(self, name: str, value: str) -> str:
        salt, commitment = commit(value, name=name)
        self.rows.append((name, salt, value))
        self.commitments[name] = commitment
        return commitment


def issue(
    w: Work,
    bench: Bench,
    job: WipeJob,
    verification: Verification,
    clearance: Clearance,
    operation: JobSignature,
    validation: Validation | None = None,
) -> Certificate:
    """Write the draft of a clearance's certificate, sign and issue it, all in this transaction. The validator (the verifier, or
    the third person where the rules ask for one) signs it with the own key, the house with its own; the operator's signature over
    the operation stands inside."""
    number, hidden = next_number(w, PREFIX), Secrets()
    body = write_body(w, bench, number, job, verification, clearance, hidden, validation)
    body |= {"requires_signatures": 2, "operation": _operation(operation)}
    text = canonical.encode(body)
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
        signatures=[],
    )
    w.session.add(certificate)
    w.session.flush()
    key = house_key(bench.keys)
    signed_in_at = validation.signed_in_at if validation else verification.signed_in_at
    signatures = [keys.sign(w, bench, text, signed_in_at), signing.sign(key, text)]
    certificate.signatures = [{"alg": one.alg, "key_id": one.key_id, "value_b64": one.value_b64} for one in signatures]
    walk(w, CERTIFICATE, certificate, "issue")
    for name, salt, value in hidden.rows:
        sealed = secrets.encrypt(value, "disclosure")
        w.session.add(Disclosure(id=ids.new_id(), certificate_id=certificate.id, name=name, salt=salt, value=sealed))
    w.record("privacy:certificate:issued", certificate.id, number=number, item=certificate.item_id, digest=certificate.digest)
    facts.certificate_issued(w, key, certificate, clearance, hidden.commitments)
    return certificate


def _operation(signed: JobSignature) -> dict[str, Any]:
    """What the operator signed, and the signature: whoever holds the certificate can check it alone."""
    return {
        "statement": json.loads(signed.statement),
        "signature": {"alg": signed.alg, "key_id": signed.key_id, "value_b64": signed.value},
        "at": stamp(signed.at),
    }


def write_body(
    w: Work,
    bench: Bench,
    number: str,
    job: WipeJob,
    verification: Verification,
    clearance: Clearance,
    hidden: Secrets,
    validation: Validation | None = None,
) -> dict[str, Any]:
    """The values that are signed: texts and whole numbers. Serials and persons only masked or as salted commitments."""
    item = w.session.get_one(Item, clearance.item_id)
    profile = _profile(w, bench, job)
    return {
        "kind": KIND,
        "version": VERSION,
        "number": number,
        "issued_at": stamp(w.now),
        "job": job.number,
        "epoch": clearance.epoch,
        "item": _item(item, hidden),
        "media": _media(w, job, hidden, tried=verification.checks.get(TRIED) is True),
        "profile": {"id": profile.id, "version": profile.version, "standard": profile.standard},
        "wiped": _person(w, hidden, "wipe_operator", job.operator_id or "", job.org_id, stamp(job.started_at or w.now)),
        "verified": _person(
            w, hidden, "wipe_verifier", verification.verifier_id, _point(w, job, verification.verifier_id), stamp(verification.at)
        ),
        "removed": parts.removed(w, job),
        "after_work": parts.after_work(w, job),
        "checks": sorted(code for code, done in verification.checks.items() if done is True),
        "consent": {"text": job.consent_version, "at": stamp(job.consent_at or w.now)},
        "kept": clearance.kept,
        "seal_number": clearance.seal_number,
        "valid_until": stamp(clearance.valid_until),
        **({"shared_device": True} if is_shared(w.session, job.id) else {}),
        **({"locks": locks} if (locks := parts.locks(w, job)) else {}),
        **({"confirmed": _confirmed(w, job, validation, hidden)} if validation else {}),
    }


def _confirmed(w: Work, job: WipeJob, validation: Validation, hidden: Secrets) -> dict[str, Any]:
    point = _point(w, job, validation.validator_id)
    return _person(w, hidden, "wipe_validator", validation.validator_id, point, stamp(validation.at))


def _profile(w: Work, bench: Bench, job: WipeJob) -> Profile:
    """The rules that the media were judged by, which may have been replaced since."""
    query = select(Judgement).where(Judgement.job_id == job.id, Judgement.verdict == "pass").order_by(Judgement.id.desc())
    last = w.session.scalars(query.limit(1)).first()
    try:
        return get_profile(last.profile, last.profile_version) if last else get_profile(bench.profile)
    except UnknownProfile:
        return get_profile(bench.profile)


def _point(w: Work, job: WipeJob, person: str) -> str | None:
    """Where a verifier belongs: the job's own point, or the verification point that took it on."""
    orgs = orgs_as(w.session, person, "wipe_verifier")
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


def _media(w: Work, job: WipeJob, hidden: Secrets, *, tried: bool) -> list[dict[str, Any]]:
    query = (
        select(Judgement, StorageMedium, EvidenceFile)
        .join(StorageMedium, StorageMedium.id == Judgement.medium_id)
        .join(EvidenceFile, EvidenceFile.id == Judgement.evidence_id)
        .where(Judgement.job_id == job.id, Judgement.verdict == "pass", StorageMedium.state == "present")
        .order_by(StorageMedium.id)
    )
    rows = w.session.execute(query).all()
    return [
        {
            **_medium(index, *row, hidden, _looked(w, job, tried, row)),
            **_by_list(w.session, row[0], row[2]),
            "use_counted_from": _counted(w, job, row[1]),
        }
        for index, row in enumerate(rows)
    ]


def _looked(w: Work, job: WipeJob, tried: bool, row: Sequence[Any]) -> str:
    """What the second person adds to the grade: a look at the medium, or the recovery try that a list asked for."""
    by_try = "E4" if tried and row[2].format == FORMAT else ""
    return max(best_grade(w.session, job.id, row[1].id), by_try)


def _counted(w: Work, job: WipeJob, medium: StorageMedium) -> str:
    """When its counters were read after the wipe (or after work that followed): use is counted from there. Empty: never read."""
    baseline = find_baseline(w.session, medium.id, job.epoch)
    return stamp(baseline.at) if baseline else ""


def _medium(
    index: int, judgement: Judgement, medium: StorageMedium, file: EvidenceFile, hidden: Secrets, looked: str
) -> dict[str, Any]:
    device = judgement.device or {}
    return {
        "id": medium.id,
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
        "rule": judgement.rule,
        "level": judgement.level,
        "grade": max(judgement.grade, looked),
        "technique": device.get("technique"),
        "tool_clock": [device.get("started") or "", device.get("finished") or ""],
        "ran_before_job": any(one["code"] == "clock_before_job" for one in judgement.findings),
        **{name: device.get(name) for name in ("method", "passes_done", "random_passes", "verification", "bytes_written")},
    }


def _by_list(session: Session, judgement: Judgement, file: EvidenceFile) -> dict[str, Any]:
    """For a medium that a check-list covers: which list, and what stands in for a tool's record."""
    platform = note_of(judgement, "list")
    if file.format != FORMAT or platform is None:
        return {}
    technique = get_checklist(platform).technique
    declaration = find_declared(session, note_of(judgement, "relies_on_maker") or "")
    return {
        "technique": technique,
        "checklist": {"platform": platform, "technique": technique},
        "declaration": declared(Found("listed", declaration)) if declaration else None,
        "without_declaration": note_of(judgement, "before_declarations") is not None,
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
