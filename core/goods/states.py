"""The states of a thing in the register."""

from core.i18n import N_
from core.states import State, StateTable

ITEM = StateTable(
    "item",
    {
        "active": State(N_("In the market"), "good", N_("It can be checked, wiped, listed and sold.")),
        "frozen": State(
            N_("Frozen"), "bad",
            N_("Its number stands on a list of stolen or barred goods: it can't be sold until it is settled."),
        ),  # fmt: skip
        "scrapped": State(N_("Scrapped"), "neutral", N_("It went to a recycler with proof, and is never sold again.")),
    },
    {("active", "scrap"): "scrapped", ("active", "freeze"): "frozen", ("frozen", "unfreeze"): "active"},
)  # fmt: skip
