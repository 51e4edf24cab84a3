"""The states of a flag and of a seller's signal: open until a person says what it is."""

from core.i18n import N_
from core.states import State, StateTable

FLAG = StateTable(
    "flag",
    {
        "open": State(
            N_("The program asks for a look"), "info", N_("Figures are unusual. A person looks and decides with a reason.")
        ),
        "upheld": State(N_("Something was wrong"), "warn", N_("A person looked and found that something was wrong.")),
        "dismissed": State(N_("All in order"), "neutral", N_("A person looked and found nothing wrong.")),
    },
    {("open", "uphold"): "upheld", ("open", "dismiss"): "dismissed"},
)
SIGNAL = StateTable(
    "seller_signal",
    {
        "open": State(
            N_("To be weighed"), "info", N_("The figures have reached a line. A person weighs what a court would ask.")
        ),
        "answered": State(N_("Weighed"), "neutral", N_("A person weighed it; answers and reason stand here.")),
    },
    {("open", "answer"): "answered"},
)
