"""How strong a proof is, from E0 (somebody says so) to E5 (destroyed before a witness). Pure.

The grade says who saw what, the verdict what was shown: a file may pass every rule and still be only E1. Source: the six grades
are this house's own words; that another person has to look follows R2v3 appendix B [press] and the HKSAR guide [seen]."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.i18n import N_
from privacy.evidence.model import Evidence

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is known about one medium's evidence. `bound`: the file names this very medium; `challenged`: it carries the job's
    code (None: the format has no room for one); `signed`: by a station that is enrolled; `own`: the private seller brought
    it. The last four are the second person's acts."""

    statement: bool
    proven_format: bool
    bound: bool
    challenged: bool | None
    signed: bool
    own: bool = False
    state_read: bool = False
    read_back: bool = False
    recovery_tried: bool = False
    destroyed: bool = False


def grade_of(proof: Proof) -> str:
    """One of GRADES. What the second person did outranks every file; a seller's own file never gets above E1."""
    if proof.destroyed:
        return "E5"
    if proof.read_back or proof.recovery_tried:
        return "E4"
    if proof.state_read:
        return "E3"
    if proof.statement:
        return "E0"
    fresh = proof.challenged is True or proof.signed
    return "E2" if proof.proven_format and proof.bound and fresh and not proof.own else "E1"


def proof_of(evidence: Evidence, *, bound: bool, challenge: str, own: bool = False) -> Proof:
    """What a file alone shows, held against the job's code."""
    return Proof(
        statement=evidence.kind == "statement",
        proven_format=evidence.real_seen,
        bound=bound,
        challenged=carries(evidence.texts, challenge),
        signed=evidence.signed_by is not None,
        own=own,
    )


def carries(texts: Iterable[str], challenge: str) -> bool | None:
    """Does one of the free texts hold the code, in any spelling (case, dashes, spaces)? None where there are no such texts,
    or there is no code to look for."""
    plain, found = _plain(challenge), list(texts)
    if not plain or not found:
        return None
    return any(plain in _plain(text) for text in found)


def _plain(text: str) -> str:
    return _APART.sub("", text.upper())
