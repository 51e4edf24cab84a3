"""Report files for the readers' tests: nwipe's own PDF reports of emulated disks, and made-up files of formats that can't be
produced here; with what each should be read as."""

import functools
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from privacy.evidence.model import DeviceRow, Evidence, Unreadable, as_json
from privacy.evidence.readers import read
from tests.harness.json_shape import misfits, schema

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "wipe" / "reports"


@functools.cache
def pdf_files() -> dict[str, bytes]:
    """Everything in the archive: reports, and the logs of the same runs."""
    with tarfile.open(FOLDER / "nwipe-pdf.tar.xz") as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


@functools.cache
def pdf_manifest() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((FOLDER / "nwipe-pdf.json").read_text(encoding="utf-8")))


@functools.cache
def synthetic(*formats: str) -> tuple[dict[str, Any], ...]:
    entries = json.loads((FOLDER / "synthetic.json").read_text(encoding="utf-8"))
    return tuple(entry for entry in entries if entry["format"] in formats)


@functools.cache
def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def assert_read_as(entry: dict[str, Any]) -> Evidence:
    """The file says what the manifest, written before the reader saw it, says that it says."""
    evidence = read(raw(entry["file"]))
    assert (evidence.format, evidence.kind, evidence.tool_version) == (entry["format"], entry["kind"], entry["version"])
    assert evidence.real_seen is False, "no file of a real device has been read yet"
    assert len(evidence.devices) == len(entry["devices"])
    for row, wanted in zip(evidence.devices, entry["devices"], strict=True):
        assert {name: told(row, name) for name in wanted} == wanted
    findings = {finding.code: finding.value for finding in evidence.findings}
    assert {code: findings.get(code, "missing") for code in entry["findings"]} == entry["findings"]
    assert not set(entry["without"]) & set(findings), why(evidence)
    assert set(entry["texts"]) <= set(evidence.texts)
    printed = json.loads(json.dumps([{"file": entry["file"], **(as_json(evidence) or {})}]))
    assert misfits(printed, schema("evidence-read")) == []
    locks = {lock.kind: lock.on for lock in evidence.locks}
    assert {kind: locks.get(kind, "missing") for kind in entry["locks"]} == entry["locks"]
    return evidence


def told(row: DeviceRow, name: str) -> object:
    if name == "boot_count":
        return row.counters.boot_count if row.counters else None
    value = getattr(row, name)
    return [list(one) for one in value] if name == "identities" else value


def why(evidence: Evidence) -> list[str]:
    """The contradictions and gaps, in words."""
    return [finding.detail or finding.code for finding in evidence.findings if finding.code in ("contradiction", "gap")]


def clashes(data: bytes) -> str:
    """The details of all contradictions in the file, or `unreadable`."""
    try:
        found = read(data).findings
    except Unreadable:
        return "unreadable"
    return "; ".join(finding.detail or "" for finding in found if finding.code == "contradiction")


def changed(name: str, *edits: tuple[str, str]) -> bytes:
    """The file with some text replaced; every edit must find its text."""
    text = raw(name).decode()
    for old, new in edits:
        assert old in text, f"{old!r} isn't in {name}"
        text = text.replace(old, new)
    return text.encode()


def edited(name: str, edit: Callable[[Any], None]) -> bytes:
    """A JSON file after the edit."""
    value = json.loads(raw(name))
    edit(value)
    return json.dumps(value).encode()


def readable(data: bytes) -> Evidence | None:
    """What a hostile file is read as, or None if it is refused with a message. Anything else is a defect."""
    try:
        return read(data)
    except Unreadable as problem:
        assert problem.code in ("empty", "too_big", "binary", "not_text", "malformed", "unrecognised", "too_many_devices")
        return None
