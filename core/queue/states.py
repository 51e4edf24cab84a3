"""The states of an entry of the queue."""

from core.i18n import N_
from core.states import State, StateTable

QUEUE_ENTRY = StateTable(
    "queue_entry",
    {
        "open": State(N_("Waits for a decision"), "info", N_("Somebody who may decide takes it and decides until its date.")),
        "decided": State(N_("Decided by a person"), "good", N_("A person decided, with a reason; both stand here.")),
        "lapsed": State(N_("Settled by itself"), "neutral", N_("What it was about went away before anybody decided.")),
    },
    {("open", "decide"): "decided", ("open", "lapse"): "lapsed"},
)
