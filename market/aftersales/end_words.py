"""How a case that is over ended, in one sentence of its own for each end, so that nobody reads of money where none moved."""

from collections.abc import Sequence
from typing import Final

from core.i18n import N_
from market.aftersales.case_rules import REFUSED
from market.aftersales.models import Case, CaseLine

ENDS: Final = {
    "half_back": N_("It is done: this half is back with who gave it."),
    "other_came": N_("The other half came after all, so this one stays where it is."),
    "passed_on": N_("It can't come back: who had it has passed it on. What was decided for that stands in the reasons above."),
    "stays": N_("It was decided that it stays where it is."),
    "money": N_("It is done: what was granted goes back to the buyer."),
    "exchanged": N_("It is done: the buyer has what was given instead, and the seller has the old one. No money moves."),
    "own_back": N_("It is done: the buyer has their own one back, made good. No money moves."),
    "given_back": N_("It is done: the thing is back with who gave it."),
    "no_money": N_("It was decided that no money goes back."),
    "not_sent": N_("It wasn't sent back in time, so no money goes back."),
    "refused": N_("It stayed refused, and nobody took it further: it is closed, and nothing goes back."),
    "over": N_("It is closed: nothing more is to be done in this case."),
}
"""How a settled case ended -> what its two sides read."""


def end_of(case: Case, other_came: bool) -> str:
    """The end of a settled case, a code of ENDS. `other_came`: the other half of the swap came while it was open."""
    if case.granted_minor and not case.order.is_free:
        return "money"
    if case.kind == "exchange" and case.replacement_id is not None:
        return "exchanged"
    said = [one.what for one in case.lines]
    if case.kind in ("exchange", "repair") and _said_last_by(case.lines, case.buyer_id):
        return "own_back"
    if case.order.is_free and "back" in said and (case.kind == "return" or case.outcome == "return_first"):
        return "half_back" if case.by_giver else "given_back"
    if case.by_giver and other_came:
        return "other_came"
    if "passed_on" in said and ("decision" in said or "final" in said):
        return "passed_on"
    if case.outcome == "return_first":
        return "over" if case.order.is_free else "not_sent"
    if "decision" in said or "final" in said:
        return "stays" if case.order.is_free else "no_money"
    return "refused" if _lapsed(case) else "over"


def _said_last_by(lines: Sequence[CaseLine], person: str) -> bool:
    """Is it settled by the word of this person?"""
    return bool(lines) and (lines[-1].what, lines[-1].by_id) == ("settled", person)


def _lapsed(case: Case) -> bool:
    """Was it refused, and taken to a mediator by nobody in time? Otherwise something else has settled it."""
    answers = [one for one in case.lines if one.what in ("accepted", "refused", "mediation")]
    return bool(answers) and answers[-1].what == "refused" and (case.ended_at or answers[-1].at) >= answers[-1].at + REFUSED
