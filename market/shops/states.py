"""The states of what a shop's file holds: points, statements of exemption, permits, the notice that it ends."""

from core.i18n import N_
from core.states import State, StateTable

POINT = StateTable(
    "shop_point",
    {
        "open": State(N_("Takes goods"), "good", N_("Everybody sees it; goods can be brought at its opening hours.")),
        "paused": State(N_("Paused"), "warn", N_("It takes no goods for the moment; its page says so.")),
        "closed": State(N_("Point closed"), "neutral", N_("It is gone from the list of points. It can be opened again.")),
    },
    {
        ("open", "pause"): "paused",
        ("paused", "resume"): "open",
        ("open", "close"): "closed",
        ("paused", "close"): "closed",
        ("closed", "reopen"): "open",
    },
)

EXEMPTION = StateTable(
    "shop_exemption",
    {
        "asked": State(N_("Waits for a decision"), "info", N_("The staff look at it; until then the page isn't public.")),
        "granted": State(N_("Accepted"), "good", N_("Its sentence stands on the shop's page instead of a licence number.")),
        "refused": State(N_("Not accepted"), "bad", N_("The platform's staff didn't accept it; the reason is in the inbox.")),
        "taken_back": State(N_("Taken back"), "neutral", N_("The shop took it back.")),
        "ended": State(N_("Exemption ended"), "neutral", N_("It counted once and doesn't count any more.")),
    },
    {
        ("asked", "grant"): "granted",
        ("asked", "refuse"): "refused",
        ("asked", "take_back"): "taken_back",
        ("granted", "end"): "ended",
    },
)

PERMIT = StateTable(
    "trade_permit",
    {
        "asked": State(N_("Waits to be confirmed"), "info", N_("The platform's staff compare it with the register.")),
        "confirmed": State(N_("Confirmed"), "good", N_("What it permits can be published in the shop's name until it ends.")),
        "refused": State(N_("Not confirmed"), "bad", N_("The platform's staff couldn't confirm it; the reason is in the inbox.")),
        "taken_back": State(N_("Taken back"), "neutral", N_("The shop took it back.")),
        "replaced": State(N_("Replaced by a newer one"), "neutral", N_("A newer permit was confirmed.")),
        "expired": State(N_("Run out"), "bad", N_("Its last day has passed: nothing that needs it can be published.")),
    },
    {
        ("asked", "confirm"): "confirmed",
        ("asked", "refuse"): "refused",
        ("asked", "take_back"): "taken_back",
        ("confirmed", "replace"): "replaced",
        ("confirmed", "expire"): "expired",
    },
)

CLOSING = StateTable(
    "shop_closing",
    {
        "announced": State(N_("Closing announced"), "warn", N_("The shop said on which day it ends; until then it goes on.")),
        "called_off": State(N_("Closing called off"), "neutral", N_("The shop goes on.")),
        "ended": State(N_("Shop closed"), "bad", N_("The day has come: its points are closed, nothing is on sale.")),
        "reopened": State(N_("Opened again"), "good", N_("The shop works again; its points are opened one by one.")),
    },
    {
        ("announced", "call_off"): "called_off",
        ("announced", "end"): "ended",
        ("ended", "reopen"): "reopened",
    },
)
