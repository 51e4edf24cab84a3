"""The states of accounts and organisations as tables."""

from core.i18n import N_
from core.states import State, StateTable

ACCOUNT = StateTable(
    "account",
    {
        "active": State(N_("Active"), "good", N_("The person can sign in.")),
        "suspended": State(
            N_("Suspended"), "bad", N_("The platform has stopped this account; nobody can sign in.")
        ),
        "closed": State(N_("Account closed"), "neutral", N_("The person has left.")),
    },
    {
        ("active", "suspend"): "suspended",
        ("suspended", "restore"): "active",
        ("active", "close"): "closed",
    },
)

ORGANISATION = StateTable(
    "organisation",
    {
        "proposed": State(
            N_("Waits for approval"), "info", N_("The platform checks the licence; roles don't count yet.")
        ),
        "approved": State(N_("Approved"), "good", N_("Its members can work with their roles.")),
        "refused": State(N_("Refused"), "bad", N_("The platform did not accept this organisation.")),
        "suspended": State(
            N_("Suspended"), "bad", N_("Its members' roles don't count until it is restored.")
        ),
    },
    {
        ("proposed", "approve"): "approved",
        ("proposed", "refuse"): "refused",
        ("approved", "suspend"): "suspended",
        ("suspended", "restore"): "approved",
    },
)
