"""What may be said of a medium: pass, fail or unknown, with the reasons. Values only.

Source of the reasons: the contract in docs (commands, `evidence judge`). `fail` means the evidence shows the rule unmet,
`unknown` that it doesn't say; fail outranks unknown, unknown is never a pass, and a pass has no reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from privacy.evidence.model import DeviceRow, Evidence

Answer = Literal["pass", "fail", "unknown"]

# in the order in which people are told
FAILS = (
    "verify_only",
    "aborted",
    "failed",
    "errors",
    "contradiction",
    "serial_mismatch",
    "hidden_sectors",
    "never_wiped",
    "data_written_since",
    "technique_insufficient",
    "medium_mismatch",
    "security_left_on",
    "too_few_passes",
    "no_random_pass",
    "bytes_short",
    "not_verified",
    "read_from_memory",
)
UNKNOWNS = (
    "no_device",
    "several_devices",
    "no_serial",
    "anonymised",
    "truncated",
    "capacity_unknown",
    "kind_untold",
    "hidden_unknown",
    "method_unknown",
    "version_unknown",
    "in_progress",
    "erasure_unconfirmed",
    "not_a_wipe",
    "statement_only",
    "format_unproven",
    "not_covered",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`reasons` are codes of FAILS and UNKNOWNS, empty for a pass. `device` is the row that was judged, if
    one was. `technique` is what it shows, and `level` (clear, purge) what the profile says that a pass reaches."""

    verdict: Answer
    reasons: tuple[str, ...]
    device: DeviceRow | None
    profile: str
    profile_version: str
    medium: str
    technique: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One storage medium of a device as the inventory knows it, and the evidence brought for it. `ref` is the
    house's own name for it; `capacity` is the native size in bytes, None if not known; `accepts` the techniques of the
    profile's row for it, None where the kind of medium decides alone."""

    ref: str
    kind: str
    serial: str | None
    capacity: int | None = None
    evidence: Evidence | None = None
    accepts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaVerdict:
    """The answer for the whole device: a pass only if every medium passes. `media` keeps the order asked
    in."""

    verdict: Answer
    reasons: tuple[str, ...]
    media: tuple[tuple[str, Verdict], ...]


def answer(reasons: Sequence[str]) -> Answer:
    """fail outranks unknown; no reason at all is a pass. A code that isn't in the tables counts as
    unknown."""
    if any(code in FAILS for code in reasons):
        return "fail"
    return "unknown" if reasons else "pass"


def in_order(reasons: Sequence[str]) -> tuple[str, ...]:
    """Each reason once, as people are told them."""
    return tuple(code for code in (*FAILS, *UNKNOWNS) if code in reasons)
