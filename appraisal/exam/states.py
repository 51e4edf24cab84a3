"""The states of a reference item and of an exam."""

from core.i18n import N_
from core.states import State, StateTable

REFERENCE = StateTable(
    "reference_item",
    {
        "active": State(N_("In use"), "good", N_("It is part of every exam by its standard.")),
        "retired": State(N_("Retired"), "neutral", N_("It is in no new exam; old results keep it.")),
    },
    {("active", "retire"): "retired"},
)
EXAM = StateTable(
    "exam",
    {
        "open": State(N_("Being taken"), "info", N_("Every reference item is to be graded.")),
        "passed": State(N_("Passed"), "good", N_("The grades agree with the agreed ones well enough.")),
        "failed": State(N_("Not passed"), "bad", N_("The grades don't agree with the agreed ones well enough.")),
    },
    {("open", "pass"): "passed", ("open", "fail"): "failed"},
)
