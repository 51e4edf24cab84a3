"""What somebody does in a case, by the word of its button: ordinary cases and cases about a parcel take the same words."""

from dataclasses import dataclass, field

from core.work import Work
from market.aftersales import actions, undelivered
from market.aftersales.models import Case

VERBS = "any(say, accept, refuse, take_back, made_good, withdraw, mediate, decide, appeal, arrived, sent_back)"
EACH_TIME = ("say", "sent_back")
"""Verbs that leave a line each time they are sent, so that the form's key has to come with them; the others move the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was typed with it. `amount`: minor units; `outcome`: what became of a parcel; `return_first`: the thing goes back
    before the money; `photos`: digests."""

    words: str = ""
    amount: int = 0
    outcome: str = ""
    return_first: bool = False
    photos: list[str] = field(default_factory=list)


def found(case: Case, told: Told) -> int | str:
    """What a mediator decides on: an amount, or what became of a parcel."""
    return told.outcome if case.kind == "undelivered" else told.amount


def do(w: Work, case: Case, verb: str, told: Told) -> str:
    """Returns the case's id. Raises Invalid or Refused as each step does."""
    parcel = case.kind == "undelivered"
    if verb in ("accept", "refuse") and parcel:
        undelivered.answer(w, case, verb == "accept", told.words, told.photos)
    elif verb in ("accept", "refuse"):
        actions.answer(w, case, verb == "accept", told.words)
    elif verb == "arrived":
        undelivered.arrived(w, case)
    elif verb == "sent_back":
        actions.sent_back(w, case, told.words, told.photos)
    elif verb == "say":
        actions.state_more(w, case, told.words, told.photos)
    elif verb == "decide" and parcel:
        undelivered.decide(w, case, told.outcome, told.words)
    elif verb == "decide":
        actions.decide(w, case, told.amount, told.words, outcome="return_first" if told.return_first else "")
    elif verb in ("mediate", "appeal"):
        getattr(actions, verb)(w, case, told.words)
    else:
        getattr(actions, verb)(w, case)
    return case.id
