"""The words of a case as pages show them: what is asked for, why, who did what, what became of a parcel."""

from core.i18n import N_
from core.states import State

KIND_WORDS = {
    "return": N_("Bring it back and get the money back"), "repair": N_("Have it repaired"), "exchange": N_("Have it exchanged"),
    "refund": N_("Keep it and get part of the money back"), "compensation": N_("Be compensated"),
}  # fmt: skip
GROUND_WORDS = {
    "no_reason": N_("No reason (seven days)"), "not_as_told": N_("It isn't as it was told"),
    "broken": N_("It broke or doesn't work"), "missing": N_("Something is missing"),
    "wipe": N_("Somebody's data or account is on it"),
}  # fmt: skip
ALL_KINDS = {**KIND_WORDS, "undelivered": N_("That the parcel comes, or all the money goes back")}
ALL_GROUNDS = {
    **GROUND_WORDS, "not_arrived": N_("The parcel hasn't come"), "came_back": N_("The carrier brought it back to the seller"),
}  # fmt: skip
LINE_WORDS = {
    "asked": N_("asks"), "said": N_("says"), "accepted": N_("accepts"), "refused": N_("refuses"), "back": N_("has it back"),
    "mediation": N_("asks for mediation"), "decision": N_("decides"), "appeal": N_("appeals"), "final": N_("decides, finally"),
    "settled": N_("settled"), "withdrawn": N_("withdraws"), "proof": N_("shows that it was delivered"),
    "arrived": N_("it came"), "lost": N_("it counts as lost"), "came_back": N_("it came back undelivered"),
    "sent_back": N_("has sent it back"),
}  # fmt: skip
PARCEL_LINES = {
    "asked": N_("tells"), "accepted": N_("agrees that it is lost"), "withdrawn": N_("waits on"), **{
        one: LINE_WORDS[one] for one in ("proof", "arrived", "lost", "came_back")
    },
}  # fmt: skip
"""How the same lines read where the case is about a parcel."""

RETURN_FIRST = State(
    N_("Goes back first"), "info",
    N_(
        "It was decided that the thing goes back, then the money. The buyer sends it back until the date and shows how; the "
        "seller says that it is there. Without either, no money goes back."
    ),
)  # fmt: skip
"""How `accepted` reads where a mediator decided it."""

OUTCOME_WORDS = {
    "arrived": N_("It arrived. Nothing goes back; the buyer has the usual time to look at it."),
    "lost": N_("It is lost. All of the price goes back."),
    "came_back": N_("It came back to the seller undelivered. All of the price goes back."),
}
PARCEL_HELP = {
    "opened": N_(
        "No held money is paid out while the parcel is looked for. The seller asks the carrier and shows that it was "
        "delivered, or agrees that it is lost. Without an answer until the date it counts as lost, and the whole price goes back."
    ),
    "refused": N_(
        "The seller shows that it was delivered. The buyer says that it is here, waits on, or asks for mediation until the date; "
        "after it the parcel counts as received."
    ),
    "mediation": N_("Both sides say what they know; a mediator decides what became of the parcel, with reasons."),
    "settled": N_("It is clear what became of the parcel."),
    "withdrawn": N_("The buyer waits on; the date on which it counts as received runs on with what was left of it."),
}
"""What a state means where the case is about a parcel."""
