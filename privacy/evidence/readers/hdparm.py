"""Reads what `hdparm -I`, `-N`, `--dco-identify`, `--sanitize-status` and its sanitize commands print, one or several after
another in a file. Nothing of it carries a time.

Source: hdparm's source (9.48 to 9.65) and runs of 9.65 on emulated disks.
"""

import re
from collections.abc import Iterator

from privacy.evidence.model import Evidence, Finding, Lock
from privacy.evidence.readers.hdparm_device import Device, lines_of
from privacy.evidence.readers.hdparm_rows import device_findings, row_of
from privacy.evidence.readers.marks import gap, is_whole, note
from privacy.evidence.readers.text import LONGEST_LINE, Text

FORMAT = "hdparm-text"
PARSER = "hdparm 2"
MOST_DEVICES = 256
MOST_LINES = 20_000  # 150 disks with all their answers

_NODE = re.compile(r"(/dev/[A-Za-z0-9/._-]{1,60}):\s*")
_OWN_WORDS = re.compile(
    r"(?:ATA|ATAPI \S{1,40},?|CompactFlash ATA) ?device, with |\s?max sectors   = |Issuing SANITIZE_"
    r"|SANITIZE feature set is not supported|DCO (?:Checksum|Revision)"
)


def recognises(text: Text) -> bool:
    """A device's heading and, under it, words that only hdparm uses."""
    headed = False
    for line in text.lines:
        if line.startswith("/dev/"):
            headed = headed or _NODE.fullmatch(line[:80]) is not None
        elif headed and _OWN_WORDS.match(line):
            return True
    return False


def devices_in(text: Text) -> Iterator[Device]:
    """One for each node, its outputs put together."""
    found: dict[str, Device] = {}
    current: Device | None = None
    for number, line in enumerate(text.lines[:MOST_LINES], 1):
        if not line or len(line) > LONGEST_LINE:
            continue
        if line.startswith("/dev/") and (hit := _NODE.fullmatch(line)):
            if hit[1] not in found and len(found) == MOST_DEVICES:
                current = None
                continue
            current = found.setdefault(hit[1], Device(hit[1]))
            current.begin(number)
        elif current is not None:
            current.take(number, line)
    yield from found.values()


def password_of(device: Device) -> Lock:
    """A drive without the feature set has no such lock; that it wasn't printed doesn't tell."""
    return Lock(kind="ata_password", on=device.security("enabled"), lines=lines_of(device, "enabled"))


def read(text: Text, sha256: str) -> Evidence:
    """All outputs, put together by device node. A run only if one of them started a sanitize."""
    found = list(devices_in(text))
    findings: list[Finding] = list(text.findings)
    if len(found) == MOST_DEVICES or len(text.lines) > MOST_LINES:
        findings.append(gap("too_many_devices"))
    for device in found:
        findings += device_findings(device)
    findings.append(note("time_zone", None))
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="hdparm",
        tool_version=None,
        complete=is_whole(findings),
        devices=tuple(row_of(device) for device in found),
        findings=tuple(findings),
        kind="run" if any(device.commands for device in found) else "state",
        locks=tuple(password_of(device) for device in found),
        real_seen=not any(device.sanitize_asked for device in found),
    )
