"""The states of a version of a fee policy."""

from core.i18n import N_
from core.states import State, StateTable

FEE_POLICY = StateTable(
    "fee_policy",
    {
        "draft": State(N_("Draft"), "neutral", N_("Only administrators see it; its text can still change.")),
        "announced": State(N_("Announced"), "info", N_("Its text is fixed and public; it counts from the day named.")),
        "effective": State(N_("Counts now"), "good", N_("Whatever is agreed now goes by it.")),
        "retired": State(
            N_("Replaced"), "neutral", N_("A later version counts now; what was agreed by this one still goes by it.")
        ),
        "withdrawn": State(N_("Given up"), "neutral", N_("It was given up before it counted.")),
    },
    {
        ("draft", "announce"): "announced",
        ("draft", "withdraw"): "withdrawn",
        ("announced", "withdraw"): "withdrawn",
        ("announced", "begin"): "effective",
        ("effective", "retire"): "retired",
    },
)  # fmt: skip
COUNTING = ("announced", "effective", "retired")
"""Versions that count, or will: the day decides which, not the state."""
