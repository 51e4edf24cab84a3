"""What a report says of itself: how long it holds, why it ends, and what it is not."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.i18n import N_

# version 2 names the wipe and the photos, too; papers of version 1 stay what they are
KIND, VERSION = "appraisal_report", 2
ISSUED, ENDED, REVOKED = "appraisal:report:issued", "appraisal:report:ended", "appraisal:report:revoked"
# 30 days or first sale: appraisal.md 5; condition changes with use, so an older look is no proof of today's
DAYS = 30
# in Chinese as the trade writes it, and as the report signs it in both languages
SAYS = N_("Not a statutory asset valuation, not a forensic opinion")
# the words of the states as the file and the issue call them
STATES = {"signed": "valid"}
REVOCATIONS = {
    "wrong_thing": N_("It speaks of another thing than the one it names."),
    "wrong_finding": N_("A finding in it turned out to be wrong."),
    "conflict": N_("Its appraiser should not have appraised this thing."),
    "altered": N_("The thing was changed after it was looked at."),
    "undecided": N_("Appraisers differ about whether it may be sold at all, and nobody uninvolved could be found to decide."),
}
WHY = {
    "superseded": N_("A later appraisal has taken its place."),
    "expired": N_("Its 30 days were over."),
    "sold": N_("The thing was sold: it spoke of the condition before that."),
    "custody": N_("The thing was in other hands after it was looked at."),
}


def expires_at(signed_at: datetime) -> datetime:
    return signed_at + timedelta(days=DAYS)


def shown_state(state: str, signed_at: datetime | None, now: datetime) -> str:
    """The state a reader is told: one whose time is over is expired, even before the sweep comes by."""
    over = state in ("signed", "frozen") and signed_at is not None and now >= expires_at(signed_at)
    return "expired" if over else state


def file_state(state: str) -> str:
    """The state's word in the signed file's download: valid, superseded, expired or revoked."""
    return STATES.get(state, state)


def shown_reasons(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The reasons of a result that a report lists. Checks that were not made stand in a list of their own; one that
    was made and came to nothing (a blacklist that did not answer) is a reason like any other."""
    not_made = {f"{code}_not_tested" for code in result.get("untested", [])}
    return [one for one in result.get("reasons", []) if one["code"] not in not_made or one["kind"] != "ungraded"]


def why_ended(why: str, reason: str) -> str:
    """A sentence (English for gettext) why a report ended."""
    known: Mapping[str, str] = REVOCATIONS if why == "revoked" else WHY
    return known.get(reason if why == "revoked" else why, "")
