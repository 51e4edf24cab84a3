"""How strong a proof is, from E0 (somebody says so) to E5 (destroyed before a witness). Pure.

The grade says who saw what, the verdict what was shown: a file may pass every rule and still be only E1. Source: the six grades
are this house's own words; that another person has to look follows R2v3 appendix B [press] and the HKSAR guide [seen]."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.i18n import N_
from privacy.evidence.model import DeviceRow, Evidence, Finding

GRADES: Final = ("E0", "E1", "E2", "E3", "E4", "E5")
SENTENCES: Final = {
    "E0": N_("A statement only: somebody says that it was wiped, and nothing shows it."),
    "E1": N_("A tool's file that could be of another day: it carries neither this job's code nor a known signature."),
    "E2": N_("A tool's file that is bound to this medium and to this job."),
    "E3": N_("The verifier read the medium's state again."),
    "E4": N_("A second person read the medium back at places nobody could foresee, or tried to recover data."),
    "E5": N_("Destroyed before a witness."),
}
_APART = re.compile(r"[^0-9A-Z]+")
# formats that are signed by nature: without its signature such a file is anybody's, also the code in it
SIGNED_FORMATS: Final = frozenset({"xunshi-station"})
# tools print local times without a zone, and zones lie up to 14 hours from UTC
CLOCK_SLACK: Final = timedelta(days=1)
# times that the job, the moment of attaching or the tool's own version rule out
CLOCKS: Final = ("clock_before_job", "clock_ahead", "clock_before_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is known about one medium's evidence. `bound`: the file names this very medium; `challenged`: it carries the job's
    code (None: the format has no room for one); `signed`: by a station that is enrolled; `bare`: of a format that is signed by
    nature, and isn't; `timely`: nothing in its times rules the job out; `own`: the private seller brought it. The last four are
    the second person's acts."""

    statement: bool
    proven_format: bool
    bound: bool
    challenged: bool | None
    signed: bool
    bare: bool = False
    timely: bool = True
    own: bool = False
    state_read: bool = False
    read_back: bool = False
    recovery_tried: bool = False
    destroyed: bool = False


def grade_of(proof: Proof) -> str:
    """One of GRADES. What the second person did outranks every file; a seller's own file never gets above E1.

    A code can be typed above a log of any day, and a station's file without its signature can be written by anybody: the code
    binds neither. A signature binds a file to a station, but not to this job where the file carries another job's code."""
    if proof.destroyed:
        return "E5"
    if proof.read_back or proof.recovery_tried:
        return "E4"
    if proof.state_read:
        return "E3"
    if proof.statement:
        return "E0"
    coded = proof.challenged is True and not proof.bare
    fresh = proof.timely and (coded or (proof.signed and proof.challenged is not False))
    return "E2" if proof.proven_format and proof.bound and fresh and not proof.own else "E1"


def proof_of(
    evidence: Evidence,
    *,
    bound: bool,
    challenge: str,
    own: bool = False,
    row: DeviceRow | None = None,
    begun: datetime | None = None,
    now: datetime | None = None,
) -> Proof:
    """What a file alone shows, held against the job's code and times: `row` is what it says of the medium, `begun` when the job
    came to the bench, `now` when the file was attached."""
    return Proof(
        statement=evidence.kind == "statement",
        proven_format=evidence.real_seen,
        bound=bound,
        challenged=carries(evidence.texts, challenge),
        signed=evidence.signed_by is not None,
        bare=evidence.format in SIGNED_FORMATS and evidence.signed_by is None,
        timely=not evidence.has("clock_before_version") and not clock_findings(row, begun, now),
        own=own,
    )


def clock_findings(row: DeviceRow | None, begun: datetime | None, now: datetime | None) -> list[Finding]:
    """What the tool's own clock says that the job's can't agree with. A live system's clock is often behind (a battery that is
    empty), so this lowers the grade and is shown to the verifier; a run of the future alone is no pass, see `attaching`."""
    told = [] if row is None else [when for when in (_local(row.started), _local(row.finished)) if when is not None]
    found = []
    if told and begun is not None and min(told) < begun.replace(tzinfo=None) - CLOCK_SLACK:
        found.append(Finding(code="clock_before_job", value=True, node=row.node if row else None))
    if told and now is not None and max(told) > now.replace(tzinfo=None) + CLOCK_SLACK:
        found.append(Finding(code="clock_ahead", value=True, node=row.node if row else None))
    return found


def _local(text: str | None) -> datetime | None:
    """The machine's own time, without a zone."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def carries(texts: Iterable[str], challenge: str) -> bool | None:
    """Does one of the free texts hold the code, in any spelling (case, dashes, spaces)? None where there are no such texts,
    or there is no code to look for."""
    plain, found = _plain(challenge), list(texts)
    if not plain or not found:
        return None
    return any(plain in _plain(text) for text in found)


def _plain(text: str) -> str:
    return _APART.sub("", text.upper())
