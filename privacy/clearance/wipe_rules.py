"""What one row of a file shows to have been done to a medium, held against a rule. Pure.

Where a log breaks off before it tells the outcome, a pass that isn't there may still have been made, so only what was asked
for counts."""

from privacy.clearance.profile import MediumRule, Profile
from privacy.evidence.model import DeviceRow, Evidence

# Bytes per second that no medium of the kind can be faster than. Magnetic: the fastest disks sold, with two sets of heads
# (Seagate Exos 2X18, data sheet [memory]), move up to 554 MB/s at their outer edge, all others half of it. Flash: four lanes of
# PCIe 5.0. Only what is impossible is called a contradiction, not what is unusual.
TOP_SPEED = {"magnetic": 600_000_000, "semiconductor": 16_000_000_000}
# and what its interface carries: SATA's 6 Gbit/s are 600 MB/s of data
BUS_SPEED = {"ATA": 600_000_000, "IDE": 600_000_000}
# A tool may be given back what the computer still holds in memory, which is no medium read; nothing is faster than memory is
MEMORY_SPEED = 100_000_000_000
# the log's clock ticks in seconds, so 0 s may have been almost 1 s (genuine 64 MiB samples show 0 s)
RESOLUTION = 1


def technique_of(evidence: Evidence, row: DeviceRow) -> str | None:
    """What the file shows to have been done. The log of a tool that overwrites need not say so; a file that tells a
    device's state, or what somebody states, shows nothing unless it says what. An overwrite by the device's own command, which
    is the only one that a state can tell of, reaches more than a host can write to."""
    if row.technique == "overwrite" and (row.own_command or evidence.kind == "state"):
        return "sanitize_overwrite"
    return row.technique or ("overwrite" if evidence.kind == "run" else None)


def done(
    evidence: Evidence, row: DeviceRow, technique: str | None, profile: Profile, rule: MediumRule, capacity: int | None
) -> list[str]:
    """What speaks against the wipe that this row tells of."""
    if technique is None:
        # a statement is refused as such; a state tells at best that nothing was ever done, and what is left on the medium
        unfinished = why_unfinished(evidence, row)
        told = [unfinished if unfinished != "truncated" else "not_a_wipe"] if evidence.kind != "statement" else []
        return left_behind(row) + told
    reasons = left_behind(row)
    if technique != "overwrite":
        return reasons + commanded(evidence, row)
    reasons += outcome(row) + verification(row, profile, rule.kind)
    # a tool that only looked wrote nothing: saying so once is enough
    if row.verification != "only":
        reasons += passes(row, rule, evidence.complete) + size(row, capacity)
    return reasons


def commanded(evidence: Evidence, row: DeviceRow) -> list[str]:
    """A wipe by the medium's own command: its controller attests that it ended and that nothing was written since.

    Source: NVMe Base Specification, Sanitize Status log page (SSTAT, Global Data Erased) and ATA ACS sanitize status, as
    their tools print them [seen in nvme-cli]. ATA has no mark of later writes: the counters are for that."""
    reasons: list[str] = []
    if row.status in ("aborted", "failed"):
        reasons.append(row.status)
    if row.errors:
        reasons.append("errors")
    if row.status is None:
        reasons.append(why_unfinished(evidence, row))
    erased = row.counters.data_erased if row.counters else None
    if erased is False:
        reasons.append("data_written_since")
    elif erased is None and row.bus != "ATA":
        reasons.append("erasure_unconfirmed")
    return reasons


def why_unfinished(evidence: Evidence, row: DeviceRow) -> str:
    """Why a file tells no outcome: never begun, still running, or it simply isn't there."""
    for code in ("never_wiped", "in_progress"):
        if any(f.code == code and f.value is True and f.node in (None, row.node) for f in evidence.findings):
            return code
    return "truncated"


def left_behind(row: DeviceRow) -> list[str]:
    """What holds for every technique: nothing hidden, no password of a stranger."""
    reasons = ["security_left_on"] if row.security_enabled else []
    more = row.native_bytes is not None and row.capacity_bytes is not None and row.native_bytes > row.capacity_bytes
    if more or row.hidden_sectors:
        reasons.append("hidden_sectors")
    return reasons


def outcome(row: DeviceRow) -> list[str]:
    """How the tool says that it ended."""
    reasons = []
    if row.verification == "only":
        reasons.append("verify_only")
    if row.status in ("aborted", "failed"):
        reasons.append(row.status)
    if row.errors:
        reasons.append("errors")
    if row.hidden_unknown and not row.hidden_sectors:
        reasons.append("hidden_unknown")
    if row.status is None or row.errors is None:
        reasons.append("truncated")
    return reasons


def passes(row: DeviceRow, rule: MediumRule, complete: bool) -> list[str]:
    """Method passes over all rounds; if the log breaks off before the outcome, those that were asked for."""
    told = complete or row.status is not None
    count = row.passes_done if told else row.passes_asked
    random = row.random_passes if told else row.random_asked
    reasons = []
    if count is None:
        reasons.append("truncated")
    elif count < rule.least_passes:
        reasons.append("too_few_passes")
    if random is None:
        reasons.append("method_unknown")
    elif random < rule.least_random_passes:
        reasons.append("no_random_pass")
    return reasons


def verification(row: DeviceRow, profile: Profile, medium: str) -> list[str]:
    """Read back by the tool itself, where the profile asks for it, and from the medium."""
    if not profile.verification:
        return []
    if row.verified is False:
        return ["not_verified"]
    if row.verified and _too_fast(row.bytes_written or 0, row.quickest_read, _top_speed(row, medium)):
        return ["read_from_memory"]
    return [] if row.verified and row.verification else ["truncated"]


def size(row: DeviceRow, capacity: int | None) -> list[str]:
    """Every pass must have reached the end of the medium: of the size asked for and of the size the file
    itself tells."""
    needed = max((one for one in (capacity, row.capacity_bytes) if one is not None), default=None)
    if needed is None or row.bytes_written is None:
        return ["capacity_unknown"]
    return ["bytes_short"] if row.bytes_written < needed else []


def contradicts(row: DeviceRow, medium: str) -> bool:
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
    """Ended before it began, written faster than the medium or its interface can be, or read faster than memory."""
    if row.seconds is not None and row.seconds < 0:
        return True
    written, speed = row.bytes_written or 0, _top_speed(row, medium)
    total = row.total_written if row.total_written is not None else written * (row.passes_done or 0)
    return (
        _too_fast(total, row.seconds, speed)
        or _too_fast(written, row.quickest_pass, speed)
        or _too_fast(written, row.quickest_read, MEMORY_SPEED)
    )


def _top_speed(row: DeviceRow, medium: str) -> int:
    return min(TOP_SPEED[medium], BUS_SPEED.get(row.bus or "", TOP_SPEED[medium]))


def _too_fast(amount: int, seconds: int | None, speed: int) -> bool:
    # a clock may be set back by a few seconds while a pass runs
    return seconds is not None and amount > speed * (max(seconds, 0) + RESOLUTION)
