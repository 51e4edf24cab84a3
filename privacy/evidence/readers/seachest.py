"""Reads what openSeaChest_Erase and the information that any openSeaChest tool prints say, versions of 2017 to 2026 (older
ones call themselves SeaChest). Several runs may follow one another in a file.

Source: the project's Sample_Output.txt and the sentences in its source (Seagate/openSeaChest, opensea-operations), read; no
run of our own.
"""

import re
from collections.abc import Iterator

from privacy.evidence.core_digest import core_of
from privacy.evidence.model import DeviceRow, Evidence, Finding, Lock
from privacy.evidence.readers.marks import gap, is_whole, note
from privacy.evidence.readers.seachest_device import Device, Session
from privacy.evidence.readers.seachest_rows import device_findings, password_of, row_of
from privacy.evidence.readers.text import LONGEST_LINE, Text

FORMAT = "openseachest-text"
PARSER = "seachest 2"
MOST_DEVICES = 256
MOST_LINES = 20_000

_TOOL = r" {0,2}((?:open)?SeaChest(?:_[A-Za-z]{2,20})?)"
_HEAD = re.compile(_TOOL + r" - (?:openSeaChest|Seagate) drive utilities(?: - NVMe Enabled)?\s*")
_VERSION = re.compile(_TOOL + r" Version: ([0-9][0-9A-Za-z._-]{0,30})(?: \S{1,20})?\s*")
_TODAY = re.compile(r" {0,2}Today: ([0-9]{8}T[0-9]{6})(?:\s{1,8}User: .{0,60})?\s*")


def recognises(text: Text) -> bool:
    """The frame that every tool of the collection prints first."""
    return any(_HEAD.fullmatch(line) for line in text.lines if "drive utilities" in line and len(line) < 200)


def sessions_in(text: Text) -> Iterator[Session]:
    """One for each run of a tool."""
    current: Session | None = None
    for number, line in enumerate(text.lines[:MOST_LINES], 1):
        if not line or len(line) > LONGEST_LINE:
            continue
        if "drive utilities" in line and (hit := _HEAD.fullmatch(line)):
            if current is not None:
                yield current
            current = Session(hit[1], number)
        elif current is None:
            continue
        elif "Version: " in line[:60] and (hit := _VERSION.fullmatch(line)):
            current.version = hit[2]
        elif "Today: " in line[:12] and (hit := _TODAY.fullmatch(line)):
            current.today = hit[1]
        else:
            current.take(number, line)
    if current is not None:
        yield current


def read(text: Text, sha256: str) -> Evidence:
    """A run if any of the tool's runs tried to erase, a state if all only asked."""
    sessions = list(sessions_in(text))
    found = [(session, device) for session in sessions for device in session.devices][:MOST_DEVICES]
    findings: list[Finding] = list(text.findings)
    for session in sessions:
        if not session.devices:
            findings.append(gap("device_line", session.line))
    for session, device in found:
        findings += device_findings(session, device)
    if len(text.lines) > MOST_LINES or sum(len(session.devices) for session in sessions) > MOST_DEVICES:
        findings.append(gap("too_many_devices"))
    if len(sessions) > 1:
        findings.append(note("several_runs", True))
    findings.append(note("time_zone", None))
    versions = {session.version for session in sessions}
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="openSeaChest",
        tool_version=versions.pop() if len(versions) == 1 else None,
        complete=is_whole(findings),
        devices=tuple(_row(session, device, number) for number, (session, device) in enumerate(found)),
        findings=tuple(findings),
        kind="run" if any(device.began for _, device in found) else "state",
        locks=tuple(_locks(found)),
        real_seen=False,
    )


def _row(session: Session, device: Device, number: int) -> DeviceRow:
    """The digest needs the run's time; without it two runs can't be told apart."""
    told = (session.today, number, [kind for kind, _ in device.results], sorted(device.counted.items()))
    return row_of(session, device, core_of("openSeaChest", *told) if session.today and device.results else None)


def _locks(found: list[tuple[Session, Device]]) -> Iterator[Lock]:
    for _, device in found:
        if "ATA Security Information" in device.said:
            yield password_of(device)
