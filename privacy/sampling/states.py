"""The states of a check by recovery try."""

from core.i18n import N_
from core.states import State, StateTable

CHECK = StateTable(
    "recovery_check",
    {
        "open": State(N_("To be checked"), "info", N_("A third person tries to recover data with another tool.")),
        "clean": State(
            N_("Nothing was found"), "good", N_("A third person tried to recover data with another tool and found nothing.")
        ),
        "found": State(
            N_("Data found"), "bad", N_("Data was found. The certificate was revoked, and the whole batch is checked.")
        ),
    },
    {("open", "clear"): "clean", ("open", "find"): "found"},
)
