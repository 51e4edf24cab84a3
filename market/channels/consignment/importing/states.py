"""The states of a file that things are taken in from."""

from typing import Final

from core.i18n import N_
from core.states import State, StateTable

IMPORT = StateTable(
    "goods_import",
    {
        "reading": State(N_("Being read"), "info", N_("Every line is looked at; nothing is taken in yet.")),
        "ready": State(N_("To be looked at"), "warn", N_("Look through the lines, then take them in. Nothing is taken in yet.")),
        "taking": State(N_("Being taken in"), "info", N_("All of it is taken in at once, or nothing.")),
        "taken": State(N_("Entered in the register"), "good", N_("Its things are in the register.")),
        "given_up": State(N_("Given up"), "neutral", N_("Nothing was taken in.")),
    },
    {
        ("reading", "read"): "ready",
        ("ready", "order"): "taking",
        ("taking", "finish"): "taken",
        ("taking", "again"): "reading",
        ("reading", "give_up"): "given_up",
        ("ready", "give_up"): "given_up",
        ("taking", "give_up"): "given_up",
    },
)
OVER: Final = ("taken", "given_up")
WORKING: Final = ("reading", "taking")
