"""Audit words about devices, each with its sentence."""

from core.i18n import N_

WORDS = {
    "privacy:inventory:counted": N_("The media inside a device were counted"),
    "privacy:medium:taken_out": N_("A storage medium was taken out of its device"),
    "privacy:medium:destroyed": N_("A storage medium was destroyed"),
    "privacy:medium:witnessed": N_("The destruction of a storage medium was witnessed"),
    "privacy:power_test:recorded": N_("Functions of a device were tested before its wipe, or that was left out"),
    "privacy:after_work:begun": N_("Work on a wiped device began"),
    "privacy:after_work:ended": N_("Work on a wiped device ended with a second person's look"),
    "privacy:custody:let_go": N_("A thing left its recorded custody, with a reason"),
    "privacy:item:scrapped": N_("A thing was scrapped with proof"),
    "privacy:claim:added": N_("Somebody wrote down what a label, screen or photo says who a device is"),
    "privacy:usage:asked": N_("A code was given for reading a device's counters"),
    "privacy:usage:read": N_("A device's counters were read again"),
}
