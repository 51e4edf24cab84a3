"""A filled check-list becomes an evidence file, as canonical JSON, and is judged for the device's built-in storage."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core import canonical, ids
from core.clock import LOCAL_ZONE
from core.db import stamp
from core.errors import Invalid, Refused
from core.goods.custody import locked
from core.goods.models import Item, StorageMedium
from core.i18n import N_
from core.people.sellers import seller_kind
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.checklist_rules import PARSER, ListVerdict, accepted, judge_checklist, row_of, unanswered
from privacy.clearance.declaration_rules import Found, find_declaration
from privacy.clearance.declarations.entries import in_force
from privacy.clearance.log import facts
from privacy.clearance.profiles import get_profile
from privacy.devices import power_tests
from privacy.devices.counting import demand_counted
from privacy.wipes import actions, checklist_filling, queries
from privacy.wipes.checklist import Checklist
from privacy.wipes.checklist_models import FilledList
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import EvidenceFile, Judgement, WipeJob
from privacy.wipes.settling import settle

FORMAT = "checklist"
KIND = "evidence"
PRIVATE = ("idle", "sporadic")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rules say of a list as it stands, and the declaration that was found or not."""

    verdict: ListVerdict
    found: Found
    unanswered: tuple[str, ...]


def weigh(
    session: Session, bench: Bench, job: WipeJob, item: Item, found: FilledList, today: date, *, business: bool
) -> Weighed:
    """Judge a list without keeping anything."""
    checklist = get_checklist(found.platform)
    declared = find_declaration(
        in_force(session, demo=bench.made_up),
        brand=item.brand,
        platform=checklist.code,
        model=str(found.readings.get("model", "")),
        version=str(found.readings.get("version", "")),
        today=today,
    )
    given = checklist_filling.filled(found, item.brand)
    verdict = judge_checklist(
        checklist, given, declared, get_profile(bench.profile), today, business, declarations_from=bench.declarations_from
    )
    return Weighed(verdict, declared, unanswered(checklist, given))


def is_business(session: Session, job: WipeJob) -> bool:
    """Does a business sell it? By what its owner said of the device, or by the seller's file that the platform keeps."""
    return job.ticks.get("origin") == "business" or seller_kind(session, job.owner_id) not in PRIVATE


def send(w: Work, bench: Bench, job: WipeJob) -> list[Judgement]:
    """Keep the open list as evidence and judge the built-in storage by it; returns the new judgements. Memory cards and disks are
    media of their own: a tool's log covers them, or they leave the device.

    Raises Invalid while a question is unanswered, Refused when the media weren't counted or there is no open list."""
    actions.demand_bench(w, job)
    item = locked(w, job.item_id)
    if job.state != "wiping":
        raise Refused("not_being_wiped", N_("A check-list is filled in while the device is being wiped, not before or after."))
    found = checklist_filling.get_open(w, job.id)
    demand_counted(w, job)
    power_tests.demand_done(w, job)
    today = w.now.astimezone(LOCAL_ZONE).date()
    weighed = weigh(w.session, bench, job, item, found, today, business=is_business(w.session, job))
    if weighed.unanswered:
        raise Invalid("step_unanswered", N_("Answer every question first; what can't be told is an answer, too."))
    raw = canonical.encode(body_of(w, bench, job, item, found, weighed))
    file = _keep(w, bench, job, raw)
    found.evidence_id = file.id
    media = [one for one in queries.present_media(w.session, item.id) if checklist_filling.is_built_in(one)]
    passed = queries.passed_media(w.session, job.id)
    judgements = [_judgement(w, bench, job, file, found, weighed, one) for one in media if one.id not in passed]
    settle(w, job)
    return judgements


