"""Audit words about drawn checks, relations and own statements, each with its sentence."""

from core.i18n import N_

WORDS = {
    "privacy:sample:drawn": N_("It was drawn whether a wipe goes to a recovery try"),
    "privacy:check:opened": N_("A recovery try became due"),
    "privacy:check:tried": N_("A third person tried to recover data"),
    "privacy:check:batch": N_("A batch of wipes goes to recovery tries after data was found"),
    "privacy:report:read": N_("The report of a recovery try was looked at"),
    "privacy:bag:opened": N_("A sealed bag was opened for a recovery try"),
    "privacy:relation:declared": N_("A family relation between two people at work was declared"),
    "privacy:relation:ended": N_("A declared family relation ended"),
    "privacy:own:stated": N_("An owner uploaded the log of a wipe made at home"),
    "privacy:own:removed": N_("An owner took back the log of a wipe made at home"),
}
