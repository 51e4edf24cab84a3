"""One file held against one storage medium by a profile: by the row of its table that is for such a device."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.goods.intake import serial_of
from core.goods.models import StorageMedium
from core.goods.rules import normalise_serial
from privacy.clearance.grade import Proof, proof_of
from privacy.clearance.profile import DeviceRule, Profile
from privacy.clearance.profiles import get_profile, profile_ids
from privacy.clearance.rules import Verdict, judge
from privacy.evidence.model import Evidence

UNBOUND = frozenset({"no_device", "several_devices", "no_serial", "anonymised", "serial_mismatch"})


@dataclass(frozen=True, slots=True)
class Decision:
    """`row` is None where no row of the table fits and the kind of medium decides alone."""

    verdict: Verdict
    row: DeviceRule | None

    @property
    def bound(self) -> bool:
        """Does the file name this very medium?"""
        return self.verdict.device is not None and not UNBOUND & set(self.verdict.reasons)


def decide(profile: Profile, category: str, medium: StorageMedium, evidence: Evidence) -> Decision:
    """By the row for such a medium in a thing of this category."""
    row = profile.find_row(category, medium.kind)
    serial = serial_of(medium)
    verdict = judge(
        evidence,
        None,
        profile,
        medium.medium,
        serial=spelling(evidence, serial) or serial,
        capacity=medium.capacity_bytes,
        accepts=row.accepts if row else None,
        registered=True,
    )
    return Decision(verdict, row)


def spelling(evidence: Evidence, serial: str) -> str | None:
    """The register's serial as the file spells it (the register drops dashes and spaces, tools keep them)."""
    plain = normalise_serial(serial)
    same = {row.serial for row in evidence.devices if row.serial and normalise_serial(row.serial) == plain}
    return same.pop() if len(same) == 1 else None


def proof(decision: Decision, evidence: Evidence, challenge: str) -> Proof:
    """What the file alone proves; the second person's acts come later."""
    return proof_of(evidence, bound=decision.bound, challenge=challenge)


def compared(gating: str, category: str, medium: StorageMedium, evidence: Evidence) -> dict[str, Any]:
    """What the profiles that don't gate here say, for comparison only: {id: {version, verdict, reasons, level}}."""
    return {id: _told(get_profile(id), category, medium, evidence) for id in _without(gating)}


def _told(profile: Profile, category: str, medium: StorageMedium, evidence: Evidence) -> dict[str, Any]:
    found = decide(profile, category, medium, evidence).verdict
    return {
        "version": found.profile_version,
        "verdict": found.verdict,
        "reasons": list(found.reasons),
        "level": found.level or "",
    }


def _without(gating: str) -> Iterable[str]:
    return (id for id in profile_ids() if id != gating)
