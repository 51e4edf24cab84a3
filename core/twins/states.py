"""The states of a pair of photos that look the same."""

from core.i18n import N_
from core.states import State, StateTable

TWIN = StateTable(
    "photo_twin",
    {
        "open": State(N_("To be looked at"), "info", N_("Two photos look the same, says the program. Nobody has decided yet.")),
        "copied": State(N_("The same photo"), "warn", N_("A person says that one was copied from the other.")),
        "different": State(N_("Two photos"), "neutral", N_("A person says that these are two photos of two things.")),
    },
    {("open", "uphold"): "copied", ("open", "dismiss"): "different"},
)
