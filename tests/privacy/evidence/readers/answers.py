"""What devices answered to real tools, and made-up answers of formats that can't be had here; with what each should be read as."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from privacy.evidence.model import DeviceRow, Evidence, Unreadable
from privacy.evidence.readers import read

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "wipe" / "answers"


@functools.cache
def manifest() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8")))


def of_tool(*tools: str) -> list[dict[str, Any]]:
    return [entry for entry in manifest() if entry["tool"] in tools]


@functools.cache
def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def text(name: str) -> str:
    return raw(name).decode("utf-8")


def told(row: DeviceRow, name: str) -> object:
    """A row's value as the manifest spells it."""
    if name == "data_erased":
        return row.counters.data_erased if row.counters else None
    if name == "written":
        return row.counters.bytes_written if row.counters else None
    value = getattr(row, name)
    return [list(pair) for pair in value] if name == "identities" else value


def codes(evidence: Evidence, value: bool | None = True) -> set[str]:
    return {finding.code for finding in evidence.findings if finding.value is value}


def details(evidence: Evidence) -> set[str]:
    """Which contradictions and gaps."""
    return {finding.detail or "" for finding in evidence.findings if finding.code in ("contradiction", "gap")}


def assert_read_as(entry: dict[str, Any]) -> None:
    """The whole of a manifest's expectation."""
    expect = entry["expect"]
    if "refused" in expect:
        with pytest.raises(Unreadable) as caught:
            read(raw(entry["file"]))
        assert caught.value.code == expect["refused"]
        return
    evidence = read(raw(entry["file"]))
    assert (evidence.tool, evidence.sha256, evidence.complete) == (entry["tool"], entry["sha256"], expect["complete"]), details(evidence)
    assert evidence.kind == expect.get("kind", "state")
    shown = [{name: told(row, name) for name in wanted} for row, wanted in zip(evidence.devices, expect["devices"], strict=True)]
    assert shown == expect["devices"]
    assert set(expect["found"]) <= codes(evidence) and set(expect.get("false", ())) <= codes(evidence, False)
    assert details(evidence) == set(expect.get("details", ()))
    if "locks" in expect:
        assert [lock.on for lock in evidence.locks] == expect["locks"]
