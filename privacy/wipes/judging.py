"""One file held against one storage medium by a profile: by the row of its table that is for such a device."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.goods.intake import serial_of
from core.goods.models import StorageMedium
from core.goods.rules import normalise_serial
from privacy.clearance.grade import Proof, proof_of
from privacy.clearance.profile import DeviceRule, Profile
from privacy.clearance.profiles import get_profile, profile_ids
from privacy.clearance.rules import Verdict, judge
from privacy.evidence.model import Evidence
from privacy.wipes.queries import UNBOUND

MISMATCH, UNTOLD = "medium_mismatch", "kind_untold"
# the kind by which the other row is found
USUAL = {"magnetic": "hdd", "semiconductor": "ssd"}


@dataclass(frozen=True, slots=True)
class Decision:
    """`row` is None where no row of the table fits and the kind of medium decides alone."""

    verdict: Verdict
    row: DeviceRule | None

    @property
    def bound(self) -> bool:
        """Does the file name this very medium?"""
        return self.verdict.device is not None and not UNBOUND & set(self.verdict.reasons)


def decide(
    profile: Profile, category: str, medium: StorageMedium, evidence: Evidence, told: Collection[str] = ()
) -> Decision:
    """By the row for such a medium in a thing of this category. `told`: what it is made of, by other files about it or by a
    verifier's own look. Where nothing tells and the other kind's rule asks for more, what was entered isn't enough."""
    row = profile.find_row(category, medium.kind)
    verdict = _judged(profile, row, medium, medium.medium, evidence)
    own = verdict.device.medium if verdict.device else None
    kinds = {*told, *([own] if own else [])}
    if verdict.verdict != "pass":
        return Decision(verdict, row)
    if kinds - {medium.medium}:
        return Decision(replace(verdict, verdict="fail", reasons=(MISMATCH,), level=None), row)
    if not kinds and not _passes_as_the_other(profile, category, medium, evidence):
        return Decision(replace(verdict, verdict="unknown", reasons=(UNTOLD,), level=None), row)
    return Decision(verdict, row)


def _judged(profile: Profile, row: DeviceRule | None, medium: StorageMedium, made_of: str, evidence: Evidence) -> Verdict:
    serial = serial_of(medium)
    return judge(
        evidence,
        None,
        profile,
        made_of,
        serial=spelling(evidence, serial) or serial,
        capacity=medium.capacity_bytes,
        accepts=row.accepts if row else None,
        registered=True,
    )


def _passes_as_the_other(profile: Profile, category: str, medium: StorageMedium, evidence: Evidence) -> bool:
    """Would the same file do if the medium were of the other kind than was entered? Then its kind doesn't matter."""
    other = "magnetic" if medium.medium == "semiconductor" else "semiconductor"
    row = profile.find_row(category, USUAL[other])
    return _judged(profile, row, medium, other, evidence).verdict == "pass"


def asks_third_person(profile: Profile, decision: Decision, evidence: Evidence) -> bool:
    """Is a third person to confirm it: by the row of a pass, or by the one for encrypted drives where the file tells of one?"""
    if decision.verdict.verdict == "pass" and decision.row is not None and decision.row.third_person:
        return True
    drive = profile.find_platform("windows")
    return drive is not None and drive.third_person and evidence.has("volume_encrypted")


def spelling(evidence: Evidence, serial: str) -> str | None:
    """The register's serial as the file spells it (the register drops dashes and spaces, tools keep them)."""
    plain = normalise_serial(serial)
    same = {row.serial for row in evidence.devices if row.serial and normalise_serial(row.serial) == plain}
    return same.pop() if len(same) == 1 else None


def proof(
    decision: Decision, evidence: Evidence, challenge: str, begun: datetime | None = None, now: datetime | None = None
) -> Proof:
    """What the file alone proves, held against the job's code and times; the second person's acts come later."""
    row = decision.verdict.device
    return proof_of(evidence, bound=decision.bound, challenge=challenge, row=row, begun=begun, now=now)


def compared(
    gating: str, category: str, medium: StorageMedium, evidence: Evidence, told: Collection[str] = ()
) -> dict[str, Any]:
    """What the profiles that don't gate here say, for comparison only: {id: {version, verdict, reasons, level}}."""
    return {id: _told(get_profile(id), category, medium, evidence, told) for id in _without(gating)}


def _told(
    profile: Profile, category: str, medium: StorageMedium, evidence: Evidence, told: Collection[str]
) -> dict[str, Any]:
    found = decide(profile, category, medium, evidence, told).verdict
    return {
        "version": found.profile_version,
        "verdict": found.verdict,
        "reasons": list(found.reasons),
        "level": found.level or "",
    }


def _without(gating: str) -> Iterable[str]:
    return (id for id in profile_ids() if id != gating)
