"""The states of an order paid in person."""

from core.i18n import N_
from core.states import State, StateTable

ORDER = StateTable(
    "order",
    {
        "reserved": State(N_("Reserved"), "info", N_("Agree on a time and place, meet, and check it together.")),
        "checked": State(
            N_("Checked in person"), "good",
            N_("The buyer checked it and is content. Pay the seller, then show the receipt code.")
        ),
        "completed": State(N_("Completed"), "good", N_("It was paid in person and handed over.")),
        "cancelled": State(N_("Cancelled"), "neutral", N_("It was called off before the hand-over.")),
        "expired": State(N_("Expired"), "neutral", N_("The time to meet ran out.")),
        "check_failed": State(
            N_("Stopped at the check"), "warn", N_("Something wasn't as it should be. Nobody is at fault and nothing was paid.")
        ),
    },
    {
        ("reserved", "pass_check"): "checked",
        ("reserved", "fail_check"): "check_failed",
        ("reserved", "cancel"): "cancelled",
        ("reserved", "expire"): "expired",
        ("checked", "complete"): "completed",
        ("checked", "cancel"): "cancelled",
        ("checked", "expire"): "expired",
    },
)  # fmt: skip
ACTIVE = ("reserved", "checked")
