"""Does this evidence show that this medium was wiped as the profile asks? Pure: values in, a verdict out.

Source of the reasons: the contract in docs (commands, `evidence judge`). `fail` means the evidence shows the
rule unmet, `unknown` that it doesn't say; fail outranks unknown, unknown is never a pass, and a pass has no
reasons. Where a log breaks off before it tells the outcome, a pass that isn't there may still have been made, so
only what was asked for counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from privacy.clearance.profile import MediumRule, Profile
from privacy.evidence.identity import normalise_serial, same_serial
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
    "too_few_passes",
    "no_random_pass",
    "bytes_short",
    "not_verified",
)
UNKNOWNS = (
    "no_device",
    "several_devices",
    "no_serial",
    "anonymised",
    "truncated",
    "capacity_unknown",
    "method_unknown",
    "not_covered",
)

# Bytes per second that no medium of the kind can be faster than: 12 Gbit/s SAS for disks (the fastest sold
# write half of it), four lanes of PCIe 5.0 for flash. Only what is impossible is called a contradiction, not
# what is unusual.
TOP_SPEED = {"magnetic": 1_200_000_000, "semiconductor": 16_000_000_000}
# the log's clock ticks in seconds, so 0 s may have been almost 1 s (genuine 64 MiB samples show 0 s)
RESOLUTION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`reasons` are codes of FAILS and UNKNOWNS, empty for a pass. `device` is the row that was judged, if
    one was."""

    verdict: Answer
    reasons: tuple[str, ...]
    device: DeviceRow | None
    profile: str
    profile_version: str
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One storage medium of a device as the inventory knows it, and the evidence brought for it. `ref` is the
    house's own name for it; `capacity` is the native size in bytes, None if not known."""

    ref: str
    kind: str
    serial: str | None
    capacity: int | None = None
    evidence: Evidence | None = None


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


def _in_order(reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in (*FAILS, *UNKNOWNS) if code in reasons)


# --- which device -----------------------------------------------------------------------------------------


def select(evidence: Evidence, serial: str | None) -> tuple[DeviceRow | None, list[str]]:
    """The row to judge and what is doubtful about the choice. With a serial: the one row whose normalised
    serial is equal, never one that only begins alike. Without: the one device there is. A lone row is always
    judged: `_identity` says whether it is the right one."""
    rows = evidence.devices
    if not rows:
        return None, ["no_device"]
    if len(rows) == 1:
        return rows[0], []
    if serial is None:
        return None, ["several_devices"]
    equal = [row for row in rows if same_serial(row.serial, serial)]
    if len(equal) == 1:
        return equal[0], []
    return None, ["several_devices" if equal else _why_not_found(rows, serial)]


def _why_not_found(rows: Sequence[DeviceRow], serial: str) -> str:
    """Other devices' file, or one that doesn't say whose it is."""
    if any(row.anonymised for row in rows):
        return "anonymised"
    if normalise_serial(serial) is None or any(normalise_serial(row.serial) is None for row in rows):
        return "no_serial"
    return "serial_mismatch"


def _identity(evidence: Evidence, row: DeviceRow, serial: str | None) -> list[str]:
    if row.anonymised:
        return ["anonymised"]
    # a bridge that can't pass the drive's own answer through gives its own serial instead
    if normalise_serial(row.serial) is None or (row.usb_bridge and row.bus == "USB"):
        return ["no_serial"]
    reasons = []
    if sum(same_serial(other.serial, row.serial) for other in evidence.devices) > 1:
        reasons.append("several_devices")
    if serial is not None and not same_serial(row.serial, serial):
        # a serial that identifies nothing was asked for: that is no proof of another device
        reasons.append("serial_mismatch" if normalise_serial(serial) else "no_serial")
    return reasons


# --- what was done ----------------------------------------------------------------------------------------


def _file(evidence: Evidence) -> list[str]:
    reasons = [] if evidence.complete else ["truncated"]
    if evidence.has("contradiction"):
        reasons.append("contradiction")
    if evidence.has("ambiguous_rows") or evidence.has("serial_twice"):
        reasons.append("several_devices")
    return reasons


def _outcome(row: DeviceRow) -> list[str]:
    reasons = []
    if row.verification == "only":
        reasons.append("verify_only")
    if row.status in ("aborted", "failed"):
        reasons.append(row.status)
    if row.errors:
        reasons.append("errors")
    if row.hidden_sectors:
        reasons.append("hidden_sectors")
    if row.status is None or row.errors is None:
        reasons.append("truncated")
    return reasons


