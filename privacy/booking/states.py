"""The states of a booked slot."""

from core.i18n import N_
from core.states import State, StateTable

BOOKING = StateTable(
    "wipe_booking",
    {
        "booked": State(N_("Booked"), "info", N_("Bring the device at this time and show the drop-off code.")),
        "received": State(N_("Received"), "good", N_("The device was taken in at the counter.")),
        "cancelled": State(N_("Cancelled"), "neutral", N_("The slot was given back.")),
        "missed": State(N_("Missed"), "warn", N_("Nobody came. Book another slot; nothing else is lost.")),
    },
    {("booked", "receive"): "received", ("booked", "cancel"): "cancelled", ("booked", "miss"): "missed"},
)
