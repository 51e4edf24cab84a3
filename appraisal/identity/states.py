"""The states of a thing whose number was found on a list."""

from core.i18n import N_
from core.states import State, StateTable

HIT = StateTable(
    "number_hit",
    {
        "open": State(N_("To be looked at"), "warn", N_("Its number stands on a list. It is frozen until a person has decided.")),
        "confirmed": State(N_("It is the one on the list"), "bad", N_("A person compared it: it stays frozen.")),
        "cleared": State(N_("Not the one, or given back"), "neutral", N_("A person says that the list doesn't speak of it.")),
    },
    {("open", "confirm"): "confirmed", ("open", "clear"): "cleared", ("confirmed", "clear"): "cleared"},
)
