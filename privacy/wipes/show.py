"""A wipe job as pages show it: plain values, already in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.goods import custody
from core.goods.describe import thing_name
from core.goods.models import Item, StorageMedium
from core.goods.words import MEDIA_KINDS
from privacy.wipes import queries
from privacy.wipes.duty_models import Validation
from privacy.wipes.models import Judgement, Verification, WipeJob
from privacy.wipes.states import JOB, MEDIUM
from privacy.wipes.trials import TONES, Fact, Trial, size_of, trial_of

__all__ = ["TONES", "Fact", "MediumShown", "Step", "Trial", "media_of", "size_of", "steps_of", "title_of", "when"]

WAY = ("opened", "consented", "wiping", "judged", "accepted")


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str
    time: str | None = None
    text: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class MediumShown:
    id: str
    kind: str
    made_of: str
    masked: str
    model: str
    capacity: str
    state: tuple[str, str]
    present: bool
    passed: bool
    judged: bool
    trials: Sequence[Trial]


def title_of(item: Item) -> str:
    """What it is in a few words, for this visitor."""
    return thing_name(item, g.language)


def when(moment: datetime | None) -> str | None:
    return str(format_datetime(moment, "medium")) if moment else None


def steps_of(job: WipeJob, verification: Verification | None) -> list[Step]:
    """The way like a parcel's: registered, agreed to, being wiped, being verified, passed or not."""
    times = {
        "opened": job.opened_at,
        "consented": job.consent_at,
        "wiping": job.started_at,
        "verified": verification.at if verification else None,
        "accepted": _decided_at(job, verification),
    }
    ended = job.state in ("rejected", "cancelled")
    way, reached = _way(job), _reached(job, verification)
    steps = []
    received = received_at(job) is not None
    for index, name in enumerate(way[:-1]):
        state = "done" if index < reached or job.state == "accepted" else "todo"
        if index == reached and not ended:
            state = "done" if name == "consented" and received else "current"
        elif ended and index >= reached:
            state = "skipped"
        text = _(JOB[name].help) if state == "current" else None
        steps.append(Step(_(JOB[name].label), state, when(times.get(name)), text))
        if name == "consented":
            steps.append(_received(job, ended))
    steps.append(_last_step(job, times["accepted"]))
    return steps


def received_at(job: WipeJob) -> datetime | None:
    """When it was taken in at the counter or straight to the bench, for a job that its owner has agreed to."""
    if job.consent_at is None:
        return None
    lines = [line for line in custody.history(g.db, job.item_id) if line.why in ("taken_in", "to_bench")]
    return next((line.since for line in lines if line.since >= job.consent_at), None)


def _received(job: WipeJob, ended: bool) -> Step:
    """No state of the job, but what its owner wants to know: from here on nothing is left to do but wait."""
    at = received_at(job)
    if at and job.state == "consented":
        return Step(_("Received"), "current", when(at), _("It stands at the counter; an operator takes it to the bench next."))
    return Step(_("Received"), "done" if at else "skipped" if ended else "todo", when(at))


def _validated_at(job: WipeJob) -> datetime | None:
    at: datetime | None = g.db.scalars(select(Validation.at).where(Validation.job_id == job.id)).first()
    return at


def _decided_at(job: WipeJob, verification: Verification | None) -> datetime | None:
    """By the last who decides: the third person where the rules want one."""
    if verification is None or job.state == "verified":
        return None
    return _validated_at(job) or verification.at


def _way(job: WipeJob) -> tuple[str, ...]:
    """The third person's step stands there only while it is waited for, or after it was taken."""
    third = job.state == "verified" or _validated_at(job) is not None
    return (*WAY[:-1], "verified", WAY[-1]) if third else WAY


def _reached(job: WipeJob, verification: Verification | None) -> int:
    way = _way(job)
    if job.state in way:
        return way.index(job.state)
    if verification is not None:
        return len(way) - 1
    return 3 if job.started_at else 2 if job.consent_at else 1


def _last_step(job: WipeJob, at: datetime | None) -> Step:
    if job.state in ("rejected", "cancelled"):
        return Step(_(JOB[job.state].label), "failed", when(at), _(JOB[job.state].help))
    done, last = job.state == "accepted", JOB["accepted"]
    return Step(_(last.label), "done" if done else "todo", when(at), _(last.help) if done else None)


def media_of(session: Session, job: WipeJob) -> list[MediumShown]:
    """Every medium of the item with the judgements of this job."""
    judged = queries.judgements_of(session, job.id)
    shown = queries.all_media(session, job.item_id)
    return [_medium(one, [j for j in judged if j.medium_id == one.id]) for one in shown]


def _medium(one: StorageMedium, judgements: list[Judgement]) -> MediumShown:
    state = MEDIUM[one.state]
    return MediumShown(
        id=one.id,
        kind=_(MEDIA_KINDS.get(one.kind, one.kind)),
        made_of=_("magnetic medium") if one.medium == "magnetic" else _("semiconductor medium"),
        masked=one.masked,
        model=one.model,
        capacity=size_of(one.capacity_bytes),
        state=(_(state.label), state.tone),
        present=one.state == "present",
        passed=any(j.verdict == "pass" for j in judgements),
        judged=bool(judgements),
        trials=[trial_of(j) for j in reversed(judgements)],
    )
