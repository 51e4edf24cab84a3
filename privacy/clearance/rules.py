"""Does this evidence show that this medium was wiped as the profile asks? Pure: values in, a verdict out."""

from collections.abc import Mapping, Sequence

from privacy.clearance.identity_rules import identity, select
from privacy.clearance.profile import Profile
from privacy.clearance.verdict import FAILS, UNKNOWNS, Answer, MediaVerdict, Medium, Verdict, answer, in_order
from privacy.clearance.wipe_rules import RESOLUTION, TOP_SPEED, contradicts, done, technique_of
from privacy.evidence.identity import same_serial
from privacy.evidence.model import DeviceRow, Evidence

__all__ = [
    "FAILS", "RESOLUTION", "TOP_SPEED", "UNKNOWNS", "Answer", "MediaVerdict", "Medium", "Verdict", "answer", "judge",
    "judge_media", "kind_differs", "select", "technique_of",
]  # fmt: skip


def judge(
    evidence: Evidence,
    device: DeviceRow | None,
    profile: Profile,
    medium: str,
    serial: str | None = None,
    capacity: int | None = None,
    accepts: Mapping[str, str] | None = None,
    registered: bool = False,
) -> Verdict:
    """Judge one medium (`magnetic` or `semiconductor`) by one file.

    `device` is the row to judge if the caller has chosen it already; else `serial` selects by normalised
    equality, and without a serial exactly one device must be there. `capacity` is the medium's native size in
    bytes; without it the file's own counts. `accepts` are the techniques of the profile's row for this device, in place of
    the medium's own. `registered`: `medium` is what the inventory has, so a file about the other kind speaks against it.
    Raises ValueError for a kind of medium that the profile has no rule for.
    """
    rule = profile.rule_for(medium)
    allowed = rule.accepts if accepts is None else accepts
    row, reasons = (device, []) if device is not None else select(evidence, serial)
    reasons += _file(evidence)
    technique = technique_of(evidence, row) if row is not None else None
    if row is not None:
        reasons += identity(evidence, row, serial)
        reasons += done(evidence, row, technique, profile, rule, capacity)
        if technique is not None and technique not in allowed:
            reasons.append("technique_insufficient")
        if contradicts(row, medium):
            reasons.append("contradiction")
        if registered and kind_differs(row, medium):
            reasons.append("medium_mismatch")
    found = answer(reasons)
    return Verdict(
        verdict=found,
        reasons=in_order(reasons),
        device=row,
        profile=profile.id,
        profile_version=profile.version,
        medium=medium,
        technique=technique,
        level=allowed.get(technique) if technique is not None and found == "pass" else None,
    )


def kind_differs(row: DeviceRow | None, medium: str) -> bool:
    """Does the file say that it is about the other kind of medium than the inventory has? The stricter rule could be dodged
    by entering a disk as flash."""
    return row is not None and row.medium is not None and row.medium != medium


def _file(evidence: Evidence) -> list[str]:
    reasons = [] if evidence.complete else ["truncated"]
    if evidence.has("contradiction"):
        reasons.append("contradiction")
    if evidence.has("ambiguous_rows") or evidence.has("serial_twice"):
        reasons.append("several_devices")
    if evidence.has("version_unknown"):
        reasons.append("version_unknown")
    if evidence.kind == "statement":
        reasons.append("statement_only")
    elif not evidence.real_seen:
        reasons.append("format_unproven")
    return reasons


# --- the whole device -------------------------------------------------------------------------------------


def judge_media(media: Sequence[Medium], profile: Profile) -> MediaVerdict:
    """Every medium of a device, each with its own evidence: a missing one, a doubtful one or two with one
    serial block the whole. An empty inventory is unknown: a device without any medium never comes here."""
    verdicts = tuple((medium.ref, _judge_one(medium, media, profile)) for medium in media)
    reasons = in_order([code for _, verdict in verdicts for code in verdict.reasons])
    if not media:
        reasons = ("not_covered",)
    return MediaVerdict(verdict=answer(reasons), reasons=reasons, media=verdicts)


def _judge_one(medium: Medium, media: Sequence[Medium], profile: Profile) -> Verdict:
    if medium.evidence is None:
        return _refused(medium, profile, "not_covered")
    if sum(same_serial(other.serial, medium.serial) for other in media) > 1:
        return _refused(medium, profile, "several_devices")
    # an unknown serial must not fall back to "the only device in the file": that file may be another medium's
    serial = medium.serial or ""
    return judge(
        medium.evidence, None, profile, medium.kind, serial, medium.capacity, accepts=medium.accepts, registered=True
    )


def _refused(medium: Medium, profile: Profile, code: str) -> Verdict:
    return Verdict(
        verdict="unknown",
        reasons=(code,),
        device=None,
        profile=profile.id,
        profile_version=profile.version,
        medium=medium.kind,
    )
