"""The states of an appeal."""

from core.i18n import N_
from core.states import State, StateTable

APPEAL = StateTable(
    "appraisal_appeal",
    {
        "review": State(
            N_("With a reviewer"), "info", N_("An uninvolved appraiser, drawn by lot, grades it anew without the first grade.")
        ),
        "upheld": State(N_("Same grade"), "good", N_("The reviewer came to the same grade. A panel can still be asked for.")),
        "overturned": State(
            N_("Another grade"), "warn", N_("The reviewer came to another grade. A panel can still be asked for.")
        ),
        "panel": State(
            N_("With a panel"), "info", N_("Three uninvolved appraisers grade it anew, each without any other grade.")
        ),
        "short": State(
            N_("Too few reviewers"), "warn", N_("Not enough uninvolved appraisers can be found. It goes on as soon as there are.")
        ),
        "stands": State(N_("The grade stands"), "good", N_("The appeal is decided: the first grade was right.")),
        "fell": State(N_("The grade was overturned"), "bad", N_("The appeal is decided: the first grade was wrong.")),
        "unheard": State(N_("Not heard"), "unknown", N_("Nobody uninvolved could be found in time, so nothing was found out.")),
        "lapsed": State(N_("Lapsed"), "neutral", N_("The report ended, or the thing changed hands, before it was decided.")),
        "withdrawn": State(N_("Taken back"), "neutral", N_("Who had appealed took it back.")),
    },
    {
        ("review", "uphold"): "upheld",
        ("review", "overturn"): "overturned",
        ("review", "convene"): "panel",
        ("review", "lack"): "short",
        ("review", "lapse"): "lapsed",
        ("review", "withdraw"): "withdrawn",
        ("upheld", "convene"): "panel",
        ("overturned", "convene"): "panel",
        ("upheld", "lack"): "short",
        ("overturned", "lack"): "short",
        ("upheld", "stand"): "stands",
        ("overturned", "fall"): "fell",
        ("panel", "lack"): "short",
        ("panel", "stand"): "stands",
        ("panel", "fall"): "fell",
        ("panel", "lapse"): "lapsed",
        ("short", "assign"): "review",
        ("short", "convene"): "panel",
        ("short", "stand"): "stands",
        ("short", "fall"): "fell",
        ("short", "leave"): "unheard",
        ("short", "lapse"): "lapsed",
        ("short", "withdraw"): "withdrawn",
    },
)  # fmt: skip
OPEN = ("review", "upheld", "overturned", "panel", "short")
DECIDED = ("stands", "fell")
