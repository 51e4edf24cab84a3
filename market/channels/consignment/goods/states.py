"""The states of a visit at which things are taken in, and of a thing that a shop keeps."""

from typing import Final

from core.i18n import N_
from core.states import State, StateTable

INTAKE = StateTable(
    "intake",
    {
        "open": State(N_("Being taken in"), "info", N_("Things are still added; the receipt is printed at the end.")),
        "closed": State(N_("Taken in"), "good", N_("Everything is in the register, and the giver has a receipt.")),
        "given_up": State(N_("Given up"), "neutral", N_("Nothing was taken in.")),
    },
    {("open", "close"): "closed", ("open", "give_up"): "given_up"},
)

STOCK = StateTable(
    "stock_item",
    {
        "waiting": State(
            N_("Waits to be wiped"), "warn",
            N_("It can hold data: it gets a price and goes on sale once its wiping has been verified."),
        ),
        "in_stock": State(N_("In stock"), "info", N_("It is in the shop and has no price tag yet.")),
        "on_sale": State(N_("On sale in the shop"), "good", N_("It stands in the shop with its price tag.")),
        "held": State(N_("Reserved"), "info", N_("Somebody reserved it; nobody else can buy it meanwhile.")),
        "sold": State(N_("Sold"), "neutral", N_("It was sold; the register says where it went.")),
        "returned": State(N_("Given back"), "neutral", N_("Its giver has it again.")),
        "lost": State(N_("Missing"), "bad", N_("It was not found in the shop. It goes on when it is found.")),
        "damaged": State(N_("Damaged, written off"), "bad", N_("It was damaged in the shop and isn't sold any more.")),
        "frozen": State(
            N_("Frozen"), "bad",
            N_("Its number stands on a list of stolen or barred goods: it can't be sold until it is settled."),
        ),
    },
    {
        ("waiting", "clear"): "in_stock",
        ("in_stock", "unclear"): "waiting",
        ("on_sale", "unclear"): "waiting",
        ("in_stock", "price"): "on_sale",
        ("on_sale", "unprice"): "in_stock",
        ("on_sale", "hold"): "held",
        ("held", "free"): "on_sale",
        ("held", "sell"): "sold",
        ("held", "lose"): "lost",
        ("sold", "bring_back"): "in_stock",
        ("sold", "bring_back_waiting"): "waiting",
        ("sold", "bring_back_frozen"): "frozen",
        ("on_sale", "sell"): "sold",
        ("waiting", "give_back"): "returned",
        ("in_stock", "give_back"): "returned",
        ("on_sale", "give_back"): "returned",
        ("waiting", "lose"): "lost",
        ("in_stock", "lose"): "lost",
        ("on_sale", "lose"): "lost",
        ("lost", "find"): "in_stock",
        ("lost", "find_waiting"): "waiting",
        ("waiting", "damage"): "damaged",
        ("in_stock", "damage"): "damaged",
        ("on_sale", "damage"): "damaged",
        ("waiting", "freeze"): "frozen",
        ("in_stock", "freeze"): "frozen",
        ("on_sale", "freeze"): "frozen",
        ("held", "freeze"): "frozen",
        ("lost", "freeze"): "frozen",
        ("frozen", "unfreeze"): "in_stock",
        ("frozen", "unfreeze_waiting"): "waiting",
    },
)  # fmt: skip
HERE: Final = ("waiting", "in_stock", "on_sale", "held", "frozen")
"""It stands in the shop."""
LIVE: Final = (*HERE, "lost")
"""The shop still answers for it: a thing is in one shop's stock at a time."""
PRICED: Final = ("on_sale", "held")
"""It has a price tag."""
