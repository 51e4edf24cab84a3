"""The states of a blind re-appraisal."""

from core.i18n import N_
from core.states import State, StateTable

BLIND = StateTable(
    "blind_check",
    {
        "open": State(
            N_("To be looked at blind"), "info", N_("A second appraiser, assigned at random, grades it without the first grade.")
        ),
        "confirmed": State(N_("They agree"), "good", N_("The blind grade is the same, or one step away.")),
        "disagreed": State(
            N_("They disagree"), "bad", N_("The grades are two steps apart or more: the report is frozen until it is decided.")
        ),
        "upheld": State(N_("First grade upheld"), "good", N_("The platform looked at both and let the report stand.")),
        "overturned": State(N_("First grade overturned"), "bad", N_("The platform looked at both and took the report back.")),
        "lapsed": State(N_("Lapsed"), "neutral", N_("The report ended before it was done, for example by the sale.")),
    },
    {
        ("open", "agree"): "confirmed",
        ("open", "differ"): "disagreed",
        ("open", "lapse"): "lapsed",
        ("disagreed", "uphold"): "upheld",
        ("disagreed", "overturn"): "overturned",
        ("disagreed", "lapse"): "lapsed",
    },
)  # fmt: skip
