"""A booking in words that fit: a visit is told otherwise than what was brought, and its owner otherwise than who works there."""

from typing import Final

from core.i18n import N_
from market.channels.appraisal import rules
from market.channels.appraisal.states import BOOKING

# where a visit's state, its end or the way itself is called otherwise: the thing never left its owner
_STATES: Final = {"checked_in": N_("Visit under way"), "handed_back": N_("Visit over")}
_ENDS: Final = {"ungraded": N_("The visit ended without a grade"), "done": N_("Graded at the visit")}
_THERE: Final = {rules.DROP_OFF: N_("Brought to the agency"), rules.VISIT: N_("The appraiser goes to the owner")}
_HELP: Final = {
    "booked": N_("Bring the thing at that time and show the code."),
    "graded": N_("The report is signed. Fetch the thing with the new code."),
}
_HELP_THERE: Final = {
    "booked": N_("Its owner brings the thing at that time and shows the code."),
    "graded": N_("The report is signed. The owner fetches the thing with the new code."),
}
_HELP_VISIT: Final = {
    "booked": N_("Have the thing ready for the visit, and show the code at the door."),
    "checked_in": N_("The visit is under way: the appraiser looks at the thing at its owner's, and it stays there."),
    "handed_back": N_("The visit is over and the booking is closed. The thing stayed with its owner."),
}
_HELP_VISIT_THERE: Final = {
    **_HELP_VISIT,
    "booked": N_("An appraiser goes to the owner at that time; the owner shows the code at the door."),
}


def state_label(state: str, way: str) -> str:
    """What a state is called; English for gettext, as everything here."""
    return _STATES.get(state, BOOKING[state].label) if way == rules.VISIT else BOOKING[state].label


def state_help(state: str, way: str, mine: bool) -> str:
    """What it means and what to do. `mine`: it is told to who booked."""
    brought, visited = (_HELP, _HELP_VISIT) if mine else (_HELP_THERE, _HELP_VISIT_THERE)
    return (visited if way == rules.VISIT else brought).get(state, BOOKING[state].help)


def way_words(way: str, mine: bool) -> str:
    return rules.WAYS[way] if mine else _THERE[way]


def end_words(why: str, way: str) -> str:
    return _ENDS.get(why, rules.ENDS[why]) if way == rules.VISIT else rules.ENDS[why]


def code_words(state: str, way: str) -> tuple[str, str]:
    """What the code that the owner has is called, and what it is for."""
    if state == "booked":
        return N_("Your code"), N_(
            "Show it when the agency takes the thing in or stands at your door, and to nobody before: it says that you were "
            "there and paid."
        )
    if way == rules.VISIT:
        return N_("Your new code"), N_("Show this new code only if the visit ends without a grade.")
    return N_("Your code for fetching it"), N_("Show this new code when you fetch the thing.")
