"""Audit words about devices, each with its sentence."""

from core.i18n import N_

WORDS = {
    "privacy:inventory:counted": N_("The media inside a device were counted"),
    "privacy:medium:taken_out": N_("A storage medium was taken out of its device"),
    "privacy:medium:destroyed": N_("A storage medium was destroyed"),
    "privacy:medium:witnessed": N_("The destruction of a storage medium was witnessed"),
    "privacy:after_work:begun": N_("Work on a wiped device began"),
    "privacy:after_work:ended": N_("Work on a wiped device ended with a second person's look"),
    "privacy:item:scrapped": N_("A thing was scrapped with proof"),
    "privacy:usage:read": N_("A device's counters were read again"),
}
