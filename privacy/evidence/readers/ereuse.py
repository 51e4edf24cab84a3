"""Reads snapshots of eReuse: the Workbench's (up to version 14, with erasures as actions of each component) and those of its
successor workbench-script, whose erase list is a list of intentions."""

from collections.abc import Iterator

from privacy.evidence.core_digest import core_of
from privacy.evidence.model import DeviceRow, Evidence, Finding, Kind, Technique
from privacy.evidence.readers.doc import Doc, Json, at, members, word
from privacy.evidence.readers.ereuse_media import Medium, media_clashes, media_of
from privacy.evidence.readers.ereuse_smart import disks_of, row_of, smart_findings
from privacy.evidence.readers.ereuse_steps import KINDS, Erasure, clashes
from privacy.evidence.readers.marks import identity_marks, is_whole
from privacy.evidence.readers.stamps import stamp, zone_of

FORMAT = "ereuse-snapshot"
PARSER = "ereuse 2"


def recognises(doc: Doc) -> bool:
    """A snapshot with components, or one with listings and an erase list."""
    value = doc.value
    if word(value, "type") != "Snapshot":
        return False
    old = isinstance(at(value, "components"), list) and isinstance(at(value, "device"), dict)
    return old or (isinstance(at(value, "data"), dict) and word(value, "software") is not None)


def read(doc: Doc, sha256: str) -> Evidence:
    """The whole snapshot. Nobody signs it, so it is a statement at most."""
    value = doc.value
    media = media_of(value)
    new = isinstance(at(value, "data"), dict) and not isinstance(at(value, "components"), list)
    rows, findings = _new(value) if new else _old(value, media)
    findings = [*doc.findings, Finding(code="unsigned_report", value=True), *findings]
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="ereuse-workbench-script" if new else "ereuse-workbench",
        tool_version=word(value, "version"),
        complete=is_whole(findings),
        devices=tuple(rows),
        findings=tuple(dict.fromkeys(findings)),
        kind=_kind(value, media, new),
        texts=tuple(_typed(value)),
        real_seen=False,
    )


def _kind(value: Json, media: list[Medium], new: bool) -> Kind:
    """A run only where steps of an overwriting tool are told; a list of intentions is a statement."""
    erasures = [erasure for medium in media for erasure in medium.erasures]
    if new:
        return "statement" if at(value, "erase") else "state"
    if any(not erasure.by_software for erasure in erasures):
        return "statement"
    return "run" if erasures else "state"


def _typed(value: Json) -> Iterator[str]:
    """Fields an operator fills."""
    for path in (("operator_id",), ("description",), ("device", "description")):
        if (found := word(value, *path)) is not None:
            yield found
    for tag in members(value, "device", "tags"):
        if (found := word(tag, "id")) is not None:
            yield found


def _new(value: Json) -> tuple[list[DeviceRow], list[Finding]]:
    disks, findings = disks_of(value)
    when = stamp(word(value, "timestamp"))
    findings += smart_findings(value, disks)
    if at(value, "erase"):
        # its own commands are never run, whatever the list holds
        findings.append(Finding(code="erase_not_executed", value=True, detail="/erase"))
    else:
        findings.append(Finding(code="nothing_wiped", value=True))
    return [row_of(disk, when.iso if when else None) for disk in disks], findings


def _old(value: Json, media: list[Medium]) -> tuple[list[DeviceRow], list[Finding]]:
    findings = [*media_clashes(value, media), _zone(media)]
    rows = []
    for medium in media:
        findings += _about(medium)
        rows += [_row(medium, erasure, number) for number, erasure in enumerate(medium.erasures, 1)] or [_untouched(medium)]
    if not any(medium.erasures for medium in media):
        findings.append(Finding(code="nothing_wiped", value=True))
    return rows, findings


def _zone(media: list[Medium]) -> Finding:
    times = [time for medium in media for erasure in medium.erasures for time in (erasure.begin, erasure.end) if time]
    return zone_of(times)


def _about(medium: Medium) -> Iterator[Finding]:
    yield from identity_marks(medium.serial, medium.model)
    if not medium.erasures:
        yield Finding(code="never_wiped", value=True, detail=medium.path)
    for erasure in medium.erasures:
        yield from clashes(erasure)
        if erasure.kind not in KINDS or (erasure.by_software and erasure.done() is None):
            yield Finding(code="unknown_method", value=True, detail=f"{erasure.kind}: {erasure.path}")
        elif not erasure.by_software:
            yield Finding(code="stated_only", value=True, detail=f"{erasure.kind}: {erasure.path}")


def _untouched(medium: Medium) -> DeviceRow:
    return DeviceRow(
        serial=medium.serial,
        model=medium.model,
        capacity_bytes=medium.capacity_bytes,
        bus=medium.interface,
        usb_bridge=medium.source == "bridge",
        medium=medium.medium,
        serial_source=medium.source,
    )


def _row(medium: Medium, erasure: Erasure, number: int) -> DeviceRow:
    technique: Technique | None = "overwrite" if erasure.by_software else None
    verified = None if erasure.verification is None or erasure.status is None else False
    if erasure.verification == "last" and erasure.status == "erased":
        verified = True
    return DeviceRow(
        serial=medium.serial,
        model=medium.model,
        capacity_bytes=medium.capacity_bytes,
        method=erasure.kind,
        passes_done=erasure.done(),
        passes_asked=len(erasure.steps) if erasure.by_software else None,
        random_passes=erasure.done("StepRandom"),
        rounds=1 if erasure.by_software else None,
        verification=erasure.verification,
        verified=verified,
        status=erasure.status,
        started=erasure.begin.iso if erasure.begin else None,
        finished=erasure.end.iso if erasure.end else None,
        run=number,
        bus=medium.interface,
        usb_bridge=medium.source == "bridge",
        seconds=erasure.seconds,
        quickest_pass=erasure.quickest,
        medium=medium.medium,
        technique=technique,
        serial_source=medium.source,
        core=core_of("ereuse", erasure.times) if erasure.times else None,
    )

