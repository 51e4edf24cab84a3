"""The states of an appraisal."""

from core.i18n import N_
from core.states import State, StateTable

# an appraiser is at work: answers and photos are still taken
MAKING = ("draft", "blind")

APPRAISAL = StateTable(
    "appraisal",
    {
        "draft": State(N_("Being made"), "info", N_("The appraiser is still looking.")),
        "signed": State(N_("Valid"), "good", N_("The grade stands, with its reasons.")),
        "frozen": State(
            N_("Frozen"), "warn", N_("A second, blind look came to another grade: it doesn't count until it is decided.")
        ),
        "superseded": State(N_("Superseded"), "neutral", N_("A later appraisal has taken its place.")),
        "expired": State(
            N_("Expired"), "warn", N_("It spoke of its day: 30 days have passed, or the thing was sold or in other hands.")
        ),
        "revoked": State(N_("Revoked"), "bad", N_("It was taken back with a reason. Don't rely on it.")),
        "blind": State(N_("Being looked at blind"), "info", N_("An uninvolved appraiser grades it anew in an appeal.")),
        "given": State(N_("Grade given in an appeal"), "neutral", N_("It counts in its appeal; no report rests on it.")),
        "dropped": State(N_("Dropped"), "neutral", N_("It was given up before it was signed.")),
    },
    {
        ("draft", "sign"): "signed",
        ("draft", "drop"): "dropped",
        ("blind", "give"): "given",
        ("blind", "drop"): "dropped",
        ("given", "sign"): "signed",
        ("signed", "supersede"): "superseded",
        ("signed", "expire"): "expired",
        ("signed", "revoke"): "revoked",
        ("expired", "revoke"): "revoked",
        ("signed", "freeze"): "frozen",
        ("frozen", "unfreeze"): "signed",
        ("frozen", "supersede"): "superseded",
        ("frozen", "expire"): "expired",
        ("frozen", "revoke"): "revoked",
    },
)  # fmt: skip