def _keep(w: Work, bench: Bench, job: WipeJob, raw: bytes) -> EvidenceFile:
    row = EvidenceFile(
        id=ids.new_id(),
        job_id=job.id,
        digest=bench.store.put(raw, KIND),
        size=len(raw),
        format=FORMAT,
        attached_by=w.actor.id,
        attached_at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:evidence:attached", job.id, evidence=row.id, digest=row.digest, size=row.size)
    facts.evidence_attached(w, job, row)
    return row


def body_of(w: Work, bench: Bench, job: WipeJob, item: Item, found: FilledList, weighed: Weighed) -> dict[str, Any]:
    """The list as it is kept: texts and whole numbers. Numbers of the device only masked, photos by digest, nobody by name."""
    by_step = checklist_filling.photos_of(found)
    given = checklist_filling.filled(found, item.brand)
    return {
        "kind": "wipe_checklist",
        "version": 1,
        "job": job.number,
        "challenge": job.challenge,
        "platform": found.platform,
        "list_version": found.version,
        "device": [{"kind": one.kind, "masked": one.masked} for one in item.identifiers if one.live],
        "begun_at": stamp(found.begun_at),
        "sent_at": stamp(w.now),
        "readings": dict(found.readings),
        "steps": [
            {
                "code": step.code,
                "answer": given.answers.get(step.code, ""),
                "at": found.answers.get(step.code, {}).get("at", ""),
                "late": step.code in given.late,
                "photos": [one.digest for one in by_step.get(step.code, [])],
            }
            for step in get_checklist(found.platform).asked(item.brand)
        ],
        "declaration": declared(weighed.found) if "relies_on_maker" in weighed.verdict.notes else None,
        "declarations_from": str(bench.declarations_from) if "before_declarations" in weighed.verdict.notes else None,
        "ground": weighed.verdict.ground,
    }


def declared(found: Found) -> dict[str, Any] | None:
    """A declaration as papers name it: by id, maker, day, and what it said (by digest)."""
    one = found.declaration
    if one is None:
        return None
    statement = canonical.digest({"zh": one.statement.zh, "en": one.statement.en, "source": one.source})
    return {
        "id": one.id,
        "maker": one.maker.zh,
        "maker_en": one.maker.en,
        "dated": one.dated.isoformat(),
        "demo": one.demo,
        "statement": statement,
        "entered_by": [{"role": act.role, "organisation": act.organisation, "at": act.at} for act in one.entered],
        "names": list(one.entered_by),
    }


def _judgement(
    w: Work, bench: Bench, job: WipeJob, file: EvidenceFile, found: FilledList, weighed: Weighed, medium: StorageMedium
) -> Judgement:
    verdict, profile = weighed.verdict, get_profile(bench.profile)
    row = row_of(profile, found.platform)
    challenged = not {"challenge_photo_missing"} & set(verdict.reasons)
    judgement = Judgement(
        id=ids.new_id(),
        job_id=job.id,
        evidence_id=file.id,
        medium_id=medium.id,
        digest=file.digest,
        profile=verdict.profile,
        profile_version=verdict.profile_version,
        parser_version=PARSER,
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        device=None,
        findings=findings(verdict, get_checklist(found.platform)),
        rule=row.id if row else "",
        level=accepted(profile, found.platform).get(verdict.technique, "clear") if verdict.verdict == "pass" else "",
        grade="E2" if challenged else "E1",
        challenge=challenged,
        core=None,
        others={},
        third_person=row is not None and row.third_person and (verdict.verdict == "pass" or row.route != "checklist"),
        at=w.now,
    )
    w.session.add(judgement)
    w.record(
        "privacy:medium:judged",
        job.item_id,
        job=job.id,
        medium=medium.id,
        verdict=verdict.verdict,
        reasons="+".join(verdict.reasons)[:160],
        profile=f"{verdict.profile}@{verdict.profile_version}",
    )
    return judgement


def findings(verdict: ListVerdict, checklist: Checklist) -> list[dict[str, Any]]:
    """What the judgement keeps beside its reasons, in the shape of a reader's findings: the list, the notes, the ground."""
    told = {"list": checklist.code, **dict.fromkeys(verdict.notes, "")}
    if verdict.reasons:
        told[f"ground_{verdict.ground}"] = ""
    if verdict.declaration:
        told["relies_on_maker"] = verdict.declaration
    return [{"code": code, "value": True, "lines": [], "detail": detail, "node": None} for code, detail in told.items()]


def note_of(judgement: Judgement, code: str) -> str | None:
    """The detail of one of those findings, None where it isn't there."""
    return next((str(one.get("detail") or "") for one in judgement.findings if one.get("code") == code), None)
