"""Audit words about booking, each with its sentence."""

from core.i18n import N_

WORDS = {
    "privacy:bench:offered": N_("A point said what its wiping bench offers"),
    "privacy:slot:booked": N_("A slot for wiping was booked"),
    "privacy:slot:ended": N_("A booked slot was kept, given back or missed"),
}
