"""Reads `manage-bde -status` of English and Chinese Windows: which volumes BitLocker holds. A state, never a wipe.

Source: the command's documentation and its output on Windows 10 and 11 as people publish it; no run of our own.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from privacy.evidence.model import Evidence, Finding, Lock
from privacy.evidence.readers.labels import Section, sections
from privacy.evidence.readers.manage_bde_words import words
from privacy.evidence.readers.marks import clash, gap, is_whole, note
from privacy.evidence.readers.text import Text

FORMAT = "manage-bde-text"
PARSER = "manage-bde 1"
MOST_VOLUMES = 128
FIRST_LINES = 40  # the tool names itself above all volumes

_VERSION = re.compile(r" ?([0-9]{1,3}(?:\.[0-9]{1,6}){1,3})\s*")
_VOLUME = re.compile(r" ([A-Za-z]:|\\\\\?\\Volume\{[0-9a-fA-F-]{36}\}\\)\s*(?:\[.{0,80}\])?\s*")
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s?%")


def _title(line: str) -> str | None:
    for word in words().volume:
        if line.startswith(word) and (hit := _VOLUME.fullmatch(line[len(word) :])):
            return hit[1]
    return None


def _version(text: Text) -> str | None:
    """The tool's first line; None if it isn't there."""
    for line in text.lines[:FIRST_LINES]:
        plain = line.strip()[:200].replace("\uff1a", ":")
        for head in words().tool:
            if plain.startswith(head) and (hit := _VERSION.fullmatch(plain[len(head) :])):
                return hit[1]
    return None


def recognises(text: Text) -> bool:
    """The tool's own first line, or a volume with its conversion state under it."""
    return _version(text) is not None or any(volume.get(*words().labels["conversion"]) for volume in _volumes(text, most=4))


def _volumes(text: Text, most: int = MOST_VOLUMES) -> list[Section]:
    found = []
    for section in sections(text.lines, _title):
        found.append(section)
        if len(found) > most:
            break
    return found


def read(text: Text, sha256: str) -> Evidence:
    """Locks and findings for each volume; a volume isn't a medium, so there are no rows."""
    volumes, version = _volumes(text), _version(text)
    findings: list[Finding] = list(text.findings)
    if not volumes or len(volumes) > MOST_VOLUMES:
        findings.append(gap("volumes"))
    if version is None:
        findings.append(gap("tool_line"))
    for volume in volumes[:MOST_VOLUMES]:
        findings += _findings(volume)
    if len({volume.title.upper() for volume in volumes}) < len(volumes):
        findings.append(note("several_runs", True))
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="manage-bde",
        tool_version=version,
        complete=is_whole(findings),
        findings=tuple(findings),
        kind="state",
        locks=tuple(_lock(volume) for volume in volumes[:MOST_VOLUMES]),
        real_seen=False,
    )


def _printed(volume: Section, name: str) -> str | None:
    return volume.get(*words().labels[name])


def _said(volume: Section, name: str) -> str | None:
    """The value's meaning; None if it isn't there or these words aren't known."""
    return words().meaning[name].get(_printed(volume, name) or "")


def _lines(volume: Section, *names: str) -> tuple[int, ...]:
    return (volume.line, *volume.line_of(*(label for name in names for label in words().labels[name])))


def _lock(volume: Section) -> Lock:
    """On while the volume can't be read without a key: locked, or protected. Off only where nothing is encrypted and both are
    said to be off."""
    conversion, protection, lock = (_said(volume, name) for name in ("conversion", "protection", "lock"))
    on: bool | None = None
    if lock == "locked" or protection == "on":
        on = True
    elif (conversion, protection, lock) == ("decrypted", "off", "unlocked"):
        on = False
    return Lock(kind="bitlocker", on=on, lines=_lines(volume, "protection", "lock"))


def _findings(volume: Section) -> Iterator[Finding]:
    node, conversion = volume.title, _said(volume, "conversion")
    lines = _lines(volume, "conversion")
    for name in ("conversion", "percentage", "protection", "lock"):
        if _printed(volume, name) is None:
            yield gap(name, volume.line, node=node)
        elif name != "percentage" and _said(volume, name) is None:
            yield note("unknown_words", True, *_lines(volume, name), node=node, detail=name)
    encrypted = {"encrypted": True, "used_space": True, "decrypted": False}.get(conversion or "")
    yield note("volume_encrypted", encrypted, *lines, node=node, detail=conversion)
    if conversion == "used_space":
        yield note("used_space_only", True, *lines, node=node)
    if conversion in ("encrypting", "decrypting"):
        yield note("in_progress", True, *lines, node=node)
    yield from _disagreements(volume, conversion)


def _disagreements(volume: Section, conversion: str | None) -> Iterator[Finding]:
    share, node = _percentage(volume), volume.title
    if volume.is_cut:
        yield gap("too_long", volume.line, node=node)
    if share is not None and _impossible(share, conversion):
        yield clash("percentage_disagrees", *_lines(volume, "conversion", "percentage"), node=node)
    protected = _said(volume, "protection") == "on"
    if protected and conversion == "decrypted":
        yield clash("protection_disagrees", *_lines(volume, "conversion", "protection"), node=node)
    if protected and _printed(volume, "protectors") in words().none_found:
        yield clash("protectors_disagree", *_lines(volume, "protection", "protectors"), node=node)
    if doubled := volume.twice(words().all_labels):
        yield clash("said_twice", *doubled, node=node)


def _impossible(share: Decimal, conversion: str | None) -> bool:
    return share > 100 or (conversion == "decrypted" and share > 0) or (conversion == "encrypted" and share < 100)


def _percentage(volume: Section) -> Decimal | None:
    hit = _PERCENT.fullmatch((_printed(volume, "percentage") or "").replace("\uff05", "%"))
    return Decimal(f"{hit[1]}.{hit[2] or 0}") if hit else None
