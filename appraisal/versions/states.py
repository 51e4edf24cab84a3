"""The states of a version that is drafted here. Which approved one is in force is told by its day, not by a state."""

from core.i18n import N_
from core.states import State, StateTable

STANDARD_VERSION = StateTable(
    "standard_version",
    {
        "draft": State(N_("Draft"), "neutral", N_("Its text can still change; nothing is graded by it.")),
        "waiting": State(N_("Waits for approval"), "warn", N_("Its text stands. Another person compares, replays and decides.")),
        "approved": State(N_("Approved"), "good", N_("Its text stands for good; it counts from its day on.")),
        "given_up": State(N_("Given up"), "neutral", N_("It was given up before it counted.")),
    },
    {
        ("draft", "hand_in"): "waiting",
        ("draft", "give_up"): "given_up",
        ("waiting", "take_back"): "draft",
        ("waiting", "send_back"): "draft",
        ("waiting", "approve"): "approved",
    },
)
