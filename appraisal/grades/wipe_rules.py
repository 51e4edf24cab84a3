"""The wipe and the final grade. Pure.

A missing or failed wipe certificate is a gate (appraisal.md 7), and it gates the final grade, not the start: the
check-list is answered meanwhile, and the signature waits. It is refused, not signed as U: nothing is wrong with the thing, a U
would take the place of a report that stands, and the answers would have to be given again. What is not accepted or can't be
graded is signed as it is: a stolen phone is never wiped, and says so all the same."""

from typing import Final

from core.errors import Refused
from core.i18n import N_

SENTENCES: Final = {
    "missing": N_(
        "It can hold somebody's data and has no valid wipe certificate. The grade can be signed as soon as it has one; your "
        "answers are kept."
    ),
    "unknown": N_(
        "Nobody can say for certain that it is wiped: it is being looked at once more. The grade can be signed when that is "
        "over; your answers are kept."
    ),
}
LABELS: Final = {
    "clear": (N_("Information wiped, certificate valid"), "good"),
    "missing": (N_("No valid wipe certificate"), "warn"),
    "unknown": (N_("Not certain whether it is wiped"), "unknown"),
    "not_needed": (N_("Can't hold anybody's data"), "neutral"),
}


def demand(state: str, *, graded: bool) -> None:
    """Raise Refused at the field `wipe` where a final grade would be given without a certain wipe."""
    if not certain(state, graded=graded):
        raise Refused(f"wipe_{state}", SENTENCES.get(state, SENTENCES["unknown"]), field="wipe")


def certain(state: str, *, graded: bool) -> bool:
    """May it be signed as it stands with its wipe?"""
    return not graded or state in ("clear", "not_needed")
