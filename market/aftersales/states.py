"""The states of an after-sales case."""

from core.i18n import N_
from core.states import State, StateTable

CASE = StateTable(
    "case",
    {
        "opened": State(
            N_("Waits for the seller"), "info", N_("The seller answers within three days; then you can ask for mediation."),
        ),
        "accepted": State(N_("Accepted"), "good", N_("The seller agrees. What goes back is brought within seven days.")),
        "refused": State(
            N_("Refused by the seller"), "warn", N_("Talk again, or ask for mediation within fourteen days; then it is closed."),
        ),
        "back": State(N_("The thing is back"), "info", N_("What is owed is paid back within seven days.")),
        "mediation": State(N_("With a mediator"), "warn", N_("Both sides state their case; then it is decided with reasons.")),
        "decided": State(N_("Decided"), "info", N_("Either side may appeal within seven days; then it is carried out.")),
        "appealed": State(N_("Appealed"), "warn", N_("Another mediator looks at it once more; that decision is final.")),
        "settled": State(N_("Settled"), "good", N_("It is over: its page says how it ended.")),
        "withdrawn": State(N_("Withdrawn"), "neutral", N_("Whoever opened it took it back.")),
    },
    {
        ("opened", "accept"): "accepted", ("opened", "refuse"): "refused", ("opened", "withdraw"): "withdrawn",
        ("opened", "mediate"): "mediation", ("opened", "settle"): "settled",
        ("refused", "accept"): "accepted", ("refused", "withdraw"): "withdrawn", ("refused", "mediate"): "mediation",
        ("refused", "settle"): "settled",
        ("accepted", "take_back"): "back", ("accepted", "settle"): "settled", ("accepted", "withdraw"): "withdrawn",
        ("accepted", "mediate"): "mediation",
        ("back", "settle"): "settled", ("back", "mediate"): "mediation",
        ("mediation", "decide"): "decided", ("mediation", "withdraw"): "withdrawn",
        ("mediation", "settle"): "settled",
        ("decided", "appeal"): "appealed", ("decided", "settle"): "settled",
        ("decided", "send_back"): "accepted", ("appealed", "send_back"): "accepted",
        ("appealed", "settle"): "settled",
    },
)  # fmt: skip
OPEN = ("opened", "accepted", "refused", "back", "mediation", "decided", "appealed")
