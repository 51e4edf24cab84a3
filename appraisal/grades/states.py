"""The states of an appraisal."""

from core.i18n import N_
from core.states import State, StateTable

APPRAISAL = StateTable(
    "appraisal",
    {
        "draft": State(N_("Being made"), "info", N_("The appraiser is still looking.")),
        "signed": State(N_("Signed"), "good", N_("The grade stands, with its reasons.")),
        "superseded": State(N_("Superseded"), "neutral", N_("A later appraisal has taken its place.")),
        "dropped": State(N_("Dropped"), "neutral", N_("It was given up before it was signed.")),
    },
    {
        ("draft", "sign"): "signed",
        ("draft", "drop"): "dropped",
        ("signed", "supersede"): "superseded",
    },
)  # fmt: skip
