"""Reads the text of a KillDisk certificate: what a PDF viewer copies out of it. A statement, as anybody can type it.

Source: the keys of the certificate as its users list them; no report of a real run was at hand.
"""

import re

from privacy.evidence.core_digest import core_of
from privacy.evidence.model import DeviceRow, Evidence, Finding, Status, Verification
from privacy.evidence.readers.labels import Section, sections
from privacy.evidence.readers.marks import clash, gap, identity_marks, is_whole, note
from privacy.evidence.readers.stamps import clock_seconds, stamp
from privacy.evidence.readers.text import Text

FORMAT = "killdisk-text"
PARSER = "killdisk 1"
_HEAD = re.compile(r"\s{0,20}Device Name\s{0,40}[:：]\s{0,40}(\S.{0,200})")
_TOOL = re.compile(r"KillDisk\b(?: for \w{1,20})?(?:,? v(?:er(?:sion|\.)?)?\.? ?([0-9][0-9.]{0,12}))?", re.IGNORECASE)
_KEYS = ("Product Name", "Serial Number", "Erase Method", "Verification", "Erase Range", "Started", "Duration", "Status")
_PASSES = re.compile(r".{0,80}\(?\b([0-9]{1,2}) ?pass(?:es)?\b.{0,80}", re.IGNORECASE)
_STATES: dict[str, Status] = {
    "success": "erased",
    "successful": "erased",
    "completed": "erased",
    "completed successfully": "erased",
    "erased": "erased",
    "failed": "failed",
    "error": "failed",
    "completed with errors": "failed",
    "stopped": "aborted",
    "cancelled": "aborted",
    "canceled": "aborted",
    "aborted": "aborted",
    "interrupted": "aborted",
}
_SEEN = 400  # lines in which the tool must name itself


def recognises(text: Text) -> bool:
    """Does it name the tool, and hold a device with an erase method?"""
    if not any(_TOOL.search(line[:200]) for line in text.lines[:_SEEN]):
        return False
    starts = {line.strip()[:24].split(":")[0].split("：")[0].strip() for line in text.lines}
    return {"Device Name", "Erase Method", "Status"} <= starts


def read(text: Text, sha256: str) -> Evidence:
    """One row for each `Device Name`."""
    parts = list(sections(text.lines, _title))
    findings = [*text.findings, Finding(code="unsigned_report", value=True), Finding(code="time_zone", value=None)]
    for part in parts:
        findings += _about(part)
    tool = next((hit for line in text.lines[:_SEEN] if (hit := _TOOL.search(line[:200]))), None)
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="killdisk",
        tool_version=tool[1] if tool else None,
        complete=is_whole(findings),
        devices=tuple(_row(part) for part in parts),
        findings=tuple(findings),
        kind="statement",
        real_seen=False,
    )


def _title(line: str) -> str | None:
    hit = _HEAD.fullmatch(line.rstrip())
    return hit[1] if hit else None


def _about(part: Section) -> list[Finding]:
    found = [gap(key, part.line) for key in _KEYS if part.get(key) is None]
    if twice := part.twice(_KEYS):
        found.append(clash("two values in one place", *twice))
    if part.get("Status") and _status(part) is None:
        found.append(note("unknown_state", True, *part.line_of("Status"), detail=part.get("Status")))
    if (clock_seconds(part.get("Duration")) == 0) and _status(part) == "erased":
        found.append(clash("instant erase", *part.line_of("Duration")))
    if (part.get("Erase Range") or "").lower() not in ("", "entire disk", "whole disk", "all sectors"):
        found.append(note("partial_range", True, *part.line_of("Erase Range"), detail=part.get("Erase Range")))
    return [*found, *identity_marks(part.get("Serial Number"), part.get("Product Name"), *part.line_of("Serial Number"))]


def _status(part: Section) -> Status | None:
    return _STATES.get((part.get("Status") or "").lower().rstrip("."))


def _verification(part: Section) -> Verification | None:
    said = (part.get("Verification") or "").lower()
    if said in ("none", "no", "off", "disabled", "0%", "not performed"):
        return "none"
    return "last" if said in ("100%", "full", "yes", "on", "enabled") else None


def _row(part: Section) -> DeviceRow:
    status, begin, seconds = _status(part), stamp(part.get("Started")), clock_seconds(part.get("Duration"))
    hit = _PASSES.fullmatch(part.get("Erase Method") or "")
    passes = int(hit[1]) if hit else None
    verification = _verification(part)
    return DeviceRow(
        node=part.title.strip()[:200],
        serial=part.get("Serial Number"),
        model=part.get("Product Name"),
        method=part.get("Erase Method"),
        passes_done=passes if status == "erased" else None,
        passes_asked=passes,
        verification=verification,
        verified=None if verification is None or status is None else status == "erased" and verification != "none",
        status=status,
        started=begin.iso if begin else None,
        seconds=seconds,
        technique="overwrite" if passes else None,
        core=core_of("killdisk", begin.moment.isoformat(), part.get("Duration")) if begin and seconds else None,
    )
