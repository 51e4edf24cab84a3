"""The states of a listing. Badge, help and tests come from this table."""

from core.i18n import N_
from core.states import State, StateTable

LISTING = StateTable(
    "listing",
    {
        "draft": State(N_("Draft"), "neutral", N_("Only you see it. Publish it when it is ready.")),
        "waiting_wipe": State(
            N_("Waiting for information wiping"), "info",
            N_("It can hold data, so it is listed once its wiping has been verified."),
        ),
        "published": State(N_("On sale"), "good", N_("Everybody can find it and reserve it.")),
        "paused": State(N_("Paused"), "neutral", N_("Hidden for the moment. Put it back on sale any time.")),
        "reserved": State(N_("Reserved"), "info", N_("Somebody has reserved it and is about to meet the seller.")),
        "sold": State(N_("Sold"), "neutral", N_("It has been handed over to its buyer.")),
        "lost": State(N_("Lost on its way"), "neutral", N_("It was lost on its way to its buyer and isn't for sale.")),
        "withdrawn": State(N_("Withdrawn"), "neutral", N_("The seller took it off the market.")),
        "frozen": State(N_("Frozen"), "bad", N_("It is under examination and can't be sold until that is over.")),
        "expired": State(N_("Expired"), "warn", N_("It was on sale for 90 days. Publish it again if you still have it.")),
    },
    {
        ("draft", "publish"): "published",
        ("draft", "wait"): "waiting_wipe",
        ("draft", "withdraw"): "withdrawn",
        ("draft", "freeze"): "frozen",
        ("waiting_wipe", "publish"): "published",
        ("waiting_wipe", "withdraw"): "withdrawn",
        ("waiting_wipe", "lose"): "lost",
        ("waiting_wipe", "freeze"): "frozen",
        ("published", "pause"): "paused",
        ("published", "reserve"): "reserved",
        ("published", "withdraw"): "withdrawn",
        ("published", "freeze"): "frozen",
        ("published", "expire"): "expired",
        ("published", "take_down"): "waiting_wipe",
        ("paused", "resume"): "published",
        ("paused", "withdraw"): "withdrawn",
        ("paused", "freeze"): "frozen",
        ("paused", "expire"): "expired",
        ("paused", "take_down"): "waiting_wipe",
        ("reserved", "release"): "published",
        ("reserved", "stop"): "paused",
        ("reserved", "sell"): "sold",
        ("reserved", "lose"): "lost",
        ("reserved", "freeze"): "frozen",
        ("reserved", "take_down"): "waiting_wipe",
        ("expired", "publish"): "published",
        ("expired", "withdraw"): "withdrawn",
        ("expired", "freeze"): "frozen",
        ("frozen", "unfreeze"): "draft",
        ("frozen", "withdraw"): "withdrawn",
    },
)  # fmt: skip
LIVE = ("published", "paused", "reserved")
OPEN = ("draft", "waiting_wipe", *LIVE, "expired", "frozen")
EDITABLE = ("draft", "waiting_wipe", "published", "paused", "expired")
