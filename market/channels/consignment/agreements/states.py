"""The states of a version of a shop's terms, and of an agreement."""

from core.i18n import N_
from core.states import State, StateTable

TEMPLATE = StateTable(
    "consignment_template",
    {
        "draft": State(N_("Draft"), "neutral", N_("Only the shop sees it; its text can still change.")),
        "active": State(N_("In use"), "good", N_("New agreements can be made on these terms; their text stands.")),
        "retired": State(N_("No longer in use"), "neutral", N_("No new agreement is made on it; those signed still go by it.")),
        "withdrawn": State(N_("Given up"), "neutral", N_("The draft was given up before it was used.")),
    },
    {
        ("draft", "activate"): "active",
        ("draft", "withdraw"): "withdrawn",
        ("active", "retire"): "retired",
    },
)  # fmt: skip
PUBLIC = ("active", "retired")

AGREEMENT = StateTable(
    "consignment_agreement",
    {
        "drafted": State(N_("Being written"), "neutral", N_("Only the shop sees it; the shop has not signed yet.")),
        "offered": State(N_("Waits for the consignor"), "info", N_("The shop has signed, the text stands; the consignor reads "
                                                                   "it and signs.")),
        "signed": State(N_("Signed by both"), "good", N_("It counts. Things are taken in under it.")),
        "ended": State(N_("Ended"), "neutral", N_("Everything under it is settled, and it is closed.")),
        "terminated": State(N_("Notice given"), "warn", N_("One side gave notice; it runs out on the day named, and nothing "
                                                           "new is taken in.")),
        "withdrawn": State(N_("Withdrawn"), "neutral", N_("It was taken back before the consignor signed.")),
    },
    {
        ("drafted", "offer"): "offered",
        ("drafted", "withdraw"): "withdrawn",
        ("offered", "withdraw"): "withdrawn",
        ("offered", "decline"): "withdrawn",
        ("offered", "sign"): "signed",
        ("signed", "terminate"): "terminated",
        ("terminated", "end"): "ended",
    },
)  # fmt: skip
HOLDS = ("signed", "terminated")
"""What keeps a consignor's file open: a draft or an offer binds nobody, and a notice that has run out no longer does."""
OPEN = ("drafted", "offered", "signed", "terminated")
STANDS = ("offered", "signed", "ended", "terminated")
