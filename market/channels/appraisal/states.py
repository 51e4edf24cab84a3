"""The states of a booked appraisal."""

from core.i18n import N_
from core.states import State, StateTable

BOOKING = StateTable(
    "appraisal_booking",
    {
        "booked": State(N_("Slot booked"), "info", N_("The slot is booked; the owner shows the code there.")),
        "checked_in": State(N_("With the appraiser"), "info", N_("The agency has it in hand; an appraiser is to look at it.")),
        "graded": State(N_("Graded, to be fetched"), "good", N_("The report is signed. Fetch the thing with the new code.")),
        "handed_back": State(N_("Back with its owner"), "neutral", N_("The owner has it, and the booking is closed.")),
        "cancelled": State(N_("Slot called off"), "neutral", N_("The slot was given back; what was paid goes back as agreed.")),
        "no_show": State(N_("Nobody came"), "warn", N_("The slot passed and nobody came. Another one can be booked.")),
    },
    {
        ("booked", "check_in"): "checked_in",
        ("booked", "cancel"): "cancelled",
        ("booked", "miss"): "no_show",
        ("checked_in", "grade"): "graded",
        ("checked_in", "give_back"): "handed_back",
        ("graded", "hand_back"): "handed_back",
    },
)
OPEN = ("booked", "checked_in", "graded")
FREES_ITS_PLACE = ("cancelled", "no_show")
