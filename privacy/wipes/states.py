"""The states of a wipe job. Badge, help and tests come from this table."""

from core.i18n import N_
from core.states import State, StateTable

JOB = StateTable(
    "wipe_job",
    {
        "opened": State(N_("Registered"), "info", N_("The owner reads what will happen and agrees to it.")),
        "consented": State(N_("Agreed to"), "info", N_("The owner has agreed. An operator takes the device next.")),
        "wiping": State(N_("Being wiped"), "info", N_("An operator wipes every storage medium and attaches the tool's file.")),
        "judged": State(N_("Being verified"), "info", N_("The files pass the rules. A second person looks at the device now.")),
        "verified": State(
            N_("Being confirmed"), "info", N_("A verifier has accepted it. For this kind of device a third person confirms it.")
        ),
        "accepted": State(N_("Passed"), "good", N_("A second person has verified the wipe. It may be listed.")),
        "rejected": State(N_("Not passed"), "bad", N_("The wipe isn't proven. It can be wiped anew at any point.")),
        "cancelled": State(N_("Cancelled"), "neutral", N_("Nothing was wiped under this number.")),
    },
    {
        ("opened", "consent"): "consented",
        ("opened", "cancel"): "cancelled",
        ("opened", "stop"): "cancelled",
        ("consented", "start"): "wiping",
        ("consented", "cancel"): "cancelled",
        ("wiping", "judge"): "judged",
        ("wiping", "give_up"): "rejected",
        ("wiping", "cancel"): "cancelled",
        ("judged", "reopen"): "wiping",
        ("judged", "accept"): "accepted",
        ("judged", "pass_on"): "verified",
        ("judged", "reject"): "rejected",
        ("judged", "cancel"): "cancelled",
        ("verified", "confirm"): "accepted",
        ("verified", "reject"): "rejected",
        ("verified", "cancel"): "cancelled",
    },
)
OPEN = ("opened", "consented", "wiping", "judged", "verified")

MEDIUM = StateTable(
    "storage_medium",
    {
        "present": State(N_("Inside"), "info", N_("It is in the device and has to be wiped.")),
        "removed": State(N_("Taken out"), "warn", N_("It was taken out and has to be destroyed before a witness.")),
        "returned": State(N_("Given back"), "neutral", N_("The card was taken out and given back to its owner.")),
        "destroyed": State(N_("Destroyed"), "neutral", N_("It was destroyed before a witness.")),
        "mistyped": State(N_("Entered wrongly"), "neutral", N_("It was entered wrongly and never existed like this.")),
    },
    {
        ("present", "remove"): "removed",
        ("present", "give_back"): "returned",
        ("present", "mistype"): "mistyped",
        ("removed", "destroy"): "destroyed",
    },
)
