"""Genuine logs for the evidence tests, and the small edits that make each forgery from one of them."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from privacy.clearance.profiles import get_profile
from privacy.clearance.rules import Verdict, judge
from privacy.evidence.model import Evidence
from privacy.evidence.readers import read

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "wipe"
PROFILE = get_profile("CN-GB46864-2025")

DODSHORT = "nwipe-0.34-hdd-dodshort.log"  # three passes, verified, on a disk with a serial: the genuine twin
DISK = "WD-WCAYU4R7X19K"
NEWEST = "nwipe-0.42-hdd-dodshort.log"
TWO_DISKS = "nwipe-0.34-two-disks.log"
DRIVE = "S2RANX0H613905"


@dataclass(frozen=True)
class Expected:
    """One line of the manifest: a file, one of its serials, and what the judge should say."""

    file: str
    serial: str | None
    medium: str
    verdicts: tuple[str, ...]
    reasons: frozenset[str]

    def __str__(self) -> str:
        return f"{self.file.removesuffix('.log')}:{self.serial or 'unnamed'}"


@functools.cache
def manifest() -> tuple[dict[str, object], ...]:
    entries = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return tuple(entry for entry in entries if entry["tool"] == "nwipe")


def expectations() -> list[Expected]:
    found = []
    for entry in manifest():
        disks: list[dict[str, str]] = entry["disks"]  # type: ignore[assignment]
        for serial, said in entry["expect"].items():  # type: ignore[attr-defined]
            disk = next((disk for disk in disks if disk["serial"] == serial), disks[0])
            verdicts = (said["verdict"], *said.get("also_allowed", ()))
            reasons = frozenset(said.get("reasons", ()))
            found.append(Expected(str(entry["file"]), serial or None, disk["medium"], verdicts, reasons))
    return found


@functools.cache
def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def text(name: str) -> str:
    return raw(name).decode("utf-8")


def verdict_of(log: str | bytes, medium: str = "magnetic", serial: str | None = None, capacity: int | None = None) -> Verdict:
    return judge(read(log if isinstance(log, bytes) else log.encode()), None, PROFILE, medium, serial, capacity)


def details(evidence: Evidence) -> set[str]:
    """Which kinds of contradiction and gap were seen."""
    return {finding.detail for finding in evidence.findings if finding.detail}


@dataclass
class Edit:
    """A log as lines. Every edit insists that it changes something, so that no test edits thin air."""

    lines: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, name: str) -> "Edit":
        return cls(text(name).split("\n"))

    def change(self, old: str, new: str, *, times: int = 0) -> "Edit":
        """Replace `old` in every line that holds it, or in the first `times` of them."""
        left = times or len(self.lines)
        done, lines = 0, []
        for line in self.lines:
            if old in line and done < left:
                line, done = line.replace(old, new), done + 1
            lines.append(line)
        assert done, f"no line holds {old!r}"
        return Edit(lines)

    def drop(self, part: str) -> "Edit":
        lines = [line for line in self.lines if part not in line]
        assert len(lines) < len(self.lines), f"no line holds {part!r}"
        return Edit(lines)

    def after(self, part: str, *new: str) -> "Edit":
        """New lines after the first one that holds `part`."""
        at = next(at for at, line in enumerate(self.lines) if part in line)
        return Edit([*self.lines[: at + 1], *new, *self.lines[at + 1 :]])

    def until(self, part: str) -> "Edit":
        """Cut off before the first line that holds `part`."""
        return Edit(self.lines[: next(at for at, line in enumerate(self.lines) if part in line)])

    def each(self, change: Callable[[str], str]) -> "Edit":
        return Edit([change(line) for line in self.lines])

    def __str__(self) -> str:
        return "\n".join(self.lines)
