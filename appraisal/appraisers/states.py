"""The states of an appraiser's or agency's file, and of a credential."""

from core.i18n import N_
from core.states import State, StateTable

APPRAISER = StateTable(
    "appraiser",
    {
        "applied": State(N_("Applied"), "info", N_("The platform looks at what was shown. Nothing can be signed yet.")),
        "exam": State(N_("In the exam"), "info", N_("Reference items are to be graded blind before anything can be signed.")),
        "probation": State(
            N_("On probation"), "warn", N_("May sign; more of the appraisals than later are looked at blind by a second person.")
        ),
        "active": State(N_("Admitted"), "good", N_("May sign within the scope of the credentials that are valid.")),
        "suspended": State(N_("Suspended"), "bad", N_("Nothing can be signed until it is lifted.")),
        "ended": State(N_("Ended"), "neutral", N_("No longer an appraiser here, or never admitted.")),
    },
    {
        ("applied", "examine"): "exam",
        ("applied", "admit"): "probation",
        ("applied", "accept"): "active",
        ("applied", "refuse"): "ended",
        ("exam", "pass"): "probation",
        ("probation", "confirm"): "active",
        ("probation", "suspend"): "suspended",
        ("active", "suspend"): "suspended",
        ("suspended", "restore"): "probation",
        ("suspended", "reinstate"): "active",
        ("exam", "end"): "ended",
        ("probation", "end"): "ended",
        ("active", "end"): "ended",
        ("suspended", "end"): "ended",
        ("applied", "end"): "ended",
        ("ended", "apply"): "applied",
    },
)
CREDENTIAL = StateTable(
    "credential",
    {
        "enclosed": State(N_("With the application"), "info", N_("It is looked at together with the application.")),
        "offered": State(N_("Being looked at"), "info", N_("It counts once the platform has compared it with its issuer.")),
        "valid": State(N_("Valid"), "good", N_("It counts for its scope until it expires.")),
        "suspended": State(N_("Suspended"), "bad", N_("It doesn't count until it is restored.")),
        "refused": State(N_("Not accepted"), "bad", N_("It never counted.")),
        "withdrawn": State(N_("Withdrawn"), "neutral", N_("Its holder took it back, or left.")),
    },
    {
        ("enclosed", "offer"): "offered",
        ("enclosed", "accept"): "valid",
        ("enclosed", "refuse"): "refused",
        ("offered", "accept"): "valid",
        ("offered", "refuse"): "refused",
        ("valid", "suspend"): "suspended",
        ("suspended", "restore"): "valid",
        ("enclosed", "withdraw"): "withdrawn",
        ("offered", "withdraw"): "withdrawn",
        ("valid", "withdraw"): "withdrawn",
        ("suspended", "withdraw"): "withdrawn",
    },
)
