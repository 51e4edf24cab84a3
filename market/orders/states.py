"""The states of an order. Who holds the money stands beside the state, in `Order.holder`, and is said by `shown`."""

from core.i18n import N_
from core.states import State, StateTable

ORDER = StateTable(
    "order",
    {
        "created": State(
            N_("Reserved"), "info", N_("It is kept for the buyer, who reads what is told and then orders. Nothing binds yet."),
        ),
        "awaiting_payment": State(
            N_("Ordered"), "info", N_("The contract stands. Next is paying, or meeting and checking it together first."),
        ),
        "checked": State(
            N_("Checked in person"), "good",
            N_("The buyer checked it and is content. Pay the seller, then show the receipt code.")
        ),
        "paid": State(N_("Paid"), "good", N_("It is paid. Now it is handed over or sent.")),
        "handed_over": State(N_("Handed over"), "good", N_("It was given into the buyer's hands.")),
        "shipped": State(N_("In transit"), "info", N_("It was given to the carrier. The buyer confirms when it has come.")),
        "received": State(N_("Received"), "good", N_("The buyer has it. It closes by itself if nothing is wrong with it.")),
        "completed": State(N_("Completed"), "good", N_("It was paid and handed over.")),
        "after_sales": State(N_("After-sales case open"), "warn", N_("Something is to be put right: see its dates.")),
        "disputed": State(N_("In dispute"), "warn", N_("A mediator looks at what both sides say and at the evidence.")),
        "refunded": State(N_("Refunded"), "neutral", N_("The buyer has the money back.")),
        "cancelled": State(N_("Cancelled"), "neutral", N_("It was called off before the hand-over.")),
        "expired": State(N_("Expired"), "neutral", N_("The time for it ran out.")),
        "check_failed": State(
            N_("Stopped at the check"), "warn",
            N_("Something wasn't as it should be, and nobody is at fault. What was paid goes back."),
        ),
    },
    {
        ("created", "confirm"): "awaiting_payment",
        ("created", "cancel"): "cancelled",
        ("created", "expire"): "expired",
        ("awaiting_payment", "pass_check"): "checked",
        ("awaiting_payment", "fail_check"): "check_failed",
        ("awaiting_payment", "pay"): "paid",
        ("awaiting_payment", "send"): "shipped",  # a gift or a half of a swap: nothing is paid first
        ("awaiting_payment", "cancel"): "cancelled",
        ("awaiting_payment", "expire"): "expired",
        ("checked", "pay"): "paid",
        ("checked", "cancel"): "cancelled",
        ("checked", "expire"): "expired",
        ("paid", "hand_over"): "handed_over",
        ("paid", "ship"): "shipped",
        ("paid", "fail_check"): "check_failed",
        ("paid", "cancel"): "cancelled",
        ("paid", "dispute"): "disputed",
        ("handed_over", "receive"): "received",
        ("shipped", "receive"): "received",
        ("shipped", "claim"): "after_sales",
        ("received", "complete"): "completed",
        ("received", "claim"): "after_sales",
        ("received", "dispute"): "disputed",
        ("completed", "claim"): "after_sales",
        ("completed", "dispute"): "disputed",
        ("after_sales", "settle"): "completed",
        ("after_sales", "go_on"): "received",
        ("after_sales", "receive"): "received",
        ("after_sales", "send_on"): "shipped",
        ("after_sales", "refund"): "refunded",
        ("after_sales", "fall_through"): "cancelled",  # sent for nothing and never there: nothing goes back
        ("after_sales", "dispute"): "disputed",
        ("disputed", "settle"): "completed",
        ("disputed", "go_on"): "received",
        ("disputed", "receive"): "received",
        ("disputed", "send_on"): "shipped",
        ("disputed", "refund"): "refunded",
        ("disputed", "fall_through"): "cancelled",
        ("cancelled", "refund"): "refunded",
        ("expired", "refund"): "refunded",
        ("check_failed", "refund"): "refunded",
    },
)  # fmt: skip
GIVEN_BACK = State(N_("Given back"), "neutral", N_("It was handed over, and then went back to who had given it."))
"""How `completed` reads once the thing is its giver's again."""

NEVER_CAME = State(N_("Not delivered"), "neutral", N_("It was sent and never came to who was to have it."))
"""How `cancelled` reads where a gift or a half of a swap was lost or came back on its way."""

FREE = {
    "awaiting_payment": State(
        N_("Agreed"), "info", N_("The contract stands. Next you meet, check it together and hand it over."),
    ),
    "checked": State(
        N_("Checked in person"), "good", N_("Who gets it has checked it and is content. Take it, then show the receipt code.")
    ),
    "paid": State(N_("Settled"), "good", N_("Nothing is paid for it. Now it is handed over.")),
    "completed": State(N_("Completed"), "good", N_("It was handed over.")),
    "check_failed": State(
        N_("Stopped at the check"), "warn", N_("Something wasn't as it should be, and nobody is at fault. Nothing was paid."),
    ),
}  # fmt: skip
"""How states read where nothing is paid: a gift, a half of a swap."""

TO_BE_SENT = State(N_("Agreed"), "info", N_("The contract stands. Who gets it says where it goes; then it is sent."))
"""... and where it is sent."""

ACTIVE = ("created", "awaiting_payment", "checked", "paid", "shipped", "handed_over", "received")
"""A listing has at most one order in these states; the database keeps it."""
BEFORE_PAYMENT = ("created", "awaiting_payment", "checked")
ENDED = ("cancelled", "expired", "check_failed", "refunded")
"""Nothing is to be handed over any more, or all of the price went back."""

SOLD = ("handed_over", "received", "completed", "after_sales", "disputed", "refunded")
NOBODY = {
    "free": (N_("Nobody holds money"), N_("Nothing is paid for it.")),
    "apart": (N_("Nobody holds money"), N_("The two of you settle the price directly; nobody holds it in between.")),
    "not_yet": (
        N_("Nobody yet: it isn't paid"),
        N_("Once it is paid, the money rests in the platform's own balance at the provider."),
    ),
    "not_yet_split": (N_("Nobody yet: it isn't paid"), N_("Once it is paid, a licensed provider holds the money.")),
    "no_more": (
        N_("Nobody any more"),
        N_("What was held went to the seller, or back to the buyer. The payment says how much and when."),
    ),
}
"""Why nobody holds the money of an order that isn't settled face to face."""

HOLDERS: dict[str, tuple[str, str]] = {
    "nobody": (N_("Nobody holds money"), N_("The two of you settle the price face to face; nobody holds it in between.")),
    "platform_balance_at_provider": (
        N_("Held in the platform's balance at its payment provider"),
        N_("The money rests in the platform's own balance at the provider and goes to the seller when the order closes."),
    ),
    "provider_split": (
        N_("Held by the licensed payment provider"),
        N_("A licensed provider holds the money and pays it to the seller when the order closes."),
    ),
}
