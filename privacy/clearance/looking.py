"""The second and the third person's own look at the device: its number read anew, a photo with the code, what a list asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets
from core.errors import Invalid
from core.goods.intake import serial_of
from core.goods.models import Item
from core.goods.rules import normalise_identifier
from core.i18n import N_
from core.work import Work
from privacy.bench import Bench
from privacy.evidence.readers.text import LARGEST
from privacy.sampling.rules import is_other_tool
from privacy.wipes import challenge_photos, locks
from privacy.wipes.checklist import Checklist
from privacy.wipes.checklist_models import FilledList
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import Judgement, WipeJob
from privacy.wipes.naming import demand_named
from privacy.wipes.queries import present_media

TRIED = "look_recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was sent: codes of the ticked looks, the last four as read, the photo's bytes, what each account lock said; and, where
    a list asks for a recovery try, the tool and its report. `no_counters`: the counters of a medium can't be read."""

    ticked: Sequence[str] = ()
    tail: str = ""
    photo: bytes = b""
    locks: Mapping[str, str] = field(default_factory=dict)
    tool: str = ""
    version: str = ""
    report: bytes = b""
    no_counters: bool = False


def passed_list(session: Session, job_id: str) -> FilledList | None:
    """The check-list that this job's pass rests on, None where tools' logs alone do."""
    query = (
        select(FilledList)
        .join(Judgement, Judgement.evidence_id == FilledList.evidence_id)
        .where(Judgement.job_id == job_id, Judgement.verdict == "pass")
    )
    return session.scalars(query.order_by(FilledList.id.desc()).limit(1)).first()


def looked(w: Work, bench: Bench, job: WipeJob, look: Look | None, verification_id: str) -> dict[str, Any]:
    """What a verification keeps of the look. Raises Invalid at the field of what is missing (`look_…`, `lock_…`) or of a number
    that isn't this device's."""
    sent, found = look or Look(), passed_list(w.session, job.id)
    told: dict[str, Any] = {}
    if found is None:
        locks.read_after(w, job, sent.locks)
    else:
        told = _by_list(w, bench, job, get_checklist(found.platform), sent)
    told["look_tail_of"] = read_anew(w, job, sent.tail)
    told["look_photo_digest"] = challenge_photos.keep(
        w, bench, sent.photo, item_id=job.item_id, act="verify", subject_id=verification_id, field="look_photo"
    )
    return told


def _by_list(w: Work, bench: Bench, job: WipeJob, checklist: Checklist, sent: Look) -> dict[str, Any]:
    for one in checklist.looks:
        if one.kind in ("tick", "try") and one.code not in sent.ticked:
            raise Invalid("check_missing", N_("Tick this once you have done it, or reject the wipe."), field=f"look_{one.code}")
    told: dict[str, Any] = {f"look_{one.code}": True for one in checklist.looks}
    if TRIED in told:
        told |= _tried(w, bench, job, sent)
    return {**told, "list": checklist.code}


def _tried(w: Work, bench: Bench, job: WipeJob, sent: Look) -> dict[str, Any]:
    """The recovery try that a row asks of the verifier: with a tool of its own, and a report that is about this device."""
    if not is_other_tool(sent.tool, ()):
        raise Invalid("tool_missing", N_("Name the tool you tried with."), field="look_tool")
    if not sent.version.strip():
        raise Invalid("version_missing", N_("Say which version of the tool it was."), field="look_version")
    if not sent.report:
        raise Invalid("report_missing", N_("Attach the tool's own report."), field="look_report")
    if len(sent.report) > LARGEST:
        raise Invalid("report_large", N_("A report may have 16 MB."), field="look_report")
    demand_named(w.session, job.item_id, sent.report, field="look_report")
    digest = bench.store.put(sent.report, "recovery")
    return {"look_tool": f"{sent.tool.strip()[:60]} {sent.version.strip()[:40]}", "look_report_digest": digest}


def read_anew(w: Work, job: WipeJob, tail: str, field: str = "look_tail") -> str:
    """Which of the device's numbers ends like this. Pages hide those four, so they come from the device itself; a thing without a
    number of its own is known by its medium's. Raises Invalid at `field`."""
    typed = normalise_identifier("serial", tail)
    if len(typed) != 4:
        raise Invalid("tail_missing", N_("Read the number off the device and type its last four characters."), field=field)
    for kind, number in _numbers(w.session, job.item_id):
        if normalise_identifier(kind, number).endswith(typed):
            return kind
    raise Invalid(
        "tail_differs",
        N_("No registered number of this device ends like this. Read it again; if it stays, reject the wipe."),
        field=field,
    )


def _numbers(session: Session, item_id: str) -> list[tuple[str, str]]:
    live = [one for one in session.get_one(Item, item_id).identifiers if one.live]
    if live:
        return [(one.kind, secrets.decrypt(one.value, "identifier")) for one in live]
    return [("medium", serial_of(one)) for one in present_media(session, item_id)]


def checks_in_words(checklist: Checklist, checks: Sequence[str], language: str) -> list[str]:
    """The sentences of the looks among a certificate's checks."""
    found = [one for one in checklist.looks if f"look_{one.code}" in checks]
    return [one.question.en if language == "en" else one.question.zh for one in found]
