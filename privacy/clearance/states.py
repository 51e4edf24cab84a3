"""The states of a clearance and of its certificate. Badge, help and tests come from these tables."""

from core.i18n import N_
from core.states import State, StateTable

CLEARANCE = StateTable(
    "clearance",
    {
        "valid": State(N_("Valid"), "good", N_("The device may be listed while it stays in recorded custody.")),
        "expired": State(N_("Expired"), "warn", N_("Its time is over. A new wipe gives a new one.")),
        "revoked": State(N_("Revoked"), "bad", N_("It was taken back with a reason.")),
        "custody_raised": State(
            N_("Custody left"), "warn", N_("The device left its recorded custody: it is wiped again before it is listed.")
        ),
        "delivered": State(N_("Delivered"), "neutral", N_("The device was sold and handed over.")),
        "void_by_use": State(N_("Void by use"), "bad", N_("The seal was broken or the device was used after the wipe.")),
    },
    {
        ("valid", "expire"): "expired",
        ("valid", "revoke"): "revoked",
        ("valid", "raise_custody"): "custody_raised",
        ("valid", "deliver"): "delivered",
        ("valid", "void"): "void_by_use",
    },
)

CERTIFICATE = StateTable(
    "certificate",
    {
        "draft": State(N_("Draft"), "neutral", N_("Written and not signed yet. It proves nothing.")),
        "issued": State(N_("In force"), "good", N_("The wipe was verified and the device is in recorded custody since.")),
        "delivered": State(
            N_("Delivered"),
            "neutral",
            N_("Verified and handed over on the days named here. It says nothing about use since."),
        ),
        "superseded": State(N_("Ended"), "warn", N_("The device left its recorded custody after the wipe was verified.")),
        "revoked": State(N_("Revoked"), "bad", N_("It was taken back with a reason. Don't rely on it.")),
        "void_by_use": State(N_("Void by use"), "bad", N_("The seal was broken or the device was used after the wipe.")),
        "expired": State(N_("Expired"), "warn", N_("Its time was over before the device was sold.")),
    },
    {
        ("draft", "issue"): "issued",
        ("issued", "deliver"): "delivered",
        ("issued", "raise_custody"): "superseded",
        ("issued", "revoke"): "revoked",
        ("issued", "void"): "void_by_use",
        ("issued", "expire"): "expired",
        ("delivered", "revoke"): "revoked",
    },
)
# why a clearance ends -> the verb both tables walk
ENDING = {
    "sold": "deliver",
    "expired": "expire",
    "revoked": "revoke",
    "seal_broken": "void",
    "used": "void",
}
