"""A wipe job as pages show it: plain values, already in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import format_datetime, format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.goods.describe import category_name
from core.goods.models import Item, StorageMedium
from core.goods.words import MEDIA_KINDS
from privacy.wipes import explain, queries
from privacy.wipes.models import Judgement, Verification, WipeJob
from privacy.wipes.states import JOB, MEDIUM

WAY = ("opened", "consented", "wiping", "judged", "accepted")
TONES = {"pass": "good", "fail": "bad", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str
    time: str | None = None
    text: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding of a file: value true, false or None (unknown). `lines`: (number, address in the raw view)."""

    label: str
    value: bool | None
    good_when: bool | None
    text: str | None = None
    lines: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One judgement of a medium. `reasons`: sentences that say what the file shows and what to do."""

    verdict: str
    word: str
    tone: str
    reasons: Sequence[str]
    facts: Sequence[Fact]
    told: Sequence[tuple[str, str]]
    rules: str
    file_href: str
    at: str


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
    """What it is in a few words: brand and model, else its category."""
    return " ".join(word for word in (item.brand, item.model) if word) or category_name(item.category, g.language)


def when(moment: datetime | None) -> str | None:
    return str(format_datetime(moment, "medium")) if moment else None


def size_of(count: int | None) -> str:
    """Bytes as written on labels: decimal units, and the exact number."""
    if count is None:
        return str(_("not known yet"))
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if count >= unit:
            return f"{format_decimal(round(count / unit, 1))} {name} ({format_decimal(count)} B)"
    return f"{format_decimal(count)} B"


def steps_of(job: WipeJob, verification: Verification | None) -> list[Step]:
    """The way like a parcel's: registered, agreed to, being wiped, being verified, passed or not."""
    times = {
        "opened": job.opened_at,
        "consented": job.consent_at,
        "wiping": job.started_at,
        "accepted": verification.at if verification else None,
    }
    ended = job.state in ("rejected", "cancelled")
    reached = _reached(job, verification)
    steps = []
    for index, name in enumerate(WAY[:-1]):
        state = "done" if index < reached or job.state == "accepted" else "todo"
        if index == reached and not ended:
            state = "current"
        elif ended and index >= reached:
            state = "skipped"
        text = _(JOB[name].help) if state == "current" else None
        steps.append(Step(_(JOB[name].label), state, when(times.get(name)), text))
    steps.append(_last_step(job, times["accepted"]))
    return steps


def _reached(job: WipeJob, verification: Verification | None) -> int:
    if job.state in WAY:
        return WAY.index(job.state)
    if verification is not None:
        return len(WAY) - 1
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
        trials=[_trial(j) for j in reversed(judgements)],
    )


def _trial(one: Judgement) -> Trial:
    words = {"pass": _("Passed"), "fail": _("Failed"), "unknown": _("Doesn't say")}
    href = f"/evidence/{one.evidence_id}"
    return Trial(
        verdict=one.verdict,
        word=words[one.verdict],
        tone=TONES[one.verdict],
        reasons=[_(explain.sentence(code)) for code in one.reasons],
        facts=[*_row_facts(one.device or {}), *_findings(one, href)] if one.device else _findings(one, href),
        told=_told(one.device or {}),
        rules=f"{one.profile} {one.profile_version} · {one.parser_version}",
        file_href=href,
        at=when(one.at) or "",
    )


def _told(device: dict[str, Any]) -> list[tuple[str, str]]:
    """What the tool says it did, in its own words."""

    def text(value: Any) -> str:
        return _("unknown") if value is None else str(value)

    if not device:
        return []
    return [
        (_("Serial in the file"), text(device.get("serial"))),
        (_("Method"), text(device.get("method"))),
        (_("Passes done"), text(device.get("passes_done"))),
        (_("of them random"), text(device.get("random_passes"))),
        (_("Size in the file"), size_of(device.get("capacity_bytes"))),
        (_("Written by every pass at least"), size_of(device.get("bytes_written"))),
        (_("Began (the tool's clock)"), text(device.get("started"))),
        (_("Ended (the tool's clock)"), text(device.get("finished"))),
    ]


def _row_facts(device: dict[str, Any]) -> list[Fact]:
    errors, status = device.get("errors"), device.get("status")
    return [
        Fact(_("The tool finished the wipe"), None if status is None else status == "erased", True),
        Fact(_("Every pass reached the end of the medium"), _reached_end(device), True),
        Fact(_("The result was read back and matched"), device.get("verified"), True),
        Fact(_("Errors were met"), None if errors is None else errors > 0, False),
        Fact(_("Hidden sectors were found"), device.get("hidden_sectors"), False),
    ]


def _reached_end(device: dict[str, Any]) -> bool | None:
    written, size = device.get("bytes_written"), device.get("capacity_bytes")
    return None if written is None or size is None else bool(written >= size)


def _findings(one: Judgement, href: str) -> list[Fact]:
    facts = []
    for finding in one.findings:
        label, good_when = explain.finding_words(finding["code"])
        lines = [(number, f"{href}?line={number}#L{number}") for number in finding.get("lines") or ()]
        facts.append(Fact(_(label), finding.get("value"), good_when, lines=lines))
    return facts
