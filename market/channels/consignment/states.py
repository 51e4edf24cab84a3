"""The states of a consignor's file."""

from core.i18n import N_
from core.states import State, StateTable

CONSIGNOR = StateTable(
    "consignor",
    {
        "open": State(N_("File open"), "good", N_("The shop takes in goods for this consignor.")),
        "closed": State(
            N_("File closed"), "neutral", N_("Nothing is taken in; the file waits for its erasure, or to be opened again.")
        ),
        "erased": State(N_("File erased"), "neutral", N_("Only the number of the file is left.")),
    },
    {("open", "close"): "closed", ("closed", "reopen"): "open", ("closed", "erase"): "erased"},
)
