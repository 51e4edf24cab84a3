"""The words of the audit log for labels."""

from core.i18n import N_

WORDS = {
    "market:label:printed": N_("A label of a thing was printed"),
}
