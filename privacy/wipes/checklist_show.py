"""A check-list as pages show it: plain values, already in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import format_datetime
from flask_babel import gettext as _

from core.data_files import text
from core.i18n import N_
from privacy.clearance.checklist_reasons import REASONS
from privacy.clearance.checklist_rules import Filled, ListVerdict
from privacy.clearance.declaration_rules import Declaration
from privacy.clearance.declarations.entries import find_declared
from privacy.clearance.list_paper import two_people
from privacy.clearance.profile import Profile
from privacy.wipes.checklist import LOCKS, PARTS, Checklist, Step
from privacy.wipes.checklist_filling import filled, photos_of
from privacy.wipes.checklist_models import FilledList, ListPhoto
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import Judgement, WipeJob

TONES = {"pass": "good", "fail": "bad", "unknown": "unknown"}
GROUNDS = {
    "standard": N_(
        "Ground: %(standard)s, which binds businesses from %(day)s. "
        "A business sells this device, and this house applies it already."
    ),
    "platform_rule": N_(
        "Ground: this platform's own rule for what may be listed here. It says nothing against keeping the device, using it or "
        "giving it to somebody you trust."
    ),
}
WAYS = (
    N_("Ask the maker's own service to clear it, and keep the paper: many do it free of charge."),
    N_("Have its storage destroyed before a witness; the device can then be sold without it, or for parts."),
    N_("Keep it. As soon as its maker's declaration is on record here, it can be wiped and listed."),
)


@dataclass(frozen=True, slots=True)
class PhotoShown:
    id: str
    src: str
    thumb: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step with its answer in words. `tone`: what the rules make of it; `problems`: why."""

    code: str
    question: str
    how: str
    lock: str
    answer: str
    tone: str
    at: str
    photos: Sequence[PhotoShown]
    photo: str
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProblemShown:
    """One reason with the steps that gave it: (question, address)."""

    says: str
    steps: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DeclarationShown:
    maker: str
    dated: str
    models: str
    versions: str
    statement: str
    source: str
    demo: bool
    entered: str


@dataclass(frozen=True, slots=True)
class ListShown:
    platform: str
    technique: str
    readings: Sequence[tuple[str, str]]
    parts: Sequence[tuple[str, Sequence[StepShown]]]


def list_of(job: WipeJob, found: FilledList, brand: str, verdict: ListVerdict | None = None) -> ListShown:
    """The whole list as it was filled in."""
    checklist, given = get_checklist(found.platform), filled(found, brand)
    by_step = photos_of(found)
    return ListShown(
        platform=text(checklist.names, g.language),
        technique=checklist.technique,
        readings=[(reading_label(name), str(found.readings.get(name) or _("not read"))) for name in checklist.reads],
        parts=[
            (_(PARTS[part]), [_step(job, one, found, given, by_step, verdict) for one in checklist.part(part, brand)])
            for part in PARTS
        ],
    )


def labels() -> list[str]:
    """The parts of a list, and the look at the whole at the end."""
    return [*(_(label) for label in PARTS.values()), _("Look and send")]


def reading_label(name: str) -> str:
    """What is read off the device: model or version."""
    labels = {"model": _("Model, as the device shows it"), "version": _("System version, as the device shows it")}
    return str(labels[name])


def _step(
    job: WipeJob,
    step: Step,
    found: FilledList,
    given: Filled,
    by_step: Mapping[str, list[ListPhoto]],
    verdict: ListVerdict | None,
) -> StepShown:
    answer = given.answers.get(step.code, "")
    problems = [code for code, steps in verdict.at.items() if step.code in steps] if verdict else []
    return StepShown(
        code=step.code,
        question=text(step.question, g.language),
        how=text(step.how, g.language) if step.how else "",
        lock=_(LOCKS[step.lock]) if step.lock else "",
        answer=_(step.answers[answer]) if answer in step.answers else _("Not answered"),
        tone=_tone(step, answer, problems),
        at=_moment(found, step),
        photos=[photo_of(job, one) for one in by_step.get(step.code, [])],
        photo=step.photo,
        problems=[_(REASONS[code]) for code in problems],
    )


def _tone(step: Step, answer: str, problems: Sequence[str]) -> str:
    if answer not in step.answers or answer == "unknown":
        return "unknown"
    return "bad" if problems else ("neutral" if step.good == "any" or step.must == "read" else "good")


def _moment(found: FilledList, step: Step) -> str:
    at = found.answers.get(step.code, {}).get("at")
    return moment_of(datetime.fromisoformat(at)) if at else ""


def moment_of(at: datetime) -> str:
    return str(format_datetime(at, "medium"))


def photo_of(job: WipeJob, one: ListPhoto) -> PhotoShown:
    path = f"/wipes/{job.id}/checklist/photos/{one.id}"
    return PhotoShown(one.id, f"{path}/large.jpg", f"{path}/small.jpg")


def problems_of(checklist: Checklist, verdict: ListVerdict, href: str, but: Sequence[str] = ()) -> list[ProblemShown]:
    """Each reason with the steps it came from, linked to the part of the form; those of `but` are told elsewhere."""
    steps = {step.code: step for step in checklist.steps}
    return [
        ProblemShown(
            _(REASONS[code]),
            [(text(steps[one].question, g.language), f"{href}?part={steps[one].part}#s_{one}") for one in at],
        )
        for code, at in verdict.at.items()
        if code not in but
    ]


def ground_of(code: str, profile: Profile) -> str:
    """What a refusal rests on: the standard for a business, this platform's rule for a resident."""
    return str(_(GROUNDS[code], standard=profile.standard, day=profile.in_force.isoformat()))


def ways_on() -> list[str]:
    return [_(way) for way in WAYS]


def declaration_of(one: Declaration | None) -> DeclarationShown | None:
    if one is None:
        return None
    return DeclarationShown(
        maker=text(one.maker, g.language),
        dated=one.dated.isoformat(),
        models=" · ".join(one.models),
        versions=f"{one.versions.first} – {one.versions.until}",
        statement=text(one.statement, g.language),
        source=one.source,
        demo=one.demo,
        entered=entered_by(one, g.language),
    )


def entered_by(one: Declaration, language: str) -> str:
    """Who entered it: two people, by role and organisation, or by the names that its file has. Nobody entered a made-up one."""
    acts = [{"role": act.role, "organisation": act.organisation, "at": act.at} for act in one.entered]
    return "" if len(acts) == 1 else two_people(acts, one.entered_by, language)


def declaration_by_id(id: str | None) -> DeclarationShown | None:
    return declaration_of(find_declared(g.db, id)) if id else None


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why a device can't be listed for now, on what ground, and what its owner can do."""

    why: str
    ground: str
    ways: Sequence[str]


def stuck_of(judgements: Sequence[Judgement], profile: Profile) -> Stuck | None:
    """For the owner's page: the last word on this job, if it was that its maker's declaration is missing."""
    last = judgements[-1] if judgements else None
    if last is None or last.verdict == "pass" or "no_declaration" not in last.reasons:
        return None
    grounds = [one["code"].removeprefix("ground_") for one in last.findings if str(one["code"]).startswith("ground_")]
    ground = ground_of(grounds[0], profile) if grounds and grounds[0] in GROUNDS else ""
    why = REASONS["no_declaration"]
    return Stuck(str(_(why)), ground, ways_on())