def _passes(row: DeviceRow, rule: MediumRule, complete: bool) -> list[str]:
    """Method passes over all rounds; if the log breaks off before the outcome, those that were asked for."""
    told = complete or row.status is not None
    passes = row.passes_done if told else row.passes_asked
    random = row.random_passes if told else row.random_asked
    reasons = []
    if passes is None:
        reasons.append("truncated")
    elif passes < rule.least_passes:
        reasons.append("too_few_passes")
    if random is None:
        reasons.append("method_unknown")
    elif random < rule.least_random_passes:
        reasons.append("no_random_pass")
    return reasons


def _verification(row: DeviceRow, profile: Profile) -> list[str]:
    if not profile.verification:
        return []
    if row.verified is False:
        return ["not_verified"]
    return [] if row.verified and row.verification else ["truncated"]


def _size(row: DeviceRow, capacity: int | None) -> list[str]:
    """Every pass must have reached the end of the medium: of the size asked for and of the size the file
    itself tells."""
    needed = max((size for size in (capacity, row.capacity_bytes) if size is not None), default=None)
    if needed is None or row.bytes_written is None:
        return ["capacity_unknown"]
    return ["bytes_short"] if row.bytes_written < needed else []


def _contradicts(row: DeviceRow, medium: str) -> bool:
    """Facts of one row that can't all be true."""
    more = (
        _exceeds(row.passes_done, row.passes_asked)
        or _exceeds(row.random_passes, row.passes_done)
        or _exceeds(row.bytes_written, row.capacity_bytes)
    )
    erased_badly = row.status == "erased" and bool(row.errors)
    unasked = row.verification == "none" and row.verified is True
    return more or erased_badly or unasked or _impossible_time(row, medium)


def _exceeds(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole


def _impossible_time(row: DeviceRow, medium: str) -> bool:
    """Ended before it began, or written faster than the medium's interface can carry."""
    if row.seconds is not None and row.seconds < 0:
        return True
    written, passes = row.bytes_written or 0, row.passes_done or 0
    return _too_fast(written * passes, row.seconds, medium) or _too_fast(written, row.quickest_pass, medium)


def _too_fast(amount: int, seconds: int | None, medium: str) -> bool:
    return seconds is not None and amount > TOP_SPEED[medium] * (seconds + RESOLUTION)


def judge(
    evidence: Evidence,
    device: DeviceRow | None,
    profile: Profile,
    medium: str,
    serial: str | None = None,
    capacity: int | None = None,
) -> Verdict:
    """Judge one medium (`magnetic` or `semiconductor`) by one file.

    `device` is the row to judge, or None to choose it by `serial`, or, without one, the only row there is.
    `capacity` is the medium's native size in bytes; without it the file's own. Raises ValueError for a kind
    of medium that the profile has no rule for.
    """
    rule = profile.rule_for(medium)
    row, reasons = (device, []) if device is not None else select(evidence, serial)
    reasons += _file(evidence)
    if row is not None:
        reasons += _identity(evidence, row, serial)
        reasons += _outcome(row) + _verification(row, profile)
        # a tool that only looked wrote nothing: saying so once is enough
        if row.verification != "only":
            reasons += _passes(row, rule, evidence.complete) + _size(row, capacity)
        if _contradicts(row, medium):
            reasons.append("contradiction")
    return Verdict(
        verdict=answer(reasons),
        reasons=_in_order(reasons),
        device=row,
        profile=profile.id,
        profile_version=profile.version,
        medium=medium,
    )


# --- the whole device -------------------------------------------------------------------------------------


def judge_media(media: Sequence[Medium], profile: Profile) -> MediaVerdict:
    """Every medium of a device, each with its own evidence: a missing one, a doubtful one or two with one
    serial block the whole. An empty inventory is unknown: a device without any medium never comes here."""
    verdicts = tuple((medium.ref, _judge_one(medium, media, profile)) for medium in media)
    reasons = _in_order([code for _, verdict in verdicts for code in verdict.reasons])
    if not media:
        reasons = ("not_covered",)
    return MediaVerdict(verdict=answer(reasons), reasons=reasons, media=verdicts)


def _judge_one(medium: Medium, media: Sequence[Medium], profile: Profile) -> Verdict:
    if medium.evidence is None:
        return _refused(medium, profile, "not_covered")
    if sum(same_serial(other.serial, medium.serial) for other in media) > 1:
        return _refused(medium, profile, "several_devices")
    # an unknown serial must not fall back to "the only device in the file": that file may be another medium's
    return judge(medium.evidence, None, profile, medium.kind, medium.serial or "", medium.capacity)


def _refused(medium: Medium, profile: Profile, code: str) -> Verdict:
    return Verdict(
        verdict="unknown",
        reasons=(code,),
        device=None,
        profile=profile.id,
        profile_version=profile.version,
        medium=medium.kind,
    )
