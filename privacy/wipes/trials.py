"""One judgement of a medium as pages show it: verdict, reasons, what the file shows, how strong a proof it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import format_datetime, format_decimal
from flask_babel import gettext as _

from core.goods.cards import text
from privacy.clearance.checklist_reasons import GRADES
from privacy.clearance.checklist_rules import PARSERS
from privacy.clearance.grade import SENTENCES
from privacy.clearance.profiles import UnknownProfile, get_profile
from privacy.clearance.terms import SHORT_LEVELS, TECHNIQUES
from privacy.wipes import explain
from privacy.wipes.models import Judgement

TONES = {"pass": "good", "fail": "bad", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding of a file: value true, false or None (unknown). `lines`: (number, address in the raw view)."""

    label: str
    value: bool | None
    good_when: bool | None
    text: str | None = None
    lines: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """What a profile that doesn't gate here said, for comparison only."""

    name: str
    href: str
    word: str
    tone: str
    says: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One judgement of a medium. `reasons`: sentences that say what the file shows and what to do. `grade`: E0 to E5, or ""
    for a judgement made before grades; `rule`: the row of the profile's table and its address, or two empty texts."""

    verdict: str
    word: str
    tone: str
    reasons: Sequence[str]
    facts: Sequence[Fact]
    told: Sequence[tuple[str, str]]
    rules: str
    rule: tuple[str, str]
    grade: str
    grade_says: str
    level: str
    others: Sequence[Other]
    file_href: str
    at: str


def trial_of(one: Judgement) -> Trial:
    """A judgement in the reader's language."""
    href, device = f"/evidence/{one.evidence_id}", one.device or {}
    return Trial(
        verdict=one.verdict,
        word=verdict_word(one.verdict),
        tone=TONES[one.verdict],
        reasons=[_(explain.sentence(code)) for code in one.reasons],
        facts=[*(_row_facts(device) if one.device else ()), *_code_fact(one), *_findings(one, href)],
        told=_told(device),
        rules=f"{one.profile} {one.profile_version} · {one.parser_version}",
        rule=_rule(one),
        grade=one.grade,
        grade_says=_(_grades(one)[one.grade]) if one.grade else "",
        level=_(SHORT_LEVELS[one.level]) if one.level else "",
        others=[_other(id, said) for id, said in sorted((one.others or {}).items())],
        file_href=href,
        at=str(format_datetime(one.at, "medium")),
    )


def verdict_word(verdict: str) -> str:
    return str({"pass": _("Passed"), "fail": _("Failed"), "unknown": _("Doesn't say")}[verdict])


def size_of(count: int | None) -> str:
    """Bytes as written on labels: decimal units, and the exact number."""
    if count is None:
        return str(_("not known yet"))
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if count >= unit:
            return f"{format_decimal(round(count / unit, 1))} {name} ({format_decimal(count)} B)"
    return f"{format_decimal(count)} B"


def _rule(one: Judgement) -> tuple[str, str]:
    """The row it was judged by, as that version of the profile has it."""
    try:
        profile = get_profile(one.profile, one.profile_version)
    except UnknownProfile:
        return "", ""
    title = next((text(row.title, g.language) for row in profile.rows if row.id == one.rule), "")
    return title, f"/profiles/{profile.id}?version={profile.version}#{one.rule}" if title else ""


def _other(id: str, said: dict[str, Any]) -> Other:
    verdict, codes = str(said["verdict"]), said.get("reasons") or ()
    short = SHORT_LEVELS.get(str(said.get("level")), "")
    level = _(short) if short else ""
    says = " ".join(_(explain.sentence(code)) for code in codes) or level
    name = f"{id} {said.get('version', '')}".strip()
    return Other(name, f"/profiles/{id}?version={said.get('version', '')}", verdict_word(verdict), TONES[verdict], says)


def _grades(one: Judgement) -> Mapping[str, str]:
    """A check-list is no tool's file, so that its grades have words of their own."""
    return GRADES if one.parser_version.startswith(PARSERS) else SENTENCES


def _told(device: dict[str, Any]) -> list[tuple[str, str]]:
    """What the tool says it did, in its own words."""

    def said(value: Any) -> str:
        return _("unknown") if value is None else str(value)

    if not device:
        return []
    technique = device.get("technique")
    if technique in (None, "overwrite"):
        amount = [
            (_("Passes done"), said(device.get("passes_done"))),
            (_("of them random"), said(device.get("random_passes"))),
            (_("Written by every pass at least"), size_of(device.get("bytes_written"))),
        ]
    else:
        amount = [(_("What was done"), _(TECHNIQUES[technique]) if technique in TECHNIQUES else said(technique))]
    return [
        (_("Serial in the file"), said(device.get("serial"))),
        (_("Method"), said(device.get("method"))),
        *amount,
        (_("Size in the file"), size_of(device.get("capacity_bytes"))),
        (_("Began (the tool's clock)"), said(device.get("started"))),
        (_("Ended (the tool's clock)"), said(device.get("finished"))),
    ]


def _row_facts(device: dict[str, Any]) -> list[Fact]:
    errors, status = device.get("errors"), device.get("status")
    finished = Fact(_("The tool finished the wipe"), None if status is None else status == "erased", True)
    met = Fact(_("Errors were met"), None if errors is None else errors > 0, False)
    if device.get("technique") not in (None, "overwrite"):
        since = (device.get("counters") or {}).get("data_erased")
        return [
            finished,
            Fact(_("Nothing was written to the medium since the wipe"), since, True),
            Fact(_("A drive password is set"), device.get("security_enabled"), False),
            met,
        ]
    return [
        finished,
        Fact(_("Every pass reached the end of the medium"), _reached_end(device), True),
        Fact(_("The result was read back and matched"), device.get("verified"), True),
        met,
        Fact(_("Hidden sectors were found"), device.get("hidden_sectors"), False),
    ]


def _code_fact(one: Judgement) -> list[Fact]:
    """Stated for every judgement made since it is looked for."""
    return [Fact(_("The file carries this job's challenge code"), one.challenge, True)] if one.grade else []


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
