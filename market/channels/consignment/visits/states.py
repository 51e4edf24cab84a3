"""The states of a booked visit."""

from core.i18n import N_
from core.states import State, StateTable

VISIT = StateTable(
    "consignment_visit",
    {
        "booked": State(N_("Visit booked"), "info", N_("The shop expects you and what is on the list at that time.")),
        "came": State(N_("Was there"), "good", N_("The things were brought; what the shop takes in stands in the agreement.")),
        "missed": State(N_("Did not come"), "warn", N_("The time passed and nobody came. Another one can be booked.")),
        "cancelled": State(N_("Visit called off"), "neutral", N_("Nobody is expected. Another time can be booked.")),
    },
    {
        ("booked", "come"): "came",
        ("booked", "miss"): "missed",
        ("booked", "cancel"): "cancelled",
        ("missed", "come"): "came",
    },
)
HOLDS_ITS_PLACE = ("booked", "came")
