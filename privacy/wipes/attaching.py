"""The tool's file: kept by digest, read, and judged for each storage medium by the deployment's profile."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from core import ids
from core.errors import Busy, Forbidden, Refused
from core.goods.custody import locked
from core.goods.intake import serial_of
from core.goods.models import Item, StorageMedium
from core.goods.rules import mask
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.grade import clock_findings, grade_of
from privacy.clearance.log import facts
from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import Verdict
from privacy.devices import power_tests
from privacy.devices.claims import remember, remember_host
from privacy.devices.counting import demand_counted
from privacy.evidence.model import DeviceRow, Evidence, Finding
from privacy.evidence.readers import read
from privacy.readback.stations import public_keys
from privacy.wipes import locks, queries
from privacy.wipes.judging import UNTOLD, asks_third_person, compared, decide, proof, spelling
from privacy.wipes.models import EvidenceFile, Judgement, ProvenRun, WipeJob
from privacy.wipes.settling import settle

REPLAYED, AHEAD = "replayed", "clock_ahead"
AT_HOME = "wiped_at_home"
KIND = "evidence"


def attach(w: Work, bench: Bench, job: WipeJob, raw: bytes) -> list[Judgement]:
    """Keep a tool's file and judge every medium it speaks of; returns the new judgements.

    When every medium inside has passed, the job goes to its verifier. Raises Unreadable (an Invalid at field `file`) for
    what is no log, Forbidden for anybody but the job's operator, Refused for the same file twice in one job."""
    _demand_operator(w, job)
    locked(w, job.item_id)
    evidence = read(raw, keys=public_keys(w.session, w.now))
    if any(row.digest == evidence.sha256 for row in job.evidence):
        raise Refused("attached_already", N_("This very file is attached to this job already."), field="file")
    media = queries.present_media(w.session, job.item_id)
    if not media:
        raise Refused("no_media", N_("First enter every storage medium that is inside, each with its serial number."))
    demand_counted(w, job)
    locks.demand_read(w, job)
    power_tests.demand_done(w, job)
    row = _keep(w, bench, job, raw, evidence)
    passed = queries.passed_media(w.session, job.id)
    found = [_judge(w, bench, job, row, evidence, one) for one in _spoken_of(evidence, media) if one.id not in passed]
    _flush(w)
    remember(w, job, row, evidence, found)
    remember_host(w, w.session.get_one(Item, job.item_id), row, raw)
    found += [again for one in media for again in judge_anew(w, bench, job, one)]
    settle(w, job)
    return found


def judge_anew(w: Work, bench: Bench, job: WipeJob, medium: StorageMedium) -> list[Judgement]:
    """What was left open only because nothing told what the medium is made of is judged again once something does."""
    if medium.id in queries.passed_media(w.session, job.id) or not queries.told_kinds(w.session, medium.id):
        return []
    mine = [one for one in queries.judgements_of(w.session, job.id) if one.medium_id == medium.id]
    last = {one.evidence_id: one for one in mine}
    left = [one.evidence_id for one in last.values() if list(one.reasons) == [UNTOLD]]
    found: list[Judgement] = []
    for file in (queries.get_evidence(w.session, one) for one in left):
        evidence = read(bench.store.get(file.digest), keys=public_keys(w.session, w.now))
        found.append(_judge(w, bench, job, file, evidence, medium))
        _flush(w)
        remember(w, job, file, evidence, found[-1:])
        if found[-1].verdict == "pass":
            break
    return found


def _demand_operator(w: Work, job: WipeJob) -> None:
    if job.operator_id is None:
        raise Refused("not_started", N_("First take the device to the bench: then its files can be attached."))
    if job.operator_id != w.actor.id:
        raise Forbidden("not_the_operator", N_("Only the operator who took this job works on it."))
    demand_role(w, job.org_id, "wipe_operator")
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
    facts.evidence_attached(w, job, row)
    return row


def _spoken_of(evidence: Evidence, media: list[StorageMedium]) -> list[StorageMedium]:
    """The media this file names; all of them when it names none, so that the answer says so."""
    named = [one for one in media if spelling(evidence, serial_of(one)) is not None]
    return named or media


def _judge(w: Work, bench: Bench, job: WipeJob, row: EvidenceFile, evidence: Evidence, medium: StorageMedium) -> Judgement:
    category = w.session.get_one(Item, job.item_id).category
    profile, kinds = get_profile(bench.profile), queries.told_kinds(w.session, medium.id)
    decision = decide(profile, category, medium, evidence, kinds)
    verdict, others = decision.verdict, compared(bench.profile, category, medium, evidence, kinds)
    reasons, answer = list(verdict.reasons), str(verdict.verdict)
    core = verdict.device.core if verdict.device else None
    if answer == "pass" and queries.used_before(w.session, row.digest, medium.id, core):
        reasons, answer = [REPLAYED], "fail"
    if answer == "pass" and queries.stated_at_home(w.session, row.digest, core):
        reasons, answer = [AT_HOME], "fail"
    shown = proof(decision, evidence, job.challenge, job.started_at, w.now)
    clocks = clock_findings(verdict.device, job.started_at, w.now)
    if answer == "pass" and any(one.code == AHEAD for one in clocks):
        reasons, answer = [AHEAD], "unknown"
    if answer == "pass" and verdict.device is not None:
        medium.capacity_bytes = verdict.device.capacity_bytes or medium.capacity_bytes
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
        findings=_findings(evidence, verdict, clocks),
        rule=decision.row.id if decision.row else "",
        level=(verdict.level or "") if answer == "pass" else "",
        grade=grade_of(shown),
        challenge=shown.challenged,
        core=_proven(w, core, row.digest) if answer == "pass" else None,
        others=others,
        third_person=asks_third_person(profile, decision, evidence),
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


def _proven(w: Work, core: str | None, digest: str) -> str | None:
    """Write down that this run has proven something, once; only the file that told it first may tell it again."""
    if core and w.session.get(ProvenRun, core) is None:
        w.put(ProvenRun(core=core, digest=digest, at=w.now))
    return core


def _device(verdict: Verdict) -> dict[str, Any] | None:
    """The row as it is kept: with serial and further names masked, because the register holds them encrypted."""
    row: DeviceRow | None = verdict.device
    if row is None:
        return None
    names = tuple((kind, mask(name)) for kind, name in row.identities)
    return asdict(replace(row, serial=mask(row.serial) if row.serial else row.serial, identities=names))


def _findings(evidence: Evidence, verdict: Verdict, clocks: list[Finding]) -> list[dict[str, Any]]:
    node = verdict.device.node if verdict.device else None
    mine = [one for one in (*evidence.findings, *clocks) if one.node is None or one.node == node]
    return [asdict(one) for one in mine]


def _flush(w: Work) -> None:
    try:
        w.session.flush()
    except IntegrityError as twin:
        raise Busy() from twin
