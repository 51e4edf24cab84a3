"""The tool's file: kept by digest, read, and judged for each storage medium by the deployment's profile."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from core import ids
from core.errors import Busy, Forbidden, Refused
from core.goods.custody import locked
from core.goods.intake import serial_of
from core.goods.models import StorageMedium
from core.goods.rules import mask, normalise_serial
from core.i18n import N_
from core.people.notices import notify
from core.states import walk
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import Verdict, judge
from privacy.evidence.model import DeviceRow, Evidence, Finding
from privacy.evidence.readers import read
from privacy.wipes import people, queries
from privacy.wipes.models import EvidenceFile, Judgement, WipeJob
from privacy.wipes.states import JOB

REPLAYED = "replayed"
KIND = "evidence"


def attach(w: Work, bench: Bench, job: WipeJob, raw: bytes) -> list[Judgement]:
    """Keep a tool's file and judge every medium it speaks of; returns the new judgements.

    When every medium inside has passed, the job goes to its verifier. Raises Unreadable (an Invalid at field `file`) for
    what is no log, Forbidden for anybody but the job's operator, Refused for the same file twice in one job."""
    _demand_operator(w, job)
    locked(w, job.item_id)
    evidence = read(raw)
    if any(row.digest == evidence.sha256 for row in job.evidence):
        raise Refused("attached_already", N_("This very file is attached to this job already."), field="file")
    media = queries.present_media(w.session, job.item_id)
    if not media:
        raise Refused("no_media", N_("First enter every storage medium that is inside, each with its serial number."))
    row = _keep(w, bench, job, raw, evidence)
    passed = queries.passed_media(w.session, job.id)
    found = [_judge(w, bench, job, row, evidence, one) for one in _spoken_of(evidence, media) if one.id not in passed]
    _flush(w)
    if {one.id for one in media} <= queries.passed_media(w.session, job.id):
        walk(w, JOB, job, "judge")
        w.record("privacy:job:judged", job.id, item=job.item_id, media=len(media))
        notify(
            w,
            job.owner_id,
            N_("Your device is wiped; a second person verifies it now (%(number)s)."),
            f"/wipes/{job.id}",
            number=job.number,
        )
    return found


def _demand_operator(w: Work, job: WipeJob) -> None:
    if job.operator_id is None:
        raise Refused("not_started", N_("First take the device to the bench: then its files can be attached."))
    if job.operator_id != w.actor.id:
        raise Forbidden("not_the_operator", N_("Only the operator who took this job works on it."))
    people.demand_role(w, job.org_id, "wipe_operator")
    if job.state != "wiping":
        raise Refused("not_being_wiped", N_("Files are attached while the device is being wiped, not before or after."))


def _keep(w: Work, bench: Bench, job: WipeJob, raw: bytes, evidence: Evidence) -> EvidenceFile:
    row = EvidenceFile(
        id=ids.new_id(),
        job_id=job.id,
        digest=bench.store.put(raw, KIND),
        size=len(raw),
        format=evidence.format[:30],
        attached_by=w.actor.id,
        attached_at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:evidence:attached", job.id, evidence=row.id, digest=row.digest, size=row.size)
    return row


def _spoken_of(evidence: Evidence, media: list[StorageMedium]) -> list[StorageMedium]:
    """The media this file names; all of them when it names none, so that the answer says so."""
    named = [one for one in media if _spelling(evidence, serial_of(one)) is not None]
    return named or media


def _spelling(evidence: Evidence, serial: str) -> str | None:
    """The register's serial as the file spells it (the register drops dashes and spaces, tools keep them)."""
    plain = normalise_serial(serial)
    same = {row.serial for row in evidence.devices if row.serial and normalise_serial(row.serial) == plain}
    return same.pop() if len(same) == 1 else None


def _judge(w: Work, bench: Bench, job: WipeJob, row: EvidenceFile, evidence: Evidence, medium: StorageMedium) -> Judgement:
    serial = serial_of(medium)
    spelled = _spelling(evidence, serial) or serial
    verdict = judge(evidence, None, get_profile(bench.profile), medium.medium, serial=spelled, capacity=medium.capacity_bytes)
    reasons, answer = list(verdict.reasons), str(verdict.verdict)
    if answer == "pass" and queries.used_before(w.session, row.digest, medium.id):
        reasons, answer = [REPLAYED], "fail"
    if answer == "pass" and verdict.device is not None:
        medium.capacity_bytes = verdict.device.capacity_bytes
        medium.model = (verdict.device.model or medium.model)[:80]
    judgement = Judgement(
        id=ids.new_id(),
        job_id=job.id,
        evidence_id=row.id,
        medium_id=medium.id,
        digest=row.digest,
        profile=verdict.profile,
        profile_version=verdict.profile_version,
        parser_version=evidence.parser[:20],
        verdict=answer,
        reasons=reasons,
        device=_device(verdict),
        findings=_findings(evidence, verdict),
        at=w.now,
    )
    w.session.add(judgement)
    w.record(
        "privacy:medium:judged",
        job.item_id,
        job=job.id,
        medium=medium.id,
        verdict=answer,
        reasons="+".join(reasons)[:160],
        profile=f"{verdict.profile}@{verdict.profile_version}",
    )
    return judgement


def _device(verdict: Verdict) -> dict[str, Any] | None:
    """The row as it is kept: with the serial masked, because the register holds it encrypted."""
    row: DeviceRow | None = verdict.device
    if row is None:
        return None
    return asdict(replace(row, serial=mask(row.serial) if row.serial else row.serial))


def _findings(evidence: Evidence, verdict: Verdict) -> list[dict[str, Any]]:
    node = verdict.device.node if verdict.device else None
    mine: list[Finding] = [one for one in evidence.findings if one.node is None or one.node == node]
    return [asdict(one) for one in mine]


def _flush(w: Work) -> None:
    try:
        w.session.flush()
    except IntegrityError as twin:
        raise Busy() from twin
